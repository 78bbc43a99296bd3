"""The people of a played day, the schedule they come by, and what a day is found to have broken."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from statistics import mean

import pytest

from onedoor.accounts import queries as accounts_queries
from onedoor.demo.day import report, setting
from onedoor.demo.day.crowd import ARRIVALS, LAST, SHARES, crowd, windows_for
from onedoor.demo.day.desk import Hall
from onedoor.demo.day.play import Day
from onedoor.demo.day.schedule import Schedule
from onedoor.demo.day.wire import Answer, Wire
from onedoor.hall import queries
from onedoor.hall import services as halls
from onedoor.hall.rules.words import Channel
from onedoor.hall.services import Wanted
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused

MINUTES = {"A": 10, "S": 4}


def test_the_same_seed_is_the_same_day_and_another_is_another():
    assert crowd(50, MINUTES, seed=1) == crowd(50, MINUTES, seed=1)
    assert crowd(50, MINUTES, seed=1) != crowd(50, MINUTES, seed=2)


@pytest.mark.parametrize("arrivals", sorted(ARRIVALS))
def test_people_come_while_numbers_are_given_and_are_served_as_long_as_is_usual(arrivals):
    people = crowd(4000, MINUTES, seed=7, arrivals=arrivals)

    assert len(people) == 4000
    assert {each.letter for each in people} == {"A", "S"}
    assert 0 <= people[0].comes <= people[-1].comes < LAST
    assert mean(p.service for p in people if p.letter == "A") == pytest.approx(600, rel=0.05)
    assert len(ARRIVALS[arrivals]) == 16


def test_windows_are_enough_for_the_busiest_hour_of_each_business():
    people = crowd(2000, MINUTES, seed=7)
    needed = windows_for(people)

    for letter, windows in needed.items():
        for hour in range(8):
            work = sum(p.service for p in people if (p.letter, p.comes // 3600) == (letter, hour))
            assert work <= windows * 3600
    assert sum(SHARES.values()) == 100


def test_what_is_due_is_done_in_its_order_and_a_fault_stops_nobody():
    schedule, told = Schedule(rate=1000, workers=1), []

    def fail() -> None:
        raise ValueError("no")

    schedule.at(30, lambda: told.append("third"))
    schedule.at(20, fail)
    schedule.at(10, lambda: schedule.after(5, lambda: told.append("second")))
    schedule.at(0, lambda: told.append("first"))
    schedule.run()

    assert told == ["first", "second", "third"]
    assert [str(error) for error in schedule.errors] == ["no"]


class Paper:
    """A hall on paper: one row, first come first served, answered as the county would."""

    def __init__(self, *, calls_twice: bool = False) -> None:
        self.row: list[str] = []
        self.count, self.last, self.calls_twice = 0, "", calls_twice
        self.lock = threading.Lock()

    def take(self, who):
        with self.lock:
            self.count += 1
            number = f"{who.letter}{self.count:03d}"
            self.row.append(number)
        return Answer(201, {"number": number, "version": 1})

    def come_back(self, number, seen):
        with self.lock:
            self.row.append(number)
        return Answer(200, {"version": seen + 1})

    def next(self, window, key):
        with self.lock:
            if self.calls_twice and self.last:
                return Answer(200, {"ticket": {"number": self.last, "version": 2}})
            self.last = self.row.pop(0) if self.row else ""
            told = {"number": self.last, "version": 2} if self.last else None
            return Answer(200, {"ticket": told})

    def step(self, window, number, action, seen, **more):
        return Answer(200, {"version": seen + 1})

    def window(self, window, what):
        return Answer(200, {})


def _played(hall: Hall, *, people: int = 60, minutes: int = 5) -> Day:
    came = crowd(people, {"A": minutes}, seed=3)
    day = Day(hall, {1: "A", 2: "A"}, came, Schedule(rate=60_000, workers=4))
    day.play()
    return day


def test_everybody_who_hears_or_comes_back_is_served_once_and_the_day_ends():
    day = _played(Paper())

    lost = [n for n, who in day.of_number.items() if who.misses and not who.comes_back]
    assert day.broken == []
    assert day.schedule.errors == []
    assert set(day.served) == set(day.of_number) - set(lost)
    assert len(day.of_number) == 60


class NoPause(Paper):
    """A hall in which no window may be left."""

    def window(self, window, what):
        return Answer(409 if what == "pause" else 200, {})


@pytest.mark.parametrize("hall", [Paper(), NoPause()], ids=["paused", "never paused"])
def test_windows_that_are_busy_all_noon_go_on_and_the_day_ends(hall):
    day = _played(hall, people=150, minutes=10)

    lost = [n for n, who in day.of_number.items() if who.misses and not who.comes_back]
    assert day.broken == []
    assert set(day.served) == set(day.of_number) - set(lost)


def test_a_number_that_two_windows_call_is_seen():
    assert any("called by windows" in each for each in _played(Paper(calls_twice=True)).broken)


# --- In a county ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_hall_is_set_up_with_a_clerk_for_each_window_and_played_once_a_day():
    at = clock.at_local(date(2026, 3, 9), 8)

    made = setting.prepare({"A": 2, "S": 1}, at=at)
    again = setting.prepare({"A": 2, "S": 1}, at=at)

    assert made == again
    assert sorted(made.windows.values()) == ["AF", "AF", "S"]
    assert len(set(made.clerks.values())) == 3
    clerk = accounts_queries.actor_named("day-101", on=date(2026, 3, 9))
    window = queries.window(made.hall, 101)
    halls.open_window(window, by=clerk, at=at)
    group = queries.group(made.hall, "A")
    halls.take(Wanted(group, Channel.KIOSK), halls.reserve(group, at=at), by=clerk, at=at)
    with refused("day.played"):
        setting.prepare({"A": 2}, at=at)


@pytest.mark.django_db
def test_what_does_not_hold_of_a_day_is_named():
    at = clock.at_local(date(2026, 3, 9), 10)
    made = setting.prepare({"A": 1}, at=at)
    group = queries.group(made.hall, "A")
    guide = accounts_queries.actor_named(setting.GUIDE, on=date(2026, 3, 9))
    wanted = Wanted(group, Channel.GUIDE)
    lost = halls.take(wanted, halls.reserve(group, at=at), by=guide, at=at).ticket
    day = Day(Paper(), {101: "A"}, crowd(1, {"A": 5}, seed=1), Schedule(rate=1))

    told = list(report.broken(day, Wire(0), made.hall, at=at, overlap=timedelta(seconds=5)))

    assert any(each.startswith("given and kept differ") for each in told)
    assert f"still open: {lost.number}" in told
    assert "1 came, 0 got a number" in told
    (line,) = report.lines(day, made.hall, at=at)
    assert (line.letter, line.visits, line.windows) == ("A", 1, 1)
    assert len(list(report.table([line]))) == 2
