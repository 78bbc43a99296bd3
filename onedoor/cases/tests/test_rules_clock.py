"""The clocks of a case: known days, and what must hold for any."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.calendar import queries
from onedoor.calendar.rules.working_days import Arrangement, Kind, SpecialDay, calendar_of
from onedoor.cases.rules.clock import (
    DELIVERY,
    RECEIPT,
    ClockState,
    Due,
    Pause,
    ServiceHours,
    due,
    merged,
)
from onedoor.cases.rules.counting import Why, explain
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid

CALENDAR = queries.national()
DAY = timedelta(days=1)
WD, ND, H, M, Y = LimitUnit

STARTS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
DAY_LIMITS = st.builds(Limit, st.integers(0, 60), st.sampled_from([WD, ND]))
LIMITS = st.one_of(
    DAY_LIMITS,
    st.builds(Limit, st.integers(0, 200), st.just(H)),
    st.builds(Limit, st.integers(0, 30), st.just(M)),
    st.builds(Limit, st.integers(0, 4), st.just(Y)),
)


@st.composite
def starts_and_pauses(draw: st.DrawFn, *, most: int = 4) -> tuple[date, list[Pause]]:
    """A starting day, and closed pauses near it that may overlap or touch."""
    start = draw(STARTS)
    spans = draw(st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 30)), max_size=most))
    return start, [
        Pause(start + first * DAY, start + (first + length) * DAY) for first, length in spans
    ]


def on(day: str) -> date:
    return date.fromisoformat(day)


def suspended(day: date, pauses: Iterable[Pause]) -> bool:
    return any(p.first <= day and (p.resumed is None or day < p.resumed) for p in pauses)


def due_on(start: str, count: int, unit: LimitUnit = WD, *pauses: Pause) -> str:
    return str(due(on(start), Limit(count, unit), calendar=CALENDAR, pauses=pauses).on)


# --- Known days ---------------------------------------------------------------------------------


VECTORS = [
    ("2021-02-05", 5, "2021-02-18"),
    ("2021-02-08", 20, "2021-03-12"),
    ("2021-09-24", 5, "2021-09-30"),
    ("2021-09-30", 10, "2021-10-20"),
    ("2021-12-30", 3, "2022-01-05"),
    ("2025-09-28", 1, "2025-09-29"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-09-24", 3, "2026-09-30"),
    ("2026-09-30", 20, "2026-11-03"),
]
"""From which day, how many working days, until when, by the official lists."""


@pytest.mark.parametrize(("start", "count", "last"), VECTORS)
def test_working_days_are_counted_as_the_notices_say(start: str, count: int, last: str):
    assert due(on(start), Limit(count, WD), calendar=CALENDAR) == Due(on(last))


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        ("2026-03-02", 4, ND, "2026-03-06"),
        ("2026-03-02", 5, ND, "2026-03-09"),  # Saturday, then Monday
        ("2026-02-10", 5, ND, "2026-02-24"),  # into the Spring Festival
        ("2026-02-07", 7, ND, "2026-02-14"),  # a Saturday that is worked
        ("2026-01-31", 1, M, "2026-02-28"),  # worked, and the month's last day
        ("2026-03-10", 1, M, "2026-04-10"),
        ("2024-02-29", 1, Y, "2025-02-28"),
        ("2025-10-01", 1, Y, "2026-10-08"),  # National Day, until the 7th
    ],
)
def test_a_last_day_that_is_not_worked_moves_on(start: str, count: int, unit: LimitUnit, last: str):
    assert due_on(start, count, unit) == last


@pytest.mark.parametrize(
    ("start", "received_at", "last"),
    [
        ("2026-03-06", None, "2026-03-06"),
        ("2026-03-06", time(16, 59), "2026-03-06"),
        ("2026-03-06", time(17), "2026-03-09"),
        ("2026-03-07", time(10), "2026-03-09"),
        ("2026-02-14", time(10), "2026-02-14"),
        ("2026-02-14", time(18), "2026-02-24"),
    ],
)
def test_what_is_done_on_the_spot_is_due_the_same_day_while_the_hall_is_open(
    start: str, received_at: time | None, last: str
):
    found = due(on(start), Limit(0, WD), calendar=CALENDAR, received_at=received_at)
    assert str(found.on) == last


@pytest.mark.parametrize(
    ("start", "received_at", "count", "last", "by"),
    [
        ("2026-03-06", time(9), 8, "2026-03-06", time(17)),
        ("2026-03-06", time(9), 9, "2026-03-09", time(10)),
        ("2026-03-06", time(16, 30), 1, "2026-03-09", time(9, 30)),
        ("2026-03-06", time(8), 1, "2026-03-06", time(10)),
        ("2026-03-06", time(18), 1, "2026-03-09", time(10)),
        ("2026-03-07", time(11), 16, "2026-03-10", time(17)),
        ("2026-02-14", time(16), 2, "2026-02-24", time(10)),
    ],
)
def test_hours_run_while_the_hall_serves(
    start: str, received_at: time, count: int, last: str, by: time
):
    found = due(on(start), Limit(count, H), calendar=CALENDAR, received_at=received_at)
    assert found == Due(on(last), by=by)


def test_other_hours_of_service_give_other_minutes():
    hours = ServiceHours(time(8, 30), time(12))
    found = due(
        on("2026-03-06"), Limit(4, H), calendar=CALENDAR, received_at=time(8, 30), hours=hours
    )
    assert found == Due(on("2026-03-09"), by=time(9))


# --- Pauses -------------------------------------------------------------------------------------


def test_the_day_of_suspension_does_not_count_and_the_day_of_resumption_does():
    pause = Pause(on("2026-03-04"), on("2026-03-06"))
    assert due_on("2026-03-02", 5, WD, pause) == "2026-03-11"
    assert due_on("2026-03-02", 2, WD, pause) == "2026-03-06"
    assert due_on("2026-03-02", 1, WD, pause) == "2026-03-03"


def test_a_pause_from_before_the_start_counts_from_the_start():
    assert due_on("2026-03-02", 1, WD, Pause(on("2026-02-25"), on("2026-03-05"))) == "2026-03-05"


def test_a_pause_taken_back_the_same_day_changes_nothing():
    assert due_on("2026-03-02", 5, WD, Pause(on("2026-03-04"), on("2026-03-04"))) == "2026-03-09"


def test_overlapping_pauses_are_not_counted_twice():
    one = Pause(on("2026-03-03"), on("2026-03-10"))
    other = Pause(on("2026-03-05"), on("2026-03-12"))
    whole = Pause(on("2026-03-03"), on("2026-03-12"))
    assert merged([other, one, one]) == (whole,)
    assert due_on("2026-03-02", 5, WD, one, other) == due_on("2026-03-02", 5, WD, whole)


def test_while_a_pause_is_open_there_is_no_last_day():
    for unit in LimitUnit:
        found = due(
            on("2026-03-02"),
            Limit(20, unit),
            calendar=CALENDAR,
            pauses=[Pause(on("2026-03-02") + DAY)],
        )
        assert (found.on, found.state) == (None, ClockState.STOPPED)


def test_a_pause_that_opens_after_the_last_day_stops_nothing():
    found = due(on("2026-03-02"), Limit(3, WD), calendar=CALENDAR, pauses=[Pause(on("2026-03-06"))])
    assert (str(found.on), found.state) == ("2026-03-05", ClockState.RUNNING)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(NotValid) as refused:
        due_on("2026-03-02", 5, WD, Pause(on("2026-03-06"), on("2026-03-05")))
    assert refused.value.code == "clock.pause_reversed"


# --- For any days -------------------------------------------------------------------------------


@given(starts_and_pauses(), DAY_LIMITS)
def test_the_last_day_is_the_first_by_which_enough_days_counted(
    given_days: tuple[date, list[Pause]], limit: Limit
):
    start, pauses = given_days
    day, count = start, 0
    while count < limit.count:
        day += DAY
        is_counted = limit.unit is ND or CALENDAR.is_working_day(day)
        count += is_counted and not suspended(day, pauses)
    if limit.unit is ND or limit.count == 0:
        while not CALENDAR.is_working_day(day) or suspended(day, pauses):
            day += DAY
    assert due(start, limit, calendar=CALENDAR, pauses=pauses).on == day


@given(starts_and_pauses(), LIMITS, st.integers(1, 20))
def test_a_longer_limit_is_never_due_earlier(
    given_days: tuple[date, list[Pause]], limit: Limit, more: int
):
    start, pauses = given_days
    longer = Limit(limit.count + more, limit.unit)
    first = due(start, limit, calendar=CALENDAR, pauses=pauses)
    second = due(start, longer, calendar=CALENDAR, pauses=pauses)
    assert first.on is not None
    assert second.on is not None
    assert (first.on, first.by or time.min) <= (second.on, second.by or time.max)


@given(starts_and_pauses(), LIMITS, st.integers(-10, 60), st.integers(0, 30))
def test_one_more_pause_never_brings_the_last_day_forward(
    given_days: tuple[date, list[Pause]], limit: Limit, first: int, length: int
):
    start, pauses = given_days
    another = Pause(start + first * DAY, start + (first + length) * DAY)
    before = due(start, limit, calendar=CALENDAR, pauses=pauses).on
    after = due(start, limit, calendar=CALENDAR, pauses=[*pauses, another]).on
    assert before is not None
    assert after is not None
    assert after >= before


@given(starts_and_pauses(), LIMITS, st.integers(1, 20))
def test_an_extension_is_as_good_as_a_longer_limit(
    given_days: tuple[date, list[Pause]], limit: Limit, more: int
):
    start, pauses = given_days
    extended = due(start, limit, calendar=CALENDAR, pauses=pauses, extension=more)
    longer = Limit(limit.count + more, limit.unit)
    assert extended == due(start, longer, calendar=CALENDAR, pauses=pauses)


@given(starts_and_pauses())
def test_merged_pauses_are_apart_in_order_and_cover_the_same_days(
    given_days: tuple[date, list[Pause]],
):
    start, pauses = given_days
    union = merged(pauses)
    assert merged(union) == union
    assert merged(reversed(pauses)) == union
    for earlier, later in pairwise(union):
        assert earlier.resumed is not None
        assert earlier.resumed < later.first
    for number in range(-12, 100):
        day = start + number * DAY
        assert suspended(day, union) == suspended(day, pauses)


@given(starts_and_pauses())
def test_the_union_has_the_sum_of_days_only_when_the_pauses_are_apart(
    given_days: tuple[date, list[Pause]],
):
    _, pauses = given_days
    ordered = sorted((p for p in pauses if p.resumed != p.first), key=lambda each: each.first)
    total = sum((length(p) for p in pauses), timedelta(0))
    union = sum((length(p) for p in merged(pauses)), timedelta(0))
    overlaps = any(
        later.first < max(length_end(p) for p in ordered[:place])
        for place, later in enumerate(ordered)
        if place
    )
    assert (union < total) == overlaps


def length_end(pause: Pause) -> date:
    assert pause.resumed is not None
    return pause.resumed


def length(pause: Pause) -> timedelta:
    return length_end(pause) - pause.first


@given(starts_and_pauses(), LIMITS)
def test_the_last_day_is_worked_and_not_suspended(
    given_days: tuple[date, list[Pause]], limit: Limit
):
    start, pauses = given_days
    last = due(start, limit, calendar=CALENDAR, pauses=pauses).on
    assert last is not None
    assert last >= start
    assert CALENDAR.is_working_day(last)
    assert last == start or not suspended(last, pauses)


# --- Explained ----------------------------------------------------------------------------------


def test_the_explanation_names_every_day():
    lines = list(explain(on("2021-02-05"), Limit(5, WD), until=on("2021-02-18"), calendar=CALENDAR))
    assert [(line.day.day, line.count, line.why) for line in lines] == [
        (5, 0, Why.START),
        (6, 0, Why.WEEKEND),
        (7, 1, Why.MAKE_UP),
        (8, 2, Why.COUNTED),
        (9, 3, Why.COUNTED),
        (10, 4, Why.COUNTED),
        *[(day, 4, Why.HOLIDAY) for day in range(11, 18)],
        (18, 5, Why.COUNTED),
    ]
    assert {line.name for line in lines if line.why is Why.HOLIDAY} == {"春节"}


def test_the_explanation_says_what_was_suspended_and_what_moved():
    pauses = [Pause(on("2026-03-04"), on("2026-03-06"))]
    lines = explain(
        on("2026-03-03"), Limit(2, ND), until=on("2026-03-09"), calendar=CALENDAR, pauses=pauses
    )
    assert [line.why for line in lines] == [
        Why.START,
        Why.SUSPENDED,
        Why.SUSPENDED,
        Why.COUNTED,
        Why.COUNTED,
        Why.MOVED,
        Why.MOVED,
    ]


@given(starts_and_pauses(), DAY_LIMITS)
def test_the_explanation_counts_exactly_the_limit(
    given_days: tuple[date, list[Pause]], limit: Limit
):
    start, pauses = given_days
    last = due(start, limit, calendar=CALENDAR, pauses=pauses).on
    assert last is not None
    lines = list(explain(start, limit, until=last, calendar=CALENDAR, pauses=pauses))
    assert [line.day for line in lines] == [start + n * DAY for n in range((last - start).days + 1)]
    assert sum(line.counted for line in lines) == lines[-1].count == limit.count
    assert not any(line.counted and suspended(line.day, pauses) for line in lines)


# --- Provisional --------------------------------------------------------------------------------


def test_a_last_day_in_a_year_without_a_notice_is_provisional():
    first = due(on("2026-12-28"), Limit(3, WD), calendar=CALENDAR)
    later = due(on("2026-12-28"), Limit(4, WD), calendar=CALENDAR)
    assert first == Due(on("2026-12-31"))
    assert later == Due(on("2027-01-04"), provisional=True)


@pytest.mark.parametrize(("count", "unit"), [(9, ND), (1, M), (1, Y), (60, H), (0, WD)])
def test_in_an_unknown_year_every_unit_is_provisional(count: int, unit: LimitUnit):
    assert due(on("2027-03-01"), Limit(count, unit), calendar=CALENDAR).provisional


def test_once_the_notice_is_known_the_last_day_is_certain():
    notice = Arrangement(2027, {on("2027-01-04"): SpecialDay(Kind.OFF, "元旦")})
    calendar = calendar_of([Arrangement(2026, {}), notice])
    assert due(on("2026-12-31"), Limit(1, WD), calendar=calendar) == Due(on("2027-01-01"))
    assert due(on("2027-01-01"), Limit(1, WD), calendar=calendar) == Due(on("2027-01-05"))


def test_the_limits_of_receipt_and_delivery_are_the_laws():
    assert (RECEIPT.count, RECEIPT.unit) == (5, WD)
    assert (DELIVERY.count, DELIVERY.unit) == (10, WD)


# --- Out of bounds ------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", list(LimitUnit))
def test_a_negative_limit_is_refused(unit: LimitUnit):
    with pytest.raises(NotValid) as refused:
        due(on("2026-03-02"), Limit(-1, unit), calendar=CALENDAR)
    assert refused.value.code == "clock.negative_limit"


@pytest.mark.parametrize("count", [10**6, 10**12])
@pytest.mark.parametrize("unit", list(LimitUnit))
def test_a_limit_beyond_all_calendars_is_refused(unit: LimitUnit, count: int):
    with pytest.raises(NotValid) as refused:
        due(on("2026-03-02"), Limit(count, unit), calendar=CALENDAR)
    assert refused.value.code == "calendar.out_of_range"


def test_far_but_real_days_are_found():
    assert due_on("2026-03-02", 10_000).startswith("2065")
    assert due_on("1999-01-04", 5) == "1999-01-11"
