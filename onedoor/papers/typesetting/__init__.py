"""From a paper's blocks to its PDF: A4, by typst, with the fonts the project carries.

The compiler is loaded at the first use and kept; fonts of the system are never asked, so the same
paper gives the same bytes everywhere. A character none of the fonts has is printed as its code
point, never left out: PDF/A refuses to lose one, and that refusal is heard here.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings

from onedoor.kernel.errors import Refusal
from onedoor.papers.rules.template import Block, Part

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
CARRIED = HERE.parent / "fonts"
FAMILIES = ("Noto Serif SC",)
_LACKING = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")
MOST_LACKING = 200
RIGHT_EDGE = (210 - 26) * 72 / 25.4
"""Of the text, in points from the left of the page; the margins are in ``paper.typ``."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Sheet:
    """Everything that is set: head, body, foot."""

    title: str
    number: str
    unit: str
    date: str
    day: tuple[int, int, int]
    blocks: tuple[Block, ...]
    address: str
    notes: tuple[str, ...]
    mark: str
    size: int


@dataclass(frozen=True)
class Spot:
    """A place on paper: page from 1, points from the upper left."""

    page: int
    x: float
    y: float


def pdf(sheet: Sheet) -> bytes:
    """Return the PDF/A of a paper; 5 ms once the compiler is warm."""
    text = json.dumps(_plain(sheet), ensure_ascii=False)
    lacking: set[str] = set()
    for _ in range(MOST_LACKING):
        try:
            return _compile(_spelt(text, lacking))
        except RuntimeError as error:
            found = _LACKING.search(str(error))
            new = set(json.loads(found[1])) - lacking if found else set()
            if not new:
                raise
            lacking |= new
    raise Refusal(
        "paper.no_glyphs", "这份文书里字库没有的字太多，印不出来。请联系系统管理员加字库。"
    )


def end_of_date(sheet: Sheet) -> Spot:
    """Return where the line of the date under a paper ends: two characters from the margin."""
    text = json.dumps(_plain(sheet), ensure_ascii=False)
    with _one_at_a_time:
        # The compiler is asked about what it set last.
        _compiler().compile(format="pdf", sys_inputs={"paper": text}, timestamp=0)
        found = json.loads(_compiler().query("<date>", field="value", one=True))
    right = RIGHT_EDGE - 2 * sheet.size
    return Spot(int(found["page"]), right, float(found["y"].removesuffix("pt")))


def qr(address: str) -> str:
    """Return the QR code of an address as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=1, scale=4)
    return out.getvalue().decode()


def _spelt(text: str, lacking: set[str]) -> str:
    """Return the text with what has no glyph as its code point: 〔U+20BB7〕."""
    return text.translate({ord(c): f"〔U+{ord(c):04X}〕" for c in lacking})


def _compile(text: str) -> bytes:
    with _one_at_a_time:
        made = _compiler().compile(
            format="pdf", sys_inputs={"paper": text}, pdf_standards="a-2b", timestamp=0
        )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    import typst  # 64 MB that a process which prints nothing does not need

    return typst.Compiler(
        str(HERE / "paper.typ"),
        root=str(HERE),
        font_paths=[str(p) for p in _folders()],
        ignore_system_fonts=True,
    )


def _folders() -> Iterator[Path]:
    if settings.FONTS:
        yield Path(settings.FONTS)
    yield CARRIED


@cache
def _families() -> list[str]:
    """Return the families to look in, the project's own first, then whatever an office added."""
    if not settings.FONTS:
        return list(FAMILIES)
    import typst

    own = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[settings.FONTS],
    )
    return [*FAMILIES, *(f for f in own.families() if f not in FAMILIES)]


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "number": sheet.number,
        "unit": sheet.unit,
        "date": sheet.date,
        "day": sheet.day,
        "size": sheet.size,
        "mark": sheet.mark,
        "notes": sheet.notes,
        "qr": qr(sheet.address),
        "fonts": _families(),
        "blocks": [_block(block) for block in sheet.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "text": _runs(block.text),
        "rows": [(label, _runs(parts)) for label, parts in block.rows],
        "items": [_runs(parts) for parts in block.items],
        "qr": qr(block.address) if block.address else "",
    }


def _runs(parts: tuple[Part, ...]) -> list[tuple[str, bool]]:
    return [(part.text, part.bold) for part in parts]
