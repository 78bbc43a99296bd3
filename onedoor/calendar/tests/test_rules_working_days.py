"""Working days against two libraries that others keep, and against themselves."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # it has no types
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.calendar import queries
from onedoor.calendar.rules.working_days import (
    EARLIEST,
    FIRST_DAY,
    LATEST,
    Arrangement,
    Kind,
    SpecialDay,
    WorkingDays,
    calendar_of,
)
from onedoor.calendar.tests.given import every_day
from onedoor.kernel.errors import NotValid

CALENDAR = queries.national()
YEARS = range(2019, 2027)
NEAR = st.dates(date(2015, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int):
    for day in every_day(date(year, 1, 1), date(year, 12, 31)):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays(year: int):
    china = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    for day in every_day(date(year, 1, 1), date(year, 12, 31)):
        assert CALENDAR.is_working_day(day) == china.is_working_day(day), day


def test_known_are_the_years_with_a_notice():
    assert CALENDAR.known_years == tuple(YEARS)
    assert CALENDAR.is_confirmed(date(2026, 12, 31))
    assert not CALENDAR.is_confirmed(date(2027, 1, 1))
    assert CALENDAR.is_confirmed_between(date(2019, 1, 1), date(2026, 12, 31))
    assert not CALENDAR.is_confirmed_between(date(2026, 12, 31), date(2027, 1, 1))


def test_in_an_unknown_year_only_the_fixed_holidays_are_taken():
    off = [
        day
        for day in every_day(date(2028, 1, 1), date(2028, 12, 31))
        if day.weekday() < 5 and not CALENDAR.is_working_day(day)
    ]
    assert [f"{day:%m-%d}" for day in off] == ["05-01", "05-02", "10-02", "10-03"]
    assert not any(
        CALENDAR.is_working_day(day)
        for day in every_day(date(2028, 1, 1), date(2028, 12, 31))
        if day.weekday() >= 5
    )


def test_a_make_up_day_in_the_december_before_belongs_to_the_later_notice():
    december = date(2026, 12, 26)
    days = {december: SpecialDay(Kind.WORK, "元旦")}
    calendar = calendar_of([Arrangement(2027, days), Arrangement(2026, {})])
    assert december.weekday() == 5
    assert calendar.is_working_day(december)


def test_what_the_place_says_stands_over_the_nation_whatever_the_order():
    day = date(2026, 11, 2)
    local = Arrangement(2026, {day: SpecialDay(Kind.OFF, "地方节日")}, is_local=True)
    nation = Arrangement(2026, {day: SpecialDay(Kind.WORK, "x")})
    for order in ([local, nation], [nation, local]):
        calendar = calendar_of(order)
        assert not calendar.is_working_day(day)
        assert calendar.known_years == (2026,)


def test_a_local_arrangement_alone_makes_no_year_known():
    assert calendar_of([Arrangement(2026, {}, is_local=True)]).known_years == ()


@given(NEAR, NEAR)
def test_the_difference_of_two_numbers_is_the_working_days_between(one: date, other: date):
    first, last = min(one, other), max(one, other)
    between = every_day(first, last)[1:]
    assert CALENDAR.ordinal(last) - CALENDAR.ordinal(first) == sum(
        map(CALENDAR.is_working_day, between)
    )


@given(NEAR)
def test_a_working_day_is_found_again_by_its_number(day: date):
    if CALENDAR.is_working_day(day):
        assert CALENDAR.day_with_ordinal(CALENDAR.ordinal(day)) == day


@given(st.integers(-700, 4000))
def test_a_number_names_a_working_day(number: int):
    day = CALENDAR.day_with_ordinal(number)
    assert CALENDAR.is_working_day(day)
    assert CALENDAR.ordinal(day) == number


@given(NEAR)
def test_the_next_working_day_skips_none(day: date):
    found = CALENDAR.next_working_day(day)
    assert found >= day
    assert CALENDAR.is_working_day(found)
    assert not any(map(CALENDAR.is_working_day, every_day(day, found)[:-1]))


def test_the_numbering_begins_with_its_first_day():
    first = CALENDAR.next_working_day(FIRST_DAY)
    assert CALENDAR.ordinal(first) == 1
    assert CALENDAR.ordinal(first - timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "day", [EARLIEST - timedelta(days=1), LATEST + timedelta(days=1), date.max]
)
def test_days_beyond_all_calendars_are_refused(day: date):
    for question in (CALENDAR.is_working_day, CALENDAR.ordinal, CALENDAR.next_working_day):
        with pytest.raises(NotValid) as refused:
            question(day)
        assert refused.value.code == "calendar.out_of_range"


def test_a_calendar_that_knows_nothing_still_answers():
    calendar = WorkingDays({}, known=())
    assert calendar.is_working_day(date(2026, 1, 5))
    assert not calendar.is_confirmed(date(2026, 1, 5))
