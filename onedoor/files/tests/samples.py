"""Small files of every kind that is handed in, made here and now."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter


def pdf(*, password: str = "", filler: int = 0) -> bytes:
    """Return a page of PDF; ``filler`` bytes lie before it."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if filler:
        writer.add_attachment("filler", b"x" * filler)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def jpeg(*, size: tuple[int, int] = (40, 20), gps: str = "", turned: int = 1) -> bytes:
    """Return a photo that says where it was taken and which side is up."""
    exif = Image.Exif()
    exif[0x0112] = turned
    if gps:
        exif[0x010E] = gps
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG", exif=exif)
    return made.getvalue()


def png(*, size: tuple[int, int] = (40, 20)) -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 255, 128)).save(made, "PNG")
    return made.getvalue()


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "<x/>")
    return made.getvalue()


def ofd() -> bytes:
    return archive("OFD.xml", "Doc_0/Document.xml")
