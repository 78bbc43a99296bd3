"""The demo authority: ECDSA P-256, PAdES; a stamp that says it is a specimen without force.

A reader calls its signatures intact and their signer unknown: that is right for a demo authority.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
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

MARK = "样章·无效"
BEHIND = f"（{MARK}）".encode()
LONGEST = 64
"""Bytes of a name in a certificate (X.520)."""
YEARS = 20
RESERVED = 8192
"""So many hexadecimal digits are left free for a signature, which takes some 3 200. Asked for no
number, the library makes each signature twice, the first time only to see how long it gets.
"""


class Demo:
    """The backend that comes with the product, for trial and training."""

    mark = MARK

    def authority(self) -> Keys:
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
        return _pem(key, made)

    def sign(
        self, pdf: bytes, *, seal: Keys, authority: str, name: str, place: Place, at: datetime
    ) -> bytes:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its own gap
        store.register(_certificate(authority))
        signer = signers.SimpleSigner(
            signing_cert=_certificate(seal.certificate),
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
            background=_Stamp(draw(name, MARK)), background_opacity=1.0, border_width=0
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        done = _Signer(
            meta,
            signer,
            at=at,
            stamp_style=style,
            new_field_spec=fields.SigFieldSpec("OneDoorSeal", on_page=place.page, box=box),
        ).sign_pdf(writer, bytes_reserved=RESERVED)
        signed: bytes = done.getvalue()
        return signed


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


def _der(text: str) -> bytes:
    _, _, der = pem.unarmor(text.encode())
    assert isinstance(der, bytes)
    return der


def _certificate(text: str) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(_der(text))
