"""Due dates again, after the calendar changed: set-based over the numbered days.

Working-day clocks without pauses move by one UPDATE for each pair of limits in use; the few
others (natural days, months, paused or extended cases) one by one. Only rows whose dates differ
are written, and one entry in the ledger records the batch.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import DateField, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import TruncDate

from onedoor.accounts.rules import TIMER
from onedoor.calendar import queries as calendar
from onedoor.calendar.models import Day
from onedoor.cases import county, queries
from onedoor.cases.events import DueDatesRecomputed
from onedoor.cases.models import PROMISING, Case, Pause
from onedoor.cases.rules import clock, nodes
from onedoor.cases.rules.lifecycle import WAITING_ONLINE, Status
from onedoor.cases.services.moving import handling_dues, supplement_due, urgent_on
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel.clock import SHANGHAI
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import services as ledger

HANDLING = [Status.ACCEPTED.value, Status.IN_REVIEW.value]
DELIVERY = [
    Status.DECIDED_YES.value,
    Status.DECIDED_NO.value,
    Status.MAKING.value,
    Status.READY.value,
]


@ledger.recorded
def recompute_due_dates(*, cause: str, at: datetime) -> dict[str, int]:
    """Compute the due dates of all open cases again; return how many were examined and changed."""
    online = Case.objects.filter(status__in=[s.value for s in WAITING_ONLINE])
    unseen = online.filter(prechecked_at__isnull=True)
    returned = online.filter(prechecked_at__isnull=False)
    received = Case.objects.filter(status=Status.RECEIVED.value)
    correcting = Case.objects.filter(status=Status.CORRECTING.value)
    delivering = Case.objects.filter(status__in=DELIVERY)
    handling = Case.objects.filter(status__in=HANDLING)
    special = Case.objects.filter(status=Status.SPECIAL.value)
    all_of_them = (online, received, correcting, delivering, handling, special)
    rules = county.online_rules()
    counts = {
        "examined": sum(cases.count() for cases in all_of_them),
        "changed": _move_to(unseen, "submitted_at", {"precheck_due_on": rules.precheck.count})
        + _move_to(returned, "prechecked_at", {"resubmit_due_on": rules.resubmit.count})
        + _move_to(received, "complete_at", {"receipt_due_on": clock.RECEIPT.count})
        + sum(
            _move_to(
                correcting.filter(correction_days=days),
                "noticed_at",
                {"correction_due_on": days},
                only_later=True,
            )
            for days in correcting.values_list("correction_days", flat=True).distinct()
            if days is not None
        )
        + _move_to(
            delivering.filter(replied_on__isnull=True, announced_on__isnull=True),
            "decided_at",
            {"delivery_due_on": clock.DELIVERY.count},
        ),
    }
    # NOT EXISTS: how many rows a LEFT JOIN leaves without a pause, PostgreSQL guesses as one.
    paused = Pause.objects.filter(case=OuterRef("pk"))
    plain = handling.filter(~Exists(paused), extended_days=0, renews__isnull=True)
    in_days = Q(statutory_unit="WD", promised_unit="WD", promised_limit__gt=0)
    # Named one by one, so that their index finds the cases before any date is looked up.
    used = ItemVersion.objects.filter(in_days, pk__in=handling.values("item_version"))
    by_limits = _by_limits(used)
    for (statutory, promised, review), named in by_limits.items():
        counts["changed"] += _move_to(
            plain.filter(item_version__in=named),
            "accepted_at",
            {"promised_due_on": promised, "statutory_due_on": statutory}
            | ({} if review is None else {"review_due_on": review}),
        )
    done = [pk for named in by_limits.values() for pk in named]
    others = handling.filter(
        Exists(paused) | ~Q(extended_days=0) | Q(renews__isnull=False) | ~Q(item_version__in=done)
    )
    counts["changed"] += sum(_one(case) for case in others.select_related(*queries.WITH).iterator())
    replied = Case.objects.filter(
        status__in=[Status.FORWARDED.value, *DELIVERY], replied_on__isnull=False
    ).filter(announced_on__isnull=True)
    counts["changed"] += sum(_delivered(case) for case in replied)
    counts["changed"] += sum(_promised(case) for case in _promising())
    counts["changed"] += sum(_planned(case) for case in special.select_related("item_version"))
    event = DueDatesRecomputed(subject="cases:due-dates", cause=cause, **counts)
    ledger.record(event, by=TIMER.ref, at=at)
    return counts


Limits = tuple[int, int, int | None]


def _by_limits(versions: QuerySet[ItemVersion]) -> dict[Limits, list[UUID]]:
    """Return the versions by their limits: of the law, of the promise, until the first opinion."""
    found: dict[Limits, list[UUID]] = {}
    rows = versions.values_list("pk", "statutory_limit", "promised_limit", "details")
    for pk, statutory, promised, details in rows:
        assert statutory is not None
        assert promised is not None
        review = nodes.days_of_review(details.get("steps", ()))
        found.setdefault((statutory, promised, review), []).append(pk)
    return found


def _move_to(
    cases: QuerySet[Case], start: str, limits: dict[str, int], *, only_later: bool = False
) -> int:
    """Set each due date to its working day, and the urgency to the first; count what changed.

    ``only_later``: a day named in a notice to the applicant stays good when fewer would do.
    """
    cases = cases.annotate(begun=TruncDate(start, tzinfo=SHANGHAI))
    dates = {name: _due(days) for name, days in limits.items()}
    first = next(iter(dates.values()))
    provisional = _is_provisional(max(limits.values()))
    differs = ~Q(due_provisional=provisional)
    for name, due in dates.items():
        differs |= ~Q(**{name: due})
    if only_later:
        for name, due in dates.items():
            cases = cases.exclude(**{f"{name}__gt": due})
    return cases.filter(differs).update(**dates, urgent_on=first, due_provisional=provisional)


def _day(days: int) -> QuerySet[Day]:
    """Return the working day so many after the day the case's clock began."""
    begun = Day.objects.filter(date=OuterRef(OuterRef("begun"))).values("ordinal")[:1]
    number = Subquery(begun, output_field=IntegerField()) + Value(days)
    return Day.objects.filter(is_working=True, ordinal=number)


