"""A file as rows of cells: CSV (UTF-8 or GB18030), XLSX, JSON. Nothing of it is kept in memory.

The kind is told from the content, not from the name. Every table can be read twice: once to check
it, once to write it.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from onedoor.catalogue.rules.cells import Cell
from onedoor.catalogue.rules.columns import CHILD_COLUMNS, Aliases, Layout, layout, normal
from onedoor.catalogue.services.delimited import csv_rows
from onedoor.catalogue.services.json_lists import joined, json_list, plain, plain_rows
from onedoor.catalogue.services.sheets import HEADING_WITHIN, MEGABYTE, MOST_COLUMNS, sheet_rows
from onedoor.kernel.errors import NotFound, NotValid, TooLarge, WrongType

MOST_BYTES = 300 * MEGABYTE
MOST_JSON = 50 * MEGABYTE
MOST_ROWS = 200_000
_PAGES = (b"%PDF", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")
_JSON_OPENS = (b"[", b"{")


class Line(NamedTuple):
    """One row: the number people see, its cells by field, and how many cells too few or many."""

    number: int
    cells: Mapping[str, Cell]
    names: Mapping[str, str]
    lists: Mapping[str, object] = MappingProxyType({})
    misfit: int = 0


def misfit(cells: int) -> NotValid:
    """Return what is wrong with a row of more or fewer cells than there are headings."""
    if cells > 0:
        return NotValid("catalogue.cells_over", "这一行比表头多 %(count)s 格。", count=cells)
    return NotValid(
        "catalogue.cells_missing",
        "这一行比表头少 %(count)s 格，文件可能没有传完整。",
        count=-cells,
    )


@dataclass
class Table:
    """A file opened for reading rows by the fields of ``aliases``."""

    content: bytes | Path
    aliases: Aliases
    required: Mapping[str, str]
    unknown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.content, Path) and not self.content.is_file():
            raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(self.content))
        size = self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)
        if size > MOST_BYTES:
            raise TooLarge(
                "file.too_large", "文件太大：最多 %(limit)s MB。", limit=MOST_BYTES // MEGABYTE
            )
        if size == 0:
            raise NotValid("file.empty", "文件是空的。")
        self.size = size

    def digest(self) -> str:
        """Return the digest of the file."""
        hashed = sha256()
        with self._open() as file:
            while chunk := file.read(MEGABYTE):
                hashed.update(chunk)
        return f"sha256:{hashed.hexdigest()}"

    def lines(self) -> Iterator[Line]:
        """Return the rows, one at a time, refusing a file of more than are taken."""
        for count, line in enumerate(self._lines(), start=1):
            if count > MOST_ROWS:
                raise TooLarge(
                    "catalogue.too_many_rows",
                    "文件超过 %(limit)s 行，请分成几个文件再导入。",
                    limit=MOST_ROWS,
                )
            yield line

    def _open(self) -> BinaryIO:
        return self.content.open("rb") if isinstance(self.content, Path) else _io(self.content)

    def _lines(self) -> Iterator[Line]:
        with self._open() as file:
            start = file.read(4096)
            file.seek(0)
            if start.startswith(b"PK\x03\x04"):
                yield from self._by_heading(sheet_rows(file, self._is_heading), is_trimmed=True)
            elif start.startswith(b"\xd0\xcf\x11\xe0"):
                raise WrongType("file.old_excel", "这是旧的 .xls 文件，请另存为 .xlsx 再导入。")
            elif start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_PAGES):
                raise WrongType(
                    "file.not_a_table",
                    "这是网页或 PDF，不是表格。请用表格软件打开，另存为 .xlsx 再导入。",
                )
            elif start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_JSON_OPENS):
                yield from self._objects(file)
            else:
                yield from self._by_heading(csv_rows(file), is_trimmed=False)

    def _by_heading(self, rows: Iterable[Sequence[Cell]], *, is_trimmed: bool) -> Iterator[Line]:
        """Return the rows below the headings; ``is_trimmed`` rows leave out their empty end."""
        numbered = enumerate(rows, start=1)
        found = self._headings(islice(numbered, HEADING_WITHIN))
        width = len(found.fields)
        for number, row in chain(found.rest, numbered):
            if not any(cell not in (None, "") for cell in row):
                continue
            cells = {f: c for f, c in zip(found.fields, row, strict=False) if f and c != ""}
            misfit = sum(cell not in (None, "") for cell in row[width:])
            if not misfit and not is_trimmed:
                misfit = min(0, len(row) - width)
            yield Line(number, cells, found.names, misfit=misfit)

    def _headings(self, rows: Iterable[tuple[int, Sequence[Cell]]]) -> _Heading:
        """Return the headings: the first row that knows two of our columns, else the first."""
        seen = [(n, row) for n, row in rows if any(cell not in (None, "") for cell in row)]
        if not seen:
            raise NotValid("file.empty", "文件是空的。")
        at = next((i for i, (_, row) in enumerate(seen) if self._is_heading(row)), 0)
        headings = [str(cell or "").strip() for cell in seen[at][1]]
        while headings and not headings[-1]:
            headings.pop()
        if len(headings) > MOST_COLUMNS:
            raise TooLarge("catalogue.too_many_columns", "最多 %(limit)s 列。", limit=MOST_COLUMNS)
        found: Layout = layout(headings, self.aliases, self.required)
        self.unknown = tuple(u[:40] for u in found.unknown)
        names = {f: h for f, h in zip(found.fields, headings, strict=True) if f}
        return _Heading(found.fields, names, seen[at + 1 :])

    def _is_heading(self, row: Sequence[Cell]) -> bool:
        known = sum(1 for cell in row if isinstance(cell, str) and normal(cell) in self.aliases)
        return known >= 2

    def _objects(self, file: BinaryIO) -> Iterator[Line]:
        if self.size > MOST_JSON:
            raise TooLarge(
                "file.too_large", "文件太大：最多 %(limit)s MB。", limit=MOST_JSON // MEGABYTE
            )
        unknown: dict[str, None] = {}
        for number, one in enumerate(json_list(file.read()), start=1):
            if not isinstance(one, dict):
                raise NotValid(
                    "catalogue.not_an_object", "第 %(number)s 项不是一个事项。", number=number
                )
            found = layout(list(one), self.aliases, {})
            cells: dict[str, Cell] = {}
            names: dict[str, str] = {}
            lists: dict[str, object] = {}
            for field, (heading, value) in zip(found.fields, one.items(), strict=True):
                if field and field in CHILD_COLUMNS:
                    lists[field] = plain_rows(value)
                elif field:
                    cells[field], names[field] = plain(joined(value)), heading
            unknown.update(dict.fromkeys(u[:40] for u in found.unknown[:MOST_COLUMNS]))
            self.unknown = tuple(unknown)[:MOST_COLUMNS]
            yield Line(number, cells, names, lists)


class _Heading(NamedTuple):
    fields: tuple[str | None, ...]
    names: Mapping[str, str]
    rest: list[tuple[int, Sequence[Cell]]]


def _io(content: bytes) -> BinaryIO:
    return io.BytesIO(content)
