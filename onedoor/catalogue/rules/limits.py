"""Time limits (时限): their units, and what national law sets when an item says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from onedoor.kernel.terms import Term


class LimitUnit(Term):
    """What a limit is counted in (时限单位). Limits compare only within one unit."""

    WD = "WD", "工作日"
    ND = "ND", "自然日"
    H = "H", "小时"
    M = "M", "月"
    Y = "Y", "年"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units, and where that is written. Zero means: on the spot."""

    count: int
    unit: LimitUnit
    basis: str = ""


class NationalLimit(NamedTuple):
    """A limit set by a law of the nation for one item type, from a day on."""

    item_type: str
    since: date
    limit: Limit


# 行政许可法 42: twenty days from acceptance; 82: days are working days. In force since 2004-07-01.
NATIONAL = (
    NationalLimit("01", date(2004, 7, 1), Limit(20, LimitUnit.WD, "《行政许可法》第四十二条")),
)

# 行政许可法 32(四): without a notice within five days, the application counts as accepted.
DEEMED_ACCEPTANCE: Mapping[str, str] = {"01": "《行政许可法》第三十二条第一款第四项"}


def national_limit(item_type: str, *, on: date) -> Limit | None:
    """Return what national law allows for a decision on this type of item, if it says.

    >>> national_limit("01", on=date(2026, 1, 5))
    Limit(count=20, unit=<LimitUnit.WD: 'WD'>, basis='《行政许可法》第四十二条')
    >>> national_limit("20", on=date(2026, 1, 5)) is None
    True
    """
    rows = [row for row in NATIONAL if row.item_type == item_type and row.since <= on]
    return max(rows, key=lambda row: row.since).limit if rows else None


def is_within(promised: Limit, statutory: Limit) -> bool | None:
    """Say whether a promise keeps the law; ``None`` where the units cannot be compared.

    >>> day = LimitUnit.WD
    >>> is_within(Limit(5, day), Limit(20, day)), is_within(Limit(1, LimitUnit.M), Limit(20, day))
    (True, None)
    """
    if promised.count == 0:
        return True
    return promised.count <= statutory.count if promised.unit is statutory.unit else None
