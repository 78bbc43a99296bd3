"""The rules of the hall, without a database: steps, order, policy, replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from onedoor.accounts.rules import Role
from onedoor.hall.rules import queue
from onedoor.hall.rules.lifecycle import AT_WINDOW, LIFECYCLE, Action, State, step_for
from onedoor.hall.rules.policy import read_policy, virtual_at
from onedoor.hall.rules.queue import Skills, Waiter
from onedoor.hall.rules.replay import Fault, Recorded, replay
from onedoor.hall.rules.words import Priority
from onedoor.kernel.tests.refusing import refused

NOON = datetime(2026, 3, 6, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = read_policy({})
PATIENCE = timedelta(minutes=POLICY.patience)
OVER = {State.DONE, State.VOID}


def test_every_state_can_be_reached_and_left_unless_it_is_the_end():
    reached = {step.target for step in LIFECYCLE}
    left = {step.source for step in LIFECYCLE}

    assert reached == set(State) - {State.NEW}
    assert left == set(State) - OVER


def test_no_action_means_two_things_in_one_state():
    moves = [(step.source, step.action) for step in LIFECYCLE]

    assert len(set(moves)) == len(moves)
    assert len({step.id for step in LIFECYCLE}) == len(LIFECYCLE)


def test_only_a_call_puts_somebody_before_a_window():
    brought = {s.action for s in LIFECYCLE if s.target in AT_WINDOW and s.source not in AT_WINDOW}

    assert brought == {Action.CALL, Action.PICK, Action.RESUME}


def test_a_step_is_refused_by_state_by_role_and_by_what_is_missing():
    everybody = frozenset(Role)
    with refused("hall.wrong_state"):
        step_for(State.DONE, Action.CALL, roles=everybody, met=set())
    with refused("hall.wrong_role"):
        step_for(State.WAITING, Action.CALL, roles={Role.GUIDE}, met=set())
    with refused("hall.need"):
        step_for(State.WAITING, Action.PICK, roles=everybody, met=set())


@pytest.mark.parametrize(
    "told",
    [
        {"bonus": {"ordinary": 5}},
        {"bonus": {"green": 121}},
        {"bonus": {"green": -1}},
        {"group_bonus": {"B": 5}},
        {"group_bonus": {"A": True}},
        {"calls": 0},
        {"gap": "20"},
        {"patience": 1000},
    ],
)
def test_a_policy_a_county_cannot_mean_is_refused(told):
    with refused("hall.policy"):
        read_policy(told)


def _waiter(number: str, minutes: float, priority=Priority.ORDINARY, group="A", **more: Any):
    came = NOON + minutes * MINUTE
    place = virtual_at(came, POLICY.bonus_of(priority, group))
    return Waiter(number, group, place, came, came, **more)


OWN_A = Skills(1, frozenset("A"), frozenset("F"))


def _order(waiters: list[Waiter], skills=OWN_A, after=40.0):
    at = NOON + after * MINUTE
    return [w.number for w in queue.in_order(waiters, skills, at=at, patience=PATIENCE)]


def test_an_ordinary_person_outranks_an_appointment_that_comes_half_an_hour_later():
    first, late = _waiter("A001", 0), _waiter("A002", 29, Priority.APPOINTED)
    later = _waiter("A003", 31, Priority.APPOINTED)

    assert _order([first, late, later]) == ["A002", "A001", "A003"]


def test_a_window_helps_out_when_nobody_of_its_own_waits_or_somebody_waited_long():
    own, other = _waiter("A001", 30), _waiter("F001", 29, group="F")

    assert _order([own, other]) == ["A001", "F001"]
    assert _order([own, _waiter("F001", 0, group="F")]) == ["F001", "A001"]
    assert _order([_waiter("S001", 0, group="S")]) == []


def test_who_was_sent_to_a_window_waits_for_it_but_not_for_ever():
    sent = _waiter("A001", 0, to_window=2)

    assert _order([sent], after=10) == []
    assert _order([sent], Skills(2, frozenset("A")), after=10) == ["A001"]
    assert _order([sent], after=40) == ["A001"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@drawn(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(Priority), st.sampled_from("AF")),
        min_size=1,
        max_size=30,
    )
)
def test_nobody_who_comes_more_than_the_largest_bonus_later_goes_first(people):
    waiters = [_waiter(f"A{n:03d}", *each) for n, each in enumerate(people)]
    skills, at = Skills(1, frozenset("AF")), NOON + 301 * MINUTE

    row = queue.in_order(waiters, skills, at=at, patience=PATIENCE)

    for place, one in enumerate(row):
        assert all(one.issued_at - w.issued_at <= POLICY.largest for w in row[place + 1 :])


# --- Replay ---------------------------------------------------------------------------------------


class _Day:
    """Writes a day down as the ledger would."""

    def __init__(self) -> None:
        self.told: list[Recorded] = []

    def window(self, number: int, at: float, main="A", helping="", state="open") -> None:
        facts = {"state": state, "main": main, "helping": helping}
        self.told.append(Recorded(str(number), False, "person:x", NOON + at * MINUTE, facts))

    def move(self, number: str, at: float, action: Action, source: State, target: State, **more):
        came = NOON + more.pop("came", at) * MINUTE
        bonus = timedelta(minutes=more.pop("bonus", 0))
        facts = {
            "action": action.value,
            "source": source.value,
            "target": target.value,
            "group": number[0],
            "priority": "ordinary",
            "bonus": int(bonus.total_seconds()),
            "issued_at": came.isoformat(),
            "virtual_at": (came - bonus).isoformat(),
            "window": 0,
            "to_window": 0,
            "reason": "",
        } | more
        self.told.append(Recorded(number, True, "person:x", NOON + at * MINUTE, facts))

    def take(self, number: str, at: float, **more: Any) -> None:
        self.move(number, at, Action.TAKE, State.NEW, State.WAITING, **more)

    def call(self, number: str, at: float, came: float, action=Action.CALL, **more: Any) -> None:
        self.move(number, at, action, State.WAITING, State.CALLED, came=came, **more)

    def faults(self) -> list[tuple[Fault | None, str]]:
        return [(found.fault, found.number) for found in self.report().faults]

    def report(self):
        return replay(self.told, POLICY)


def _two_waiting() -> _Day:
    day = _Day()
    day.window(1, -5)
    day.take("A001", 0)
    day.take("A002", 1)
    return day


def test_a_day_in_order_is_clean():
    day = _two_waiting()
    day.call("A001", 5, 0, window=1)
    day.move("A001", 6, Action.START, State.CALLED, State.SERVING, came=0, window=1)
    day.move("A001", 9, Action.END, State.SERVING, State.DONE, came=0, window=1)
    day.call("A002", 10, 1, window=1)

    report = day.report()

    assert (report.calls, report.faults, report.overrides) == (2, [], [])


def test_a_planted_violation_is_named_with_who_waited_longer():
    day = _two_waiting()
    day.call("A002", 5, 1, window=1)

    (found,) = day.report().faults

    assert (found.fault, found.number, found.before) == (Fault.ORDER, "A002", ("A001",))
    assert (found.window, found.actor) == (1, "person:x")


def test_who_leaves_in_the_instant_of_the_next_call_was_not_two_at_once():
    day = _two_waiting()
    day.call("A001", 5, 0, window=1)
    day.move("A001", 6, Action.START, State.CALLED, State.SERVING, came=0, window=1)
    day.call("A002", 9, 1, window=1)
    day.move("A001", 9, Action.END, State.SERVING, State.DONE, came=0, window=1)

    assert day.faults() == []


def test_an_override_is_named_with_who_and_why_and_is_no_fault():
    day = _two_waiting()
    day.call("A002", 5, 1, Action.PICK, window=1, reason="urgent")

    report = day.report()

    assert report.is_clean
    assert [(f.number, f.reason, f.before) for f in report.overrides] == [
        ("A002", "urgent", ("A001",))
    ]


def test_two_windows_that_call_at_the_same_moment_did_not_see_each_other():
    day = _two_waiting()
    day.window(2, -5)
    day.call("A002", 5, 1, window=2)
    day.call("A001", 5.05, 0, window=1)

    assert day.faults() == []


def test_what_the_order_does_not_allow_is_named():
    day = _two_waiting()
    day.window(2, -4, main="F")
    day.window(3, -4, state="paused")
    day.call("A001", 5, 0, window=2)
    day.call("A001", 6, 0, window=1)
    day.call("A002", 7, 1, window=1)
    day.take("A003", 8, bonus=45)
    day.call("A003", 9, 8, Action.PICK, window=3)
    day.move("A003", 9.1, Action.RECALL, State.CALLED, State.CALLED, came=8, window=3)
    day.move("A003", 9.2, Action.SKIP, State.CALLED, State.SKIPPED, came=8, window=3)
    day.move("A009", 9.3, Action.END, State.SERVING, State.DONE, window=1)

    assert day.faults() == [
        (Fault.NO_SKILL, "A001"),
        (Fault.NOT_WAITING, "A001"),
        (Fault.TWO_AT_ONCE, "A002"),
        (Fault.WRONG_PLACE, "A003"),
        (Fault.NOT_OPEN, "A003"),
        (Fault.NO_REASON, "A003"),
        (Fault.TOO_SOON, "A003"),
        (Fault.TOO_SOON, "A003"),
        (Fault.BROKEN_CHAIN, "A009"),
    ]


def test_the_range_said_to_somebody_waiting_is_wide_and_none_without_windows():
    assert queue.waiting_range(0, 1, 10.0) == (0, 5)
    assert queue.waiting_range(4, 0, 10.0) is None
