"""A clock told day by day: which days counted, which did not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from onedoor.calendar.rules.working_days import Kind, WorkingDays
from onedoor.cases.rules.clock import (
    HALL_HOURS,
    Pause,
    ServiceHours,
    days_of,
    is_suspended,
    merged,
)
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.terms import Term


class Why(Term):
    """Why a day was counted, or not."""

    START = "start", "起始日，不计"
    COUNTED = "counted", "计入"
    MAKE_UP = "make_up", "调休上班，计入"
    WEEKEND = "weekend", "周末，不计"
    EXTENDED = "extended", "延期，计入"
    HOLIDAY = "holiday", "放假，不计"
    SUSPENDED = "suspended", "暂停计时，不计"
    MOVED = "moved", "顺延到工作日"


@dataclass(frozen=True)
class CountedDay:
    """One line of the explanation: a day, whether it counted, the count after it, and why."""

    day: date
    counted: bool
    count: int
    why: Why
    name: str = ""


def explain(
    start: date,
    limit: Limit,
    *,
    until: date,
    calendar: WorkingDays,
    pauses: Iterable[Pause] = (),
    extension: int = 0,
    received_at: time | None = None,
    hours: ServiceHours = HALL_HOURS,
) -> Iterator[CountedDay]:
    """Yield one line for each calendar day from ``start`` to ``until``: counted or not, and why."""
    stopped = merged(pauses)
    every_day = limit.unit not in (LimitUnit.WD, LimitUnit.H)
    amount, unextended = days_of(start, limit, extension), days_of(start, limit, 0)
    served_on_start = limit.unit is LimitUnit.H and (received_at or hours.opens) < hours.closes
    count = 0
    for number in range(start.toordinal(), until.toordinal() + 1):
        day = date.fromordinal(number)
        why = _why(day, stopped, calendar, every_day=every_day)
        if day == start and not (served_on_start and why in _COUNTING):
            why = Why.START
        elif count >= amount and why in _COUNTING:
            why = Why.MOVED
        elif count >= unextended and why in _COUNTING:
            why = Why.EXTENDED
        counted = why in _COUNTING
        count += counted
        special = calendar.special(day)
        yield CountedDay(day, counted, count, why, special.name if special else "")


_COUNTING = (Why.COUNTED, Why.MAKE_UP, Why.EXTENDED)


def _why(day: date, stopped: tuple[Pause, ...], calendar: WorkingDays, *, every_day: bool) -> Why:
    if is_suspended(day, stopped):
        return Why.SUSPENDED
    if every_day:
        return Why.COUNTED
    special = calendar.special(day)
    if special is not None:
        return Why.MAKE_UP if special.kind is Kind.WORK else Why.HOLIDAY
    return Why.COUNTED if calendar.is_working_day(day) else Why.WEEKEND
