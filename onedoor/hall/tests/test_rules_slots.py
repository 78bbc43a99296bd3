"""Slots, places, coming in time, missing too often, the half hours of a day."""

from datetime import date, time, timedelta

import pytest

from onedoor.hall.rules.opening import Duty, Opening, Span, gaps, gives_tickets, read_spans
from onedoor.hall.rules.slots import (
    Coming,
    Slot,
    barred_until,
    capacity,
    check_person,
    coming,
    confirm_by,
    is_bookable,
    is_missed,
    nearest,
    slots_of,
)
from onedoor.kernel.clock import at_local, local
from onedoor.kernel.tests.refusing import refused

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)
TEN = at_local(FRIDAY, 10)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_slot_has_three_fifths_of_what_its_windows_can_do():
    assert capacity(2, timedelta(minutes=6)) == 6
    assert capacity(3, timedelta(minutes=7)) == 7
    assert capacity(1, timedelta(0)) == capacity(-1, timedelta(minutes=6)) == 0


def test_half_hours_are_offered_where_the_hall_is_open_and_not_in_extended_time():
    spans = read_spans(
        [("09:15", "10:30", "normal"), ("12:00", "13:00", "noon"), ("17:00", "18:00", "extended")]
    )

    found = [f"{local(slot.start):%H:%M}" for slot in slots_of(FRIDAY, spans)]

    assert found == ["09:15", "09:45", "12:00", "12:30"]


def test_a_weekend_slot_is_confirmed_by_noon_of_the_day_before_and_not_booked_later():
    (slot,) = slots_of(SATURDAY, [Span(time(9), time(9, 30), Opening.WEEKEND)])

    assert slot.is_confirmed_first
    assert confirm_by(SATURDAY) == at_local(FRIDAY, 12)
    assert is_bookable(slot, at=at_local(FRIDAY, 11, 59))
    assert not is_bookable(slot, at=at_local(FRIDAY, 12))


def test_a_slot_is_booked_until_it_begins_and_two_weeks_ahead():
    slot = Slot(TEN)

    assert is_bookable(slot, at=TEN - MINUTE)
    assert not is_bookable(slot, at=TEN)
    assert is_bookable(slot, at=at_local(FRIDAY - 14 * DAY))
    assert not is_bookable(slot, at=at_local(FRIDAY - 14 * DAY) - MINUTE)


@pytest.mark.parametrize(
    ("minutes", "how"),
    [
        (-601, Coming.OTHER_DAY),
        (-16, Coming.EARLY),
        (-15, Coming.IN_TIME),
        (10, Coming.IN_TIME),
        (11, Coming.LATE),
        (839, Coming.LATE),
        (840, Coming.OTHER_DAY),
    ],
)
def test_one_comes_in_time_from_a_quarter_before_until_ten_minutes_after(minutes, how):
    assert coming(TEN, at=TEN + minutes * MINUTE) is how


def test_nobody_is_missed_before_midnight():
    assert not is_missed(TEN, at=at_local(SATURDAY) - MINUTE)
    assert is_missed(TEN, at=at_local(SATURDAY))


def test_three_missed_within_thirty_days_bar_for_thirty_from_the_third():
    three = [TEN, TEN + 20 * DAY, TEN + 30 * DAY]

    assert barred_until(three) == TEN + 60 * DAY
    assert barred_until([TEN, TEN + 20 * DAY, TEN + 30 * DAY + MINUTE]) is None
    assert barred_until([*three, TEN + 90 * DAY]) == TEN + 60 * DAY


def test_a_person_has_two_appointments_open_and_none_new_when_barred():
    missed = [TEN - 3 * DAY, TEN - 2 * DAY, TEN - DAY]

    check_person(held=1, missed=missed[:2], at=TEN)
    check_person(held=0, missed=missed, at=TEN + 29 * DAY)
    with refused("booking.too_many"):
        check_person(held=2, missed=[], at=TEN)
    with refused("booking.barred"):
        check_person(held=0, missed=missed, at=TEN)


def test_the_nearest_times_come_in_order_and_may_be_fewer():
    free = [TEN + hours * timedelta(hours=1) for hours in (-3, -1, 1, 2, 5)]

    assert nearest(free, TEN) == [free[1], free[2], free[3]]
    assert nearest(free[:1], TEN) == free[:1]
    assert nearest([], TEN) == []


# --- Open, closed, manned -------------------------------------------------------------------------

DAYTIME = read_spans(
    [("09:00", "12:00", "normal"), ("12:00", "14:00", "noon"), ("14:00", "17:00", "normal")]
)


@pytest.mark.parametrize(
    "told",
    [
        [("09:00", "09:00", "normal")],
        [("10:00", "09:00", "normal")],
        [("9 Uhr", "10:00", "normal")],
        [("09:00", "10:00", "feast")],
        [("", "", "")],
    ],
)
def test_a_span_that_is_none_is_refused(told):
    with refused("hall.span"):
        read_spans(told)


def test_spans_that_overlap_are_refused():
    with refused("hall.spans_overlap"):
        read_spans([("09:00", "12:00", "normal"), ("11:59", "14:00", "noon")])


def test_numbers_are_given_until_a_quarter_before_the_hall_closes_and_through_noon():
    assert gives_tickets(DAYTIME, time(11, 59))
    assert gives_tickets(DAYTIME, time(16, 44))
    assert not gives_tickets(DAYTIME, time(16, 45))
    assert not gives_tickets(DAYTIME, time(17))
    assert not gives_tickets((), time(10))


def _duty(window: str, start: int, end: int, *groups: str) -> Duty:
    return Duty(window, time(start), time(end), frozenset(groups or "F"))


def _need(windows: int) -> dict[Opening, int]:
    return {Opening.NORMAL: windows, Opening.NOON: windows}


def test_a_kind_of_span_that_asks_for_no_windows_has_no_gap():
    assert gaps(DAYTIME, [], "F", {}) == []
    assert [gap.start for gap in gaps(DAYTIME, [], "F", {Opening.NOON: 1})] == [time(12)]


def test_a_roster_without_a_break_has_no_gap():
    duties = [_duty("1", 9, 13), _duty("2", 13, 17)]

    assert gaps(DAYTIME, duties, "F", _need(1)) == []


def test_a_noon_nobody_stays_for_is_a_gap_named_with_its_business_and_hours():
    duties = [_duty("1", 9, 12, "F", "A"), _duty("2", 14, 17, "F"), _duty("3", 9, 17, "A")]

    (gap,) = gaps(DAYTIME, duties, "FA", _need(1))

    assert (gap.group, gap.start, gap.end, gap.have, gap.need) == ("F", time(12), time(14), 0, 1)


def test_one_window_with_two_people_is_one_window():
    duties = [_duty("1", 9, 17), _duty("1", 9, 17), _duty("2", 9, 17)]

    assert {gap.have for gap in gaps(DAYTIME, duties, "F", _need(3))} == {2}


def test_stretches_with_as_few_windows_are_told_as_one_gap():
    duties = [_duty("1", 9, 10), _duty("2", 10, 11), _duty("3", 11, 17), _duty("4", 12, 17)]

    (gap,) = gaps(DAYTIME, duties, "F", _need(2))

    assert (gap.start, gap.end) == (time(9), time(12))
