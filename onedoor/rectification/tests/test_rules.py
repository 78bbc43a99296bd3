"""The tables hold together, and the sums come out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.accounts.rules import Role
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.rectification import pack
from onedoor.rectification.rules import lifecycle, limits, outcomes
from onedoor.rectification.rules.lifecycle import LIFECYCLE, Action, Need, State
from onedoor.rectification.rules.outcomes import Facts, Lack
from onedoor.rectification.rules.words import Outcome, RectificationClass, Rung

BOOK = pack.rulebook(date(2026, 1, 1))


def test_every_state_can_be_reached_and_only_void_is_the_end():
    reached, left = {s.target for s in LIFECYCLE}, {s.source for s in LIFECYCLE}

    assert set(State) - reached == {State.DRAFT}
    assert set(State) - left == {State.VOID}


def test_a_row_has_one_number_and_one_state_and_action():
    assert len({s.id for s in LIFECYCLE}) == len(LIFECYCLE)
    assert len({(s.source, s.action) for s in LIFECYCLE}) == len(LIFECYCLE)


def test_a_unit_takes_no_step_of_the_side_that_verifies():
    units = {Role.HEAD, Role.OFFICER}
    verifying = {Action.TAKE, Action.SEND_BACK, Action.RECOGNISE, Action.CLOSE, Action.CONFIRM}

    assert all(units.isdisjoint(s.by) for s in LIFECYCLE if s.action in verifying)
    assert all(
        Need.OTHER_UNIT in s.needs for s in LIFECYCLE if s.action in verifying | {Action.SET_ASIDE}
    )


def test_closing_asks_for_a_second_person_and_all_grounds():
    step = next(s for s in LIFECYCLE if s.action is Action.CLOSE)

    assert {Need.SECOND, Need.GROUNDS, Need.CLOSING} <= set(step.needs)


def test_a_step_is_refused_with_what_is_wrong():
    with pytest.raises(Refusal, match="draft"):
        lifecycle.step_for(State.DRAFT, Action.CLOSE, roles={Role.AUDITOR}, met=set())
    with pytest.raises(NotAllowed, match="要由"):
        lifecycle.step_for(State.RECOGNISED, Action.CLOSE, roles={Role.AUDITOR}, met=set())
    with pytest.raises(Refusal, match="closing"):
        lifecycle.step_for(State.RECOGNISED, Action.CLOSE, roles={Role.AUDIT_SUPERVISOR}, met=set())


def test_only_what_is_put_right_closes():
    assert [row.outcome for row in outcomes.OUTCOMES if row.closes] == [Outcome.RECTIFIED]


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        (Facts(), Lack.NO_MEASURE),
        (Facts(measures=1, unproven=(1,)), Lack.NOT_PROVEN),
        (Facts(measures=1, open_milestones=1), Lack.MILESTONE),
        (Facts(measures=1, undecided=1), Lack.UNDECIDED),
        (Facts(measures=1, rest_fen=1), Lack.MONEY),
        (Facts(measures=1, upward_open=1), Lack.UPWARD),
        (Facts(measures=1, signals=1), Lack.SIGNAL),
        (Facts(measures=1, rules_fired=("R-1",)), Lack.RULE),
    ],
)
def test_one_thing_missing_is_enough_against_put_right(facts, lack):
    assert outcomes.lacks(Outcome.RECTIFIED, facts) == (lack,)


def test_upstream_needs_the_letter_of_the_upper_body():
    assert outcomes.lacks(Outcome.UPSTREAM, Facts()) == (Lack.NO_ANSWER,)
    assert outcomes.lacks(Outcome.UPSTREAM, Facts(upward_answered=1)) == ()


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200, 200))
def test_the_next_rung_lies_ahead_and_the_reached_one_behind(deadline, days):
    on = deadline + timedelta(days=days)
    following = limits.next_rung(deadline, on, BOOK.ladder)
    reached = limits.rung_on(deadline, on, BOOK.ladder)

    assert following is None or following > on
    assert reached is None or deadline + timedelta(days=reached.days) <= on
    assert (reached is None) == (days < -15)
    assert (following is None) == (days >= 60)


@pytest.mark.parametrize(
    ("days", "rung"),
    [
        (-15, Rung.REMIND),
        (0, Rung.URGE),
        (14, Rung.URGE),
        (15, Rung.TALK),
        (30, Rung.CIRCULAR),
        (60, Rung.TRANSFER),
    ],
)
def test_the_ladder_climbs_with_the_days(days, rung):
    due = date(2026, 6, 1)
    reached = limits.rung_on(due, due + timedelta(days=days), BOOK.ladder)

    assert reached is not None
    assert reached.rung is rung


def test_the_deadline_is_the_place_s_and_the_rulebook_in_force_is_the_latest():
    served = date(2026, 3, 6)
    later = BOOK.__class__(**{**vars(BOOK), "first_on": date(2026, 5, 1)})

    assert limits.deadline(served, RectificationClass.AT_ONCE, BOOK) == date(2026, 5, 5)
    assert limits.in_force([later, BOOK], date(2026, 4, 30)) is BOOK
    assert limits.in_force([later, BOOK], date(2026, 5, 1)) is later


def test_other_places_words_mean_our_outcomes():
    assert BOOK.outcome_of("整改到位") is Outcome.RECTIFIED
    assert BOOK.outcome_of("持续整改") is Outcome.LONG_TERM
    assert BOOK.outcome_of("动真碰硬") is None
