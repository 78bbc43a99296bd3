"""The one sheet of a workbook (XLSX) that holds a list, as rows of cells.

Hidden sheets and sheets of explanations are passed over; two lists in one workbook are refused, for
one of them would be dropped in silence. A cell merged over rows holds for each of them.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any, BinaryIO

from onedoor.catalogue.rules.cells import Cell, Damaged
from onedoor.kernel.errors import NotValid, TooLarge

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 800 * MEGABYTE
MOST_SHARED = 100 * MEGABYTE
MOST_COLUMNS = 300
MOST_MERGED = 200_000
SHEET_ROWS = 1_048_576
"""No sheet has more; one that claims a row far below would be counted up to it."""
HEADING_WITHIN = 10
"""So many rows of title may stand above the headings."""
SPREADSHEET_DIGITS = 15

_SHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_LONGEST_TAG = 200

Merges = dict[int, list[tuple[int, int]]]
"""By first row: the column of a cell merged downwards, and the last row it covers."""


def sheet_rows(
    file: BinaryIO, is_heading: Callable[[Sequence[Cell]], bool]
) -> Iterator[Sequence[Cell]]:
    """Return the rows of the sheet that has our headings, else of the first that is shown."""
    broken = NotValid("file.broken_xlsx", "这个 XLSX 文件打不开，可能没有传完整。")
    _check_size(file, broken)
    from openpyxl import load_workbook  # 6 MB that only an import of a workbook needs

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles it does not know
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                sheet = _chosen(book.worksheets, is_heading)
                merges = _merges(sheet)
                held: dict[int, tuple[int, Cell]] = {}
                for number, cells in enumerate(_cells(sheet, SHEET_ROWS + 1), start=1):
                    if number > SHEET_ROWS:
                        raise broken
                    yield _filled(number, cells, merges, held) if cells else cells
        except (NotValid, GeneratorExit):
            raise
        except Exception:  # openpyxl raises whatever it stumbles over; the file is at fault
            raise broken from None


def _check_size(file: BinaryIO, broken: NotValid) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise broken from None
    shared = sum(p.file_size for p in parts if not p.filename.startswith("xl/worksheets/"))
    if sum(p.file_size for p in parts) > MOST_UNPACKED or shared > MOST_SHARED:
        raise TooLarge(
            "file.too_large", "文件太大：最多 %(limit)s MB。", limit=MOST_UNPACKED // MEGABYTE
        )


def _chosen(sheets: Sequence[Any], is_heading: Callable[[Sequence[Cell]], bool]) -> Any:
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or list(sheets)
    for sheet in shown:
        sheet.reset_dimensions()
    if len(shown) == 1:
        return shown[0]
    ours = [s for s in shown if any(is_heading(row) for row in _cells(s, HEADING_WITHIN))]
    if len(ours) > 1:
        raise NotValid(
            "file.two_sheets",
            "这几张表都像清单：%(sheets)s。请每张另存为一个文件，分别导入。",
            sheets="、".join(sheet.title for sheet in ours[:10]),
        )
    return (ours or shown)[0]


def _cells(sheet: Any, most: int) -> Iterator[Sequence[Cell]]:
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=most):
        # A sheet may be formatted far below its last row.
        is_blank = row.count(None) == len(row)
        yield [] if is_blank else [_cell(value) for value in row]


def _merges(sheet: Any) -> Merges:
    """Return the cells of one column merged over rows, which openpyxl drops in a stream."""
    found: Merges = {}
    rest, count = b"", 0
    with sheet._get_source() as source:
        while chunk := source.read(MEGABYTE):
            text = rest + chunk
            end = 0
            for match in _MERGED.finditer(text):
                end, count = match.end(), count + 1
                first, last = int(match[2]), int(match[4])
                if match[1] == match[3] and first < last and count <= MOST_MERGED:
                    found.setdefault(first, []).append((_column(match[1]), last))
            rest = text[max(end, len(text) - _LONGEST_TAG) :]
    return found


def _column(letters: bytes) -> int:
    """Return a column's place from 0.

    >>> _column(b"A"), _column(b"AA")
    (0, 26)
    """
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _filled(
    number: int, cells: Sequence[Cell], merges: Merges, held: dict[int, tuple[int, Cell]]
) -> Sequence[Cell]:
    for column, last in merges.get(number, ()):
        held[column] = (last, cells[column] if column < len(cells) else None)
    filled = list(cells)
    for column, (last, value) in held.items():
        if number <= last and column < len(filled) and filled[column] is None:
            filled[column] = value
    return filled


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return Damaged.SHAPE if value in _SHEET_ERRORS else value
    if isinstance(value, int):
        return value if abs(value) < 10**SPREADSHEET_DIGITS else Damaged.DIGITS
    if isinstance(value, float):
        return number_cell(value, digits=SPREADSHEET_DIGITS)
    return Damaged.SHAPE


def number_cell(value: float, *, digits: int) -> Cell:
    """Return a number as a sheet shows it; one longer than the sheet keeps is damaged."""
    if abs(value) >= 10.0**digits:
        return Damaged.DIGITS
    return int(value) if value.is_integer() else repr(value)
