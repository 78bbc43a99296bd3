"""The picture of a round seal: rim, star, the name along the rim, the mark below the star."""

from __future__ import annotations

import math
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

DIAMETER = 42 * 72 / 25.4
"""In points: 42 mm across."""

SIDE = 620
LONG = 45
"""So many characters have room at the size that is still read."""

RED = (200, 0, 0, 235)
FONT = settings.PACKAGE / "papers" / "fonts" / "NotoSerifSC-Regular.ttf"


@lru_cache(maxsize=8)
def draw(name: str, mark: str) -> Image.Image:
    """Return the seal on nothing: what lies under it stays to be read."""
    picture = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((6, 6, SIDE - 6, SIDE - 6), outline=RED, width=14)
    _star(pen, SIDE / 2, SIDE * 0.41, SIDE * 0.12)
    _along_the_rim(picture, name)
    _straight(pen, mark, SIDE * 0.61)
    return picture


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for n in range(10):
        length = radius if n % 2 == 0 else radius * 0.382
        angle = math.radians(n * 36 - 90)
        points.append((x + length * math.cos(angle), y + length * math.sin(angle)))
    pen.polygon(points, fill=RED)


def _along_the_rim(picture: Image.Image, name: str) -> None:
    # A name longer than any seal has goes farther round and gets as small as it must: no two
    # characters lie on each other.
    room, widest = (1000, 260) if len(name) <= LONG else (1350, 310)
    size = max(4, min(64, int(room / max(len(name), 1))))
    font = ImageFont.truetype(str(FONT), size)
    span = min(widest, 17 * len(name))
    radius = SIDE / 2 - 30 - size / 2
    for n, character in enumerate(name):
        turn = -span / 2 + span * n / max(len(name) - 1, 1)
        tile = Image.new("RGBA", (size * 2, size * 2), (255, 255, 255, 0))
        ImageDraw.Draw(tile).text(
            (size, size),
            character,
            font=font,
            fill=RED,
            anchor="mm",
            stroke_width=1,
            stroke_fill=RED,
        )
        turned = tile.rotate(-turn, resample=Image.Resampling.BICUBIC)
        angle = math.radians(turn - 90)
        x = SIDE / 2 + radius * math.cos(angle) - size
        y = SIDE / 2 + radius * math.sin(angle) - size
        picture.alpha_composite(turned, (round(x), round(y)))


def _straight(pen: ImageDraw.ImageDraw, mark: str, y: float) -> None:
    font = ImageFont.truetype(str(FONT), 58)
    pen.text((SIDE / 2, y), mark, font=font, fill=RED, anchor="mm", stroke_width=1, stroke_fill=RED)
