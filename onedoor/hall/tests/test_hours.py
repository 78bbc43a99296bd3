"""When the hall is open, who is at the windows, and how a promise that breaks is noticed."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from onedoor.accounts.models import Person
from onedoor.cases.tests import given as county
from onedoor.hall import hours, planning, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Break, SpecialOpening
from onedoor.hall.rules.opening import Opening, read_spans
from onedoor.hall.rules.words import Outcome, Pause
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, CLERK2, DUTY, MINUTE
from onedoor.kernel.clock import at_local
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
NEW_YEAR = date(2027, 1, 1)
MORNING = read_spans([("09:00", "12:00", "normal")])


@pytest.fixture(autouse=True)
def place():
    given.hall_of()


def _hall():
    return queries.hall("test")


def _duty(number: int, username: str, start: int, end: int, *, day: date = MONDAY):
    person = Person.objects.get(username=username)
    return hall.put_on_duty(
        given.window(number), person, day, time(start), time(end), by=county.actor(DUTY), at=AT
    )


def _set(day: date, spans=(), *, group=None, reason: str = "停电检修", at=AT):
    return hall.set_opening(_hall(), group, day, spans, reason, by=county.actor(DUTY), at=at)


# --- Hours ----------------------------------------------------------------------------------------


def test_working_days_are_open_as_usual_through_noon_and_free_days_are_not():
    kinds = [span.kind for span in hours.opened(_hall(), MONDAY).spans]

    assert kinds == [Opening.NORMAL, Opening.NOON, Opening.NORMAL]
    assert hours.opened(_hall(), NEW_YEAR).spans == ()


def test_a_day_is_open_otherwise_for_all_or_for_one_business_and_as_usual_again():
    group = queries.group(_hall(), "F")
    _set(MONDAY, MORNING)
    mine = _set(MONDAY, (), group=group, reason="系统切换")

    assert hours.opened(_hall(), MONDAY).spans == MORNING
    assert hours.opened(_hall(), MONDAY, group) == ((), "系统切换")
    hall.forget_opening(mine, by=county.actor(DUTY), at=AT)
    assert hours.opened(_hall(), MONDAY, group).spans == MORNING
    assert len(ledger.history(f"hours:test-{MONDAY:%Y%m%d}")) == 3


def test_hours_set_twice_are_the_last_ones():
    _set(MONDAY, MORNING)
    _set(MONDAY, ())

    assert SpecialOpening.objects.count() == 1
    assert hours.opened(_hall(), MONDAY).spans == ()


def test_hours_are_set_by_the_duty_manager_for_days_to_come_and_with_a_reason():
    with refused("hall.past_day"):
        _set(FRIDAY - timedelta(days=1))
    with refused("form.required"):
        _set(MONDAY, reason="  ")
    with refused("hall.duty_only"):
        hall.set_opening(_hall(), None, MONDAY, (), "x", by=county.actor(CLERK), at=AT)

    assert not SpecialOpening.objects.exists()


# --- Roster ---------------------------------------------------------------------------------------


def test_a_roster_is_checked_before_the_day_and_names_what_lacks():
    _duty(2, CLERK, 9, 12)
    _duty(3, CLERK2, 9, 17)

    found = [(g.group, g.start.hour, g.end.hour) for g in hours.gaps_on(_hall(), MONDAY)]

    assert found == [("A", 12, 14), ("F", 12, 14), ("A", 14, 17), ("F", 14, 17)]
    _duty(2, CLERK, 12, 17)
    assert hours.gaps_on(_hall(), MONDAY) == []


def test_nobody_is_at_two_windows_and_no_window_has_two_people():
    _duty(1, CLERK, 9, 12)

    with refused("hall.duty_overlaps"):
        _duty(2, CLERK, 11, 13)
    with refused("hall.duty_overlaps"):
        _duty(1, CLERK2, 11, 13)
    with refused("hall.duty"):
        _duty(1, CLERK2, 13, 13)

    assert _duty(1, CLERK2, 12, 13).window.number == 1
    assert hours.roster(_hall(), MONDAY).count() == 2


def test_a_roster_is_copied_to_a_day_without_one_and_lines_are_taken_off():
    _duty(1, CLERK, 9, 12)
    tuesday = MONDAY + timedelta(days=1)
    by = county.actor(DUTY)

    assert hall.copy_roster(_hall(), MONDAY, tuesday, by=by, at=AT) == 1
    with refused("hall.roster_there"):
        hall.copy_roster(_hall(), MONDAY, tuesday, by=by, at=AT)
    with refused("hall.no_roster"):
        hall.copy_roster(_hall(), SATURDAY, NEW_YEAR, by=by, at=AT)
    row = hours.roster(_hall(), tuesday).get()
    hall.take_off_duty(row, by=by, at=AT)
    with refused("hall.hours_changed"):
        hall.take_off_duty(row, by=by, at=AT)


def test_half_hours_count_the_windows_that_are_manned_where_a_day_has_a_roster():
    group = queries.group(_hall(), "A")
    nine, one = at_local(MONDAY, 9), at_local(MONDAY, 13)
    other = at_local(MONDAY + timedelta(days=1), 9)
    _duty(1, CLERK, 9, 12)

    assert hours.windows_for(group, [nine, one, other]) == {nine: 1, one: 0, other: 2}


# --- The promise during the day -------------------------------------------------------------------


def test_a_promise_that_breaks_is_seen_once_and_its_end_too():
    given.sits(2, CLERK)
    given.sits(3, CLERK2)
    assert hall.watch_breaks(at=AT) == 0
    by = county.actor(CLERK)
    hall.pause(given.window(2), reason=Pause.MEAL, back_at=None, by=by, at=AT)

    hall.watch_breaks(at=AT + MINUTE)
    hall.watch_breaks(at=AT + 2 * MINUTE)

    assert sorted(Break.objects.values_list("group__letter", "have", "need")) == [
        ("A", 0, 1),
        ("F", 0, 1),
    ]
    hall.unpause(given.window(2), by=county.actor(CLERK), at=AT + 3 * MINUTE)
    hall.watch_breaks(at=AT + 4 * MINUTE)
    assert set(Break.objects.values_list("ended_at", flat=True)) == {AT + 4 * MINUTE}
    events = ledger.history(f"hours:test-{FRIDAY:%Y%m%d}")
    assert [event.facts["group"] for event in events] == ["A", "F"]


def test_a_hall_that_is_closed_breaks_no_promise():
    assert hall.watch_breaks(at=at_local(SATURDAY, 3)) == 0
    assert hours.lacks_at(_hall(), at=at_local(MONDAY, 17)) == []


# --- Windows for a day like those that were -------------------------------------------------------


def test_past_days_are_played_again_and_set_beside_how_they_were():
    given.sits(1, CLERK)
    for n in range(4):
        given.ticket(at=AT + n * MINUTE)
    for n in range(4):
        begun = AT + (5 + 10 * n) * MINUTE
        called = given.called(1, CLERK, at=begun)
        hall.start(called, by=county.actor(CLERK), at=begun)
        over = begun + 10 * MINUTE
        hall.end(given.again(called), outcome=Outcome.ADVISED, by=county.actor(CLERK), at=over)

    found = planning.planned(_hall(), first=FRIDAY, last=FRIDAY, target=10)

    (told,) = found.groups
    assert (told.visits, told.p90) == (4, 32)
    ten = next(half for half in told.halves if half.arrivals)
    assert (ten.start, ten.arrivals, ten.windows) == (600, 4, 2)
    assert ten.p90 <= 10
    assert told.was[600].windows == 1
    assert found.cost.hours == sum(half.windows for half in told.halves) / 2


def test_days_without_visits_plan_nothing():
    assert planning.planned(_hall(), first=FRIDAY, last=MONDAY, target=10).groups == []
