"""The decision, by somebody who did not receive, accept or review the case.

Basis: 许可法34, 38.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import article, plain
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need, Outcome
from onedoor.cases.services.checking import order_checks
from onedoor.cases.services.licences import issue
from onedoor.cases.services.moving import Effect, Words, delivery_due, guard, move
from onedoor.kernel.clock import day_of
from onedoor.ledger import services as ledger


@ledger.recorded
def grant(
    case: Case, *, opinion: str, attached: str = "", seen: int, by: Actor, at: datetime
) -> Case:
    """Grant what was applied for (T12); the handling clock stops, the delivery clock starts.

    ``attached`` are the conditions the decision attaches (附加条件), printed on it.
    """
    words = Words(plain("opinion", opinion, "审批意见", most=1000))
    terms = plain("attached", attached, "附加条件", most=1000, required=False)
    paper = partial(contents.grant, attached=terms, by=by)
    effect = Effect(words=words, paper=paper)
    return _decide(case, Action.GRANT, Outcome.GRANTED, {Need.OPINION}, effect, seen, by, at)


@ledger.recorded
def refuse(
    case: Case, *, facts: str, reason: str, basis: str, seen: int, by: Actor, at: datetime
) -> Case:
    """Refuse with the facts found, reason and article (T13); the paper names the remedies."""
    found = plain("facts", facts, "查明的事实", most=1000)
    why = plain("reason", reason, "理由", most=1000)
    law = article("basis", basis, queries.bases(case))
    needs = {Need.REASON, Need.BASIS}
    paper = partial(contents.refusal, facts=found, reason=why, law=law, by=by)
    effect = Effect(words=Words(f"{found}\n{why}", law), paper=paper)
    return _decide(case, Action.REFUSE, Outcome.REFUSED, needs, effect, seen, by, at)


def _decide(
    case: Case,
    action: Action,
    outcome: Outcome,
    met: set[Need],
    effect: Effect,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    if outcome is Outcome.GRANTED:
        conditions.hold_places(case)
    met = met | queries.decision_needs(case, by=by)
    met = met | conditions.of_decision(case, by=by, on=day_of(at))
    met = met | conditions.of_forwarding(case)
    step = guard(case, action, by=by, seen=seen, met=met)
    due = delivery_due(at)
    changes: dict[str, Any] = {"outcome": outcome.value, "decided_at": at}
    if case.replied_on is None:  # else it runs from the upper body's decision
        changes |= {"delivery_due_on": due.on, "due_provisional": due.provisional}
    moved = move(case, step, replace(effect, changes=changes), by=by, at=at)
    if outcome is Outcome.GRANTED and case.replied_on is None:  # the upper body's is its own
        issue(moved, by=by, at=at)
    if outcome is Outcome.GRANTED:
        order_checks(moved, by=by, at=at)
    return moved
