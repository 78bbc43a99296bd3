"""Every date explains itself: which clock, from when, until when, and whether it still runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import ClockName, MaterialState
from onedoor.cases.tests import given
from onedoor.cases.tests.given import AT_ONCE, FRIDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _clock(case: Case, name: ClockName, *, on: date) -> queries.Explanation:
    return next(e for e in queries.explanations(case, on=on) if e.clock is name)


def _noticed() -> Case:
    case = given.receipt(m2=MaterialState.MISSING).case
    return given.step(
        cases.ask_correction, case, "acceptor", at=FRIDAY, demands=[given.demand(2)], reason=""
    )


def test_a_case_finished_at_once_is_not_shown_as_suspended():
    case = given.receipt(item=AT_ONCE).case

    done = given.step(cases.finish_at_once, case, "clerk", at=FRIDAY)

    promised = _clock(done, ClockName.PROMISED, on=date(2026, 3, 20))
    assert (promised.due_on, promised.ended_on) == (date(2026, 3, 6), date(2026, 3, 6))
    assert _clock(done, ClockName.STATUTORY, on=date(2026, 3, 20)).due_on == date(2026, 3, 9)


def test_the_date_of_a_correction_is_counted_day_by_day_from_the_notice():
    case = _noticed()

    found = _clock(case, ClockName.CORRECTION, on=date(2026, 3, 9))

    assert found.start_on == date(2026, 3, 6)
    assert found.due_on == case.correction_due_on
    assert [d.count for d in found.days if d.counted] == list(range(1, 31))
    assert _clock(case, ClockName.RECEIPT, on=date(2026, 3, 9)).ended_on == date(2026, 3, 6)


def test_a_correction_that_reaches_into_an_unknown_year_is_provisional():
    late = given.receipt(at=FRIDAY.replace(month=12, day=11), m2=MaterialState.MISSING).case

    asked = given.step(
        cases.ask_correction,
        late,
        "acceptor",
        at=FRIDAY.replace(month=12, day=14),
        demands=[given.demand(2)],
        reason="",
    )

    assert asked.due_provisional
    assert _clock(asked, ClockName.CORRECTION, on=date(2026, 12, 15)).provisional


def test_a_changed_calendar_moves_the_date_of_a_correction_too():
    case = _noticed()
    Case.objects.filter(pk=case.pk).update(
        correction_due_on=date(2026, 1, 1), urgent_on=date(2026, 1, 1)
    )

    cases.recompute_due_dates(cause="test", at=FRIDAY)

    now = given.reload(case)
    assert (now.correction_due_on, now.urgent_on) == (case.correction_due_on,) * 2


def test_a_decision_ends_the_handling_clocks():
    case = given.case(Status.DECIDED_YES)

    found = _clock(case, ClockName.PROMISED, on=date(2026, 4, 1))

    assert found.due_on is not None
    assert found.ended_on == date(2026, 3, 6)
