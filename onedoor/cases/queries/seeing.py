"""Who sees which cases, and the lists that people work from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases.models import Case, Survey
from onedoor.cases.rules.lifecycle import LIFECYCLE, WAITING_ONLINE, Status, Step
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.clock import at_local
from onedoor.kernel.errors import NotFound
from onedoor.kernel.prepared import Prepared
from onedoor.ledger.models import Entry

WITH = ("item", "item_version", "unit", "applicant")
"""What a case is nearly always read with."""


BY_NUMBER: Prepared[Case] = Prepared(lambda: Case.objects.select_related(*WITH), by="number")

WORKING = (
    Role.DESK,
    Role.ACCEPTOR,
    Role.REVIEWER,
    Role.DECIDER,
    Role.HEAD,
    Role.MAKER,
    Role.ISSUER,
    Role.SUPERVISOR,
)
"""Roles that see the cases of their units."""


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Return the cases this actor may know of: those of the units they work for."""
    units = actor.units_of(WORKING)
    cases = Case.objects.select_related(*WITH)
    return cases if units is None else cases.filter(unit__in=units)


def case_for(actor: Actor, number: str) -> Case:
    """Return a case by its number, or refuse as if there were none; one statement."""
    case, units = BY_NUMBER.first(number), actor.units_of(WORKING)
    if case is None or (units is not None and case.unit_id not in units):
        raise NotFound("case.not_found", "没有这一件，或者不归您办。")
    return case


def inbox(actor: Actor, roles: Collection[Role]) -> QuerySet[Case]:
    """Return the open cases that wait for one of these roles of the actor, most urgent first."""
    wanted = Q(pk__in=[])
    for role in roles:
        states = [s.source.value for s in LIFECYCLE if role in s.by and s.source is not Status.NEW]
        units = actor.units_of([role])
        # A supervisor takes no step, and watches them all.
        where = Q(is_open=True) if role is Role.SUPERVISOR else Q(status__in=states)
        if role in (Role.REVIEWER, Role.DECIDER):  # first the opinion, then the decision
            waits = Q(reviewed_at__isnull=role is Role.REVIEWER)
            where &= ~Q(status=Status.IN_REVIEW.value) | waits
        if role is Role.DECIDER:  # passes on what the upper body answered
            where &= ~Q(status=Status.FORWARDED.value) | Q(replied_on__isnull=False)
        wanted |= where if units is None else where & Q(unit__in=units)
    cases = Case.objects.select_related(*WITH).filter(wanted, is_open=True)
    # Said once for all roles: no index is found for what stands only inside an OR.
    if (units := actor.units_of(roles)) is not None:
        cases = cases.filter(unit__in=units)
    return cases.order_by("urgent_on", "number")


LISTED = (
    "item__code",
    "item_version__name",
    "item_version__number",
    "item_version__fee_fen",
    "item_version__visits",
    "item_version__promised_limit",
    "item_version__promised_unit",
    "item_version__is_on_promise",
    "unit__name",
    "applicant__kind",
    "applicant__name",
    "applicant__id_number",
)
"""What a list says of the rows beside a case, its light included; the guide is left alone."""


def open_cases(actor: Actor, *, unit: UUID | None) -> QuerySet[Case]:
    """Return the open cases the actor may see, of one unit or all, most urgent first.

    With all of the case, and what a list says beside it.
    """
    own = [field.name for field in Case._meta.concrete_fields]
    cases = visible_to(actor).only(*own, *LISTED).filter(is_open=True)
    if unit is not None:
        cases = cases.filter(unit=unit)
    return cases.order_by("urgent_on", "number")


def after(cases: QuerySet[Case], key: tuple[date, str]) -> QuerySet[Case]:
    """Return what follows a sort key in a list by urgency (cursor paging)."""
    day, number = key
    # The first condition lets the index find the place; the second settles equal days.
    return cases.filter(Q(urgent_on__gte=day), Q(urgent_on__gt=day) | Q(number__gt=number))


def received_by(actor: Actor, *, since: datetime) -> QuerySet[Case]:
    """Return what this actor received since then, newest first."""
    cases = Case.objects.select_related(*WITH)
    return cases.filter(received_by=actor.ref, received_at__gte=since).order_by("-received_at")


def my_surveys(actor: Actor) -> QuerySet[Case]:
    """Return the cases whose inspection waits for this person, the earliest planned first."""
    mine = Q(first=actor.person_id) | Q(second=actor.person_id)
    waiting = Survey.objects.filter(mine, signed_at__isnull=True)
    found = visible_to(actor).filter(surveys__in=waiting)
    return found.order_by("surveys__planned_on", "number")


def proposed_to(actor: Actor) -> QuerySet[Case]:
    """Return the cases for which a special procedure waits for this actor's approval."""
    waiting = inbox(actor, [Role.HEAD]).filter(proposals__is_approved__isnull=True)
    return waiting.filter(proposals__isnull=False)


UNCLAIMED_AFTER = Limit(15, LimitUnit.WD)
"""After so long somebody telephones; no law sets it [design]."""


def unclaimed(actor: Actor, *, on: date) -> QuerySet[Case]:
    """Return what has been ready for fifteen working days and nobody fetched, posted, announced."""
    days = calendar.working_days()
    since = days.day_with_ordinal(days.ordinal(on) - UNCLAIMED_AFTER.count)
    return inbox(actor, [Role.ISSUER]).filter(
        status=Status.READY.value,
        moved_at__lt=at_local(since),
        postings__isnull=True,
        announced_on__isnull=True,
    )


def lender(case: Case, step: Step, *, by: Actor) -> str:
    """Return the ref of the absent holder a deputy acts for; the paper prints their name."""
    held = by.roles_in(case.unit_id)
    lenders = [by.acting_for(role, case.unit_id) for role in step.by if role in held]
    return lenders[0] if lenders and all(lenders) else ""


def unit_id(code: str) -> UUID:
    """Return the unit with this code, or refuse."""
    unit = Organisation.objects.filter(code=code).values_list("id", flat=True).first()
    if unit is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=code)
    return unit


def sent_online(actor: Actor) -> QuerySet[Case]:
    """Return what was sent online and waits for this actor's desk, the oldest first."""
    waiting = [s.value for s in WAITING_ONLINE]
    found = inbox(actor, [Role.DESK]).filter(status__in=waiting, received_at__isnull=True)
    return found.order_by("submitted_at", "number")


def done_by(actor: Actor, *, since: datetime) -> QuerySet[Case]:
    """Return the cases this actor moved since then."""
    subjects = Entry.objects.filter(actor=actor.ref, kind="case.moved", at__gte=since)
    numbers_ = [s[5:] for s in subjects.values_list("subject", flat=True).distinct()[:200]]
    return visible_to(actor).filter(number__in=numbers_).order_by("-moved_at")