def _due(days: int) -> Subquery:
    return Subquery(_day(days).values("date")[:1], output_field=DateField())


def _is_provisional(days: int) -> Subquery:
    return Subquery(_day(days).annotate(no=~Q(is_confirmed=True)).values("no")[:1])


def _one(case: Case) -> int:
    changes = handling_dues(case, queries.pauses_of(case))
    if all(getattr(case, name) == value for name, value in changes.items()):
        return 0
    after = altered(case, changes)
    after.urgent_on = urgent_on(after)
    return int(update(case, after))


def _promising() -> QuerySet[Case]:
    waiting = Case.objects.filter(status__in=PROMISING, supplement_due_on__isnull=False)
    return waiting.filter(supplemented_at__isnull=True).select_related("item_version")


def _promised(case: Case) -> int:
    """Compute until when a promised material may follow; a day named to somebody stays good."""
    assert case.tolerated_at is not None
    assert case.supplement_due_on is not None
    due = supplement_due(case, at=case.tolerated_at).get("supplement_due_on")
    if due is None or due <= case.supplement_due_on:
        return 0
    return int(update(case, altered(case, {"supplement_due_on": due})))


def _planned(case: Case) -> int:
    """Compute until when the procedures that stop the clock were told to last."""
    listed = {one.kind: one.unit for one in case.item_version.procedures}
    dues = []
    for pause in case.pauses.filter(resumed_on__isnull=True).select_related("proposal"):
        limit = Limit(pause.proposal.planned_days, listed[pause.procedure])
        until = clock.due(pause.first_on, limit, calendar=calendar.working_days()).on
        assert until is not None
        Pause.objects.filter(pk=pause.pk).exclude(planned_until=until).update(planned_until=until)
        dues.append(until)
    first = min(dues)
    if first == case.special_due_on:
        return 0
    return int(update(case, altered(case, {"special_due_on": first, "urgent_on": first})))


def _delivered(case: Case) -> int:
    """Compute the day of delivery of what the upper body decided."""
    assert case.replied_on is not None
    due = clock.due(case.replied_on, clock.DELIVERY, calendar=calendar.working_days())
    if (due.on, due.provisional) == (case.delivery_due_on, case.due_provisional):
        return 0
    assert due.on is not None
    changes = {"delivery_due_on": due.on, "due_provisional": due.provisional, "urgent_on": due.on}
    return int(update(case, altered(case, changes)))
