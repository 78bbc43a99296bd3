"""CSV as rows of cells, in whatever encoding the whole file can be read."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from onedoor.catalogue.rules.cells import Cell, Damaged
from onedoor.catalogue.services.sheets import MEGABYTE
from onedoor.kernel.errors import NotValid

MOST_CELL = MEGABYTE
MOST_LINE = 4 * MEGABYTE

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")


def csv_rows(file: BinaryIO) -> Iterator[Sequence[Cell]]:
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
