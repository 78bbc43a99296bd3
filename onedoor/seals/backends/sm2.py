"""A signature with SM2 and SM3 beside the PDF, for whoever has to check with national algorithms.

CMS, detached, over the whole sealed file; object identifiers of GM/T 0006. PDF readers know nothing
of it: it lies beside the file as ``NAME.pdf.p7s``. Its certificate vouches for itself; it is known
by its fingerprint in the office's list of seals.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, date, datetime
from typing import NamedTuple

import gmalg
from asn1crypto import cms, core, keys, pem, x509
from cryptography.hazmat.primitives import hashes

from onedoor.kernel.clock import at_local, end_of
from onedoor.kernel.errors import NotValid
from onedoor.seals.backends import Keys

CURVE = "1.2.156.10197.1.301"
SM2_SM3 = "1.2.156.10197.1.501"
SM3 = "1.2.156.10197.1.401"
SIGNER = b"1234567812345678"
"""Who signs, as the algorithm mixes it in: the value the standard gives where none is agreed."""

LONGEST = 64
"""Characters of a name in a certificate."""


class Found(NamedTuple):
    """What a detached signature says of itself, and whether it fits the file."""

    seal: str
    unit: str
    at: datetime
    is_whole: bool
    is_in_date: bool
    fingerprint: str


def make(*, name: str, unit: str, first: date, last: date) -> Keys:
    """Make a key and a certificate that vouches for itself."""
    private, public = gmalg.SM2().generate_keypair()
    subject = x509.Name.build(
        {
            "country_name": "CN",
            "organization_name": unit[:LONGEST],
            "common_name": name[:LONGEST],
        }
    )
    told = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(127),
            "signature": {"algorithm": SM2_SM3},
            "issuer": subject,
            "validity": {
                "not_before": _time(at_local(first)),
                "not_after": _time(end_of(last)),
            },
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo(
                {
                    "algorithm": {
                        "algorithm": "ec",
                        "parameters": keys.ECDomainParameters("named", CURVE),
                    },
                    "public_key": keys.ECPointBitString(public),
                }
            ),
            "extensions": [
                {"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature"}}
            ],
        }
    )
    made = x509.Certificate(
        {
            "tbs_certificate": told,
            "signature_algorithm": {"algorithm": SM2_SM3},
            "signature_value": _signed(told.dump(), private, public),
        }
    )
    return Keys(private.hex(), pem.armor("CERTIFICATE", made.dump()).decode())


def sign(content: bytes, *, seal: Keys, at: datetime) -> bytes:
    """Return the signature over a file, to be kept beside it."""
    _, _, der = pem.unarmor(seal.certificate.encode())
    certificate = x509.Certificate.load(der)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [sm3(content)]},
            {"type": "signing_time", "values": [_time(at.replace(microsecond=0))]},
        ]
    )
    made = _signed(attributes.dump(), bytes.fromhex(seal.key), _public(certificate))
    return _envelope(certificate, attributes, made)


def _envelope(certificate: x509.Certificate, attributes: cms.CMSAttributes, made: bytes) -> bytes:
    """Return the signature as it is written: from these three there is one way to write it."""
    name = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": name},
        "digest_algorithm": {"algorithm": SM3},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": SM2_SM3},
        "signature": made,
    }
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": SM3}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def read(signature: bytes, content: bytes) -> Found:
    """Return what a detached signature says of a file; refuse what cannot be read."""
    try:
        return _read(signature, content)
    # A file altered on purpose breaks a reader in any way it likes: none of them is a fault here.
    except Exception as error:
        raise NotValid(
            "paper.beside_unreadable", "旁边的国密签名读不出来：坏了，或者被改过。"
        ) from error


def _read(signature: bytes, content: bytes) -> Found:
    signed = cms.ContentInfo.load(signature, strict=True)["content"]
    (signer,), (certificate,) = signed["signer_infos"], signed["certificates"]
    certificate = certificate.chosen
    attributes, made = signer["signed_attrs"].untag(), signer["signature"].native
    told = {each["type"].native: each["values"][0].native for each in attributes}
    at, public = told["signing_time"], _public(certificate)
    fits = (
        _envelope(certificate, attributes, made) == signature
        and told["message_digest"] == sm3(content)
        and _verified(attributes.dump(), made, public)
        and _vouches_for_itself(certificate, public)
    )
    first, last = certificate.not_valid_before, certificate.not_valid_after
    return Found(
        seal=str(certificate.subject.native.get("common_name", "")),
        unit=str(certificate.subject.native.get("organization_name", "")),
        at=at,
        is_whole=bool(fits),
        is_in_date=first <= at <= last,
        fingerprint=f"sha256:{hashlib.sha256(certificate.dump()).hexdigest()}",
    )


def _vouches_for_itself(certificate: x509.Certificate, public: bytes) -> bool:
    told, algorithm = certificate["tbs_certificate"], certificate["signature_algorithm"]
    return told["signature"].dump() == algorithm.dump() and _verified(
        told.dump(), certificate["signature_value"].native, public
    )


def sm3(content: bytes) -> bytes:
    """Return the SM3 digest; by OpenSSL, a thousand times as fast as in Python."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


class _Pair(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """The two numbers of a signature (GM/T 0009)."""

    _fields = [("r", core.Integer), ("s", core.Integer)]


def _signed(content: bytes, private: bytes, public: bytes) -> bytes:
    r, s = gmalg.SM2(private, SIGNER, public).sign(content)
    pair = _Pair({"r": int.from_bytes(r, "big"), "s": int.from_bytes(s, "big")})
    return bytes(pair.dump())


def _verified(content: bytes, signature: bytes, public: bytes) -> bool:
    pair = _Pair.load(signature, strict=True)
    if pair.dump(force=True) != signature:
        return False
    numbers = [pair[name].native.to_bytes(32, "big") for name in ("r", "s")]
    return bool(gmalg.SM2(None, SIGNER, public).verify(content, *numbers))


def _public(certificate: x509.Certificate) -> bytes:
    info = certificate["tbs_certificate"]["subject_public_key_info"]
    if info["algorithm"]["parameters"].native != CURVE:
        raise ValueError("Not a certificate with an SM2 key.")
    return bytes(info["public_key"].native)


def _time(at: datetime) -> core.UTCTime | core.GeneralizedTime:
    kind = core.UTCTime if at.year < 2050 else core.GeneralizedTime
    return kind(at.astimezone(UTC))
