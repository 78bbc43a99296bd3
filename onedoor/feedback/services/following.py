"""The road of a bad rating: each step guarded by the table, written down and on record."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.cases.inputs import plain
from onedoor.feedback import pack, queries
from onedoor.feedback.due import due_on
from onedoor.feedback.events import OrderMoved, RaterShown
from onedoor.feedback.models import Order, OrderNote, Rating
from onedoor.feedback.rules import lifecycle
from onedoor.feedback.rules.lifecycle import OVER, Action, Need, Step
from onedoor.feedback.rules.words import Level, Way
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted


@dataclass(frozen=True)
class Said:
    """What is written at a step: the words, how somebody was reached, what they say now."""

    text: str = ""
    way: Way | None = None
    level: Level | None = None
    is_complex: bool = False


@ledger.recorded
def show_rater(order: Order, *, by: Actor, at: datetime) -> tuple[str, str]:
    """Return name and number to call about a bad rating, and record who saw them.

    Refused to whoever had a hand in the case, and once nothing more is to be done.
    """
    if order.is_over or queries.had_a_hand(by, order.rating):
        raise NotAllowed(
            "feedback.rater_hidden", "经手过这一件的人不看评价人的电话；办完的工单也不再看。"
        )
    ledger.record(RaterShown(subject=order.rating.subject), by=by.ref, at=at)
    if order.rating.case is None:  # whoever came to a window said no name
        return "", order.rating.phone
    person = order.rating.case.applicant
    return person.name, order.rating.phone or person.phone


@ledger.recorded
def follow(
    order: Order, action: Action, said: Said, *, seen: int, by: Actor, at: datetime
) -> Order:
    """Take one step about a bad rating, or refuse: changed meanwhile, state, role, need."""
    if seen != order.version:
        raise _meanwhile()
    return take(order, action, said, by=by, at=at)


def take(order: Order, action: Action, said: Said, *, by: Actor, at: datetime) -> Order:
    """Take a step inside another service's transaction."""
    text = plain("text", said.text, "情况", most=2000, required=False)
    step = lifecycle.step_for(
        order.standing,
        action,
        roles=by.roles_in(order.rating.unit_id),
        met=_met(order, said, text=text, by=by),
    )
    salt = secrets.token_hex(16)
    after = altered(order, _changes(order, step, said, at=at))
    if not update(order, after):
        raise _meanwhile()
    if action is Action.UPHOLD:
        Rating.objects.filter(pk=order.rating_id).update(is_counted=False)
    way, level = said.way.value if said.way else "", said.level.value if said.level else ""
    OrderNote.objects.bulk_create(
        [
            OrderNote(
                order=order,
                version=after.version,
                action=action.value,
                way=way,
                level=level,
                text=text,
                salt=salt,
                by=by.ref,
                at=at,
            )
        ]
    )
    event = OrderMoved(
        subject=order.rating.subject,
        step=step.id,
        action=action.value,
        source=step.source.value,
        target=step.target.value,
        way=way,
        level=level,
        note=salted(text, salt) if text else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return after


def _met(order: Order, said: Said, *, text: str, by: Actor) -> set[Need]:
    last = queries.last_note(order)
    found = {
        Need.NOT_RATED: not queries.had_a_hand(by, order.rating),
        Need.TEXT: bool(text),
        Need.CONTACT: said.way is not None,
        Need.LEVEL: said.level is not None or said.way is Way.UNREACHED,
        Need.OTHER_HAND: last is None or last.by != by.ref,
    }
    return {need for need, holds in found.items() if holds}


def _changes(order: Order, step: Step, said: Said, *, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": step.target.value, "version": order.version + 1}
    if step.action is Action.CALL:
        changes["called_at"] = order.called_at or at
    if step.action is Action.ANSWER:
        changes |= {
            "answered_at": at,
            "second_level": said.level.value if said.level else "",
        }
    if step.action is Action.SEND_BACK:
        changes |= {"answered_at": None, "second_level": ""}
    if step.action is Action.MEND and said.is_complex:
        changes["answer_by"] = due_on(order.opened_at, pack.rules().complex)
    if step.target in OVER:
        changes["ended_at"] = at
    return changes


def _meanwhile() -> Refusal:
    return Refusal(
        "feedback.changed_meanwhile",
        "您打开以后，别人办过这个差评工单。您的这一步没有做，请看过再办。",
    )
