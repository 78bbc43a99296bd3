"""Acceptance, refusal to accept, and 即办件 in one action.

Basis: 许可法32, 34, 42.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.cases import conditions, contents, queries, register
from onedoor.cases.inputs import article, plain
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need, Outcome, Step
from onedoor.cases.rules.words import RejectionGround
from onedoor.cases.services.checking import order_checks
from onedoor.cases.services.licences import issue
from onedoor.cases.services.moving import (
    Effect,
    Words,
    guard,
    handling_dues,
    issue_paper,
    move,
    supplement_due,
)
from onedoor.kernel.clock import day_of
from onedoor.kernel.rows import altered
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def finish_at_once(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Decide and hand out a complete 即办件 on the spot (T19), under written authorisation."""
    met = queries.completeness(case)
    if case.item_version.kind == "instant" and case.item_version.instant_authorised:
        met = met | {Need.INSTANT}
    conditions.hold_places(case)
    met = met | conditions.of_quantity(case, on=day_of(at))
    step = guard(case, Action.FINISH_AT_ONCE, by=by, seen=seen, met=met)
    changes: dict[str, Any] = {
        "outcome": Outcome.GRANTED.value,
        "accepted_at": at,
        "decided_at": at,
        "ended_at": at,
    }
    changes |= handling_dues(accepted_from(case, at))
    effect = Effect(changes, paper=partial(contents.at_once, by=by))
    done = move(case, step, effect, by=by, at=at)
    licence = issue(done, by=by, at=at)
    if licence is not None:
        made = contents.certificate(licence, register.grant_of(licence))
        issue_paper(done, made, by=by, at=at)
    order_checks(done, by=by, at=at)
    return done


@ledger.recorded
def accept(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Accept a complete application (T5) and start the handling clock; then dispatch it (T8).

    Basis: 许可法32(五), 42.
    """
    met = queries.completeness(case)
    step = guard(case, Action.ACCEPT, by=by, seen=seen, met=met)
    return _accepted(case, step, {}, by=by, at=at)


@ledger.recorded
def accept_tolerant(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Accept an application of which something promised is still to come (T5b).

    The handling clock starts, and with it the days of the promise.
    """
    met = queries.completeness(case)
    step = guard(case, Action.ACCEPT_TOLERANT, by=by, seen=seen, met=met)
    return _accepted(case, step, supplement_due(case, at=at), by=by, at=at)


def _accepted(
    case: Case, step: Step, awaits: Mapping[str, Any], *, by: Actor, at: datetime
) -> Case:
    changes = {**handling_dues(accepted_from(case, at)), **awaits, "accepted_at": at}
    effect = Effect(changes, paper=partial(contents.acceptance, by=by))
    case = move(case, step, effect, by=by, at=at)
    return dispatch(case, at=at)


def accepted_from(case: Case, start: datetime) -> Case:
    """Return the case as it would be had it been accepted at ``start``, to compute from."""
    return altered(case, {"accepted_at": start})


def dispatch(case: Case, *, at: datetime) -> Case:
    """Give an accepted case to its unit's reviewers (T8), part of acceptance."""
    step = guard(case, Action.DISPATCH, by=SYSTEM, seen=case.version, met=frozenset())
    effect = Effect(paper=partial(contents.flow_slip, by=SYSTEM))
    return move(case, step, effect, by=SYSTEM, at=at)


@ledger.recorded
def reject(
    case: Case,
    *,
    ground: RejectionGround,
    reason: str,
    basis: str,
    competent: str = "",
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Refuse to accept (T7): it is not needed, or another body is competent, which is named.

    Basis: 许可法32(一)(二).
    """
    met = {Need.REASON, Need.BASIS}
    step = guard(case, Action.REJECT, by=by, seen=seen, met=met)
    is_ours = ground is not RejectionGround.NOT_OURS
    body = plain("competent", competent, "归哪个机关办", most=100, required=not is_ours)
    listed = queries.rejection_bases(case)
    why, law = plain("reason", reason, "理由", most=1000), article("basis", basis, listed)
    words = Words(why if is_ours else f"{why}请向{body}申请。", law)
    details: dict[str, Fact] = {"ground": ground.value}
    paper = partial(
        contents.rejection,
        reason=f"{ground.zh}。{why}",
        law=law,
        competent="" if is_ours else body,
        by=by,
    )
    return move(case, step, Effect({"ended_at": at}, details, words, paper), by=by, at=at)
