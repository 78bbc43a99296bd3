"""The month or the year a report tells of."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from onedoor.kernel.errors import NotValid

_FORM = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Period(NamedTuple):
    """Its first and last day, and how it is written."""

    code: str
    first: date
    last: date

    @property
    def zh(self) -> str:
        year = f"{self.first.year}年"
        return f"{year}{self.first.month}月" if len(self.code) > 4 else year

    def has(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def period_of(code: str, *, is_month: bool) -> Period:
    """Return the period a code names, or refuse.

    >>> period_of("2026-02", is_month=True).last, period_of("2026", is_month=False).zh
    (datetime.date(2026, 2, 28), '2026年')
    """
    match = _FORM.fullmatch(code.strip())
    if match is None or bool(match[2]) is not is_month:
        raise _wrong(code)
    year, month = int(match[1]), int(match[2] or 12)
    if not (2000 <= year <= 9998 and 1 <= month <= 12):
        raise _wrong(code)
    first = date(year, month if is_month else 1, 1)
    return Period(match[0], first, date(year, month, monthrange(year, month)[1]))


def _wrong(code: str) -> NotValid:
    return NotValid(
        "report.period",
        "“%(code)s”不是这种报告的期间：月报写 2026-11，年报写 2026。",
        field="period",
        code=code[:20],
    )
