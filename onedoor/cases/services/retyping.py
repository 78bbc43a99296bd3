"""What it costs that other systems do not listen: minutes of typing the same facts again."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.events import RetypingNoted
from onedoor.cases.models import Case
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import services as ledger

MOST = 600
"""Ten hours over one case; more is a slip."""

_BY = {Role.DESK, Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.MAKER, Role.ISSUER}


def may_note_retyping(case: Case, by: Actor) -> bool:
    """Say whether somebody works on the case, and so knows."""
    return not by.roles_in(case.unit_id).isdisjoint(_BY)


@ledger.recorded
def note_retyping(case: Case, *, minutes: int, by: Actor, at: datetime) -> Case:
    """Say how long the facts of a case were typed again into upper systems (重复录入), in all."""
    if not may_note_retyping(case, by):
        raise NotAllowed("case.retyping_not_yours", "重复录入的时间由办这一件的人记。")
    if not 0 <= minutes <= MOST:
        raise NotValid(
            "case.retyping_minutes",
            "分钟数应在 0 到 %(most)s 之间。",
            field="minutes",
            most=MOST,
        )
    if minutes != case.retyped_minutes:
        case.retyped_minutes = minutes
        Case.objects.filter(pk=case.pk).update(retyped_minutes=minutes)
        event = RetypingNoted(subject=f"case-retyping:{case.number}", minutes=minutes)
        ledger.record(event, by=by.ref, at=at)
    return case
