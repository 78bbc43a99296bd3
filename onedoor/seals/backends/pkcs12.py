"""A seal whose key an authority gave out as a file (PKCS#12), locked with a PIN.

The file is kept as it came; the PIN is nobody's but the keeper's and is given each time.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from onedoor.kernel.clock import at_local, day_of, end_of
from onedoor.kernel.errors import NotValid
from onedoor.seals.backends import Keys, Place, WrongPin, signing

SHORTEST = 2048
"""Bits of an RSA key."""

SIGNING = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)


class Pkcs12:
    """The backend of such files. An authority vouches for them: its stamp says nothing more."""

    mark = ""
    needs_pin = True

    def opened(self, kept: Keys, *, pin: str) -> Keys:
        content = b64decode(kept.key)
        try:
            key, _, _ = pkcs12.load_key_and_certificates(content, pin.encode())
        except ValueError:
            raise WrongPin from None
        assert isinstance(key, SIGNING)
        return kept._replace(key=_pem(key))

    def sign(self, pdf: bytes, *, seal: Keys, name: str, place: Place, at: datetime) -> bytes:
        return signing.sign(pdf, seal=seal, name=name, mark=self.mark, place=place, at=at)


class Given(NamedTuple):
    """What such a file holds: the keys as they are kept, and from when to when they are good."""

    keys: Keys
    first: date
    last: date


def read(content: bytes, *, pin: str) -> Given:
    """Read a file that is to become a seal, or refuse what could not sign later."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, pin.encode())
    except ValueError:
        raise NotValid(
            "seal.file_unreadable", "打不开这个证书文件：PIN 不对，或者不是 PKCS#12。", field="pin"
        ) from None
    if key is None or certificate is None:
        raise NotValid("seal.file_incomplete", "这个文件里没有私钥或者没有证书。", field="file")
    is_short = isinstance(key, rsa.RSAPrivateKey) and key.key_size < SHORTEST
    if is_short or not isinstance(key, SIGNING):
        raise NotValid("seal.key_kind", "要用 2048 位以上的 RSA 或者 ECDSA 密钥。", field="file")
    if not _may_sign(certificate):
        raise NotValid("seal.not_for_signing", "这张证书不能用来签名。", field="file")
    kept = Keys(b64encode(content).decode(), _text(certificate), _chain(certificate, others))
    return Given(
        kept,
        _first_whole_day(certificate.not_valid_before_utc),
        _last_whole_day(certificate.not_valid_after_utc),
    )


def _first_whole_day(begin: datetime) -> date:
    first = day_of(begin)
    return first if at_local(first) >= begin else first + timedelta(days=1)


def _last_whole_day(end: datetime) -> date:
    last = day_of(end)
    return last if end_of(last) <= end + timedelta(seconds=1) else last - timedelta(days=1)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _chain(certificate: x509.Certificate, others: list[x509.Certificate]) -> str:
    """Return who vouches, up to one who vouches for itself; nothing where that end is not there.

    What follows from nobody in the file cannot be checked by whoever reads the signature later,
    and an altered byte of it would go unseen.
    """
    chain: list[x509.Certificate] = []
    last = certificate
    while last.issuer != last.subject:
        makers = [each for each in others if each.subject == last.issuer and each not in chain]
        if not makers:
            return ""
        last = makers[0]
        chain.append(last)
    return "".join(_text(each) for each in chain)


def _text(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
