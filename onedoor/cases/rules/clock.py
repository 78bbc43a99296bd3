"""The three clocks of a case (时限): when an answer, a decision, a delivery is due, and why.

Receipt R (收件), handling L (办理) and delivery D (送达) run by one function; what differs is the
limit and the day they start from. Due dates are computed from facts, never counted up by a task.
What colour a clock shows is not here.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import NamedTuple

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

_DAY = timedelta(days=1)


class ClockState(Term):
    RUNNING = "running", "计时中"
    STOPPED = "stopped", "暂停计时"


class Pause(NamedTuple):
    """A suspension, half-open: ``first`` is not counted, the day it is ``resumed`` is."""

    first: date
    resumed: date | None = None


class Extension(NamedTuple):
    """Working days added to a limit, and the day they were granted (延期)."""

    days: int
    granted_on: date

    def of(self, limit: Limit, plain: Due) -> int:
        """Return the days it adds to a limit that without it would end at ``plain``.

        None to a limit that was already past, which stays missed, nor to one that is not counted
        in working days.

        Basis: 许可法42, 82.
        """
        past = plain.on is not None and plain.on < self.granted_on
        return 0 if past or limit.unit is not LimitUnit.WD else self.days


class ServiceHours(NamedTuple):
    """The hours in which the hall serves; there is no noon break."""

    opens: time = time(9)
    closes: time = time(17)


class Due(NamedTuple):
    """The last day in time, or none while an open pause stops the clock.

    ``by`` is the minute in which a limit in hours runs out; else the whole day is in time.
    ``provisional``: a year without a notice was needed, so the date may still move.
    """

    on: date | None
    provisional: bool = False
    by: time | None = None

    @property
    def state(self) -> ClockState:
        return ClockState.STOPPED if self.on is None else ClockState.RUNNING


HALL_HOURS = ServiceHours()
RECEIPT = Limit(5, LimitUnit.WD, "许可法32(四)、82")
"""Basis: 许可法32(四): five days to say once what is missing; 82: working days."""
DELIVERY = Limit(10, LimitUnit.WD, "许可法44、82")
"""Basis: 许可法44: ten days to deliver; 82: working days."""


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Return the union of the pauses, in order, so that overlaps are never counted twice.

    >>> a, b, c = date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9)
    >>> merged([Pause(b, None), Pause(a, c)]) == (Pause(a, None),)
    True
    """
    union: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.first):
        if pause.resumed is not None and pause.resumed < pause.first:
            raise NotValid(
                "clock.pause_reversed",
                "恢复日期%(resumed)s早于暂停日期%(first)s，请对调或改正。",
                first=pause.first,
                resumed=pause.resumed,
            )
        if pause.first == pause.resumed:
            continue
        last = union[-1] if union else None
        if last is None or (last.resumed is not None and last.resumed < pause.first):
            union.append(pause)
        elif last.resumed is not None:
            ends = None if pause.resumed is None else max(last.resumed, pause.resumed)
            union[-1] = Pause(last.first, ends)
    return tuple(union)


def suspended(pauses: Iterable[Pause], *, until: date, calendar: WorkingDays) -> int:
    """Return the working days that the pauses took out of the count, up to ``until``."""
    spent = 0
    for pause in merged(pauses):
        last = until if pause.resumed is None else min(until, pause.resumed - _DAY)
        if last >= pause.first:
            spent += calendar.ordinal(last) - calendar.ordinal(pause.first - _DAY)
    return spent


