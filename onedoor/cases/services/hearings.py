"""Hearings (听证): the right told, asked for in time, announced, held by an outsider, on record.

Basis: 许可法46–48.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Hearing
from onedoor.cases.rules import hearing
from onedoor.cases.rules.lifecycle import Action
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def tell_hearing(case: Case, *, reason: str, seen: int, by: Actor, at: datetime) -> Case:
    """Tell those concerned that they may ask for a hearing (H1), within five working days."""
    words = Words(plain("reason", reason, "听证事由", most=1000))
    on, days = day_of(at), calendar.working_days()
    step = guard(
        case, Action.TELL_HEARING, by=by, seen=seen, met=conditions.of_hearing(case, on=on)
    )
    ask_by = hearing.last_day(on, hearing.ASK, calendar=days)
    paper = partial(contents.hearing_right, reason=words.text, ask_by=ask_by, by=by)
    moved = move(case, step, Effect({}, {"ask_by": ask_by}, words, paper), by=by, at=at)
    Hearing.objects.create(case=moved, told_on=on, ask_by=ask_by, place="")
    return moved


@ledger.recorded
def ask_hearing(case: Case, *, asked_by: str, seen: int, by: Actor, at: datetime) -> Case:
    """Note that a hearing was asked for (H2); it has to be held within twenty working days."""
    words = Words(plain("asked_by", asked_by, "申请人", most=100))
    on, days = day_of(at), calendar.working_days()
    step = guard(case, Action.ASK_HEARING, by=by, seen=seen, met=conditions.of_hearing(case, on=on))
    hold_by = hearing.last_day(on, hearing.HOLD, calendar=days)
    moved = move(case, step, Effect({}, {"hold_by": hold_by}, words), by=by, at=at)
    Hearing.objects.filter(case=case).update(asked_on=on, hold_by=hold_by)
    return moved


@ledger.recorded
def call_hearing(
    case: Case,
    *,
    held_at: datetime,
    place: str,
    chair: Person,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Announce when, where and before whom it is held (H3), seven working days before.

    The twenty days bind the office: past them it is late and on record, but not denied.

    The chair is nobody who received, accepted or reviewed the case.
    """
    on, days = day_of(at), calendar.working_days()
    where = plain("place", place, "听证地点", most=200)
    step = guard(
        case, Action.CALL_HEARING, by=by, seen=seen, met=conditions.of_hearing(case, on=on)
    )
    found = Hearing.objects.get(case=case)
    assert found.hold_by is not None
    held_on = day_of(held_at)
    first = hearing.first_day_to_hold(on, calendar=days)
    if held_on < first:
        raise NotValid(
            "hearing.too_soon",
            "举行前 7 个工作日要通知，最早 %(first)s。",
            basis="许可法48",
            field="held_at",
            first=first,
        )
    if chair.ref in queries.hands_of(case):
        raise Refusal(
            "hearing.chair",
            "%(name)s办过这一件，不能主持听证。请另选一位。",
            basis="许可法48(三)",
            name=chair.name,
        )
    details: dict[str, Fact] = {
        "held_on": held_on,
        "chair": chair.ref,
        "is_late": held_on > found.hold_by,
    }
    paper = partial(contents.hearing_notice, held_at=held_at, place=where, chair=chair.name, by=by)
    moved = move(case, step, Effect({}, details, Words(where), paper), by=by, at=at)
    found.called_on, found.held_at, found.place, found.chair = on, held_at, where, chair
    found.save(update_fields=["called_on", "held_at", "place", "chair"])
    return moved


@ledger.recorded
def record_hearing(
    case: Case, *, attendants: str, minutes: str, seen: int, by: Actor, at: datetime
) -> Case:
    """Keep the record of the hearing (H4); the decision rests on it (许可法48).

    ``attendants`` names one person a line, as 身份：姓名.
    """
    came = _attendants(attendants)
    words = Words(plain("minutes", minutes, "听证笔录要点", most=4000))
    on = day_of(at)
    step = guard(
        case, Action.RECORD_HEARING, by=by, seen=seen, met=conditions.of_hearing(case, on=on)
    )
    found = Hearing.objects.select_related("chair").get(case=case)
    paper = partial(
        contents.hearing_record, hearing=found, attendants=came, course=words.text, by=by
    )
    moved = move(case, step, Effect(words=words, paper=paper), by=by, at=at)
    Hearing.objects.filter(case=case).update(recorded_on=on)
    return moved


def _attendants(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in plain("attendants", text, "参加人", most=2000).splitlines()]
    found = [re.split("[：:]", line, maxsplit=1) for line in lines if line]
    if any(len(parts) != 2 or not all(part.strip() for part in parts) for parts in found):
        raise NotValid(
            "hearing.attendants", "参加人每行写一位，像“申请人：张三”。", field="attendants"
        )
    return [(role.strip(), name.strip()) for role, name in found]
