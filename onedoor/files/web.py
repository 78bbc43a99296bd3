"""Serving what was uploaded, as safely as it can be: a clean copy, as an attachment."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from pathlib import Path

from django.http import FileResponse
from PIL import Image, ImageOps

from onedoor.files.models import StoredFile
from onedoor.files.rules import sniff
from onedoor.files.services import CHUNK, path_of
from onedoor.kernel.errors import NotFound, Refusal

MOST_PIXELS = 64_000_000
"""A small file may unfold to this many pixels, four bytes each; one at a time."""

_PLAIN_MODES = {"1": "L", "L": "L", "RGB": "RGB"}
_one_at_a_time = threading.Lock()


def download(stored: StoredFile, *, name: str) -> FileResponse:
    """Return the file for download: images re-encoded without metadata, others as they are."""
    original = path_of(stored.digest)
    if not original.exists() or _digest(original) != stored.digest:
        raise NotFound("file.lost", "这个文件读不出来，已记下。请联系系统管理员从备份恢复。")
    place = _clean(original, stored.media_type) if stored.media_type in sniff.IMAGES else original
    ending = sniff.ENDINGS[stored.media_type]
    plain = "".join(c for c in Path(name).stem if c.isprintable() and c not in '/\\"<>:|?*')[:80]
    response = FileResponse(
        place.open("rb"),
        as_attachment=True,
        filename=(plain or "file") + ending,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return f"sha256:{hashed.hexdigest()}"


def _clean(original: Path, media_type: str) -> Path:
    """Return a copy of an image with nothing in it but its pixels, upright; made once."""
    place = original.with_name(original.name + ".clean")
    if place.exists():
        return place
    draft = original.with_name(f".{original.name}.{secrets.token_hex(4)}")
    kind = "PNG" if media_type == "image/png" else "JPEG"
    try:
        with _one_at_a_time, Image.open(original, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels()
            ImageOps.exif_transpose(image, in_place=True)
            pixels = _plain(image, kind)
            with draft.open("wb") as file:
                pixels.save(file, format=kind, quality=88)
                os.fsync(file.fileno())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError) as error:
        draft.unlink(missing_ok=True)
        raise Refusal("file.damaged_image", "图片打不开，可能损坏了。请重新拍一张。") from error
    draft.replace(place)
    return place


def _plain(image: Image.Image, kind: str) -> Image.Image:
    """Return the picture with nothing but its pixels: no place, no time, no profile, no comment."""
    wanted = "RGB" if kind == "JPEG" else _PLAIN_MODES.get(image.mode, "RGBA")
    plain: Image.Image = image if image.mode == wanted else image.convert(wanted)
    plain.info = {}
    return plain


def _too_many_pixels() -> Refusal:
    return Refusal("file.too_many_pixels", "图片太大，不能显示。请缩小后再传一次。")
