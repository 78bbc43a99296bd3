from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel import clock

DAYS = st.dates(date(1992, 1, 1), date(2199, 12, 31))


@pytest.fixture
def offset() -> Iterator[None]:
    source = clock._offset
    yield
    clock.set_offset_source(source)


def test_the_legal_day_begins_at_midnight_in_shanghai():
    assert clock.day_of(datetime(2026, 1, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 1, 1)
    assert clock.day_of(datetime(2026, 1, 1, 16, 0, tzinfo=UTC)) == date(2026, 1, 2)


def test_the_legal_day_does_not_depend_on_how_an_instant_is_written():
    at = datetime(2026, 1, 2, 1, 0, tzinfo=clock.SHANGHAI)
    assert clock.day_of(at) == clock.day_of(at.astimezone(UTC)) == date(2026, 1, 2)


def test_summer_time_of_old_years_does_not_move_the_day():
    assert clock.day_of(datetime(1988, 7, 1, 15, 30, tzinfo=UTC)) == date(1988, 7, 2)


@given(DAYS, st.integers(0, 23), st.integers(0, 59))
def test_a_time_on_the_wall_of_the_hall_lies_on_its_day(day: date, hour: int, minute: int):
    at = clock.at_local(day, hour, minute)
    assert at.tzinfo is UTC
    assert clock.day_of(at) == day
    assert (clock.local(at).hour, clock.local(at).minute) == (hour, minute)


def test_a_training_clock_runs_ahead(offset: None):
    clock.set_offset_source(lambda: timedelta(days=3))
    ahead = clock.now() - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < ahead <= timedelta(days=3)
    assert clock.now().tzinfo is UTC


def test_the_edges_of_the_calendar_are_asked_about_without_a_fault():
    assert clock.at_local(date.min) <= clock.at_local(date(1, 1, 3))
    assert clock.end_of(date(9999, 12, 30)) == clock.end_of(date.max)
