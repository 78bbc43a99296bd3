"""The life of a licence after its decision: issued, renewed, revoked, cancelled.

Basis: 行政许可法 50, 57, 69, 70.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial

from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.cases import conditions, contents, one_seal, queries, register
from onedoor.cases.commitments import is_found_false
from onedoor.cases.events import LicenceEnded, LicenceIssued
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Licence, LicenceNote, Pause
from onedoor.cases.rules.licences import (
    CancellationGround,
    LicenceState,
    RevocationGround,
    last_day,
    months_of,
)
from onedoor.cases.rules.lifecycle import Action, Outcome
from onedoor.cases.services.checking import order_checks
from onedoor.cases.services.identifying import identifier_of
from onedoor.cases.services.moving import (
    Effect,
    delivery_due,
    end_pauses,
    guard,
    handling_dues,
    move,
)
from onedoor.cases.services.pushing import push
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import services as papers


def issue(case: Case, *, by: Actor, at: datetime) -> Licence | None:
    """Enter what a case granted in the register of licences; part of the granting step.

    Nothing is entered for other kinds of items. A renewal follows the licence it renews without
    a gap, and ends it.
    """
    if not case.item_version.is_licence:
        return None
    today, old = day_of(at), case.renews
    first = today
    if old is not None and old.valid_to is not None:
        first = max(today, old.valid_to + timedelta(days=1))
    months = months_of(case.item_version.validity)
    identifier = identifier_of(case, follows=old)
    licence = Licence.objects.create(
        number=case.number,
        identifier=str(identifier or ""),
        case=case,
        item_id=case.item_id,
        unit_id=case.unit_id,
        applicant_id=case.applicant_id,
        valid_from=first,
        valid_to=last_day(first, months) if months else None,
        follows=old,
    )
    event = LicenceIssued(
        subject=licence.subject,
        identifier=licence.identifier,
        item=case.item.code,
        unit=case.unit.code,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to or "",
        follows=old.number if old else "",
    )
    ledger.record(event, by=by.ref, at=at)
    push(licence, by=by, at=at)
    if old is not None:
        _end(old, LicenceState.RENEWED, by=by, at=at)
    return licence


def _end(
    licence: Licence,
    state: LicenceState,
    *,
    by: Actor,
    at: datetime,
    ground: str = "",
    note: str = "",
) -> Licence:
    valid = Licence.objects.filter(pk=licence.pk, state=LicenceState.VALID.value)
    if not valid.update(state=state.value, ended_on=day_of(at)):
        now = Licence.objects.get(pk=licence.pk)
        raise Refusal(
            "licence.not_valid",
            "这本证照现在是“%(state)s”，不能再办。",
            state=LicenceState(now.state),
        )
    digest = ""
    if note:
        salt = secrets.token_hex(16)
        digest = salted(note, salt)
        LicenceNote.objects.create(licence=licence, text=note, salt=salt)
    event = LicenceEnded(subject=licence.subject, state=state.value, ground=ground, note=digest)
    ledger.record(event, by=by.ref, at=at)
    licence.state, licence.ended_on = state.value, day_of(at)
    return licence


@ledger.recorded
def revoke(
    licence: Licence, *, ground: RevocationGround, reason: str, by: Actor, at: datetime
) -> Licence:
    """Revoke a licence that should not have been granted (撤销), by a decision with its facts.

    Basis: 许可法69. Only the head of the unit that granted it.
    """
    _head_only(licence, by)
    if ground is RevocationGround.FALSE_PROMISE and not is_found_false(licence.case, on=day_of(at)):
        raise Refusal(
            "licence.not_found_false",
            "没有核查认定承诺不实，或者异议还没有了结，不能用这条理由撤销。",
            basis="许可法69",
        )
    text = plain("reason", reason, "事实和理由", most=1000)
    return _decide(licence, LicenceState.REVOKED, ground, text, by=by, at=at)


@ledger.recorded
def cancel(
    licence: Licence, *, ground: CancellationGround, reason: str, by: Actor, at: datetime
) -> Licence:
    """Take a licence out of the register (注销) by a decision: what it rests on has ended.

    Basis: 许可法70. Only the head of the unit that granted it.
    """
    _head_only(licence, by)
    today = day_of(at)
    # A term in words has an end, which the head states with the facts; no machine knows the day.
    is_over = licence.valid_to < today if licence.valid_to else bool(licence.worded_term)
    if ground is CancellationGround.EXPIRED and not is_over:
        raise NotValid("licence.not_expired", "这本证照还没到期，请另选注销情形。", field="ground")
    text = plain("reason", reason, "事实和理由", most=1000)
    return _decide(licence, LicenceState.CANCELLED, ground, text, by=by, at=at)


def _decide(
    licence: Licence,
    state: LicenceState,
    ground: RevocationGround | CancellationGround,
    text: str,
    *,
    by: Actor,
    at: datetime,
) -> Licence:
    """End the licence and issue the decision; the paper that granted it no longer stands."""
    one_seal.no_seal_of_the_department(licence.case, licence.unit)
    ended = _end(licence, state, by=by, at=at, ground=ground.value, note=text)
    granted = register.grant_of(licence)
    papers.issue(
        contents.ending(licence, ground, text, granted.number, on=day_of(at), by=by),
        unit=licence.unit,
        subject=licence.subject,
        one_seal=licence.case.former_unit_id is not None,
        ends=granted,
        by=by,
        at=at,
    )
    return ended


def _head_only(licence: Licence, by: Actor) -> None:
    if Role.HEAD not in by.roles_in(licence.unit_id):
        raise NotAllowed(
            "licence.head_only", "撤销和注销由本单位负责人决定。", basis="许可法69、70"
        )


# --- Renewal --------------------------------------------------------------------------------------


@ledger.recorded
def link_licence(case: Case, *, number: str, seen: int, by: Actor, at: datetime) -> Case:
    """Say which licence a case is to renew (T2a); it has to be decided before that one ends.

    Basis: 许可法50.
    """
    text = plain("number", number, "证照编号", most=40)
    licence = Licence.objects.filter(number=text, unit_id=case.unit_id).first()
    if licence is None:
        raise NotFound("licence.not_found", "本单位没有编号为 %(number)s 的证照。", number=text)
    met = conditions.of_renewal(case, licence, on=day_of(at))
    step = guard(case, Action.LINK_LICENCE, by=by, seen=seen, met=met)
    changes = {"renews": licence}
    return move(case, step, Effect(changes, {"licence": licence.number}), by=by, at=at)


@ledger.recorded
def deem_renewed(case: Case, *, at: datetime) -> Case:
    """Let silence until the licence's last day count as renewal (T24).

    Basis: 许可法50.
    """
    met = conditions.of_silent_renewal(case, on=day_of(at))
    step = guard(case, Action.DEEM_RENEWED, by=TIMER, seen=case.version, met=met)
    due = delivery_due(at)
    ended = end_pauses(case, Pause.objects.all(), on=day_of(at))
    changes = handling_dues(case, queries.pauses_of(case)) | {
        "outcome": Outcome.GRANTED.value,
        "decided_at": at,
        "delivery_due_on": due.on,
        "due_provisional": due.provisional,
        "is_renewed_by_silence": True,
        **ended,
    }
    paper = partial(contents.grant, by=TIMER, silent=True)
    moved = move(case, step, Effect(changes, paper=paper), by=TIMER, at=at)
    issue(moved, by=TIMER, at=at)
    order_checks(moved, by=TIMER, at=at)
    return moved
