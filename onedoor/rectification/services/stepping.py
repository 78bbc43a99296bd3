"""The needs of a step looked up, and the plain steps that need no more than the table says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.ledger import services as ledger
from onedoor.rectification import pack
from onedoor.rectification.models import NO_DATE, Finding, Gap, Signature
from onedoor.rectification.queries import judging
from onedoor.rectification.rules import limits
from onedoor.rectification.rules.lifecycle import Action, Need
from onedoor.rectification.rules.words import GapKind, LetterKind, Outcome, RectificationClass
from onedoor.rectification.services.moving import Effect, guard, move, written
from onedoor.rectification.services.sending import send
from onedoor.rectification.services.signals import watch


def met(finding: Finding, *, by: Actor, at: datetime, text: str = "") -> set[Need]:
    """Return the needs of the table that hold for this finding and this person now."""
    found = {
        Need.CLASSIFIED: bool(finding.rectification_class),
        Need.UNIT: finding.unit_id is not None,
        Need.DEADLINE: finding.deadline_on != NO_DATE,
        Need.MEASURES: finding.measures.exists(),
        Need.AT_ONCE: finding.kind is RectificationClass.AT_ONCE,
        Need.TEXT: bool(text.strip()),
        Need.OTHER_UNIT: not judging.is_own(finding, by, on=day_of(at)),
        Need.SECOND: judging.first_signer(finding) not in ("", by.ref),
        Need.CLOSING: finding.result is Outcome.RECTIFIED,
        Need.OPEN_OUTCOME: finding.result is not Outcome.RECTIFIED,
    }
    return {need for need, holds in found.items() if holds}


def _plain(
    finding: Finding,
    action: Action,
    *,
    text: str = "",
    changes: dict[str, Any] | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    text = written(text, name="text")
    step = guard(finding, action, by=by, seen=seen, met=met(finding, by=by, at=at, text=text))
    return move(finding, step, Effect(changes or {}, text=text), by=by, at=at)


@ledger.recorded
def register(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Put a finding on the list (挂号)."""
    return _plain(finding, Action.REGISTER, seen=seen, by=by, at=at)


@ledger.recorded
def issue(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Serve the notice on the responsible unit (交办); the ladder begins."""
    book = pack.rulebook(day_of(at))
    yesterday = day_of(at) - timedelta(days=1)
    changes = {
        "served_on": finding.served_on or day_of(at),
        "next_rung_on": limits.next_rung(finding.deadline_on, yesterday, book.ladder)
        if finding.due_on
        else None,
    }
    after = _plain(finding, Action.ISSUE, changes=changes, seen=seen, by=by, at=at)
    send(after, LetterKind.SERVICE, by=by, at=at)
    return after


@ledger.recorded
def submit_plan(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Hand the three lists in for approval (报送方案)."""
    after = _plain(finding, Action.SUBMIT_PLAN, seen=seen, by=by, at=at)
    send(after, LetterKind.PLAN, by=by, at=at)
    return after


@ledger.recorded
def approve_plan(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Agree to a unit's plan."""
    return _plain(finding, Action.APPROVE_PLAN, seen=seen, by=by, at=at)


@ledger.recorded
def return_plan(finding: Finding, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Give a plan back with the reason."""
    return _plain(finding, Action.RETURN_PLAN, text=text, seen=seen, by=by, at=at)


@ledger.recorded
def start(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Begin to put it right: at once without a plan, or again after it was reopened."""
    return _plain(finding, Action.START, seen=seen, by=by, at=at)


@ledger.recorded
def submit(
    finding: Finding, *, claimed: Outcome, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Claim an outcome and ask for closing (申请销号): the head of the unit signs for it.

    A claim needs no proof to be made; it proves nothing either. The reviewer sees what the rules
    notice about it, and sends it back.
    """
    text = written(text, name="text")
    unsaid = Gap.objects.filter(finding=finding, kind=GapKind.NO_CLAIM.value, filled_at=None)
    unsaid.update(filled_at=at)
    changes = {
        "claimed": claimed.value,
        "claim_label": pack.rulebook(day_of(at)).label(claimed),
        "claim_result": text,
        "is_claim_explicit": True,
        "submitted_at": at,
        "outcome": Outcome.NONE.value,
    }
    after = _plain(finding, Action.SUBMIT, text=text, changes=changes, seen=seen, by=by, at=at)
    send(after, LetterKind.CLAIM, by=by, at=at)
    return watch(after, by=by, at=at)


@ledger.recorded
def take(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Take a claim for review: of two reviewers the second is told that it is taken."""
    return _plain(finding, Action.TAKE, seen=seen, by=by, at=at)


@ledger.recorded
def send_back(finding: Finding, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Send a claim back with what is missing; the new date is short."""
    book = pack.rulebook(day_of(at))
    due = day_of(at) + timedelta(days=book.return_days)
    changes: dict[str, Any] = {"outcome": Outcome.NONE.value}
    if finding.deadline_on < due:
        changes |= {
            "deadline_on": due,
            "next_rung_on": limits.next_rung(due, day_of(at), book.ladder),
        }
    return _plain(finding, Action.SEND_BACK, text=text, changes=changes, seen=seen, by=by, at=at)


@ledger.recorded
def set_aside(finding: Finding, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Say that a finding applies no more (不再适用): never by the audited unit."""
    changes = {"outcome": Outcome.NOT_APPLICABLE.value, "next_rung_on": None}
    return _plain(finding, Action.SET_ASIDE, text=text, changes=changes, seen=seen, by=by, at=at)


@ledger.recorded
def keep_open(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Sign second that it goes on: in part, long-term, upstream or not put right."""
    _sign(finding, place=2, by=by, at=at)
    return _plain(finding, Action.KEEP_OPEN, seen=seen, by=by, at=at)


@ledger.recorded
def disagree(finding: Finding, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Refuse the second signature: the reviewer looks again."""
    changes = {"outcome": Outcome.NONE.value, "recognised_at": None}
    return _plain(finding, Action.DISAGREE, text=text, changes=changes, seen=seen, by=by, at=at)


def sign(finding: Finding, *, place: int, by: Actor, at: datetime, outcome: Outcome) -> None:
    """Sign an outcome, first or second; the database lets nobody sign twice."""
    number = judging.signing_round(finding) + (1 if place == 1 else 0)
    Signature.objects.create(
        finding=finding, round=number, place=place, outcome=outcome.value, signer=by.ref, at=at
    )


def _sign(finding: Finding, *, place: int, by: Actor, at: datetime) -> None:
    if judging.first_signer(finding) not in ("", by.ref):
        sign(finding, place=place, by=by, at=at, outcome=finding.result)
