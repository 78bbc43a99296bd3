"""Reading the seal of a PDF without a database: whether it is whole, and who put it on.

For ``onedoor verify paper``; any other reader of signatures says the same. This one says more:
no reader looks at the bytes between what a signature covers, which are the signature's own.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from onedoor.kernel.errors import NotValid


class Finding(NamedTuple):
    """What one signature in a file says of itself, and whether that holds."""

    seal: str
    unit: str
    issuer: str
    at: datetime | None
    is_whole: bool
    """Whether every byte is as it was sealed, and nothing was added after it."""
    is_in_date: bool
    """Whether the certificate was in force at the moment of the signature."""
    fingerprint: str
    """SHA-256 of the seal's certificate, to be compared with the one the office tells."""


def read(content: bytes) -> list[Finding]:
    """Return what the signatures of a PDF say, the first one first; none where it has none."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        # That nobody vouches for the demo authority is no incident.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        told = [_finding(signature, content) for signature in found]
    # A file altered on purpose breaks a reader in any way it likes: none of them is a fault here.
    except Exception as error:
        raise NotValid(
            "paper.unreadable", "这个文件读不出来：不是 PDF，或者坏了、被改过。"
        ) from error
    # A sealed paper has one signature: with a second one none of them is whole.
    return told if len(told) < 2 else [each._replace(is_whole=False) for each in told]


def _finding(signature: EmbeddedPdfSignature, content: bytes) -> Finding:
    certificate = signature.signer_cert
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[certificate], allow_fetching=False)
    )
    subject, issuer = certificate.subject.native, certificate.issuer.native
    covers = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    at = status.signer_reported_dt
    first, last = certificate.not_valid_before, certificate.not_valid_after
    return Finding(
        seal=str(subject.get("common_name", "")),
        unit=str(subject.get("organization_name", "")),
        issuer=str(issuer.get("common_name", "")),
        at=at,
        is_whole=bool(status.intact and status.valid and covers and _is_own(signature, content)),
        is_in_date=at is not None and first <= at <= last,
        fingerprint=f"sha256:{hashlib.sha256(certificate.dump()).hexdigest()}",
    )


def _is_own(signature: EmbeddedPdfSignature, content: bytes) -> bool:
    """Say whether the bytes no signature covers are exactly the signature, written one way."""
    begin, end = signature.byte_range[1], signature.byte_range[2]
    der = bytes(signature.pkcs7_content)
    told = cms.ContentInfo.load(der)
    written = b"<" + der.hex().upper().encode() + b">"
    if content[begin:end] != written or der[len(told.dump()) :].strip(b"\0"):
        return False
    return _says_no_more(told["content"]) and _vouched(
        signature.signer_cert, signature.other_embedded_certs
    )


def _says_no_more(signed: cms.SignedData) -> bool:
    """Say whether what the signature does not protect of itself is as it has to be."""
    if len(signed["signer_infos"]) != 1:
        return False
    signer = signed["signer_infos"][0]
    outside = cms.EncapsulatedContentInfo({"content_type": "data"})
    return bool(
        (signed["version"].native, signer["version"].native) == ("v1", "v1")
        and [each.dump() for each in signed["digest_algorithms"]]
        == [signer["digest_algorithm"].dump()]
        and signed["encap_content_info"].dump() == outside.dump()
        and not signed["crls"].native
        and not signer["unsigned_attrs"].native
    )


def _vouched(certificate: asn1_x509.Certificate, others: Iterable[asn1_x509.Certificate]) -> bool:
    """Say whether the certificates that came along follow from each other up to the last.

    Where none came along, there is none to look at: that of the seal is bound by what was signed.
    """
    if not (others := list(others)):
        return True
    chain = [x509.load_der_x509_certificate(each.dump()) for each in (certificate, *others)]
    for each in chain:
        makers = [one for one in chain if one.subject == each.issuer]
        if not makers or not any(_made(each, by=maker) for maker in makers):
            return False
    return True


def _made(certificate: x509.Certificate, *, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
