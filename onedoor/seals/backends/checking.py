"""Reading the seal of a PDF without a database: whether it is whole, and who put it on.

For ``onedoor verify paper``; any other reader of signatures says the same.
"""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime
from typing import NamedTuple

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
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
    fingerprint: str
    """SHA-256 of the seal's certificate, to be compared with the one the office tells."""


def read(content: bytes) -> list[Finding]:
    """Return what the signatures of a PDF say, the first one first; none where it has none."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        # That nobody vouches for the demo authority is no incident.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        return [_finding(signature) for signature in found]
    except (PdfError, SignatureValidationError, ValueError, LookupError, TypeError) as error:
        raise NotValid(
            "paper.unreadable", "这个文件读不出来：不是 PDF，或者坏了、被改过。"
        ) from error


def _finding(signature: EmbeddedPdfSignature) -> Finding:
    certificate = signature.signer_cert
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[certificate], allow_fetching=False)
    )
    subject, issuer = certificate.subject.native, certificate.issuer.native
    covers = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return Finding(
        seal=str(subject.get("common_name", "")),
        unit=str(subject.get("organization_name", "")),
        issuer=str(issuer.get("common_name", "")),
        at=status.signer_reported_dt,
        is_whole=bool(status.intact and status.valid and covers),
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
    )
