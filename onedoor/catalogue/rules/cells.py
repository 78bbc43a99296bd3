"""What one cell of a file says: text, count, yes or no, limit, amount. Faults are gathered.

A reader is given the cells of one row and collects every fault of it, so that a person mends a
row once. Nothing is guessed: what is neither clear nor empty is a fault with its reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from enum import Enum
from typing import TypeVar

from onedoor.catalogue.rules.code_sets import JOIN, CodeSets
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid
from onedoor.kernel.money import fen
from onedoor.kernel.terms import Term

T = TypeVar("T", bound=Term)


class Damaged(Enum):
    """Marks a cell whose content the file itself has lost."""

    DIGITS = "a number longer than a spreadsheet keeps"
    SHAPE = "neither a text nor a number"


Cell = str | int | bool | Damaged | None

TEXT_LIMIT = 20_000

_YES, _NO = {"1", "是", "y", "yes", "true"}, {"0", "否", "n", "no", "false"}
_UNITS = {
    **{unit.value.lower(): unit for unit in LimitUnit},
    **{unit.zh: unit for unit in LimitUnit},
    "个工作日": LimitUnit.WD,
    "workday": LimitUnit.WD,
    "个自然日": LimitUnit.ND,
    "日历日": LimitUnit.ND,
    "个小时": LimitUnit.H,
    "个月": LimitUnit.M,
}
_LIMIT = re.compile(r"(\d{1,6})\s*(\D*)")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_ON_THE_SPOT = {"即办", "当场", "当场办结", "即时办结"}
# Letters that are text; what steers a terminal or a reader's eye is not.
_ALLOWED_LINES = {"\n", "\t"}
_PLAIN = re.compile(r"[ -~\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e·—“”‘’…×]*")


def unreadable(text: str, *, lines: bool = False) -> str:
    """Return the first character that may not stand in a text, as its code point, or "".

    >>> unreadable("食品经营许可"), unreadable("a\\0b"), unreadable("a\\nb", lines=True)
    ('', 'U+0000', '')
    """
    if _PLAIN.fullmatch(text):
        return ""
    for character in text:
        if lines and character in _ALLOWED_LINES:
            continue
        # Cc control, Cf invisible, Co private use, Cs half a pair, Zl/Zp line separators.
        point = ord(character)
        is_filler = character == "\ufffd" or point & 0xFFFE == 0xFFFE
        if is_filler or unicodedata.category(character) in _UNREADABLE:
            return f"U+{point:04X}"
    return ""


# What copying from a page or a chat leaves around a text: seen by nobody, meant by nobody.
_LEFT_OVER = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def trimmed(text: str) -> str:
    """Return a text without the space around it, seen or not.

    >>> trimmed("\u200b\u3000食品 经营\u00a0\ufeff")
    '食品 经营'
    """
    while text != (shorter := text.strip().strip(_LEFT_OVER)):
        text = shorter
    return text


def half_width(text: str) -> str:
    """Return a text with its full-width digits, letters and marks as a keyboard writes them.

    >>> half_width("５１１Ａ－０１")
    '511A-01'
    """
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


_UNREADABLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


class Row:
    """The cells of one row by field, and what was found wrong with them."""

    def __init__(
        self, cells: Mapping[str, Cell], names: Mapping[str, str], *, place: str = ""
    ) -> None:
        self.cells, self.names, self.place = cells, names, place
        self.faults: list[NotValid] = []

    def fault(self, code: str, text: str, field: str, **data: object) -> None:
        """Note what is wrong with a cell; the sentence may name it as %(column)s.

        ``place`` is where the row stands in a list: materials-2- is the second material.
        """
        column = self.names.get(field, field)
        fault = NotValid(
            f"catalogue.{code}", text, field=self.place + field, basis="", column=column, **data
        )
        self.faults.append(fault)

    def text(self, field: str, limit: int = TEXT_LIMIT, *, lines: bool = False) -> str:
        """Return the cell as text without the space around it."""
        value = self.cells.get(field)
        if value is None:
            return ""
        if value is Damaged.DIGITS:
            self.fault(
                "digits_lost",
                "“%(column)s”在表格里被存成了数字，后几位已经丢失。请把这一列设为文本再填。",
                field,
            )
            return ""
        if isinstance(value, Damaged):
            self.fault("not_text", "“%(column)s”不是文字，也不是数字。", field)
            return ""
        text = str(int(value)) if isinstance(value, bool | int) else trimmed(value)
        if lines and "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not lines and ("\n" in text or "\r" in text):
            self.fault("line_break", "“%(column)s”里换了行，请改成一行。", field)
            return ""
        if wrong := unreadable(text, lines=lines):
            self.fault(
                "unreadable", "“%(column)s”里有不能识别的字符 %(point)s。", field, point=wrong
            )
            return ""
        if len(text) > limit:
            self.fault(
                "too_long",
                "“%(column)s”太长：%(length)s 个字，最多 %(limit)s 个。",
                field,
                length=len(text),
                limit=limit,
            )
        return text

    def plain(self, field: str, limit: int) -> str:
        """Return a code or number, whatever the width of its digits and letters."""
        return half_width(self.text(field, limit))

    def long_text(self, field: str) -> str:
        return self.text(field, lines=True)

    def required(self, field: str, limit: int) -> str:
        before = len(self.faults)
        text = self.text(field, limit)
        if not text and len(self.faults) == before:
            self.fault("empty", "“%(column)s”没有填。", field)
        return text

    def count(self, field: str, limit: int = 9999) -> int | None:
        """Return a whole number, or nothing where the cell is empty."""
        text = self.plain(field, 100)
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > limit:
            self.fault(
                "not_a_count",
                "“%(column)s”应是 0 到 %(limit)s 的整数，现在是“%(value)s”。",
                field,
                value=text[:20],
                limit=limit,
            )
            return None
        return int(text)

    def flag(self, field: str) -> bool | None:
        """Return yes, no, or nothing where the cell is empty."""
        text = self.plain(field, 100).lower()
        if text in _YES or text in _NO:
            return text in _YES
        if text:
            self.fault(
                "not_yes_or_no",
                "“%(column)s”应填 是/否 或 1/0，现在是“%(value)s”。",
                field,
                value=text[:20],
            )
        return None

    def word(self, field: str, words: Mapping[str, T], default: T) -> T:
        """Return the term a cell means, in any of the given spellings."""
        text = self.text(field, 100)
        if not text:
            return default
        if text in words:
            return words[text]
        self.fault(
            "unknown_word",
            "“%(column)s”里的“%(value)s”不认识，可以填：%(known)s。",
            field,
            value=text[:20],
            known="、".join(words),
        )
        return default

    def amount(self, field: str) -> int | None:
        """Return an amount in fen, or nothing where the cell is empty."""
        text = self.plain(field, 100).removesuffix("元").strip()
        if not text:
            return None
        try:
            return fen(text)
        except NotValid:
            self.fault(
                "not_an_amount",
                "“%(column)s”不是金额：“%(value)s”。请写成 12.50 这样。",
                field,
                value=text[:20],
            )
            return None

    def limit(self, field: str, unit_field: str, *, default: LimitUnit | None) -> Limit | None:
        """Return a limit written in one cell (20个工作日) or two (20, 工作日).

        ``default`` is the unit that holds where none is written; without it that is a fault,
        for a working day and a calendar day are not the same promise.
        """
        text, unit_text = self.plain(field, 100), self.plain(unit_field, 100)
        if not text:
            return None
        if text in _ON_THE_SPOT:
            return Limit(0, LimitUnit.WD)
        match = _LIMIT.fullmatch(text)
        if match is None or int(match[1]) > 9999:
            self.fault(
                "not_a_limit",
                "“%(column)s”不是时限：“%(value)s”。请写成“20工作日”这样。",
                field,
                value=text[:20],
            )
            return None
        written = (match[2].strip() or unit_text).lower()
        unit = _UNITS.get(written) if written else default
        if unit is None and int(match[1]) == 0:
            unit = LimitUnit.WD
        if unit is None:
            self.fault(
                "limit_unit",
                "“%(column)s”没有写清单位，请写明工作日、自然日、小时、月还是年。",
                field,
            )
            return None
        return Limit(int(match[1]), unit)

    def day(self, field: str) -> date | None:
        """Return a day, or nothing where the cell is empty; a time behind it does not count."""
        text = self.plain(field, 100)
        if not text:
            return None
        if match := _DAY.match(text):
            with suppress(ValueError):
                return date(int(match[1]), int(match[2]), int(match[3]))
        self.fault(
            "not_a_day",
            "“%(column)s”应是日期，如 2026-03-05，现在是“%(value)s”。",
            field,
            value=text[:20],
        )
        return None

    def codes(self, field: str, sets: CodeSets) -> str:
        """Return the national codes a cell means, by code or word, as the exchange joins them."""
        text = self.text(field, 200)
        if not text:
            return ""
        found = sets.by_field[field].read(text, upstream=sets.upstream)
        if found is None:
            known = "、".join(f"{c} {w}" for c, w in sets.by_field[field].values.items())
            self.fault(
                "unknown_code",
                "“%(column)s”里的“%(value)s”不认识，可以填：%(known)s。",
                field,
                value=text[:20],
                known=known,
            )
            return ""
        return JOIN.join(found)
