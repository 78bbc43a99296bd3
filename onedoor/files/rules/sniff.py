"""What an upload really is, told from its content and never from its name.

Taken: JPEG, PNG, PDF, OFD. Everything else is refused, a web page called .pdf above all.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO

import filetype

from onedoor.kernel.errors import NotValid, WrongType

HEAD = 8192
TAIL = 65536
OFD = "application/ofd"
PDF = "application/pdf"
IMAGES = ("image/jpeg", "image/png")
_LAST = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND"}
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", PDF: ".pdf", OFD: ".ofd"}


def media_type(file: IO[bytes], *, size: int) -> str:
    """Return the media type of a whole upload, or refuse; the file may be anywhere, is rewound."""
    if size == 0:
        raise NotValid("file.empty", "这个文件是空的，请重新选。", field="file")
    file.seek(0)
    head = file.read(HEAD)
    guess = filetype.guess_mime(head) or ""
    if guess in IMAGES:
        found = _image(file, guess, size)
    elif head.startswith(b"%PDF-"):
        found = _pdf(file, size)
    elif head.startswith(b"PK\x03\x04") and _is_ofd(file):
        found = OFD
    else:
        raise WrongType(
            "file.wrong_type",
            "这种文件不能用。请传照片（JPG、PNG）、PDF 或 OFD。",
            field="file",
        )
    file.seek(0)
    return found


def _image(file: IO[bytes], kind: str, size: int) -> str:
    """Refuse a picture cut off on its way: nobody could open it once its owner has left."""
    file.seek(max(size - TAIL, 0))
    if _LAST[kind] not in file.read(TAIL):
        raise WrongType("file.cut_off_image", "这张图片不完整，请重新传一次。", field="file")
    return kind


def _pdf(file: IO[bytes], size: int) -> str:
    file.seek(max(size - TAIL, 0))
    tail = file.read(TAIL)
    if b"%%EOF" not in tail:
        raise WrongType("file.cut_off", "这个 PDF 不完整，请重新传一次。", field="file")
    if _is_encrypted(file):
        raise NotValid("file.encrypted", "这个 PDF 有密码，打不开。请去掉密码再传。", field="file")
    return PDF


def _is_encrypted(file: IO[bytes]) -> bool:
    """Look at the whole file: a large table of references may follow the word, or precede it."""
    file.seek(0)
    before = b""
    while chunk := file.read(TAIL):
        if _ENCRYPTED.search(before + chunk):
            return True
        before = chunk[-64:]
    return False


def _is_ofd(file: IO[bytes]) -> bool:
    """Read only the directory of the archive; nothing in it is ever unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return len(names) < 10_000 and "OFD.xml" in names
