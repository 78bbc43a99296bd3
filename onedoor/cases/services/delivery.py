"""Making the paper, and handing it over against identity.

Basis: 许可法39, 44. The seal (用印) joins between making and readiness when the seals app exists.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.ledger import services as ledger


@ledger.recorded
def make(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Make the certificate or the decision paper (T16)."""
    step = guard(case, Action.MAKE, by=by, seen=seen, met=frozenset())
    return move(case, step, Effect(), by=by, at=at)


@ledger.recorded
def make_ready(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Bring the paper to the issuing window (T16): the applicant can come for it."""
    step = guard(case, Action.MAKE_READY, by=by, seen=seen, met=frozenset())
    return move(case, step, Effect(), by=by, at=at)


@ledger.recorded
def hand_out(
    case: Case, *, recipient: str, identity_checked: bool, seen: int, by: Actor, at: datetime
) -> Case:
    """Hand the paper over (T17) to the applicant or an agent with authority; the case is closed."""
    words = Words(plain("recipient", recipient, "领取人", most=100))
    met = {Need.IDENTITY} if identity_checked else set()
    step = guard(case, Action.HAND_OUT, by=by, seen=seen, met=met)
    return move(case, step, Effect({"ended_at": at}, words=words), by=by, at=at)
