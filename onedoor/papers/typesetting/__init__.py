"""From a paper's blocks to its PDF: A4, by typst, with the fonts the project carries."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno

from onedoor.papers.rules.kinds import Setting
from onedoor.papers.rules.template import Block, Part
from onedoor.papers.typesetting import compiler

SOURCE = "paper.typ"


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
    setting: Setting


@dataclass(frozen=True)
class Spot:
    """A place on paper: page from 1, points from the upper left."""

    page: int
    x: float
    y: float


def pdf(sheet: Sheet) -> bytes:
    """Return the PDF/A of a paper, or refuse, naming a character no font has."""
    return compiler.compiled(SOURCE, _plain(sheet))


def pdfs(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Begin to set many papers beside whatever else is done; return their PDFs in that order."""
    return compiler.compiled_beside(SOURCE, map(_plain, sheets))


def pdf_with_spot(sheet: Sheet) -> tuple[bytes, Spot]:
    """Return the PDF/A of a paper, and where the line of the date under it ends."""
    made, found = compiler.compiled_and_asked(SOURCE, _plain(sheet), "<date>")
    x, y = (float(found[axis].removesuffix("pt")) for axis in ("x", "y"))
    return made, Spot(int(found["page"]), x, y)


@lru_cache(maxsize=32)
def qr(address: str) -> str:
    """Return the QR code of an address as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=1, scale=4)
    return out.getvalue().decode()


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "number": sheet.number,
        "unit": sheet.unit,
        "date": sheet.date,
        "day": sheet.day,
        "setting": sheet.setting.value,
        "mark": sheet.mark,
        "notes": sheet.notes,
        "qr": qr(sheet.address),
        "fonts": compiler.fonts(),
        "blocks": [_block(block) for block in sheet.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "text": _runs(block.text),
        "long": sum(len(part.text) for part in block.text),
        "rows": [(label, _runs(parts)) for label, parts in block.rows],
        "items": [_runs(parts) for parts in block.items],
        "qr": qr(block.address) if block.address else "",
    }


def _runs(parts: tuple[Part, ...]) -> list[tuple[str, bool]]:
    return [(part.text, part.bold) for part in parts]
