"""The days of a case its applicant should know: what they have to do, what they may expect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onedoor.cases.models import Case
from onedoor.cases.rules.days import Ahead, DayAhead
from onedoor.cases.rules.lifecycle import Status


def days_ahead(case: Case, *, on: date) -> list[DayAhead]:
    """Return the days of a case from today on, the nearest first; a closed case has none."""
    found = [DayAhead(what, day) for what, day in _days(case) if day is not None and day >= on]
    return sorted(found, key=lambda each: (each.on, each.what.value))


def _days(case: Case) -> Iterator[tuple[Ahead, date | None]]:
    state = case.state
    if not case.is_open:
        return
    if state is Status.SUBMITTED and case.prechecked_at:
        yield Ahead.BRING, case.resubmit_due_on
    elif state is Status.SUBMITTED:
        yield Ahead.LOOK, case.precheck_due_on
    elif state is Status.PRE_RETURNED:
        yield Ahead.MEND, case.resubmit_due_on
    elif state is Status.RECEIVED:
        yield Ahead.ANSWER, case.receipt_due_on
    elif state is Status.CORRECTING:
        yield Ahead.SUPPLY, case.correction_due_on
    elif state is Status.SPECIAL:
        yield Ahead.RESUME, case.special_due_on
    elif state is Status.FORWARDED:
        yield Ahead.UPPER, case.upper_due_on
    elif state in (Status.ACCEPTED, Status.IN_REVIEW):
        yield Ahead.DONE, case.promised_due_on
    elif state is Status.READY and case.announced_on:
        yield Ahead.NOTICE, case.notice_due_on
    elif state is Status.READY:
        yield Ahead.COLLECT, case.delivery_due_on
    if case.is_tolerant and case.supplemented_at is None:
        yield Ahead.SUPPLEMENT, case.supplement_due_on
