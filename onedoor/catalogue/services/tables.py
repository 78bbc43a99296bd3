"""A file as rows of cells: CSV (UTF-8 or GB18030), XLSX, JSON. Nothing of it is kept in memory.

The kind is told from the content, not from the name. Every table can be read twice: once to check
it, once to write it.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from onedoor.catalogue.rules.cells import Cell, Damaged
from onedoor.catalogue.rules.columns import CHILD_COLUMNS, Aliases, Layout, layout, normal
from onedoor.catalogue.services.sheets import (
    HEADING_WITHIN,
    MEGABYTE,
    MOST_COLUMNS,
    SPREADSHEET_DIGITS,
    number_cell,
    sheet_rows,
)
from onedoor.kernel.errors import NotFound, NotValid, TooLarge, WrongType

MOST_BYTES = 300 * MEGABYTE
MOST_JSON = 50 * MEGABYTE
MOST_ROWS = 200_000
MOST_CELL = MEGABYTE
MOST_LINE = 4 * MEGABYTE

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_PAGES = (b"%PDF", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")
_JSON_OPENS = (b"[", b"{")
_JSON_LISTS = ("items", "data", "result", "rows", "records", "list")
MOST_WRAPPED = 3
"""An interface's answer wraps its list: data, and in it rows."""


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
                yield from self._by_heading(_csv_rows(file), is_trimmed=False)

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
        for number, one in enumerate(_json_list(file.read()), start=1):
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
                    lists[field] = _plain_rows(value)
                elif field:
                    cells[field], names[field] = _plain(_joined(value)), heading
            unknown.update(dict.fromkeys(u[:40] for u in found.unknown[:MOST_COLUMNS]))
            self.unknown = tuple(unknown)[:MOST_COLUMNS]
            yield Line(number, cells, names, lists)


class _Heading(NamedTuple):
    fields: tuple[str | None, ...]
    names: Mapping[str, str]
    rest: list[tuple[int, Sequence[Cell]]]


def _io(content: bytes) -> BinaryIO:
    return io.BytesIO(content)


# --- CSV ----------------------------------------------------------------------------------------


def _csv_rows(file: BinaryIO) -> Iterator[Sequence[Cell]]:
    encoding = _encoding(file)
    file.seek(0)
    csv.field_size_limit(MOST_CELL)
    done = 0
    with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        first = text.readline(MOST_CELL)
        text.seek(0)
        try:
            for row in csv.reader(
                _csv_lines(text), delimiter=max(",\t;", key=first.count), strict=True
            ):
                yield [Damaged.DIGITS if _SCIENTIFIC.fullmatch(cell) else cell for cell in row]
                done += 1
        except csv.Error as error:
            raise NotValid(
                "catalogue.broken_csv",
                "第 %(number)s 行读不下去：引号没有成对，或文件没有传完整（%(why)s）。",
                number=done + 1,
                why=str(error),
            ) from None
        except UnicodeDecodeError:
            raise _encoding_unknown() from None


def _csv_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Return the lines, none of them longer than memory should hold."""
    while line := text.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise csv.Error(f"more than {MOST_LINE} characters without a line break")
        yield line


def _encoding(file: BinaryIO) -> str:
    """Return the encoding in which the whole file can be read."""
    is_wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := file.read(MEGABYTE):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise _encoding_unknown()


def _encoding_unknown() -> NotValid:
    return NotValid(
        "file.encoding", "文件的文字编码认不出来，请另存为 UTF-8 的 CSV 或 XLSX 再导入。"
    )


# --- JSON ---------------------------------------------------------------------------------------


def _json_list(content: bytes) -> list[Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise NotValid("file.encoding_json", "JSON 文件应是 UTF-8 编码。") from None
    except (ValueError, RecursionError) as error:
        if _is_by_line(content):
            raise NotValid(
                "file.json_lines",
                "这是一行一项的 JSON（JSON Lines）。请改成一个列表：开头写 [，项和项之间加逗号，"
                "结尾写 ]；或者另存为 CSV 再导入。",
            ) from None
        raise NotValid(
            "file.broken_json", "JSON 文件读不出来：%(why)s。", why=str(error)[:100]
        ) from None
    for _ in range(MOST_WRAPPED):
        if isinstance(found, dict):
            found = next((found[key] for key in _JSON_LISTS if key in found), None)
    if not isinstance(found, list):
        raise NotValid("catalogue.no_items", "JSON 里应有一个事项列表，或 items 这一项。")
    return found


def _is_by_line(content: bytes) -> bool:
    """Say whether each of the first lines is an object of its own, which no JSON file may be."""
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n", 50)[:50]
    first = [line for line in lines if line.strip()][:2]
    try:
        return len(first) == 2 and all(isinstance(json.loads(line), dict) for line in first)
    except (ValueError, RecursionError):
        return False


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def _joined(value: object) -> object:
    """Return a list of texts as one text, as a sheet would state it."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "；".join(value)
    return value


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return number_cell(value, digits=SPREADSHEET_DIGITS)
    return Damaged.SHAPE


def _plain_rows(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [
        {key: _plain(cell) for key, cell in one.items()} if isinstance(one, dict) else one
        for one in value
    ]
