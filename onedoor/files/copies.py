"""Clean copies of images: the pixels and nothing else, no more than a screen shows; made once."""

from __future__ import annotations

import io
import secrets
import threading
from datetime import date, datetime
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

from onedoor.kernel import encrypted
from onedoor.kernel.errors import Refusal

MOST_PIXELS = 64_000_000
"""A small file may unfold to this many pixels, four bytes each; one at a time."""

MOST_SIDE = 3000
"""A clean copy is no longer or wider: enough to read every letter of a page, light to look at."""

_EXIF, _TAKEN, _WRITTEN = 0x8769, 0x9003, 0x0132
"""Where EXIF keeps when a picture was taken, or else last written."""

_PLAIN_MODES = {"1": "L", "L": "L", "RGB": "RGB"}
_one_at_a_time = threading.Lock()


def clean(original: Path, media_type: str, *, name: str) -> IO[bytes]:
    """Open a copy of an image with nothing in it but its pixels, upright, not too large.

    Made once, encrypted; ``name`` is what the original is encrypted under.
    """
    place, copy = original.with_name(original.name + ".clean"), name + ".clean"
    if not place.exists() or not encrypted.is_whole(place, name=copy):
        _make(original, place, media_type, name=name, copy=copy)
    return encrypted.opened(place, name=copy)


def taken_on(original: Path, *, name: str) -> date | None:
    """Return the day the camera wrote into a photo; ``None`` where there is none to be read."""
    try:
        with (
            encrypted.opened(original, name=name) as file,
            Image.open(file, formats=("PNG", "JPEG")) as image,
        ):
            exif = image.getexif()
            told = exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(_WRITTEN) or ""
            return datetime.strptime(str(told)[:10], "%Y:%m:%d").date()  # noqa: DTZ007 – a day
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):
        return None


def _make(original: Path, place: Path, media_type: str, *, name: str, copy: str) -> None:
    draft = original.with_name(f".{original.name}.{secrets.token_hex(4)}")
    kind = "PNG" if media_type == "image/png" else "JPEG"
    try:
        with (
            _one_at_a_time,
            encrypted.opened(original, name=name) as file,
            Image.open(file, formats=("PNG", "JPEG")) as image,
        ):
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels()
            image.thumbnail((MOST_SIDE, MOST_SIDE))
            ImageOps.exif_transpose(image, in_place=True)
            pixels, made = _plain(image, kind), io.BytesIO()
            pixels.save(made, format=kind, quality=88)
        made.seek(0)
        encrypted.write(made, draft, name=copy)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError) as error:
        draft.unlink(missing_ok=True)
        raise Refusal("file.damaged_image", "图片打不开，可能损坏了。请重新拍一张。") from error
    draft.replace(place)


def _plain(image: Image.Image, kind: str) -> Image.Image:
    """Return the picture with nothing but its pixels: no place, no time, no profile, no comment."""
    wanted = "RGB" if kind == "JPEG" else _PLAIN_MODES.get(image.mode, "RGBA")
    plain: Image.Image = image if image.mode == wanted else image.convert(wanted)
    plain.info = {}
    return plain


def _too_many_pixels() -> Refusal:
    return Refusal("file.too_many_pixels", "图片太大，不能显示。请缩小后再传一次。")
