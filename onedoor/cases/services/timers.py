"""What happens when nobody does anything.

Basis: 许可法32(四): without a notice within five days the application counts as accepted from
the day its materials were received. Commands test the date themselves and do not wait for this.
"""

from __future__ import annotations

import logging
from datetime import datetime

from onedoor.accounts.rules import TIMER
from onedoor.cases import queries
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Need, Status
from onedoor.cases.services.intake import accepted_from, dispatch
from onedoor.cases.services.moving import Effect, guard, handling_dues, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger

BATCH = 200
logger = logging.getLogger(__name__)


@ledger.recorded
def deem_accepted(case: Case, *, at: datetime) -> Case:
    """Let silence count as acceptance (T6), from the day the set was received or complete."""
    met = {Need.DEEMING} if case.item_version.deemed_acceptance else set()
    if day_of(at) > case.receipt_due_on:
        met.add(Need.NOTICE_LATE)
    step = guard(case, Action.DEEM_ACCEPTED, by=TIMER, seen=case.version, met=met)
    start = case.complete_at
    changes = handling_dues(accepted_from(case, start))
    changes |= {"accepted_at": start, "is_deemed": True}
    case = move(case, step, Effect(changes), by=TIMER, at=at)
    return dispatch(case, at=at)


def settle(case: Case, *, at: datetime) -> Case:
    """Return the case as the law sees it now: accepted by silence, or as it is."""
    if (
        case.state is Status.RECEIVED
        and day_of(at) > case.receipt_due_on
        and case.item_version.deemed_acceptance
    ):
        try:
            return deem_accepted(case, at=at)
        except Refusal as refusal:
            if refusal.code != "case.changed_meanwhile":
                raise
            # Another reader or the worker was faster: the law sees the case as they left it.
            return Case.objects.select_related(*queries.WITH).get(pk=case.pk)
    return case


def run_timers(*, at: datetime) -> int:
    """Deem accepted what nobody answered in time; return how many cases were moved."""
    late = (
        Case.objects.filter(
            status=Status.RECEIVED.value,
            receipt_due_on__lt=day_of(at),
            item_version__deemed_acceptance=True,
        )
        .select_related(*queries.WITH)
        .order_by("receipt_due_on", "number")[:BATCH]
    )
    moved = 0
    for case in late:
        try:
            deem_accepted(case, at=at)
        except Refusal as refusal:
            # Somebody answered between our reading and our step: that is their right. Whatever
            # else is wrong with one case must not keep the others waiting.
            if refusal.code != "case.changed_meanwhile":
                logger.error("Case %s cannot be deemed accepted: %s", case.number, refusal)
        else:
            moved += 1
    return moved
