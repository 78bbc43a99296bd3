"""What the clocks know of a case, and the light they show."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from onedoor.calendar import queries as calendar
from onedoor.cases.models import Case, Verification
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.lights import ClockFacts, Point, light, points
from onedoor.cases.rules.words import Light, OwnWords
from onedoor.kernel.clock import day_of


def clock_facts(case: Case) -> ClockFacts:
    promised = case.item_version.promised
    return ClockFacts(
        status=case.state,
        receipt_due_on=case.receipt_due_on,
        promised_due_on=case.promised_due_on,
        statutory_due_on=case.statutory_due_on,
        delivery_due_on=case.delivery_due_on,
        answered_on=_answered_on(case),
        review_due_on=case.review_due_on,
        reviewed_on=_day(case.reviewed_at),
        decided_on=_day(case.decided_at),
        ended_on=_day(case.ended_at),
        announced_on=case.announced_on,
        promised_days=promised.count if promised else 0,
        is_deemed=case.is_deemed,
        was_noticed_twice=case.notice_count > 1,
        noticed_on=_day(case.noticed_at),
        own_words=OwnWords(case.own_words),
        was_hasty=_was_hasty(case),
        check_late_on=_check_late_on(case),
        entered_late_on=_day(case.received_at) if case.brought_at else None,
        one_too_many_on=_one_too_many_on(case),
        precheck_due_on=case.precheck_due_on,
        prechecked_on=_day(case.prechecked_at),
        special_due_on=case.special_due_on,
        special_late_on=case.special_late_on,
        forwarded_on=_day(case.forwarded_at),
        upper_due_on=case.upper_due_on,
        replied_on=case.replied_on,
        supplement_due_on=None if case.supplemented_at else case.supplement_due_on,
    )


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at else None


def _answered_on(case: Case) -> date | None:
    if case.correction_due_on is not None:
        return _day(case.noticed_at)
    if case.state is Status.REJECTED_INTAKE:
        return _day(case.ended_at)
    return None if case.is_deemed else _day(case.accepted_at)


def _check_late_on(case: Case) -> date | None:
    """Return when the first check became late: one done after its day, or not done at all."""
    if not case.item_version.is_on_promise or case.decided_at is None:
        return None  # most cases, without asking
    late = [
        check.due_on + timedelta(days=1)
        for check in Verification.objects.filter(case=case)
        if check.checked_at is None or day_of(check.checked_at) > check.due_on
    ]
    return min(late, default=None)


def _one_too_many_on(case: Case) -> date | None:
    said = case.item_version.visits
    # Whoever chooses the window for what needs no visit comes once by choice.
    return case.visited_on if said is not None and case.visit_count > max(said, 1) else None


HASTY = timedelta(minutes=1)


def _was_hasty(case: Case) -> bool:
    """Say whether a decision followed the first opinion faster than anybody can read."""
    reviewed, decided = case.reviewed_at, case.decided_at
    return reviewed is not None and decided is not None and decided - reviewed < HASTY


def points_of(case: Case, *, on: date) -> tuple[Point, ...]:
    """Return the rules of supervision that hold of a case that day, the gravest first."""
    return points(clock_facts(case), on=on, calendar=calendar.working_days())


def light_of(case: Case, *, on: date) -> Light:
    """Return the case's light on that day."""
    return light(clock_facts(case), on=on, calendar=calendar.working_days())
