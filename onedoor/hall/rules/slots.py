"""Appointments (预约): slots and their places, who may book, coming in time or not at all.

No law sets these figures; a county may promise others. What is here is the arithmetic of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from onedoor.hall.rules.opening import Opening, Span
from onedoor.kernel.clock import at_local, local
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.kernel.terms import Term

SLOT = timedelta(minutes=30)
SHARE = Fraction(3, 5)
"""So much of what the windows can do is given away beforehand; the rest is for those who come."""
EARLIEST, LATEST = timedelta(minutes=15), timedelta(minutes=10)
"""One checks in from so long before the time until so long after it."""
OPEN_AT_ONCE = 2
NO_SHOWS = 3
COUNTED = BARRED = timedelta(days=30)
DAYS_AHEAD = 14
CONFIRM_HOUR = 12
PASSED_ON = timedelta(hours=2)
"""A place that is given back later than so long before its time goes to nobody on the list."""


class Coming(Term):
    """Whether somebody comes in time (到厅)."""

    OTHER_DAY = "other_day", "不是今天的预约"
    EARLY = "early", "来早了"
    IN_TIME = "in_time", "按时到"
    LATE = "late", "来晚了"


def capacity(windows: int, mean_service: timedelta) -> int:
    """Return how many places a slot has: windows × 30 / mean service × 0.6, whole places only.

    >>> capacity(5, timedelta(minutes=6)), capacity(1, timedelta(minutes=45)), capacity(0, SLOT)
    (15, 0, 0)
    """
    seconds = int(mean_service.total_seconds())
    if windows <= 0 or seconds <= 0:
        return 0
    return int(Fraction(windows * int(SLOT.total_seconds()), seconds) * SHARE)


@dataclass(frozen=True, order=True)
class Slot:
    """Half an hour that may be booked; on a day served by appointment it has to be confirmed."""

    start: datetime
    is_confirmed_first: bool = False

    @property
    def end(self) -> datetime:
        return self.start + SLOT


def slots_of(day: date, spans: Iterable[Span]) -> tuple[Slot, ...]:
    """Return the slots of a day: half hours that lie wholly in what is open and bookable.

    Time that is only worked to serve those who are still there gives no slots.
    """
    found = []
    for span in sorted(spans):
        start = at_local(day, span.start.hour, span.start.minute)
        end = at_local(day, span.end.hour, span.end.minute)
        while span.kind.is_bookable and start + SLOT <= end:
            found.append(Slot(start, span.kind is Opening.WEEKEND))
            start += SLOT
    return tuple(found)


def confirm_by(day: date) -> datetime:
    """Return by when the office says yes or no to an appointment of such a day: noon before.

    >>> local(confirm_by(date(2026, 3, 7))).isoformat()
    '2026-03-06T12:00:00+08:00'
    """
    return at_local(day - timedelta(days=1), CONFIRM_HOUR)


def is_bookable(slot: Slot, *, at: datetime) -> bool:
    """Say whether a slot may still be booked: not begun, not too far off, still confirmable."""
    day = local(slot.start).date()
    if slot.is_confirmed_first and at >= confirm_by(day):
        return False
    return at < slot.start and day <= local(at).date() + timedelta(days=DAYS_AHEAD)


def coming(start: datetime, *, at: datetime) -> Coming:
    """Say how somebody comes who checks in now.

    >>> ten = at_local(date(2026, 3, 6), 10)
    >>> [coming(ten, at=ten + timedelta(minutes=m)).value for m in (-16, -15, 10, 11, 1440)]
    ['early', 'in_time', 'in_time', 'late', 'other_day']
    """
    if local(at).date() != local(start).date():
        return Coming.OTHER_DAY
    if at < start - EARLIEST:
        return Coming.EARLY
    return Coming.IN_TIME if at <= start + LATEST else Coming.LATE


def is_worth_moving_up(start: datetime, *, at: datetime) -> bool:
    """Say whether a place that is given back still goes to the first on the list.

    >>> is_worth_moving_up(datetime(2026, 3, 6, 10), at=datetime(2026, 3, 6, 8))
    True
    """
    return at <= start - PASSED_ON


def is_missed(start: datetime, *, at: datetime) -> bool:
    """Say whether somebody who has not come will be counted as not having come: the day is over.

    Whoever comes late that day still gets a ticket, so until midnight nobody is missed.
    """
    return local(at).date() > local(start).date()


def barred_until(missed: Collection[datetime]) -> datetime | None:
    """Return until when somebody may only take numbers on the day, where they missed too often.

    The times are those of the appointments missed. Three within thirty days bar for thirty more.

    >>> first = at_local(date(2026, 3, 2), 10)
    >>> times = [first, first + timedelta(days=8), first + timedelta(days=30)]
    >>> barred_until(times) == times[2] + BARRED, barred_until(times[:2])
    (True, None)
    """
    times = sorted(missed)
    pairs = zip(times, times[NO_SHOWS - 1 :], strict=False)
    ends = [last + BARRED for first, last in pairs if last - first <= COUNTED]
    return max(ends, default=None)


def check_person(*, held: int, missed: Collection[datetime], at: datetime) -> None:
    """Refuse somebody a further appointment: two open already, or missed too often.

    ``held`` counts what they have open, places on waiting lists among them.
    """
    if held >= OPEN_AT_ONCE:
        raise Refusal(
            "booking.too_many",
            "每人最多同时有 %(most)s 个预约（候补也算）。先办完或者取消一个，再约新的。",
            most=OPEN_AT_ONCE,
        )
    until = barred_until(missed)
    if until is not None and at < until:
        raise NotAllowed(
            "booking.barred",
            "您 30 天内有 %(n)s 次约了没有来，%(day)s以前不能预约。当天可以直接来取号，不受影响。",
            n=NO_SHOWS,
            day=f"{local(until):%Y-%m-%d}",
        )


def nearest(free: Sequence[datetime], wanted: datetime, *, n: int = 3) -> list[datetime]:
    """Return the times nearest to the one wanted, in order of time; the later of two as near last.

    >>> ten = at_local(date(2026, 3, 6), 10)
    >>> found = nearest([ten + k * SLOT for k in (-4, -1, 1, 2, 9)], ten)
    >>> [int((each - ten) / SLOT) for each in found]
    [-1, 1, 2]
    """
    return sorted(sorted(free, key=lambda each: (abs(each - wanted), each))[:n])
