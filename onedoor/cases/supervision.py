"""What supervision counts over many cases, unit by unit; set-based, a few statements a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, TruncDate

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.calendar.models import Day
from onedoor.cases import queries
from onedoor.cases.models import Case, Verification
from onedoor.cases.rules import clock
from onedoor.cases.rules.figures import Figures
from onedoor.cases.rules.lifecycle import Outcome
from onedoor.kernel.clock import SHANGHAI, at_local, day_of, end_of
from onedoor.kernel.errors import NotValid

LONGEST = timedelta(days=366)


def check_period(first: date, last: date) -> None:
    """Refuse the days of a report unless they are in order, and no more than a year."""
    if last < first:
        raise NotValid("figures.dates_reversed", "开始日期应早于结束日期。", field="last")
    if last - first > LONGEST:
        raise NotValid("figures.too_long", "一次最多统计一年。", field="last")


def by_unit(actor: Actor, *, first: date, last: date) -> list[tuple[Organisation, Figures]]:
    """Return each unit's figures over the cases decided from ``first`` to ``last``.

    Units without a case in those days are left out. Six statements.
    """
    check_period(first, last)
    span = (at_local(first), end_of(last))
    seen = queries.visible_to(actor).select_related(None).order_by()
    received = _received(seen.filter(received_at__gte=span[0], received_at__lt=span[1]))
    decided = seen.filter(decided_at__gte=span[0], decided_at__lt=span[1])
    figures = _decided(decided)
    for unit_id, days in _suspended(decided).items():
        counted = figures[unit_id]
        figures[unit_id] = replace(counted, suspended_days=days, used_days=counted.used_days - days)
    for unit_id, count in _unchecked(seen, on=last).items():
        figures[unit_id] = replace(figures.get(unit_id, Figures()), unchecked=count)
    for unit_id, counts in received.items():
        figures[unit_id] = replace(figures.get(unit_id, Figures()), **counts)
    units = Organisation.objects.filter(pk__in=figures).order_by("sequence")
    return [(unit, figures[unit.pk]) for unit in units]


def total(rows: Sequence[tuple[Organisation, Figures]]) -> Figures:
    return sum((figures for _, figures in rows), Figures())


def _received(cases: QuerySet[Case]) -> dict[UUID, dict[str, int]]:
    rows = cases.values("unit_id").annotate(
        received=Count("pk"), entered_late=Count("brought_at"), minutes=Sum("retyped_minutes")
    )
    return {
        row["unit_id"]: {
            "received": row["received"],
            "entered_late": row["entered_late"],
            "retyped_minutes": row["minutes"],
        }
        for row in rows
    }


def _unchecked(cases: QuerySet[Case], *, on: date) -> dict[UUID, int]:
    """Return how many checks of commitments were past their day and not done on that day."""
    late = Verification.objects.filter(due_on__lt=on, case__in=cases)
    undone = late.filter(Q(checked_at__isnull=True) | Q(checked_at__gte=end_of(on)))
    return dict(undone.order_by().values_list("case__unit_id").annotate(count=Count("pk")))


def _decided(cases: QuerySet[Case]) -> dict[UUID, Figures]:
    in_days = Q(item_version__statutory_unit="WD", item_version__promised_unit="WD")
    late_promise = Q(promised_due_on__isnull=False, decided_on__gt=F("promised_due_on"))
    late_law = Q(statutory_due_on__isnull=False, decided_on__gt=F("statutory_due_on"))
    # Each with its own "is there one": NOT of a comparison with nothing is neither yes nor no.
    delivered_late = Q(
        delivery_due_on__isnull=False, ended_on__isnull=False, ended_on__gt=F("delivery_due_on")
    )
    red = late_law | delivered_late | Q(is_deemed=True) | Q(notice_count__gt=1)
    rows = (
        cases.annotate(
            accepted_on=TruncDate("accepted_at", tzinfo=SHANGHAI),
            # The own limit ends when the upper body has it (许可法43).
            decided_on=TruncDate(Coalesce("forwarded_at", "decided_at"), tzinfo=SHANGHAI),
            ended_on=TruncDate("ended_at", tzinfo=SHANGHAI, output_field=DateField()),
        )
        .annotate(used=_ordinal("decided_on") - _ordinal("accepted_on"))
        .values("unit_id")
        .annotate(
            decided=Count("pk"),
            granted=Count("pk", filter=Q(outcome=Outcome.GRANTED.value)),
            in_promise=Count("pk", filter=~late_promise),
            in_law=Count("pk", filter=~late_law),
            corrected=Count("pk", filter=Q(notice_count__gt=0)),
            corrected_twice=Count("pk", filter=Q(notice_count__gt=1)),
            deemed=Count("pk", filter=Q(is_deemed=True)),
            red=Count("pk", filter=red),
            yellow=Count("pk", filter=late_promise & ~red),
            statutory_days=Coalesce(Sum("item_version__statutory_limit", filter=in_days), 0),
            promised_days=Coalesce(Sum("item_version__promised_limit", filter=in_days), 0),
            used_days=Coalesce(Sum("used", filter=in_days), 0),
        )
    )
    found: dict[UUID, Figures] = {}
    for row in rows:
        counts: dict[str, Any] = dict(row)
        unit_id = counts.pop("unit_id")
        found[unit_id] = Figures(**counts)
    return found


def _ordinal(day: str) -> Subquery:
    number = Day.objects.filter(date=OuterRef(day)).values("ordinal")[:1]
    return Subquery(number, output_field=IntegerField())


def _suspended(cases: QuerySet[Case]) -> dict[UUID, int]:
    """Return the working days each unit's decided cases stood still; overlaps count once."""
    days, found = calendar.working_days(), dict[UUID, int]()
    stopped = cases.filter(pauses__isnull=False).distinct().prefetch_related("pauses")
    for case in stopped.only("id", "unit_id", "decided_at"):
        assert case.decided_at is not None
        pauses = [clock.Pause(p.first_on, p.resumed_on) for p in case.pauses.all()]
        spent = clock.suspended(pauses, until=day_of(case.decided_at), calendar=days)
        found[case.unit_id] = found.get(case.unit_id, 0) + spent
    return found
