"""The demo authority: ECDSA P-256, PAdES; a stamp that says it is a specimen without force.

A reader calls its signatures intact and their signer unknown: that is right for a demo authority.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from onedoor.seals.backends import Keys, Place, signing

MARK = "样章·无效"
BEHIND = f"（{MARK}）".encode()
LONGEST = 64
"""Bytes of a name in a certificate (X.520)."""
YEARS = 20


class Demo:
    """The backend that comes with the product, for trial and training."""

    mark = MARK
    needs_pin = False

    def authority(self) -> Keys:
        """Make the keys of the authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"一扇门演示签发机构（{MARK}）", "OneDoor")
        first = datetime.now(UTC) - timedelta(days=3650)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(first + timedelta(days=365 * 2 * YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .sign(key, hashes.SHA256())
        )
        return _pem(key, made)

    def keys(self, authority: Keys, *, name: str, unit: str, first: date, last: date) -> Keys:
        """Make the keys of a seal, the authority vouching for them."""
        issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
        issuer_key = serialization.load_pem_private_key(authority.key.encode(), None)
        assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(f"{_short(name, LONGEST - len(BEHIND))}{BEHIND.decode()}", unit))
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.combine(first, time(), UTC) - timedelta(days=1))
            .not_valid_after(datetime.combine(last, time(), UTC) + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(issuer_key, hashes.SHA256())
        )
        return Keys(*_pem(key, made)[:2], chain=authority.certificate)

    def opened(self, kept: Keys, *, pin: str) -> Keys:
        return kept

    def sign(self, pdf: bytes, *, seal: Keys, name: str, place: Place, at: datetime) -> bytes:
        return signing.sign(pdf, seal=seal, name=name, mark=MARK, place=place, at=at)


def _name(common: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(unit)),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _short(text: str, most: int = LONGEST) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Keys:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Keys(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())
