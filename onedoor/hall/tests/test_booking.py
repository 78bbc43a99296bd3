"""Half hours are sold as often as they have places; who keeps one, waits, comes, or does not."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from onedoor.accounts.rules import APPLICANT
from onedoor.cases.tests import given as county
from onedoor.citizens import services as citizens
from onedoor.hall import booked, calendar_files, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Booking, Places
from onedoor.hall.rules.bookings import BookingAction, Standing
from onedoor.hall.rules.opening import read_spans
from onedoor.hall.rules.words import Channel, Priority
from onedoor.hall.services.booking import KEPT, Asked, SlotTaken, token_of
from onedoor.hall.subscribers import on_account_closed
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, MINUTE
from onedoor.kernel.clock import at_local
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
MONDAY, SATURDAY = date(2026, 3, 9), date(2026, 3, 7)
TEN, HALF_PAST = at_local(MONDAY, 10), at_local(MONDAY, 10, 30)
WEEKEND = at_local(SATURDAY, 9)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def place():
    given.hall_of()
    given.sits(1, CLERK)


def _group(letter: str = "A"):
    return queries.group(queries.hall("test"), letter)


def _phone(n: int) -> str:
    return f"138000{n:05d}"


def _asked(start: datetime = TEN, n: int = 1, letter: str = "A") -> Asked:
    return Asked(_group(letter), start, name="李样例", phone=_phone(n))


def _booked(start: datetime = TEN, n: int = 1, *, at: datetime = AT) -> Booking:
    return hall.book(_asked(start, n), by=APPLICANT, at=at)


def _fill(start: datetime = TEN, *, at: datetime = AT) -> list[Booking]:
    """Sell every place of a half hour; return who has them."""
    left = booked.offer_at(_group(), start, at=at).left
    return [_booked(start, 100 + n, at=at) for n in range(left)]


def _again(booking: Booking) -> Booking:
    return booked.numbered(booking.number)


def _places(start: datetime = TEN) -> Places:
    return Places.objects.get(group=_group(), start=start)


def _weekend(at: datetime = AT) -> None:
    """Let the hall be open on the Saturday, by appointment."""
    spans = read_spans([("09:00", "11:30", "weekend")])
    hall.set_opening(
        queries.hall("test"), None, SATURDAY, spans, "周末预约", by=county.actor("duty"), at=at
    )


# --- Places ---------------------------------------------------------------------------------------


def test_a_half_hour_has_as_many_places_as_the_formula_gives_its_windows():
    offer = booked.offer_at(_group(), TEN, at=AT)

    assert (offer.capacity, offer.left) == (3, 3)  # two windows × 30 / 10 minutes × 0.6


def test_exactly_as_many_are_booked_as_there_are_places_and_the_next_hears_what_is_near():
    _fill()

    with refused("booking.taken"):
        _booked(n=1)

    assert (_places().taken, _places().capacity) == (3, 3)
    assert booked.offer_at(_group(), TEN, at=AT).left == 0
    with pytest.raises(SlotTaken) as said:
        _booked(n=1)
    offsets = [(each.start - TEN) // MINUTE for each in said.value.near]
    assert offsets == [-60, -30, 30]


def test_the_database_itself_sells_no_place_twice():
    _fill()

    with pytest.raises(IntegrityError), transaction.atomic():
        Places.objects.filter(pk=_places().pk).update(taken=4)


def test_asked_for_twice_it_is_one_appointment():
    citizen = citizens.enter_by_phone(_phone(1), at=AT)
    asked = Asked(_group(), TEN, citizen=citizen)
    first, second = (hall.book(asked, by=APPLICANT, at=AT) for _ in range(2))

    assert first == second
    assert _places().taken == Booking.objects.count() == 1


def test_nobody_books_what_is_not_offered():
    for start in (
        AT - 30 * MINUTE,
        at_local(MONDAY, 8, 30),
        at_local(MONDAY, 17),
        at_local(MONDAY, 10, 10),
        at_local(SATURDAY, 12),
        TEN + 14 * DAY,
    ):
        with refused("booking.no_slot"):
            _booked(start)

    assert not Booking.objects.exists()


# --- Persons --------------------------------------------------------------------------------------


def test_somebody_has_two_open_and_a_third_once_one_is_given_back():
    first = _booked()
    _booked(HALF_PAST)

    with refused("booking.too_many"):
        _booked(at_local(MONDAY, 11))
    hall.cancel_booking(first, by=APPLICANT, at=AT)

    assert _booked(at_local(MONDAY, 11)).standing is Standing.BOOKED


def test_who_is_signed_in_is_not_asked_who_they_are():
    citizen = citizens.enter_by_phone(_phone(1), at=AT)

    made = hall.book(Asked(_group(), TEN, citizen=citizen), by=APPLICANT, at=AT)

    assert (made.citizen, str(made.phone)) == (citizen, _phone(1))
    with refused("booking.phone_needed"):
        hall.book(Asked(_group(), HALF_PAST, name="李"), by=APPLICANT, at=AT)


def test_who_books_is_encrypted_and_not_in_the_ledger():
    made = _booked()

    assert (_again(made).name, _again(made).phone) == ("李样例", _phone(1))
    (entry,) = ledger.history(made.subject)
    told = json.dumps(entry.facts, ensure_ascii=False)
    assert "李" not in told
    assert "1380" not in told
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM hall_booking")
        assert "李".encode() not in bytes(cursor.fetchone()[0])


def test_three_times_not_come_bars_from_booking_for_thirty_days_not_from_numbers():
    for n in range(3):
        _booked(TEN + n * DAY, at=AT)
        hall.run_booking_timers(at=at_local(MONDAY + (n + 1) * DAY))
    third = at_local(MONDAY + 2 * DAY, 10)

    with refused("booking.barred"):
        _booked(third + 8 * DAY, at=third + DAY)

    assert given.ticket(phone=_phone(1), at=third + DAY).number


# --- Giving back, waiting -------------------------------------------------------------------------


def test_a_place_that_is_given_back_is_free_again():
    (first, *_) = _fill()

    hall.cancel_booking(first, by=APPLICANT, at=AT)

    assert _places().taken == 2
    with refused("booking.changed_meanwhile"):
        hall.cancel_booking(_stale(first, Standing.BOOKED), by=APPLICANT, at=AT)
    with refused("booking.wrong_state"):
        hall.cancel_booking(_again(first), by=APPLICANT, at=AT)
    assert _places().taken == 2


def _stale(booking: Booking, standing: Standing) -> Booking:
    found = _again(booking)
    found.state, found.version = standing.value, found.version - 1
    return found


def test_nothing_is_given_back_once_its_time_has_come():
    made = _booked()

    with refused("booking.need"):
        hall.cancel_booking(made, by=APPLICANT, at=TEN)


def test_who_waits_first_gets_the_place_that_comes_back():
    (kept, *_) = _fill()
    first = hall.queue(_asked(n=1), by=APPLICANT, at=AT)
    second = hall.queue(_asked(n=2), by=APPLICANT, at=AT + MINUTE)

    hall.cancel_booking(kept, by=APPLICANT, at=AT + 2 * MINUTE)

    assert _again(first).standing is Standing.BOOKED
    assert _again(second).standing is Standing.WAITING
    assert booked.waiting_before(_again(second)) == 0
    assert _places().taken == 3
    assert Message.objects.filter(about=first.subject, topic="booked").count() == 1


def test_nobody_waits_for_a_half_hour_that_has_places():
    with refused("booking.need"):
        hall.queue(_asked(), by=APPLICANT, at=AT)


def test_a_place_that_came_free_as_somebody_joined_the_list_is_theirs_by_the_timer():
    _fill()
    waiting = hall.queue(_asked(n=1), by=APPLICANT, at=AT)
    Places.objects.filter(pk=_places().pk).update(taken=2)

    hall.run_booking_timers(at=AT + MINUTE)

    assert _again(waiting).standing is Standing.BOOKED
    assert _places().taken == 3


def test_waiting_ends_two_hours_before_the_time():
    (kept, *_) = _fill()
    waiting = hall.queue(_asked(n=1), by=APPLICANT, at=AT)

    hall.cancel_booking(kept, by=APPLICANT, at=TEN - 119 * MINUTE)
    hall.run_booking_timers(at=TEN - 119 * MINUTE)

    assert _again(waiting).standing is Standing.NO_PLACE
    assert _places().taken == 2


# --- Weekends -------------------------------------------------------------------------------------


def test_a_weekend_appointment_waits_for_a_yes_and_silence_is_one():
    early = AT - DAY
    _weekend(early)
    said, silent = _booked(WEEKEND, 1, at=early), _booked(WEEKEND, 2, at=early)

    hall.confirm(said, by=county.actor("duty"), at=early)
    hall.run_booking_timers(at=at_local(date(2026, 3, 6), 12) - MINUTE)

    assert _again(said).standing is Standing.BOOKED
    assert _again(silent).standing is Standing.TO_CONFIRM
    hall.run_booking_timers(at=at_local(date(2026, 3, 6), 12))
    assert _again(silent).standing is Standing.BOOKED


def test_a_no_has_a_reason_and_comes_before_noon_and_its_place_is_not_sold_again():
    early = AT - DAY
    _weekend(early)
    made = _booked(WEEKEND, at=early)
    before = _places(WEEKEND).capacity

    with refused("booking.need"):
        hall.decline(made, " ", by=county.actor("duty"), at=early)
    with refused("booking.need"):
        hall.decline(made, "系统维护", by=county.actor("duty"), at=at_local(date(2026, 3, 6), 12))
    with refused("booking.wrong_role"):
        hall.decline(made, "系统维护", by=county.actor("clerk"), at=early)
    hall.decline(made, "系统维护", by=county.actor("duty"), at=early)

    assert (_again(made).standing, str(_again(made).reason)) == (Standing.DECLINED, "系统维护")
    assert (_places(WEEKEND).taken, _places(WEEKEND).capacity) == (0, before - 1)


def test_a_day_that_is_closed_tells_those_who_had_an_appointment():
    made, waiting = _booked(), None
    _fill(at=AT)
    waiting = hall.queue(_asked(n=2), by=APPLICANT, at=AT)
    kept = _booked(HALF_PAST + DAY, 3)

    hall.set_opening(
        queries.hall("test"), None, MONDAY, (), "停电检修", by=county.actor("duty"), at=AT
    )

    assert _again(made).standing is _again(waiting).standing is Standing.DECLINED
    assert str(_again(made).reason) == "停电检修"
    assert _again(kept).standing is Standing.BOOKED
    assert Message.objects.filter(about=made.subject, topic="booking_no").count() == 1
    with refused("booking.no_slot"):
        _booked(n=4)


# --- Coming ---------------------------------------------------------------------------------------


def test_checking_in_is_the_ticket_and_goes_by_the_class_of_appointments():
    made = _booked()

    taken = hall.arrive(made, by=APPLICANT, at=TEN - 15 * MINUTE)

    assert taken.ticket.goes_by is Priority.APPOINTED
    assert taken.ticket.taken_by is Channel.APPOINTMENT
    assert _again(made).ticket == taken.ticket
    assert hall.arrive(_again(made), by=APPLICANT, at=TEN).ticket == taken.ticket


def test_who_comes_late_goes_before_those_who_just_came():
    taken = hall.arrive(_booked(), by=APPLICANT, at=TEN + 11 * MINUTE)

    assert taken.ticket.goes_by is Priority.RETURNED


@pytest.mark.parametrize(
    ("at", "code"),
    [(TEN - 16 * MINUTE, "booking.early"), (TEN - DAY, "booking.other_day")],
)
def test_who_comes_too_early_is_told_when(at, code):
    made = _booked()

    with refused(code):
        hall.arrive(made, by=APPLICANT, at=at)

    assert _again(made).standing is Standing.BOOKED


def test_who_has_an_appointment_gets_a_number_before_a_window_is_open():
    made = hall.book(_asked(letter="F"), by=APPLICANT, at=AT)

    assert hall.arrive(made, by=APPLICANT, at=TEN).ticket.letter == "F"


def test_who_waits_already_is_not_checked_in_and_keeps_the_appointment():
    made = _booked()
    given.ticket(phone=_phone(1), at=TEN - 20 * MINUTE)

    with refused("hall.waits_already"), transaction.atomic():
        hall.arrive(made, by=APPLICANT, at=TEN)

    assert _again(made).standing is Standing.BOOKED


def test_who_did_not_come_is_known_after_midnight_only():
    made = _booked()

    hall.run_booking_timers(at=at_local(MONDAY + DAY) - MINUTE)
    assert _again(made).standing is Standing.BOOKED
    hall.run_booking_timers(at=at_local(MONDAY + DAY))

    assert _again(made).standing is Standing.MISSED
    assert hall.run_booking_timers(at=at_local(MONDAY + DAY)) == 0


# --- Afterwards -----------------------------------------------------------------------------------


def test_a_calendar_file_has_the_time_the_place_and_ends_when_it_is_cancelled():
    made = _booked()

    told = calendar_files.of_booking(made, "http://x/b/1/").decode()
    hall.cancel_booking(made, by=APPLICANT, at=AT)
    after = calendar_files.of_booking(_again(made), "http://x/b/1/").decode()

    assert "DTSTART:20260309T020000Z" in told
    assert "STATUS:CONFIRMED" in told
    assert "BEGIN:VALARM" in told
    assert "STATUS:CANCELLED" in after
    assert "SEQUENCE:2" in after


def test_who_closes_their_account_gives_back_and_is_forgotten():
    citizen = citizens.enter_by_phone(_phone(1), at=AT)
    made = hall.book(Asked(_group(), TEN, citizen=citizen), by=APPLICANT, at=AT)
    citizens.close(citizen, at=AT)

    (entry,) = [e for e in ledger.history(citizen.subject) if e.kind == "citizens.closed"]
    on_account_closed(entry, AT)

    found = _again(made)
    assert (found.standing, str(found.phone), str(found.name)) == (Standing.CANCELLED, "", "")


def test_names_are_forgotten_ninety_days_after():
    made = _booked()
    hall.run_booking_timers(at=at_local(MONDAY + DAY))

    assert hall.forget_bookings(at=TEN + KEPT) == 0
    assert hall.forget_bookings(at=TEN + KEPT + MINUTE) == 1
    assert str(_again(made).phone) == ""


def test_an_address_opens_one_appointment_and_a_wrong_one_none():
    made = _booked()

    assert booked.followed(token_of(made)) == made
    assert booked.open_actions(made, APPLICANT) == [BookingAction.CHECK_IN, BookingAction.CANCEL]
    for wrong in ("", "0" * 32, made.number):
        with refused("booking.none"):
            booked.followed(wrong)


# --- Other people's -------------------------------------------------------------------------------


def test_who_only_knows_a_telephone_does_not_get_what_was_booked_with_it():
    mother = citizens.enter_by_phone(_phone(1), at=AT)
    made = hall.book(Asked(_group(), TEN, citizen=mother), by=APPLICANT, at=AT)

    for take in (hall.book, hall.queue):
        with refused("booking.held_already"):
            take(_asked(n=1), by=APPLICANT, at=AT)
    assert hall.book(Asked(_group(), TEN, citizen=mother), by=APPLICANT, at=AT) == made
    assert hall.book(_asked(n=1), by=county.actor("guide"), at=AT) == made
    assert _places().taken == 1
