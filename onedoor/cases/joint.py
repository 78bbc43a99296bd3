"""What may be asked about joint applications (一件事): members, due date, what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases import queries
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Application, ApplicationMember, Case, CaseMaterial
from onedoor.cases.rules import numbers
from onedoor.cases.rules.clock import Pause as Interval
from onedoor.cases.rules.joint import Leg, MemberState, Road, Run, Stage, Turn, road, stage, turn
from onedoor.cases.rules.lifecycle import FINAL, OPEN, Outcome, Status
from onedoor.cases.rules.words import Light, MaterialState
from onedoor.catalogue.queries import VersionFacts, facts_of, state_of
from onedoor.catalogue.rules.limits import Limit
from onedoor.catalogue.rules.packages import JOINT_CAP, key_of
from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound

WITH = ("unit", "applicant", "package")
GATHERING = (Status.RECEIVED.value, Status.CORRECTING.value)
"""States in which materials may still be added."""

SEEING = (*queries.WORKING, Role.GOVERNMENT)
"""Roles that see joint applications; the head of the government sees no case behind them."""

BATCH = 200


# --- Who sees what ----------------------------------------------------------------------------


def visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the joint applications this actor may know of: those their units have a part in."""
    units = actor.units_of(SEEING)
    found = Application.objects.select_related(*WITH)
    if units is None:
        return found
    theirs = ApplicationMember.objects.filter(item__unit__in=units).values("application")
    return found.filter(Q(unit__in=units) | Q(pk__in=theirs))


def application_for(actor: Actor, number: str) -> Application:
    """Return a joint application by its number, or refuse as if there were none."""
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise _not_found()
    return found


def handled_jointly(actor: Actor) -> QuerySet[Application]:
    """Return the joint applications that share one limit and are not all decided, oldest first."""
    waiting = ApplicationMember.objects.filter(
        Q(state=MemberState.WAITING.value)
        | Q(case__status__in=[s.value for s in OPEN], case__decided_at__isnull=True)
    )
    found = visible_to(actor).filter(is_joint=True, pk__in=waiting.values("application"))
    return found.order_by("received_at", "number")


def received_by(actor: Actor, *, since: object) -> QuerySet[Application]:
    """Return what this actor received since then, newest first."""
    found = Application.objects.select_related(*WITH)
    return found.filter(received_by=actor.ref, received_at__gte=since).order_by("-received_at")


def find(reference: str) -> Application | None:
    """Return the joint application with this number or alias, as somebody typed it."""
    text = numbers.normal(reference)
    found = Application.objects.select_related(*WITH)
    if numbers.is_case_number(text):
        return found.filter(number=text).first()
    return found.filter(alias=text).first() if numbers.is_alias(text) else None


def tracked(token: str) -> Application:
    """Return the joint application whose receipt carries this token, or refuse."""
    kept = crypto.token_digest(token)
    found = Application.objects.select_related(*WITH).filter(track_digest=kept).first()
    if found is None:
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound("application.not_found", "没有这份申请，或者不归您办。")


def application_of(case: Case) -> Application | None:
    """Return the joint application a case belongs to, if it does."""
    found = Application.objects.filter(members__case=case)
    return found.first()


# --- Where it stands --------------------------------------------------------------------------


@dataclass(frozen=True)
class Child:
    """A member as pages show it: its case with light and days left, or what it waits for."""

    member: ApplicationMember
    item_state: ItemState
    version: VersionFacts | None
    case: Case | None
    light: Light | None
    left: int | None

    @property
    def is_taken(self) -> bool:
        """Whether its item is applied for now; a member waits while it is suspended."""
        return self.item_state is ItemState.IN_USE

    @property
    def name(self) -> str:
        if self.case is not None:
            return self.case.item_version.name
        return self.version.name if self.version else self.member.item.code


@dataclass(frozen=True)
class Whole:
    """A joint application with all its members, its stage, and the way to its last decision."""

    application: Application
    children: tuple[Child, ...]
    stage: Stage
    road: Road

    @property
    def cap(self) -> Limit:
        """What the law allows for all of it, where it is handled jointly."""
        return JOINT_CAP

    @property
    def legs(self) -> list[tuple[Child, Leg | None]]:
        """Each member with its part of the road; what is no longer done has none."""
        by_order = {leg.order: leg for leg in self.road.legs}
        return [(child, by_order.get(child.member.order)) for child in self.children]


