"""The light of a case (电子监察): how near its clock is to the end, as one pure function.

Warnings and yellow test against the promise, red against the law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import Light


@dataclass(frozen=True)
class ClockFacts:
    """What the light needs to know of a case."""

    status: Status
    receipt_due_on: date
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    decided_on: date | None = None
    promised_days: int = 0
    is_deemed: bool = False
    was_noticed_twice: bool = False


def light(facts: ClockFacts, *, on: date, calendar: WorkingDays) -> Light:
    """Return the light on that day.

    Green; warning when at most a fifth of the promise (at least one working day) is left or on
    the last day but one of the receipt clock; yellow past the promise or the receipt limit; red
    past the law, past the delivery limit, after deemed acceptance, after a second notice.
    """
    if facts.is_deemed or facts.was_noticed_twice:
        return Light.RED
    if facts.status is Status.RECEIVED:
        left = _left(on, facts.receipt_due_on, calendar)
        return Light.YELLOW if left < 0 else Light.WARNING if left <= 1 else Light.GREEN
    if facts.status in (Status.DECIDED_YES, Status.DECIDED_NO, Status.MAKING, Status.READY):
        late = facts.delivery_due_on is not None and on > facts.delivery_due_on
        return Light.RED if late else _decided(facts)
    if facts.status is Status.CLOSED:
        return _decided(facts)
    if facts.status not in (Status.ACCEPTED, Status.IN_REVIEW):
        return Light.GREEN
    if facts.statutory_due_on is not None and on > facts.statutory_due_on:
        return Light.RED
    if facts.promised_due_on is None:
        return Light.GREEN
    left = _left(on, facts.promised_due_on, calendar)
    if left < 0:
        return Light.YELLOW
    return Light.WARNING if left <= max(1, facts.promised_days // 5) else Light.GREEN


def _decided(facts: ClockFacts) -> Light:
    """Return the light a decision leaves: being late does not pass with the decision."""
    decided, promised, statutory = facts.decided_on, facts.promised_due_on, facts.statutory_due_on
    if decided is not None and statutory is not None and decided > statutory:
        return Light.RED
    if decided is not None and promised is not None and decided > promised:
        return Light.YELLOW
    return Light.GREEN


def _left(on: date, due: date, calendar: WorkingDays) -> int:
    """Return the working days after ``on`` up to ``due``; negative once it is past."""
    return -1 if on > due else calendar.ordinal(due) - calendar.ordinal(on)
