"""What happens when nobody does anything.

Basis: 许可法32(四): without a notice within five days the application counts as accepted from
the day its materials were received. A notice that nobody answers, and a promise that is not kept,
end with the return. Commands
test the date themselves and do not wait for this.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db.models import QuerySet

from onedoor.accounts.rules import TIMER
from onedoor.cases import conditions, contents, queries
from onedoor.cases.models import PROMISING, Application, Case
from onedoor.cases.rules.lifecycle import WAITING_ONLINE, Action, Need, Status
from onedoor.cases.services import precheck
from onedoor.cases.services.accepting import accepted_from, dispatch
from onedoor.cases.services.correction import return_unanswered
from onedoor.cases.services.licences import deem_renewed
from onedoor.cases.services.moving import Effect, guard, handling_dues, move, supplement_due
from onedoor.cases.services.promising import return_unkept
from onedoor.cases.services.serving import run_end_timers
from onedoor.cases.services.unclaimed import deem_served
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger

BATCH = 200
logger = logging.getLogger(__name__)


@ledger.recorded
def deem_accepted(case: Case, *, at: datetime) -> Case:
    """Let silence count as acceptance (T6), from the day the set was received or complete."""
    met = {Need.DEEMING} if case.item_version.deemed_acceptance else set()
    start = case.complete_at
    assert start is not None
    assert case.receipt_due_on is not None
    if day_of(at) > case.receipt_due_on:
        met.add(Need.NOTICE_LATE)
    step = guard(case, Action.DEEM_ACCEPTED, by=TIMER, seen=case.version, met=met)
    changes = handling_dues(accepted_from(case, start))
    changes |= {"accepted_at": start, "is_deemed": True, **supplement_due(case, at=at)}
    effect = Effect(changes, paper=partial(contents.acceptance, by=TIMER))
    case = move(case, step, effect, by=TIMER, at=at)
    return dispatch(case, at=at)


def settle(case: Case, *, at: datetime) -> Case:
    """Return the case as it stands now: accepted, renewed, returned or lapsed by silence."""
    silence = _silence(case, at=at)
    if silence is None:
        return case
    try:
        return silence(case, at=at)
    except Refusal as refusal:
        if refusal.code != "case.changed_meanwhile":
            raise
        # Another reader or the worker was faster: the law sees the case as they left it.
        return Case.objects.select_related(*queries.WITH).get(pk=case.pk)


def settle_joint(application: Application, *, at: datetime) -> None:
    """Let silence do to the cases of a joint application what it has brought about by now."""
    for case in Case.objects.filter(membership__application=application).select_related(
        *queries.WITH
    ):
        settle(case, at=at)


def _silence(case: Case, *, at: datetime) -> Callable[..., Case] | None:
    """Return what silence has brought about by now, if anything."""
    if case.state is Status.RECEIVED:
        assert case.receipt_due_on is not None
        late = day_of(at) > case.receipt_due_on and case.item_version.deemed_acceptance
        return deem_accepted if late else None
    if case.state in (Status.IN_REVIEW, Status.SPECIAL):
        return _undecided(case, at=at)
    if case.state is Status.READY:
        return deem_served if conditions.of_notice(case, on=day_of(at)) else None
    if case.state is Status.CORRECTING:
        is_over = Need.CORRECTION_OVER in conditions.of_correction(case, on=day_of(at))
        return return_unanswered if is_over else None
    return precheck.lapse if precheck.is_left_alone(case, at=at) else None


def _undecided(case: Case, *, at: datetime) -> Callable[..., Case] | None:
    """Return what has run out on a case that is handled; of two, what ran out first."""
    today, needs = day_of(at), {Need.EXPIRED, Need.ASKED_IN_TIME}
    is_renewed = needs <= conditions.of_silent_renewal(case, on=today)
    if Need.SUPPLEMENT_OVER in conditions.of_supplement(case, on=today):
        ends, due = case.renews and case.renews.valid_to, case.supplement_due_on
        if not is_renewed or (ends and due and due <= ends):
            return return_unkept
    return deem_renewed if is_renewed else None


def run_timers(*, at: datetime) -> int:
    """Do for every case what silence has brought about; return how many cases were moved."""
    today = day_of(at)
    which = (unanswered, not_supplied, undecided, not_kept, left_alone, not_fetched)
    return sum(_all(cases(on=today), at=at) for cases in which) + run_end_timers(at=at)


def unanswered(*, on: date) -> QuerySet[Case]:
    """Return the received cases whose applicant has not been told in time."""
    return Case.objects.filter(
        is_open=True,
        status=Status.RECEIVED.value,
        urgent_on__lt=on,  # the same day as the next one, and the one that is indexed
        receipt_due_on__lt=on,
        item_version__deemed_acceptance=True,
    )


def not_supplied(*, on: date) -> QuerySet[Case]:
    """Return the cases whose applicant let the day of the notice go by."""
    return Case.objects.filter(
        is_open=True,
        status=Status.CORRECTING.value,
        urgent_on__lt=on,  # the same day as the next one, and the one that is indexed
        correction_due_on__lt=on,
    )


def undecided(*, on: date) -> QuerySet[Case]:
    """Return the renewals still undecided when the licence they renew has run out."""
    # Of the many cases in review few are renewals: these first, whatever the planner knows.
    renewals = Case.objects.filter(is_open=True, renews__isnull=False)
    states = [Status.IN_REVIEW.value, Status.SPECIAL.value]
    return Case.objects.filter(
        pk__in=renewals.values("pk"), status__in=states, renews__valid_to__lt=on
    )


def not_kept(*, on: date) -> QuerySet[Case]:
    """Return the cases whose applicant promised a material and let its day go by."""
    return Case.objects.filter(
        is_open=True,
        status__in=PROMISING,
        supplement_due_on__lt=on,
        supplemented_at__isnull=True,
    )


def left_alone(*, on: date) -> QuerySet[Case]:
    """Return what was sent back before receipt and not mended in time."""
    return Case.objects.filter(
        is_open=True,
        status__in=[s.value for s in WAITING_ONLINE],
        received_at__isnull=True,  # as the index has it
        resubmit_due_on__lt=on,
    )


def not_fetched(*, on: date) -> QuerySet[Case]:
    """Return the cases whose paper was announced, and nobody fetched it while it was."""
    return Case.objects.filter(
        is_open=True,
        announced_on__isnull=False,  # as the index has it
        status=Status.READY.value,
        notice_due_on__lt=on,
    )


def _all(cases: QuerySet[Case], *, at: datetime) -> int:
    late = cases.select_related(*queries.WITH)
    moved = 0
    for case in late.order_by("urgent_on", "number")[:BATCH]:
        silence = _silence(case, at=at)
        if silence is None:
            continue  # asked for too late: somebody has to decide
        try:
            silence(case, at=at)
        except Refusal as refusal:
            # Somebody answered between our reading and our step: that is their right. Whatever
            # else is wrong with one case must not keep the others waiting.
            if refusal.code != "case.changed_meanwhile":
                logger.error("Case %s cannot be moved by silence: %s", case.number, refusal)
        else:
            moved += 1
    return moved