def whole(application: Application, *, at: datetime) -> Whole:
    """Return a joint application as it stands now; two statements where versions are known."""
    rows = application.members.select_related(
        "item__unit", "after", *(f"case__{name}" for name in queries.WITH)
    )
    if application.is_joint:
        rows = rows.prefetch_related("case__pauses")
    children = tuple(_child(row, at=at) for row in rows.order_by("order"))
    kept = [c for c in children if c.member.state != MemberState.DROPPED.value]
    return Whole(
        application,
        children,
        stage(child.case.state if child.case else None for child in kept),
        road(
            [_run(child, is_joint=application.is_joint) for child in kept],
            is_joint=application.is_joint,
            calendar=calendar.working_days(),
            extension=application.extension,
        ),
    )


def _child(row: ApplicationMember, *, at: datetime) -> Child:
    case = row.case
    if case is None:
        return Child(row, state_of(row.item, at=at), facts_of(row.item, at=at), None, None, None)
    on = day_of(at)
    light, left = queries.light_of(case, on=on), queries.left_in_days(case, on=on)
    return Child(row, ItemState.IN_USE, None, case, light, left)


def _run(child: Child, *, is_joint: bool) -> Run:
    order = child.member.order
    after = child.member.after.order if child.member.after else None
    case = child.case
    if case is None:
        version = child.version
        return Run(order, after, (version.promised or version.statutory) if version else None)
    ended = case.decided_at or case.ended_at
    return Run(
        order,
        after,
        case.item_version.promised or case.item_version.statutory,
        case.state,
        day_of(ended) if ended else None,
        case.upper_due_on or case.promised_due_on or case.statutory_due_on,
        case.receipt_due_on if case.accepted_at is None else None,
        day_of(case.accepted_at) if case.accepted_at else None,
        tuple(Interval(p.first_on, p.resumed_on) for p in case.pauses.all()) if is_joint else (),
    )


# --- What begins next -------------------------------------------------------------------------


def _waiting() -> QuerySet[ApplicationMember]:
    return (
        ApplicationMember.objects.filter(state=MemberState.WAITING.value)
        .select_related(
            "item__unit", "after__case", "application__applicant", "application__package"
        )
        .order_by("application__received_at", "order")
    )


def to_begin() -> list[ApplicationMember]:
    """Return the waiting members whose predecessor was granted and whose item is taken now."""
    granted = Q(after__case__outcome=Outcome.GRANTED.value)
    taken = Q(item__state=ItemState.IN_USE.value, item__current_version__isnull=False)
    return list(_waiting().filter(granted & taken)[:BATCH])


def to_drop() -> list[ApplicationMember]:
    """Return the waiting members that can never begin: not granted before, or no such item."""
    refused = Q(after__case__outcome=Outcome.REFUSED.value)
    ended = Q(after__case__status__in=[s.value for s in FINAL]) & ~Q(
        after__case__outcome=Outcome.GRANTED.value
    )
    dropped = Q(after__state=MemberState.DROPPED.value)
    cancelled = Q(item__state=ItemState.CANCELLED.value)
    return list(_waiting().filter(refused | ended | dropped | cancelled)[:BATCH])


def may_begin(member: ApplicationMember) -> bool:
    """Say whether the member's predecessor is granted, as its row says now."""
    before = Case.objects.filter(membership__followers=member).first()
    return before is not None and turn(before.state, before.result) is Turn.BEGIN


def carried(member: ApplicationMember) -> dict[str, Handed]:
    """Return by key what a member that begins now need not ask for again.

    What was judged with the application, what its other cases found in order since, and the
    results of the members before it, which the centre itself has issued.
    """
    found = {
        m.key: Handed(m.order, m.found, m.originals, m.copies)
        for m in member.application.materials.all()
    }
    rows = CaseMaterial.objects.filter(
        case__membership__application=member.application_id, state=MaterialState.OK.value
    )
    for row in rows.select_related("material").order_by("order"):
        key = key_of(row.material.name)
        if key not in found or found[key].state is not MaterialState.OK:
            found[key] = Handed(row.order, row.found, row.originals, row.copies)
    by_id = {m.pk: m for m in member.application.members.select_related("case__item_version")}
    before = by_id.get(member.after_id) if member.after_id else None
    while before is not None:
        if before.case is not None and (result := before.case.item_version.result_name):
            found[key_of(result)] = Handed(0, MaterialState.OK)
        before = by_id.get(before.after_id) if before.after_id else None
    return found
