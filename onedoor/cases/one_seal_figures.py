"""What the one seal changed (一颗印章管审批统计): how many, how fast, what share of all licences.

Days are working days, without the start day and without the days the clock stood still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases import queries
from onedoor.cases.models import Case
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Outcome
from onedoor.cases.supervision import check_period
from onedoor.catalogue.models import LICENCE_TYPE
from onedoor.kernel.clock import at_local, day_of, end_of


@dataclass(frozen=True)
class Counted:
    """Cases of one item, of one former department, or of all."""

    cases: int = 0
    granted: int = 0
    in_days: int = 0
    """Those whose limits are in working days: the averages are theirs."""
    statutory: int = 0
    promised: int = 0
    used: int = 0
    before_cases: int = 0
    before_used: int = 0
    """What the department itself took for the same items, before they went over."""

    def __add__(self, other: Counted) -> Counted:
        mine, theirs = vars(self), vars(other)
        return Counted(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def refused(self) -> int:
        return self.cases - self.granted

    @property
    def statutory_each(self) -> float | None:
        return average(self.statutory, self.in_days)

    @property
    def promised_each(self) -> float | None:
        return average(self.promised, self.in_days)

    @property
    def used_each(self) -> float | None:
        return average(self.used, self.in_days)

    @property
    def before_each(self) -> float | None:
        return average(self.before_used, self.before_cases)


def average(days: int, count: int) -> float | None:
    """Return the average with one decimal, or nothing of nothing.

    >>> average(7, 2), average(0, 0)
    (3.5, None)
    """
    return round(days / count, 1) if count else None


@dataclass(frozen=True)
class Line:
    """The figures of one item that went over."""

    unit: Organisation
    code: str
    name: str
    counted: Counted


@dataclass(frozen=True)
class Report:
    """The period's figures, item by item, with the share of all licences decided here."""

    lines: tuple[Line, ...]
    licences: int
    """All licence decisions of the period, under the one seal or not."""

    @property
    def total(self) -> Counted:
        return sum((line.counted for line in self.lines), Counted())

    @property
    def share(self) -> float | None:
        """Per cent of the period's licence decisions that went out under the one seal."""
        return round(100 * self.total.cases / self.licences, 1) if self.licences else None

    @property
    def units(self) -> list[tuple[Organisation, Counted]]:
        """Return the former departments with their sums, in the order of the centre."""
        found: dict[Organisation, Counted] = {}
        for line in self.lines:
            found[line.unit] = found.get(line.unit, Counted()) + line.counted
        return list(found.items())


def report(actor: Actor, *, first: date, last: date) -> Report:
    """Return the figures over what was decided from ``first`` to ``last``."""
    licences = _decided(actor, first, last).filter(item_version__item_type=LICENCE_TYPE)
    there = list(_read(licences.filter(former_unit__isnull=False)))
    days = calendar.working_days()
    lines: dict[str, Line] = {}
    for case in there:
        assert case.former_unit is not None
        known = lines.get(case.item.code)
        counted = (known.counted if known else Counted()) + _one(case, days)
        name = case.item_version.name
        lines[case.item.code] = Line(case.former_unit, case.item.code, name, counted)
    for case in _read(_before(actor, lines)):
        line, spent = lines[case.item.code], _one(case, days)
        own = Counted(before_cases=spent.in_days, before_used=spent.used)
        lines[case.item.code] = Line(line.unit, line.code, line.name, line.counted + own)
    ordered = sorted(lines.values(), key=lambda line: (line.unit.sequence, line.code))
    return Report(tuple(ordered), licences.count())


def rows(actor: Actor, *, first: date, last: date, item: str) -> list[tuple[Case, int]]:
    """Return the cases behind a figure, each with the working days it took."""
    found = _decided(actor, first, last).filter(former_unit__isnull=False, item__code=item)
    days = calendar.working_days()
    return [(case, _used(case, days)) for case in _read(found.order_by("decided_at", "number"))]


def _decided(actor: Actor, first: date, last: date) -> QuerySet[Case]:
    check_period(first, last)
    seen = queries.visible_to(actor).select_related(None).order_by()
    return seen.filter(decided_at__gte=at_local(first), decided_at__lt=end_of(last))


def _before(actor: Actor, codes: Sequence[str] | dict[str, Line]) -> QuerySet[Case]:
    seen = queries.visible_to(actor).select_related(None).order_by()
    return seen.filter(item__code__in=list(codes), former_unit=None, decided_at__isnull=False)


def _read(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("item", "item_version", "former_unit").prefetch_related("pauses")


def _one(case: Case, days: WorkingDays) -> Counted:
    statutory, promised = case.item_version.statutory, case.item_version.promised
    is_in_days = all(limit and limit.unit.value == "WD" for limit in (statutory, promised))
    is_granted = case.outcome == Outcome.GRANTED.value
    if not is_in_days or statutory is None or promised is None:
        return Counted(cases=1, granted=int(is_granted))
    return Counted(
        cases=1,
        granted=int(is_granted),
        in_days=1,
        statutory=statutory.count,
        promised=promised.count,
        used=_used(case, days),
    )


def _used(case: Case, days: WorkingDays) -> int:
    assert case.accepted_at is not None
    assert case.decided_at is not None
    until = day_of(case.decided_at)
    pauses = [clock.Pause(p.first_on, p.resumed_on) for p in case.pauses.all()]
    stood = clock.suspended(pauses, until=until, calendar=days) if pauses else 0
    return days.ordinal(until) - days.ordinal(day_of(case.accepted_at)) - stood
