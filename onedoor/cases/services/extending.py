"""Extension (延期): more time for a decision, once, before the limit is over, told with its reason.

Basis: 许可法42.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, handling_dues, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.kernel.rows import altered
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def extend(case: Case, *, days: int, reason: str, seen: int, by: Actor, at: datetime) -> Case:
    """Add working days to the limit (T11); a promise not yet missed moves with it."""
    on = day_of(at)
    words = Words(plain("reason", reason, "延期理由", most=1000))
    met = conditions.of_extension(case, on=on) | {Need.REASON}
    step = guard(case, Action.EXTEND, by=by, seen=seen, met=met)
    most = conditions.longest_extension(case)
    if not 1 <= days <= most:
        raise NotValid(
            "case.extension_days",
            "延期应在 1 到 %(most)s 个工作日之间。",
            basis=step.basis,
            field="days",
            most=most,
        )
    changes: dict[str, Any] = {"extended_days": days, "extended_on": on}
    changes |= handling_dues(altered(case, changes), queries.pauses_of(case))
    before = {"statutory": case.statutory_due_on, "promised": case.promised_due_on}
    details: dict[str, Fact] = {"days": days, **{k: d for k, d in before.items() if d is not None}}
    was = case.statutory_due_on or case.promised_due_on
    paper = partial(contents.extension, reason=words.text, days=days, was=was, by=by)
    return move(case, step, Effect(changes, details, words, paper), by=by, at=at)
