"""Windows counted by playing days again, against what can be reckoned by hand."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.hall.rules.planner import Half, Visit, cost_of, percentile, plan, whole

NINE, TEN = 540, 600


def _windows(halves: list[Half]) -> list[int]:
    return [half.windows for half in halves]


def test_a_day_without_visits_needs_no_windows():
    assert _windows(plan([[]], opens=NINE, closes=TEN, target=20)) == [0, 0]
    assert plan([], opens=NINE, closes=TEN, target=20)[0].p90 == 0


def test_people_one_after_another_need_one_window():
    day = [Visit(NINE + 10 * k, 9) for k in range(6)]

    halves = plan([day], opens=NINE, closes=TEN, target=0)

    assert _windows(halves) == [1, 1]
    assert [half.p90 for half in halves] == [0, 0]


def test_as_many_windows_as_come_at_once_where_nobody_may_wait():
    day = [Visit(NINE, 12)] * 4

    assert _windows(plan([day], opens=NINE, closes=TEN, target=0)) == [4, 0]


def test_a_wait_that_is_allowed_saves_windows():
    day = [Visit(NINE, 10)] * 4

    halves = plan([day], opens=NINE, closes=TEN, target=10)

    assert _windows(halves)[0] == 2
    assert halves[0].p90 == 10


def test_people_before_the_doors_open_wait_from_then_on():
    halves = plan([[Visit(NINE - 60, 5)] * 2], opens=NINE, closes=TEN, target=5)

    assert (halves[0].windows, halves[0].arrivals, halves[0].p90) == (1, 2, 5)


def test_a_service_that_goes_on_keeps_its_window_into_the_next_half_hour():
    day = [Visit(NINE + 29, 30), Visit(NINE + 31, 5)]

    assert _windows(plan([day], opens=NINE, closes=TEN, target=0)) == [1, 2]


def test_whoever_is_there_at_the_end_is_served_and_counted():
    day = [Visit(TEN - 1, 20)] * 3

    last = plan([day], opens=NINE, closes=TEN, target=40)[-1]

    assert (last.windows, last.p90) == (1, 40)


def test_several_days_are_planned_for_together():
    quiet, busy = [Visit(NINE, 10)], [Visit(NINE, 10)] * 3

    assert _windows(plan([quiet, busy], opens=NINE, closes=TEN, target=0))[0] == 3


visits = st.builds(Visit, came=st.floats(NINE, TEN + 59, allow_nan=False), service=st.floats(1, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(visits, max_size=40), st.sampled_from([0.0, 10.0, 20.0]))
def test_everybody_is_counted_once_and_a_plan_is_the_same_twice(day, target):
    first = plan([day], opens=NINE, closes=TEN + 60, target=target)

    assert sum(half.arrivals for half in first) == len(day)
    assert first == plan([list(reversed(day))], opens=NINE, closes=TEN + 60, target=target)
    assert all(half.windows for half in first if half.arrivals)
    assert [b.start - a.start for a, b in pairwise(first)] == [30] * 3


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.9, 9), (1, 10)])
def test_the_percentile_is_a_value_that_was_there(share, value):
    assert percentile(range(1, 11), share) == value


def test_noon_hours_are_paid_apart_and_windows_of_all_businesses_added():
    halves = [Half(690, 4, 0, 0), Half(720, 2, 0, 0), Half(840, 1, 0, 0)]

    assert cost_of(halves, hour=20, noon_hour=30).yuan == 2.5 * 20 + 1 * 30
    assert whole({"F": halves, "A": halves[:1]}) == [(690, 8), (720, 2), (840, 1)]
