"""Pushes to the supervising department as both sides read them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.pushes import PushState
from onedoor.kernel.errors import NotFound

ANSWERING = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)
"""Who signs for the department and answers."""
SEEING = (*ANSWERING, Role.SUPERVISOR)


def visible_to(actor: Actor) -> QuerySet[SupervisionPush]:
    """Return the pushes of the actor's units, on the side that granted or that supervises."""
    found = SupervisionPush.objects.select_related(
        "unit",
        "licence__unit",
        "licence__case__item",
        "licence__case__item_version",
        "licence__applicant",
    )
    units = actor.units_of(SEEING)
    if units is not None:
        found = found.filter(Q(unit__in=units) | Q(licence__unit__in=units))
    return found.order_by("-pushed_at", "licence__number")


def push_for(actor: Actor, number: str) -> SupervisionPush:
    """Return the push of a licence, or refuse."""
    found = visible_to(actor).filter(licence__number=number).first()
    if found is None:
        raise NotFound("push.not_found", "没有这条推送，或者不是给您看的。")
    return found


def may_answer(push: SupervisionPush, actor: Actor) -> bool:
    """Say whether the actor signs and answers for the department it was pushed to."""
    return not actor.roles_in(push.unit_id).isdisjoint(ANSWERING)


def is_late(push: SupervisionPush, *, on: date) -> bool:
    """Say whether the department let its day go by."""
    if push.standing is PushState.PUSHED:
        return push.sign_due_on < on
    due = push.answer_due_on
    return push.standing is PushState.SIGNED and due is not None and due < on


def late(found: QuerySet[SupervisionPush], *, on: date) -> QuerySet[SupervisionPush]:
    """Return those whose department let its day go by."""
    return found.filter(
        Q(state=PushState.PUSHED.value, sign_due_on__lt=on)
        | Q(state=PushState.SIGNED.value, answer_due_on__lt=on)
    )
