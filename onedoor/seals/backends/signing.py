"""A PAdES signature with its visible stamp, made with keys in hand: what all backends share."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from onedoor.seals.backends import Keys, Place
from onedoor.seals.backends.stamp import DIAMETER, draw

RESERVED = 8192
"""So many hexadecimal digits are left free for a signature of the demo authority, which takes some
3 200; each certificate of a chain takes its own. Asked for no number, the library makes each
signature twice, the first time only to see how long it gets.
"""


def sign(pdf: bytes, *, seal: Keys, name: str, mark: str, place: Place, at: datetime) -> bytes:
    """Return the PDF with signature and stamp behind its last byte."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its own gap
    chain = certificates(seal.chain)
    for each in chain:
        store.register(each)
    (certificate,) = certificates(seal.certificate)
    signer = signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=asn1_keys.PrivateKeyInfo.load(_der(seal.key)),
        cert_registry=store,
    )
    half = DIAMETER / 2
    box = (
        round(place.x - half),
        round(place.y - half),
        round(place.x + half),
        round(place.y + half),
    )
    meta = signers.PdfSignatureMetadata(
        field_name="OneDoorSeal",
        name=name,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    style = StaticStampStyle(
        background=_Stamp(draw(name, mark)), background_opacity=1.0, border_width=0
    )
    done = _Signer(
        meta,
        signer,
        at=at,
        stamp_style=style,
        new_field_spec=fields.SigFieldSpec("OneDoorSeal", on_page=place.page, box=box),
    ).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        bytes_reserved=RESERVED + 2 * sum(len(each.dump()) for each in (certificate, *chain)),
    )
    signed: bytes = done.getvalue()
    return signed


def certificates(text: str) -> list[asn1_x509.Certificate]:
    """Return the certificates of a PEM text, in its order."""
    if not text:
        return []
    found = pem.unarmor(text.encode(), multiple=True)
    return [asn1_x509.Certificate.load(der) for _, _, der in found]


def _der(text: str) -> bytes:
    _, _, der = pem.unarmor(text.encode())
    assert isinstance(der, bytes)
    return der


class _Signer(signers.PdfSigner):
    """Signs at the moment that the register of uses says, not at another the machine may tell."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


class _Stamp(PdfImage):
    """The picture of a seal, packed once in a process and not anew for each paper."""

    @property
    def image_ref(self) -> generic.IndirectObject:
        if self._image_ref is None:
            assert self.writer is not None
            add: Callable[[generic.StreamObject], generic.IndirectObject] = self.writer.add_object
            red, cover = _packed(self.image.tobytes(), self.image.size)
            picture = self._stream("/DeviceRGB", red)
            picture[generic.NameObject("/SMask")] = add(self._stream("/DeviceGray", cover))
            self._image_ref = add(picture)
        return self._image_ref

    def _stream(self, colours: str, packed: bytes) -> generic.StreamObject:
        name = generic.NameObject
        number: Callable[[int], generic.PdfObject] = generic.NumberObject
        facts = {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Image"),
            name("/Width"): number(self.image.width),
            name("/Height"): number(self.image.height),
            name("/ColorSpace"): name(colours),
            name("/BitsPerComponent"): number(8),
            name("/Filter"): name("/FlateDecode"),
        }
        return generic.StreamObject(facts, encoded_data=packed)


@lru_cache(maxsize=8)
def _packed(pixels: bytes, size: tuple[int, int]) -> tuple[bytes, bytes]:
    """Return colours and transparency of a picture, each compressed."""
    picture = Image.frombytes("RGBA", size, pixels)
    return (
        zlib.compress(picture.convert("RGB").tobytes()),
        zlib.compress(picture.getchannel("A").tobytes()),
    )
