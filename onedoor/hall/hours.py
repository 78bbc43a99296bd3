"""What may be asked of the hours of the hall: when it is open, who is there, what lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from onedoor.calendar.queries import working_days
from onedoor.hall import pack
from onedoor.hall.models import Break, Group, Hall, Skill, SpecialOpening, WindowDuty
from onedoor.hall.rules.opening import Duty, Gap, Opening, Span, gaps, span_at
from onedoor.hall.rules.slots import SLOT
from onedoor.hall.rules.words import WindowKind, WindowState
from onedoor.kernel.clock import day_of, local


def usual(day: date, group: Group | None = None) -> tuple[Span, ...]:
    """Return when the hall is open on a day as a rule; on free Saturdays and Sundays for those who
    booked, and only for the businesses that are served then; on holidays it is closed.
    """
    hours, calendar = pack.hours(), working_days()
    if calendar.is_working_day(day):
        return hours.usual
    is_served = group is None or group.letter in hours.weekend_groups
    return hours.weekend if is_served and calendar.special(day) is None else ()


class Opened(NamedTuple):
    """When the hall is open on a day, and why it is not as usual."""

    spans: tuple[Span, ...]
    reason: str


class Days:
    """The hours of a hall from one day to another, read with two statements."""

    def __init__(self, hall: Hall, first: date, last: date) -> None:
        rows = SpecialOpening.objects.filter(hall=hall, day__range=(first, last))
        self._special = {
            (row.day, row.group_id): Opened(tuple(s.span for s in row.spans.all()), row.reason)
            for row in rows.prefetch_related("spans")
        }

    def of(self, day: date, group: Group | None = None) -> Opened:
        """Return the hours of a day: those of the business if it has any, else of the hall."""
        mine = self._special.get((day, group.pk)) if group else None
        found = mine or self._special.get((day, None))
        if found is None:
            return Opened(usual(day, group), "")
        if group is not None and mine is None and not usual(day, group) and usual(day):
            return Opened((), found.reason)  # not served at weekends, whatever the hours are
        return found


def opened(hall: Hall, day: date, group: Group | None = None) -> Opened:
    """Return when the hall is open on one day."""
    return Days(hall, day, day).of(day, group)


# --- Who is at the windows ------------------------------------------------------------------------


def roster(hall: Hall, day: date) -> QuerySet[WindowDuty]:
    """Return who is at which window on a day."""
    rows = WindowDuty.objects.filter(window__hall=hall, day=day)
    return rows.select_related("window", "person").order_by("window__number", "start")


def duties(hall: Hall, day: date) -> list[Duty]:
    """Return the roster as the rules see it: with what is called at each window."""
    groups: dict[object, set[str]] = {}
    skills = Skill.objects.filter(window__hall=hall).values_list("window", "group__letter")
    for window, letter in skills:
        groups.setdefault(window, set()).add(letter)
    return [
        Duty(str(each.window), each.start, each.end, frozenset(groups.get(each.window_id, ())))
        for each in roster(hall, day)
    ]


def gaps_on(hall: Hall, day: date) -> list[Gap]:
    """Return where the roster of a day breaks the promise of windows manned all the time."""
    days, manned = Days(hall, day, day), duties(hall, day)
    found: list[Gap] = []
    for group in hall.groups.filter(is_open=True):
        spans = days.of(day, group).spans
        found += gaps(spans, manned, [group.letter], pack.hours().windows)
    return sorted(found, key=lambda gap: (gap.start, gap.group))


class Lack(NamedTuple):
    """A business with fewer windows open than promised, now."""

    group: Group
    have: int
    need: int


def lacks_at(hall: Hall, *, at: datetime) -> list[Lack]:
    """Return for which businesses too few windows call now."""
    day, clock = day_of(at), local(at).time()
    days, need = Days(hall, day, day), pack.hours().windows
    have = open_windows(hall)
    found = []
    for group in hall.groups.filter(is_open=True):
        span = span_at(days.of(day, group).spans, clock)
        least = need.get(span.kind, 0) if span else 0
        if have.get(group.letter, 0) < least:
            found.append(Lack(group, have.get(group.letter, 0), least))
    return found


def open_windows(hall: Hall) -> Mapping[str, int]:
    """Return how many windows call from each business now, those that help out among them."""
    found: dict[str, int] = {}
    calling = Skill.objects.filter(window__hall=hall, window__state=WindowState.OPEN.value)
    for letter in calling.values_list("group__letter", flat=True):
        found[letter] = found.get(letter, 0) + 1
    return found


def breaks_of(hall: Hall, *, first: date, last: date) -> QuerySet[Break]:
    """Return when the promise was broken, as it was seen, the latest first."""
    from onedoor.kernel.clock import at_local, end_of

    rows = Break.objects.filter(group__hall=hall).select_related("group")
    return rows.filter(began_at__gte=at_local(first), began_at__lt=end_of(last))


# --- How many windows a half hour has -------------------------------------------------------------


def windows_for(group: Group, starts: Sequence[datetime]) -> dict[datetime, int]:
    """Return how many windows a business has in each half hour: by the roster where a day has one,
    else all that are its own and not opened only on load. Three statements.
    """
    own = Skill.objects.filter(group=group, is_main=True).exclude(
        window__kind=WindowKind.TIDE.value
    )
    windows = set(own.values_list("window", flat=True))
    days = {local(start).date() for start in starts}
    manned: dict[date, list[WindowDuty]] = {day: [] for day in days}
    rostered = set()
    for duty in WindowDuty.objects.filter(window__hall=group.hall_id, day__in=days):
        rostered.add(duty.day)
        if duty.window_id in windows:
            manned[duty.day].append(duty)
    found = {}
    for start in starts:
        day, begins, ends = local(start).date(), local(start).time(), local(start + SLOT).time()
        there = {d.window_id for d in manned[day] if d.start <= begins and ends <= d.end}
        found[start] = len(there) if day in rostered else len(windows)
    return found


def kinds() -> list[Opening]:
    """Return the kinds of spans, as a form offers them."""
    return list(Opening)


def next_days(first: date, count: int) -> list[date]:
    """Return so many days, the first among them."""
    return [first + timedelta(days=n) for n in range(count)]
