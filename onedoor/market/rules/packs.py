"""When the rules of a period may be handed in and take effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from onedoor.kernel.errors import Refusal
from onedoor.kernel.terms import Term


class State(Term):
    """How far a pack is (规则包状态)."""

    DRAFT = "draft", "待确认"
    IN_FORCE = "in_force", "已确认"
    REPLACED = "replaced", "已被替换"


class Period(NamedTuple):
    """From the first to the last day, both included."""

    first_on: date
    last_on: date


def check_period(new: Period, confirmed: Iterable[Period], *, today: date) -> None:
    """Refuse rules for a period that runs already, or that cut into another.

    The very first rules of a period may come while it runs: before there was nothing to change.

    >>> year = Period(date(2026, 1, 1), date(2026, 12, 31))
    >>> check_period(year, [year], today=date(2025, 12, 1))
    >>> check_period(year, [year], today=date(2026, 1, 1))
    Traceback (most recent call last):
    onedoor.kernel.errors.Refusal: 2026-01-01 起的规则已经在执行，期中不能改。请从下一期改。
    """
    for other in confirmed:
        if other.last_on < new.first_on or new.last_on < other.first_on:
            continue
        if other.first_on <= today:
            raise Refusal(
                "market.period_running",
                "%(first)s 起的规则已经在执行，期中不能改。请从下一期改。",
                first=other.first_on.isoformat(),
            )
        if other != new:
            raise Refusal(
                "market.period_overlaps",
                "和 %(first)s 至 %(last)s 的规则重叠。要替换的，起止日期写成一样。",
                first=other.first_on.isoformat(),
                last=other.last_on.isoformat(),
            )
