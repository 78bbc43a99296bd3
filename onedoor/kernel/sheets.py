"""Rows that leave for a spreadsheet, as CSV or XLSX: no text of them becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

from onedoor.kernel.clock import local

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# The wide ones too: a spreadsheet in Chinese takes them for the narrow.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What no workbook can hold."""

Rows = Iterable[Iterable[object]]


def cell(value: object) -> object:
    """Return a value as a cell, a moment as it is read here; a text never becomes a formula."""
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None, microsecond=0)
    if not isinstance(value, str):
        return value
    text = _UNWRITABLE.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(rows: Rows) -> str:
    """Return rows as CSV, with a mark by which spreadsheets read the encoding; None is empty."""
    file = io.StringIO()
    csv.writer(file).writerows(map(cell, row) for row in rows)
    return f"\ufeff{file.getvalue()}"


def workbook(sheets: Iterable[tuple[str, Rows]]) -> bytes:
    """Return an XLSX of named sheets."""
    from openpyxl import Workbook  # 6 MB that only whoever writes a workbook needs

    book = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
