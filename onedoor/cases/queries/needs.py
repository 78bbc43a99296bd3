"""What holds for a case: the conditions its steps ask for, and the people they may name."""

from __future__ import annotations

from datetime import date

from onedoor.accounts.models import Person
from onedoor.accounts.queries import holders_of
from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases import commitments, conditions
from onedoor.cases.models import Case
from onedoor.cases.queries.materials import is_lacking, materials_of
from onedoor.cases.rules import hearing
from onedoor.cases.rules.lifecycle import HANDLED, Action, Need
from onedoor.kernel.clock import day_of
from onedoor.ledger import queries as ledger


def completeness(case: Case) -> frozenset[Need]:
    """Return whether every material that must be there is there, or promised; two statements."""
    rows = materials_of(case)
    met = {Need.COMMITTABLE} if commitments.committable(case, rows) else set()
    if any(is_lacking(row) for row in rows):
        return frozenset(met | ({Need.TOLERABLE} if conditions.is_tolerable(case, rows) else set()))
    is_promised = any(row.is_awaited for row in rows)
    return frozenset(met | {Need.PROMISED if is_promised else Need.COMPLETE})


def decision_needs(case: Case, *, by: Actor) -> frozenset[Need]:
    """Return whether the case was reviewed, and by others than whoever decides now."""
    met = {Need.REVIEWED} if case.reviewed_at is not None else set()
    if by.ref not in hands_of(case):
        met.add(Need.TWO_PERSONS)
    return frozenset(met)


def hands_of(case: Case) -> frozenset[str]:
    """Return the refs of everybody who received, accepted or reviewed the case."""
    history = ledger.history(case.subject)
    hands = {e.actor for e in history if Action(e.facts["action"]) in HANDLED}
    return frozenset(hands | {case.received_by})  # also of what came with a joint application


def surveyors(case: Case, *, on: date) -> list[Person]:
    """Return who may be sent to inspect: the reviewers of the case's unit on that day."""
    return holders_of(Role.REVIEWER, unit=case.unit_id, on=on)


def survey_due_on(case: Case) -> date | None:
    """Return by when an inspection the law asks for has to be made (许可法55)."""
    if case.accepted_at is None:
        return None
    start = day_of(case.accepted_at)
    return hearing.last_day(start, hearing.SURVEY, calendar=calendar.working_days())


def chairs(case: Case, *, on: date) -> list[Person]:
    """Return who may chair a hearing: people of the unit who had no hand in the case."""
    hands = hands_of(case)
    able: dict[str, Person] = {}
    for role in (Role.HEAD, Role.DECIDER, Role.REVIEWER):
        for person in holders_of(role, unit=case.unit_id, on=on):
            if person.ref not in hands:
                able.setdefault(person.ref, person)
    return list(able.values())
