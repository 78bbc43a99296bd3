"""What may be asked about matters: by its address, those somebody may handle, the figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from onedoor.accounts import steps
from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.supervision import check_period
from onedoor.feedback import pack, queries
from onedoor.feedback.due import due_on
from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import LIFECYCLE, Action, Kind, State
from onedoor.kernel import crypto
from onedoor.kernel.clock import at_local, end_of
from onedoor.kernel.errors import NotFound

OFFICE = (Role.SUPERVISOR, Role.HEAD)
"""Who hands on, answers and files away."""
DESK = (Role.SUPERVISOR, Role.DESK)
"""Who writes down what somebody says at a window or on the telephone."""
OPEN = (State.WAITING, State.ASSIGNED, State.ANSWERED)


def followed(token: str) -> Matter:
    """Return the matter with this address, or refuse."""
    found = Matter.objects.select_related("unit", "case__item_version")
    matter = found.filter(follow_digest=crypto.token_digest(token)).first()
    if matter is None:
        raise _none()
    return matter


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """Return the matters one may see, what is due first: supervision all, a head those of the own
    unit once they were handed on."""
    found = Matter.objects.select_related("unit", "case__item_version")
    if not actor.holds(Role.SUPERVISOR):
        units = actor.units_of(OFFICE)
        found = found.filter(unit__isnull=False)
        found = found if units is None else found.filter(unit__in=units)
    return found.order_by("due_on", "number")


def open_matters(actor: Actor) -> QuerySet[Matter]:
    """Return those that are not filed away; the answered ones last."""
    found = visible_to(actor).filter(state__in=[each.value for each in OPEN])
    return found.order_by(F("answered_at").asc(nulls_first=True), "due_on", "number")


def matter_for(actor: Actor, number: str) -> Matter:
    """Return the matter with this number, or refuse as if there were none."""
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise _none()
    return found


def _none() -> NotFound:
    return NotFound("matter.not_found", "没有这件反映，或者不归您办。")


def actions_of(matter: Matter, actor: Actor) -> list[Action]:
    """Return what this person may try now."""
    return steps.open_actions(LIFECYCLE, matter.standing, roles=actor.roles_in(matter.unit_id))


def had_a_hand(actor: Actor, matter: Matter) -> bool:
    """Say whether this person handled the case somebody complains of."""
    is_about = matter.what.is_complaint and matter.case is not None
    return is_about and matter.case is not None and queries.handled(actor, matter.case)


def answered_by(matter: Matter) -> str:
    """Return the ref of whoever answered last, or nothing."""
    answers = matter.notes.filter(action=Action.ANSWER.value).order_by("-version")
    return answers.values_list("by", flat=True).first() or ""


def may_be_reopened(matter: Matter, *, on: date) -> bool:
    """Say whether whoever sent it may still say that it is not solved."""
    if matter.answered_at is None:
        return False
    return on <= due_on(matter.answered_at, pack.matter_rules().reopen)


def units_to_answer() -> QuerySet[Organisation]:
    """Return the units a matter may be handed on to."""
    return Organisation.objects.filter(is_active=True).order_by("sequence")


def unit_with(code: str) -> Organisation | None:
    """Return the unit with this code that a matter may be handed on to, if one was named."""
    return units_to_answer().filter(code=code).first() if code else None


class Row(NamedTuple):
    """One kind's figures over some days: sent, answered, in time, said to be unsolved, waiting."""

    kind: Kind
    sent: int
    answered: int
    in_time: int
    reopened: int

    @property
    def waiting(self) -> int:
        return self.sent - self.answered


def figures(*, first: date, last: date) -> list[Row]:
    """Return how what was sent on these days was answered, by kind; one statement."""
    check_period(first, last)
    sent = Matter.objects.filter(sent_at__gte=at_local(first), sent_at__lt=end_of(last))
    counted = sent.values("kind").annotate(
        sent=Count("pk"),
        answered=Count("answered_at"),
        in_time=Count("pk", filter=Q(answered_at__date__lte=F("due_on"))),
        reopened=Count("pk", filter=Q(times_reopened__gt=0)),
    )
    by_kind: dict[str, Mapping[str, Any]] = {row["kind"]: row for row in counted.order_by()}
    return [
        Row(kind, *(by_kind.get(kind.value, {}).get(name, 0) for name in Row._fields[1:]))
        for kind in Kind
    ]
