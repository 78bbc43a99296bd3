"""The first opinion on a case.

Basis: 许可法34.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.ledger import services as ledger


@ledger.recorded
def review(case: Case, *, opinion: str, seen: int, by: Actor, at: datetime) -> Case:
    """Write the first opinion on an accepted case (T8a); somebody else decides.

    An inspection that was ordered comes first: the opinion rests on its record.
    """
    words = Words(plain("opinion", opinion, "初审意见", most=1000))
    met = conditions.of_surveys(case, by) | {Need.OPINION}
    step = guard(case, Action.REVIEW, by=by, seen=seen, met=met)
    return move(case, step, Effect({"reviewed_at": at}, words=words), by=by, at=at)
