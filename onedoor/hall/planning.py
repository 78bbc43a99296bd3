"""What may be asked of past days: how many windows they had, and how many they needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onedoor.hall import hours, pack
from onedoor.hall.models import Group, Hall, Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.opening import minute_of
from onedoor.hall.rules.planner import HALF_HOUR, Cost, Day, Half, Visit, cost_of, percentile, plan
from onedoor.hall.rules.words import Outcome
from onedoor.kernel.clock import local

MOST_DAYS = 31
_HALF = int(HALF_HOUR)


@dataclass(frozen=True)
class Was:
    """How half an hour was on the days looked at: windows that served, nine in ten waits."""

    windows: float
    p90: float


@dataclass(frozen=True)
class GroupPlan:
    """A business: the plan for it, and beside it how it was, half hour by half hour."""

    group: Group
    halves: Sequence[Half]
    was: Mapping[int, Was]
    cost: Cost
    visits: int
    p90: float

    @property
    def most(self) -> float:
        """The largest number of windows, planned or as it was: the height of the picture."""
        had = (each.windows for each in self.was.values())
        return max([1, *(each.windows for each in self.halves), *had])


@dataclass(frozen=True)
class Planned:
    """What the days looked at would have needed, business by business."""

    days: Sequence[date]
    groups: Sequence[GroupPlan]
    target: int

    @property
    def cost(self) -> Cost:
        """What all of it costs a day."""
        every = [each.cost for each in self.groups]
        return Cost(
            sum(each.hours for each in every),
            sum(each.noon_hours for each in every),
            sum(each.yuan for each in every),
        )


@dataclass(frozen=True)
class _Row:
    """A visit as it was: minutes of its day, and at which window."""

    day: date
    letter: str
    came: float
    called: float
    ended: float
    window: object


def planned(
    hall: Hall, *, first: date, last: date, target: int, is_weekend: bool = False
) -> Planned:
    """Play the days again and return the fewest windows that keep nine in ten waits in the target.

    Working days and weekends are planned apart. Visits without an end that somebody recorded are
    left out: how long they took is not known.
    """
    costs = pack.costs()
    rows = [r for r in _rows(hall, first, last) if (r.day.weekday() >= 5) == is_weekend]
    days = sorted({row.day for row in rows})
    price = costs.weekend_hour if is_weekend else costs.hour
    noon = costs.weekend_hour if is_weekend else costs.noon_hour
    found = []
    for group in hall.groups.all():
        mine = [row for row in rows if row.letter == group.letter]
        if not mine:
            continue
        opens, closes = _span(hall, group, days)
        halves = plan(_played(mine, days), opens=opens, closes=closes, target=target)
        found.append(
            GroupPlan(
                group,
                halves,
                _was(mine, halves, len(days)),
                cost_of(halves, hour=price, noon_hour=noon),
                len(mine),
                percentile((row.called - row.came for row in mine), 0.9),
            )
        )
    return Planned(days, found, target)


def _rows(hall: Hall, first: date, last: date) -> list[_Row]:
    tickets = Ticket.objects.filter(
        hall=hall, day__range=(first, last), state=State.DONE.value, first_called_at__isnull=False
    ).exclude(outcome=Outcome.UNRECORDED.value)
    columns = ("day", "letter", "issued_at", "first_called_at", "ended_at", "window")
    return [
        _Row(day, letter, _minute(issued), _minute(called), _minute(ended), window)
        for day, letter, issued, called, ended, window in tickets.values_list(*columns)
    ]


def _minute(at: datetime) -> float:
    told = local(at)
    return told.hour * 60 + told.minute + told.second / 60


def _played(rows: Sequence[_Row], days: Sequence[date]) -> list[Day]:
    return [
        [Visit(row.came, max(row.ended - row.called, 0.5)) for row in rows if row.day == day]
        for day in days
    ]


def _span(hall: Hall, group: Group, days: Sequence[date]) -> tuple[int, int]:
    """Return from when to when a business was open on the days, on the grid of half hours."""
    opened = hours.Days(hall, days[0], days[-1])
    spans = [span for day in days for span in opened.of(day, group).spans]
    starts = [minute_of(span.start) for span in spans] or [9 * 60]
    ends = [minute_of(span.end) for span in spans] or [17 * 60]
    return min(starts) // _HALF * _HALF, -(-max(ends) // _HALF) * _HALF


def _was(rows: Sequence[_Row], halves: Sequence[Half], days: int) -> dict[int, Was]:
    found = {}
    for half in halves:
        end = half.start + _HALF
        there = {(r.day, r.window) for r in rows if r.called < end and half.start < r.ended}
        waits = [r.called - r.came for r in rows if half.start <= r.came < end]
        found[half.start] = Was(round(len(there) / days, 1), percentile(waits, 0.9))
    return found
