"""Telling the supervising department (审管联动): pushed with the decision, signed for, answered.

Who is late is reminded, and after some days the head and the supervision are told.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db.models import Q

from onedoor.accounts.rules import TIMER, Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import county, pushes
from onedoor.cases.events import PushAnswered, Pushed, PushLate, PushSigned
from onedoor.cases.inputs import plain
from onedoor.cases.models import Licence, SupervisionPush
from onedoor.cases.rules import clock
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted

BATCH = 200


def push(licence: Licence, *, by: Actor, at: datetime) -> SupervisionPush | None:
    """Tell the former department what was granted; part of the granting step."""
    case = licence.case
    if case.former_unit_id is None:
        return None
    due = _after(day_of(at), county.push_rules().sign_days)
    made = SupervisionPush.objects.create(
        licence=licence, unit_id=case.former_unit_id, pushed_at=at, sign_due_on=due, text=""
    )
    event = Pushed(subject=_subject(made), unit=made.unit.code, sign_due_on=due)
    ledger.record(event, by=by.ref, at=at)
    return made


@ledger.recorded
def sign_for(pushed: SupervisionPush, *, by: Actor, at: datetime) -> SupervisionPush:
    """Sign for what was pushed: from here on the department supervises it."""
    _department_only(pushed, by)
    due = _after(day_of(at), county.push_rules().answer_days)
    rows = SupervisionPush.objects.filter(pk=pushed.pk, state=PushState.PUSHED.value)
    changes = {"signed_at": at, "signed_by": by.ref, "answer_due_on": due}
    # A reminder to sign is done with; a late answer gets its own.
    cleared = {"reminded_at": None, "escalate_on": None, "escalated_at": None}
    if not rows.update(state=PushState.SIGNED.value, **changes, **cleared):
        raise _changed()
    is_late = day_of(at) > pushed.sign_due_on
    event = PushSigned(subject=_subject(pushed), answer_due_on=due, is_late=is_late)
    ledger.record(event, by=by.ref, at=at)
    return pushes.push_for(by, pushed.licence.number)


@ledger.recorded
def answer(
    pushed: SupervisionPush, *, feedback: Feedback, text: str, by: Actor, at: datetime
) -> SupervisionPush:
    """Answer how it stands under supervision; with the facts, where it is not in order."""
    _department_only(pushed, by)
    wants_why = feedback is not Feedback.INCLUDED
    said = plain("text", text, "说明", most=1000, required=wants_why)
    salt = secrets.token_hex(16)
    rows = SupervisionPush.objects.filter(pk=pushed.pk, state=PushState.SIGNED.value)
    if not rows.update(
        state=PushState.ANSWERED.value,
        feedback=feedback.value,
        text=said,
        salt=salt,
        answered_at=at,
        answered_by=by.ref,
    ):
        raise _changed()
    event = PushAnswered(
        subject=_subject(pushed), feedback=feedback.value, text=salted(said, salt) if said else ""
    )
    ledger.record(event, by=by.ref, at=at)
    return pushes.push_for(by, pushed.licence.number)


def run_push_timers(*, at: datetime) -> int:
    """Remind who is late, and later tell the head and the supervision; return how many."""
    today = day_of(at)
    late = pushes.late(SupervisionPush.objects.select_related("licence", "unit"), on=today)
    rows = late.filter(
        Q(reminded_at__isnull=True) | Q(escalated_at__isnull=True, escalate_on__lte=today)
    )
    found = list(rows.order_by("sign_due_on", "licence__number")[:BATCH])
    for pushed in found:
        _remind(pushed, today=today, at=at)
    return len(found)


@ledger.recorded
def _remind(pushed: SupervisionPush, *, today: date, at: datetime) -> None:
    is_second = pushed.reminded_at is not None
    if is_second:
        pushed.escalated_at = at
    else:
        pushed.reminded_at = at
        pushed.escalate_on = _after(today, county.push_rules().escalate_days)
    pushed.save(update_fields=["reminded_at", "escalate_on", "escalated_at"])
    event = PushLate(subject=_subject(pushed), unit=pushed.unit.code, is_escalated=is_second)
    ledger.record(event, by=TIMER.ref, at=at)


def _after(day: date, count: int) -> date:
    due = clock.due(day, Limit(count, LimitUnit.WD), calendar=calendar.working_days())
    assert due.on is not None
    return due.on


def _department_only(pushed: SupervisionPush, by: Actor) -> None:
    if not pushes.may_answer(pushed, by):
        raise NotAllowed(
            "push.not_the_department", "这条推送由%(unit)s签收和反馈。", unit=pushed.unit.name
        )


def _subject(pushed: SupervisionPush) -> str:
    return f"push:{pushed.licence.number}"


def _changed() -> Refusal:
    return Refusal("push.wrong_state", "这条推送刚被别人办过，或者还没有签收。请看过再办。")
