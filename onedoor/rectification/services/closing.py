"""Recognising, closing, looking back, reopening: two people, and nothing that is still missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import services as ledger
from onedoor.rectification import pack
from onedoor.rectification.models import Finding, Recheck
from onedoor.rectification.queries import judging
from onedoor.rectification.rules import limits, outcomes
from onedoor.rectification.rules.lifecycle import Action, Need, State
from onedoor.rectification.rules.words import (
    LetterKind,
    Outcome,
    RecheckState,
    RecheckWay,
    RectificationClass,
)
from onedoor.rectification.services.moving import Effect, check_seen, guard, move, written
from onedoor.rectification.services.sending import send
from onedoor.rectification.services.stepping import met, sign

_PENDING = (RecheckState.PLANNED.value, RecheckState.DUE.value)


@ledger.recorded
def recognise(
    finding: Finding,
    *,
    outcome: Outcome,
    text: str = "",
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Sign an outcome first (认定), or refuse with everything that stands against it."""
    text = written(text, name="text")
    if outcome not in outcomes.BY_OUTCOME:
        raise Refusal("finding.no_such_outcome", "“%(outcome)s”不能这样认定。", outcome=outcome)
    needs = met(finding, by=by, at=at, text=text)
    _ours(finding, needs)
    step = guard(finding, Action.RECOGNISE, by=by, seen=seen, met=needs | {Need.GROUNDS})
    facts = judging.facts_of(finding, on=day_of(at), reason=text)
    if found := outcomes.lacks(outcome, facts):
        raise _lacking(outcome, found, facts)
    sign(finding, place=1, by=by, at=at, outcome=outcome)
    changes = {"outcome": outcome.value, "recognised_at": at}
    return move(finding, step, Effect(changes, text=text), by=by, at=at)


@ledger.recorded
def close(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Sign second and close (销号); what is still missing is answered, all of it at once.

    Basis: 审计法 52. The looks back are planned from today.
    """
    check_seen(finding, seen)
    needs = met(finding, by=by, at=at)
    _ours(finding, needs)
    first = judging.first_signer(finding)
    if first == by.ref:
        raise NotAllowed(
            "finding.needs_two", "销号要两个人签字：您已经签过认定，请审计督察的另一位来签。"
        )
    step = guard(finding, Action.CLOSE, by=by, seen=seen, met=needs | {Need.GROUNDS})
    facts = judging.facts_of(finding, on=day_of(at))
    if found := outcomes.lacks(finding.result, facts):
        raise _lacking(finding.result, found, facts)
    sign(finding, place=2, by=by, at=at, outcome=finding.result)
    on = day_of(at)
    Recheck.objects.bulk_create(
        [
            Recheck(
                finding=finding,
                due_on=limits.months_later(on, months),
                months=months,
                state=RecheckState.PLANNED.value,
            )
            for months in pack.rulebook(on).recheck_months
        ],
        ignore_conflicts=True,
    )
    changes = {"closed_at": at, "next_rung_on": None, "is_public": True}
    after = move(finding, step, Effect(changes), by=by, at=at)
    send(after, LetterKind.CLOSING, by=by, at=at)
    return after


def _ours(finding: Finding, needs: set[Need]) -> None:
    if Need.OTHER_UNIT not in needs:
        raise NotAllowed(
            "finding.own_unit",
            "责任单位不能认定自己的问题，也不能给自己销号。请由别的单位的人来办。",
            basis="审计法52",
        )


def _lacking(outcome: Outcome, found: tuple[outcomes.Lack, ...], facts: outcomes.Facts) -> Refusal:
    return Refusal(
        "finding.lacking",
        "还不能认定为“%(outcome)s”，还缺：%(lacks)s。",
        basis=outcomes.BY_OUTCOME[outcome].basis,
        outcome=outcome,
        lacks=found,
        measures=tuple(str(n) for n in facts.unproven),
        rest_fen=facts.rest_fen,
    )


@ledger.recorded
def begin_recheck(finding: Finding, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Begin a look back whose day has come."""
    due = _due(finding, day_of(at))
    needs = met(finding, by=by, at=at) | ({Need.RECHECK_DUE} if due else set())
    step = guard(finding, Action.BEGIN_RECHECK, by=by, seen=seen, met=needs)
    assert due is not None
    Recheck.objects.filter(pk=due.pk).update(state=RecheckState.DUE.value)
    return move(finding, step, Effect(details={"months": due.months}), by=by, at=at)


@ledger.recorded
def confirm(
    finding: Finding, *, way: RecheckWay, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Say that it holds (巩固)."""
    text = written(text, name="text")
    needs = met(finding, by=by, at=at, text=text)
    step = guard(finding, Action.CONFIRM, by=by, seen=seen, met=needs)
    _finish(finding, RecheckState.HELD, way, text, by=by, at=at)
    return move(finding, step, Effect(text=text), by=by, at=at)


@ledger.recorded
def reopen(
    finding: Finding,
    *,
    text: str,
    way: RecheckWay = RecheckWay.PAPER,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Open a closed finding again (反弹): it counts as repeated, and a new deadline runs."""
    text = written(text, name="text")
    needs = met(finding, by=by, at=at, text=text)
    step = guard(finding, Action.REOPEN, by=by, seen=seen, met=needs)
    _finish(finding, RecheckState.RELAPSED, way, text, by=by, at=at)
    pending = Recheck.objects.filter(finding=finding, state__in=_PENDING)
    pending.update(state=RecheckState.DROPPED.value)
    on, book = day_of(at), pack.rulebook(day_of(at))
    due = limits.deadline(on, finding.kind or RectificationClass.AT_ONCE, book)
    changes: dict[str, Any] = {
        "outcome": Outcome.NONE.value,
        "claimed": Outcome.NONE.value,
        "claim_label": "",
        "closed_at": None,
        "recognised_at": None,
        "reopened_count": finding.reopened_count + 1,
        "deadline_on": due,
        "next_rung_on": limits.next_rung(due, on, book.ladder),
    }
    details = {"count": finding.reopened_count + 1}
    return move(finding, step, Effect(changes, details, text), by=by, at=at)


def reopen_by_fact(finding: Finding, *, text: str, at: datetime) -> Finding:
    """Open a finding again because a fact says so: withdrawn evidence, a rule that fired."""
    if finding.standing not in (State.CLOSED, State.RECHECK):
        return finding
    return reopen(finding, text=text, way=RecheckWay.RULE, seen=finding.version, by=SYSTEM, at=at)


def _due(finding: Finding, on: date) -> Recheck | None:
    rows = Recheck.objects.filter(finding=finding, state__in=_PENDING, due_on__lte=on)
    return rows.order_by("-due_on").first()


def _finish(
    finding: Finding,
    state: RecheckState,
    way: RecheckWay,
    text: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Enter what a look back found; earlier ones that nobody did are covered by it."""
    row = Recheck.objects.filter(finding=finding, state=RecheckState.DUE.value).first()
    if row is None:
        return
    Recheck.objects.filter(pk=row.pk).update(
        state=state.value, way=way.value, conclusion=text, done_on=day_of(at), done_by=by.ref
    )
    missed = Recheck.objects.filter(finding=finding, due_on__lt=row.due_on, state__in=_PENDING)
    missed.update(state=RecheckState.DROPPED.value)