def due(
    start: date,
    limit: Limit,
    *,
    calendar: WorkingDays,
    pauses: Iterable[Pause] = (),
    extension: int = 0,
    received_at: time | None = None,
    hours: ServiceHours = HALL_HOURS,
) -> Due:
    """Return the last day on which the answer is still in time.

    The starting day is not counted. Working days: only they count. Natural days, months, years:
    every day counts, and a last day that is not worked moves to the next that is. Hours: only
    service hours count. A limit of zero (即办件) is due the same day, or on the next working day
    when the hall was closed. A day that ends suspended is not counted, the day of resumption is.

    Basis: 许可法42, 45, 82; 民法典201–203.
    """
    stopped = merged(pauses)
    amount = limit.count + extension
    if amount < 0:
        raise NotValid("clock.negative_limit", "时限不能小于零。")
    if amount == 0:
        late = received_at is not None and received_at >= hours.closes
        return _rolled(start + _DAY if late else start, stopped, calendar)
    if limit.unit is LimitUnit.WD:
        return _in_working_days(start, amount, stopped, calendar)
    if limit.unit is LimitUnit.H:
        return _in_hours(start, amount, stopped, calendar, received_at or hours.opens, hours)
    days = days_of(start, limit, extension)
    last = _run(start, days, stopped, date.toordinal, _natural_day)
    return Due(None) if last is None else _rolled(last, stopped, calendar)


def _in_working_days(
    start: date, amount: int, stopped: tuple[Pause, ...], calendar: WorkingDays
) -> Due:
    on = _run(start, amount, stopped, calendar.ordinal, calendar.day_with_ordinal)
    if on is None:
        return Due(None)
    return Due(on, not calendar.is_confirmed_between(start + _DAY, on))


def _run(
    start: date,
    amount: int,
    stopped: tuple[Pause, ...],
    number_of: Callable[[date], int],
    day_of: Callable[[int], date],
) -> date | None:
    """Return the day ``amount`` countable days after ``start``; a pause in the way adds its own."""
    target = number_of(start) + amount
    for pause in stopped:
        first = max(pause.first, start + _DAY)
        if first > day_of(target):
            break
        if pause.resumed is None:
            return None
        if pause.resumed > first:
            target += number_of(pause.resumed - _DAY) - number_of(first - _DAY)
    return day_of(target)


def _rolled(last: date, stopped: tuple[Pause, ...], calendar: WorkingDays) -> Due:
    """Move a last day that is not worked, or that ends suspended, to the next that may be used."""
    day = calendar.next_working_day(last)
    for pause in stopped:
        if pause.first <= day and (pause.resumed is None or day < pause.resumed):
            if pause.resumed is None:
                return Due(None)
            day = calendar.next_working_day(pause.resumed)
    return Due(day, not calendar.is_confirmed_between(last, day))


def _in_hours(
    start: date,
    amount: int,
    stopped: tuple[Pause, ...],
    calendar: WorkingDays,
    received_at: time,
    hours: ServiceHours,
) -> Due:
    opens, closes = _minutes(hours.opens), _minutes(hours.closes)
    from_minute = min(max(_minutes(received_at), opens), closes)
    is_open = calendar.is_working_day(start) and not is_suspended(start, stopped)
    left_today = closes - from_minute if is_open else 0
    needed = amount * 60
    if needed <= left_today:
        until = from_minute + needed
        return Due(start, not calendar.is_confirmed(start), time(*divmod(until, 60)))
    days, rest = divmod(needed - left_today - 1, closes - opens)
    counted = _in_working_days(start, days + 1, stopped, calendar)
    if counted.on is None:
        return counted
    return counted._replace(by=time(*divmod(opens + rest + 1, 60)))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def is_suspended(day: date, stopped: Iterable[Pause]) -> bool:
    return any(p.first <= day and (p.resumed is None or day < p.resumed) for p in stopped)


def _natural_day(number: int) -> date:
    if number > date.max.toordinal():
        raise NotValid("calendar.out_of_range", "日期应在1900年到2199年之间。")
    return date.fromordinal(number)


def months_later(day: date, months: int) -> date:
    """Return the same day number that many months later, or the month's last day.

    Basis: 民法典202.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise NotValid("calendar.out_of_range", "日期应在1900年到2199年之间。")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_of(start: date, limit: Limit, extension: int) -> int:
    """Return how many days a limit may count; hours have no such number."""
    amount = limit.count + extension
    if limit.unit is LimitUnit.H:
        return date.max.toordinal()
    if limit.unit in (LimitUnit.M, LimitUnit.Y):
        months = amount * 12 if limit.unit is LimitUnit.Y else amount
        return (months_later(start, months) - start).days
    return amount
