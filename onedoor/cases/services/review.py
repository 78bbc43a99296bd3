"""The first opinion, and the procedures the law does not count.

Basis: 许可法34, 45.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Pause
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.rules.words import SpecialKind
from onedoor.cases.services.moving import Effect, Words, close_pause, guard, handling_dues, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def review(case: Case, *, opinion: str, seen: int, by: Actor, at: datetime) -> Case:
    """Write the first opinion on an accepted case (T8a); somebody else decides."""
    words = Words(plain("opinion", opinion, "初审意见", most=1000))
    step = guard(case, Action.REVIEW, by=by, seen=seen, met={Need.OPINION})
    return move(case, step, Effect({"reviewed_at": at}, words=words), by=by, at=at)


@ledger.recorded
def suspend(
    case: Case,
    *,
    kind: SpecialKind,
    planned_days: int,
    reason: str,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Stop the handling clock for a procedure the law names (T9), told in writing."""
    if not 1 <= planned_days <= 365:
        raise NotValid(
            "case.planned_days", "预计天数应在 1 到 365 个工作日之间。", field="planned_days"
        )
    words = Words(plain("reason", reason, "理由", most=1000))
    met = {Need.KIND_ALLOWED, Need.REASON}
    step = guard(case, Action.SUSPEND, by=by, seen=seen, met=met)
    details: dict[str, Fact] = {"kind": kind.value, "planned_days": planned_days}
    # No date is promised while the clock stands; resuming computes it again.
    stopped = {"promised_due_on": None, "statutory_due_on": None}
    paper = partial(
        contents.special, kind=kind, explanation=words.text, planned_days=planned_days, by=by
    )
    moved = move(case, step, Effect(stopped, details, words, paper), by=by, at=at)
    Pause.objects.bulk_create(
        [Pause(case=moved, kind=kind.value, planned_days=planned_days, first_on=day_of(at))]
    )
    return moved


@ledger.recorded
def resume(case: Case, *, result: str, seen: int, by: Actor, at: datetime) -> Case:
    """Let the clock run again once the procedure has its result (T10); today counts again."""
    words = Words(plain("result", result, "程序结果", most=1000))
    step = guard(case, Action.RESUME, by=by, seen=seen, met={Need.REASON})
    kind = close_pause(case, on=day_of(at))
    assert kind is not None
    changes = handling_dues(case, queries.pauses_of(case))
    paper = partial(contents.special, kind=kind, explanation=words.text, planned_days=0, by=by)
    return move(case, step, Effect(changes, words=words, paper=paper), by=by, at=at)
