"""Holding a draw: each step by the table, on record; whoever comes second is refused.

Nothing here makes a random number: what decides comes from the parties' devices and the dice.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.market import queries, records
from onedoor.market.events import DrawEnded, DrawFrozen, DrawMoved
from onedoor.market.models import Contribution, Draw, Reason
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import (
    LEAST_CONTEST,
    PARTY_ROLES,
    THROWS,
    Action,
    Need,
    Party,
    State,
    Step,
    read_list,
    step_for,
)
from onedoor.market.services import needs
from onedoor.market.services.listing import Asked, list_draw, record_list, write_list
from onedoor.market.services.needs import Told

logger = logging.getLogger(__name__)


@ledger.recorded
def move_draw(
    draw: Draw, action: Action, told: Told, *, seen: int, by: Actor, at: datetime
) -> Draw:
    """Take one step of a draw, or refuse: changed meanwhile, state, role, need.

    A redraw returns the new draw, listed again; the void one stays and is linked.
    """
    if seen != draw.version:
        raise _meanwhile()
    step = step_for(
        draw.standing,
        action,
        roles=_roles(draw, action, told, by),
        met=needs.met(draw, action, told, by=by, at=at),
    )
    if action is Action.REDRAW:
        return _redraw(draw, step, told, by=by, at=at)
    changes = _changes(draw, action, told, by=by, at=at)
    after = altered(draw, {"state": step.target.value, "version": draw.version + 1, **changes})
    try:
        with transaction.atomic():
            if not update(draw, after):
                raise _meanwhile()
            _beside(after, action, told, by=by, at=at)
    except IntegrityError:
        raise _meanwhile() from None
    _record_move(after, step, told, by=by, at=at)
    if action is Action.FREEZE:
        _record_freeze(after, by=by, at=at)
    if action in (Action.OPEN, Action.ENVELOPE):
        after = _completed(after, at=at)
    if after.freeze and after.standing in (State.COMPLETED, State.VOID):
        _record_end(after, by=by, at=at)
    return after


def _record_move(draw: Draw, step: Step, told: Told, *, by: Actor, at: datetime) -> None:
    """Put a step on record, with its reason where it asks for one: that is public."""
    reason = told.reason.strip() if Need.REASON in step.needs else ""
    if reason:
        Reason.objects.create(draw=draw, action=step.action.value, text=reason, by=by.ref, at=at)
    event = DrawMoved(
        subject=draw.subject,
        step=step.id,
        action=step.action.value,
        source=step.source.value,
        target=step.target.value,
        party=told.party.value if told.party else "",
        value=_public_value(draw, step.action, told),
        reason=digest(reason.encode()) if reason else "",
    )
    ledger.record(event, by=by.ref, at=at)


def void_overdue(*, at: datetime) -> int:
    """Void what can no longer go on: a party did not commit in time, or no event came by then.

    Nothing is known yet in either case. A draw whose dice fell is never voided by the clock.
    """
    frozen = Draw.objects.filter(state=State.FROZEN.value, commit_deadline__lt=at)
    done = 0
    for draw in frozen.order_by("commit_deadline"):
        missing = [p.zh for p in Party if p.value not in needs.committed(draw)]
        if missing:
            reason = "截止时没有承诺：" + "、".join(missing)
        elif draw.open_deadline is not None and draw.open_deadline < at:
            reason = "到揭示截止时还没有公开事件的结果"
        else:
            continue
        try:
            move_draw(draw, Action.VOID, Told(reason=reason), seen=draw.version, by=TIMER, at=at)
        except Refusal as refusal:  # what is wrong with one must not keep the others waiting
            logger.warning("Draw %s cannot be made void: %s", draw.number, refusal)
        else:
            done += 1
    return done


def _roles(draw: Draw, action: Action, told: Told, by: Actor) -> frozenset[Role]:
    """Return the roles held for this draw; of a party, only that which the party stands for."""
    roles = by.roles_in(draw.purchaser_id)
    if action in (Action.COMMIT, Action.OPEN):
        if told.party is None:
            raise NotValid("draw.party", "请选是哪一方。", field="party")
        return roles & {PARTY_ROLES[told.party]}
    return roles


def _changes(
    draw: Draw, action: Action, told: Told, *, by: Actor, at: datetime
) -> dict[str, object]:
    if action is Action.CORRECT:
        until = max(draw.contest_until, at + LEAST_CONTEST)
        return {"contest_until": until.replace(second=0, microsecond=0)}
    if action is Action.FREEZE:
        return _frozen(draw, told, at=at)
    if action is Action.TYPE:
        return {"typed": told.digits, "typed_by": by.ref}
    if action is Action.THROW:
        return {"value": told.digits, "witness": told.witness.strip(), "event_at": at}
    if action is Action.VOID:
        by_name = by.name or by.ref
        reason = told.reason.strip()
        return {"void_reason": reason, "void_by": by_name, "void_at": at, "ended_at": at}
    return {}


def _frozen(draw: Draw, told: Told, *, at: datetime) -> dict[str, object]:
    """Return the freeze: the next number of the year, chained to the freeze before."""
    assert told.commit_deadline is not None
    assert told.open_deadline is not None
    year = day_of(at).year
    before = Draw.objects.filter(serial__isnull=False).order_by("-year", "-serial").first()
    serial = before.serial + 1 if before and before.serial and before.year == year else 1
    closes = [
        t.replace(second=0, microsecond=0) for t in (told.commit_deadline, told.open_deadline)
    ]
    rows = list(draw.entrants.all())
    freeze = {
        "schema": rules.FREEZE_SCHEMA,
        "draw_id": f"{settings.COUNTY}-{year}-{serial:06d}",
        "notice_id": draw.notice,
        "method": draw.method,
        "winners": draw.winners,
        "alternates": draw.alternates,
        "prev_record_hash": before.freeze_hash if before else rules.GENESIS,
        "entries": [{"uscc": r.uscc, "weight": r.weight} for r in rows if not r.excluded],
        "excluded": [{"uscc": r.uscc, "code": r.excluded} for r in rows if r.excluded],
        "order": "event_then_open",
        "commit_deadline": records.moment(closes[0]),
        "open_deadline": records.moment(closes[1]),
        "event": {"kind": "dice", "throws": THROWS},
        "parties": [each.value for each in Party],
    }
    if draw.replaces is not None and draw.replaces.freeze:
        freeze["replaces"] = draw.replaces.draw_id
    return {
        "year": year,
        "serial": serial,
        "freeze": rules.canon(freeze).decode(),
        "freeze_hash": rules.freeze_hash(freeze),
        "frozen_at": at,
        "commit_deadline": closes[0],
        "open_deadline": closes[1],
    }


def _beside(draw: Draw, action: Action, told: Told, *, by: Actor, at: datetime) -> None:
    if action is Action.CORRECT:
        rows = read_list(told.entrants, is_weighted=draw.method == "credit")
        draw.entrants.all().delete()
        write_list(draw, rows)
        record_list(draw, rows, by=by, at=at)
    elif action is Action.COMMIT:
        assert told.party is not None
        Contribution.objects.create(
            draw=draw,
            party=told.party.value,
            commit=told.commit,
            sealed=told.sealed.strip(),
            by=by.ref,
            at=at,
        )
    elif action in (Action.OPEN, Action.ENVELOPE):
        unopened = draw.contributions.filter(party=told.party, opened_at__isnull=True)
        how = "party" if action is Action.OPEN else "envelope"
        unopened.update(number=told.secret, opened_as=how, opened_by=by.ref, opened_at=at)


def _public_value(draw: Draw, action: Action, told: Told) -> str:
    """Return what of a step is public at once: never a number that is still sealed."""
    values = {
        Action.FREEZE: draw.freeze_hash,
        Action.COMMIT: told.commit,
        Action.TYPE: told.digits,
        Action.THROW: told.digits,
        Action.OPEN: told.secret,
        Action.ENVELOPE: told.secret,
    }
    return values.get(action, "")


def _completed(draw: Draw, *, at: datetime) -> Draw:
    """Return the draw with its result once the last secret is opened."""
    given = list(draw.contributions.all())
    if any(each.opened_at is None for each in given):
        return draw
    secrets = {each.party: each.number for each in given}
    found = rules.result(draw.frozen, secrets, draw.value, set())
    done = {
        "state": State.COMPLETED.value,
        "version": draw.version + 1,
        "result": rules.canon(found).decode(),
        "ended_at": at,
    }
    after = altered(draw, done)
    if not update(draw, after):
        raise _meanwhile()
    return after


def _record_freeze(draw: Draw, *, by: Actor, at: datetime) -> None:
    previous = str(draw.frozen["prev_record_hash"])
    event = DrawFrozen(
        subject=draw.subject,
        draw_id=draw.draw_id,
        freeze_hash=draw.freeze_hash,
        previous=previous,
    )
    ledger.record(event, by=by.ref, at=at)


def _record_end(draw: Draw, *, by: Actor, at: datetime) -> None:
    record = records.record_of(draw)
    event = DrawEnded(
        subject=draw.subject,
        draw_id=draw.draw_id,
        state=draw.state,
        record=records.digest(record),
    )
    ledger.record(event, by=by.ref, at=at)


def _redraw(draw: Draw, step: Step, told: Told, *, by: Actor, at: datetime) -> Draw:
    asked = Asked(
        notice=draw.notice,
        title=draw.title,
        purchaser=draw.purchaser,
        entrants=told.entrants or queries.lines_of(draw),
        contest_until=at + LEAST_CONTEST + timedelta(minutes=1),
        is_weighted=draw.method == "credit",
        winners=draw.winners,
        alternates=draw.alternates,
    )
    try:
        with transaction.atomic():
            made = list_draw(asked, by=by, at=at, replaces=draw)
            _record_move(draw, step, told, by=by, at=at)
            return made
    except IntegrityError:  # somebody has just drawn it again
        raise _meanwhile() from None


def result_of(draw: Draw) -> dict[str, object]:
    """Return what came of a draw; nothing where nothing did."""
    found: dict[str, object] = json.loads(draw.result) if draw.result else {}
    return found


def _meanwhile() -> Refusal:
    return Refusal(
        "draw.changed_meanwhile", "您打开以后，别人办过这次抽签。您的这一步没有做，请看过再办。"
    )
