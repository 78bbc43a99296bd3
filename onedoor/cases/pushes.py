"""Pushes to the supervising department as both sides read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import register
from onedoor.cases.commitments import committed
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.pushes import PushState
from onedoor.catalogue.models import TransferItem
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper

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


class Vouched(NamedTuple):
    """A promise the licence rests on, and by when it is checked; no day where it is not."""

    what: str
    due_on: date | None


@dataclass(frozen=True)
class Carried:
    """What goes with a push besides the licence: what its supervision has to know."""

    decision: Paper
    conditions: str
    promises: tuple[Vouched, ...]
    kept_duties: str
    liaison: str


def carried(push: SupervisionPush) -> Carried:
    """Return what the department gets with a licence: decision, conditions, promises, duties."""
    licence = push.licence
    decision = register.grant_of(licence)
    words = {} if papers.is_erased(decision) else papers.words_of(decision)
    due = dict(licence.case.verifications.values_list("place", "due_on"))
    moved = TransferItem.objects.filter(item=licence.item_id).first()
    return Carried(
        decision=decision,
        conditions=str(words.get("附加条件", "")),
        promises=tuple(
            Vouched(matter.commitment.matter, due.get(matter.place))
            for matter in committed(licence.case)
        ),
        kept_duties=moved.kept_duties if moved else "",
        liaison=moved.liaison if moved else "",
    )


def found_by(actor: Actor, text: str) -> QuerySet[SupervisionPush]:
    """Return the pushes that a number, an item or a department finds; all without a word."""
    found = visible_to(actor)
    if not (text := text.strip()):
        return found
    return found.filter(
        Q(licence__number=text)
        | Q(licence__identifier=text.upper())
        | Q(licence__case__alias=text.upper())
        | Q(licence__item__code=text)
        | Q(licence__case__item_version__name__icontains=text)
        | Q(unit__name__icontains=text)
        | Q(unit__short_name__icontains=text)
    )


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
