"""Holding a draw: each step by the table, on record; whoever comes second is refused.

Nothing here makes a random number: what decides comes from the parties' devices and the dice.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.market import queries, records
from onedoor.market.events import DrawEnded, DrawFrozen, DrawListed, DrawMoved
from onedoor.market.models import Contribution, Draw, Entrant
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import (
    LEAST_COMMIT,
    LEAST_CONTEST,
    PARTY_ROLES,
    THROWS,
    Action,
    Listed,
    Need,
    Party,
    State,
    read_list,
    step_for,
)

SECOND = timedelta(seconds=1)
logger = logging.getLogger(__name__)
_NOTICE = re.compile(rules.PARTY)


@dataclass(frozen=True)
class Asked:
    """A draw to be listed: for what, by whom, how many, who may be drawn, until when contested."""

    notice: str
    title: str
    purchaser: Organisation
    entrants: str
    contest_until: datetime
    is_weighted: bool = False
    winners: int = 1
    alternates: int = 2


@dataclass(frozen=True)
class Told:
    """What is written at a step; each step reads what it asks for."""

    party: Party | None = None
    commit: str = ""
    sealed: str = ""
    digits: str = ""
    witness: str = ""
    secret: str = ""
    reason: str = ""
    entrants: str = ""
    commit_deadline: datetime | None = None
    open_deadline: datetime | None = None


@ledger.recorded
def list_draw(asked: Asked, *, by: Actor, at: datetime, replaces: Draw | None = None) -> Draw:
    """Publish the list of a draw, to be contested until a moment that is far enough."""
    if not by.holds_any(Role.MARKET):
        raise NotAllowed("market.not_draw_operator", "抽签由中介超市运营的人办。")
    rows = read_list(asked.entrants, is_weighted=asked.is_weighted)
    if not _NOTICE.fullmatch(asked.notice):
        raise NotValid("draw.notice", "公告编号写字母、数字和 _.:-，最多64个字。", field="notice")
    if not 0 < len(asked.title.strip()) <= 200:
        raise NotValid("draw.title", "请写明采购的是什么，最多200个字。", field="title")
    if not (1 <= asked.winners <= 1000 and 0 <= asked.alternates <= 1000):
        raise NotValid("draw.counts", "中选写1到1000，备选写0到1000。", field="winners")
    if asked.contest_until < at + LEAST_CONTEST:
        raise NotValid(
            "draw.contest_too_short",
            "异议期至少24小时，请把截止时间写晚一点。",
            field="contest_until",
        )
    draw = Draw(
        number=numbers.take_yearly("draw", Draw.objects.all(), stem="CQ", width=5, at=at),
        notice=asked.notice,
        title=asked.title.strip(),
        purchaser=asked.purchaser,
        method="credit" if asked.is_weighted else "random",
        winners=asked.winners,
        alternates=asked.alternates,
        listed_by=by.ref,
        listed_at=at,
        contest_until=asked.contest_until.replace(second=0, microsecond=0),
        replaces=replaces,
    )
    draw.save(force_insert=True)
    _write_list(draw, rows)
    _record_list(draw, rows, by=by, at=at)
    return draw


def _write_list(draw: Draw, rows: Sequence[Listed]) -> None:
    Entrant.objects.bulk_create(Entrant(draw=draw, **row._asdict()) for row in rows)


def _record_list(draw: Draw, rows: Sequence[Listed], *, by: Actor, at: datetime) -> None:
    told = [[row.uscc, row.weight, row.excluded] for row in rows]
    event = DrawListed(
        subject=draw.subject,
        notice=draw.notice,
        entrants="sha256:" + rules.digest("onedoor/draw/list/1", rules.canon(told)).hex(),
        replaces=draw.replaces.number if draw.replaces else "",
    )
    ledger.record(event, by=by.ref, at=at)


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
        met=_met(draw, action, told, by=by, at=at),
    )
    if action is Action.REDRAW:
        return _redraw(draw, told, by=by, at=at)
    changes = _changes(draw, action, told, by=by, at=at)
    after = altered(draw, {"state": step.target.value, "version": draw.version + 1, **changes})
    try:
        with transaction.atomic():
            if not update(draw, after):
                raise _meanwhile()
            _beside(after, action, told, by=by, at=at)
    except IntegrityError:
        raise _meanwhile() from None
    event = DrawMoved(
        subject=after.subject,
        step=step.id,
        action=action.value,
        source=step.source.value,
        target=step.target.value,
        party=told.party.value if told.party else "",
        value=_public_value(after, action, told),
    )
    ledger.record(event, by=by.ref, at=at)
    if action is Action.FREEZE:
        _record_freeze(after, by=by, at=at)
    if action in (Action.OPEN, Action.ENVELOPE):
        after = _completed(after, at=at)
    if after.freeze and after.standing in (State.COMPLETED, State.VOID):
        _record_end(after, by=by, at=at)
    return after


def void_overdue(*, at: datetime) -> int:
    """Void what can no longer go on: a party did not commit in time, or no event came by then.

    Nothing is known yet in either case. A draw whose dice fell is never voided by the clock.
    """
    frozen = Draw.objects.filter(state=State.FROZEN.value, commit_deadline__lt=at)
    done = 0
    for draw in frozen.order_by("commit_deadline"):
        missing = [p.zh for p in Party if p.value not in _committed(draw)]
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


def _met(draw: Draw, action: Action, told: Told, *, by: Actor, at: datetime) -> set[Need]:
    found = {Need.REASON: 0 < len(told.reason.strip()) <= 300}
    if action is Action.FREEZE:
        listed = draw.entrants.filter(excluded="").count()
        found |= {
            Need.CONTESTED: at >= draw.contest_until,
            Need.ENOUGH: listed >= draw.winners,
            Need.TIMES: told.commit_deadline is not None
            and told.open_deadline is not None
            and at + LEAST_COMMIT <= told.commit_deadline < told.open_deadline,
        }
    elif action is Action.COMMIT:
        found |= {
            Need.FORM: bool(re.fullmatch(rules.DIGEST, told.commit)) and _is_short(told.sealed),
            Need.FIRST: not draw.contributions.filter(Q(party=told.party) | Q(by=by.ref)).exists(),
            Need.IN_TIME: draw.commit_deadline is not None and at <= draw.commit_deadline,
        }
    elif action in (Action.TYPE, Action.THROW):
        found |= {
            Need.FORM: bool(re.fullmatch(f"[0-9]{{{THROWS}}}", told.digits))
            and (action is Action.TYPE or _is_short(told.witness)),
            Need.CLOSED: draw.commit_deadline is not None
            and at >= draw.commit_deadline + SECOND
            and len(_committed(draw)) == len(Party),
            Need.FIRST: not draw.typed,
            Need.TYPED: draw.typed == told.digits and draw.typed_by != by.ref,
        }
    elif action in (Action.OPEN, Action.ENVELOPE):
        found |= _met_by_opening(draw, told, at=at)
    elif action is Action.VOID:
        found[Need.MISSING] = draw.contributions.filter(opened_at__isnull=True).exists()
    elif action is Action.REDRAW:
        found[Need.NOT_REDRAWN] = not Draw.objects.filter(replaces=draw).exists()
    return {need for need, holds in found.items() if holds}


def _met_by_opening(draw: Draw, told: Told, *, at: datetime) -> dict[Need, bool]:
    given = draw.contributions.filter(party=told.party).first()
    is_formed = bool(re.fullmatch("(?:[0-9a-f]{2}){16,64}", told.secret)) and given is not None
    return {
        Need.FORM: is_formed,
        Need.MATCHES: is_formed
        and given is not None
        and rules.commitment(draw.frozen, given.party, told.secret) == given.commit,
        Need.FIRST: given is not None and given.opened_at is None,
        Need.IN_TIME: draw.open_deadline is not None and at <= draw.open_deadline,
    }


def _is_short(text: str) -> bool:
    return 0 < len(text.strip()) <= 100 and text.isprintable()


def _committed(draw: Draw) -> set[str]:
    return set(draw.contributions.values_list("party", flat=True))


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
        _write_list(draw, rows)
        _record_list(draw, rows, by=by, at=at)
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


def _redraw(draw: Draw, told: Told, *, by: Actor, at: datetime) -> Draw:
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
            return list_draw(asked, by=by, at=at, replaces=draw)
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
