"""A served visit of the hall is rated by whoever holds its number; silence is not praise."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onedoor.cases.tests import given
from onedoor.feedback import queries as feedback
from onedoor.feedback import services as ratings
from onedoor.feedback.models import Order, Rating
from onedoor.feedback.rules.lifecycle import Action, State
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.feedback.services import Said, Told
from onedoor.hall import services as hall
from onedoor.hall.models import Ticket
from onedoor.hall.rules.words import Outcome
from onedoor.hall.tests import given as halls
from onedoor.hall.tests.given import AT, MINUTE
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.portal import visits

pytestmark = pytest.mark.django_db
ENDED = AT + 12 * MINUTE
RATED = ENDED + 5 * MINUTE
DAY = timedelta(days=1)
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: RATED)
    halls.hall_of()
    halls.sits(1, "clerk")


def _came(**more) -> tuple[Ticket, str]:
    """Return the ticket of somebody whom a window has just called, and its address."""
    taken = halls.taken(**more)
    return halls.called(), taken.token


def _served(**more) -> tuple[Ticket, str]:
    """Return the ticket of somebody who was served, and its address."""
    ticket, token = _came(**more)
    by = given.actor("clerk")
    ticket = hall.start(ticket, by=by, at=AT + MINUTE)
    return hall.end(ticket, outcome=Outcome.ADVISED, by=by, at=ENDED), token


def _rated(level: Level = Level.BAD, *, at=RATED, **more) -> tuple[Rating, str]:
    ticket, token = _served(**more)
    told = Told(level, Channel.QR, text="等了很久")
    return ratings.rate_served(visits.served(ticket), told, at=at), token


def _order(rating: Rating) -> Order:
    return Order.objects.select_related("rating__case", "rating__unit").get(rating=rating)


# --- service-centre.md §12, 13 --------------------------------------------------------------------


def test_invariant_13_no_visit_is_rated_before_it_was_served():
    waiting = halls.taken()
    with refused("feedback.visit_not_served"):
        ratings.rate_served(visits.served(waiting.ticket), Told(Level.GOOD, Channel.QR), at=RATED)
    called = halls.called()
    serving = hall.start(called, by=given.actor("clerk"), at=AT)
    for ticket in (called, serving):
        with refused("feedback.visit_not_served"):
            ratings.rate_served(visits.served(ticket), Told(Level.GOOD, Channel.QR), at=RATED)

    assert not Rating.objects.exists()


def test_invariant_13_who_was_never_served_rates_nothing():
    given_up = halls.taken()
    hall.cancel(given_up.ticket, by=given.actor("guide"), at=AT)

    page = Client().post(f"/hall/t/{given_up.token}/rate/", {"level": "excellent"})

    assert page.status_code == 409
    assert not Rating.objects.exists()


def test_invariant_13_nobody_says_how_it_was_earlier_than_it_was():
    ticket, _ = _served()
    served = visits.served(ticket)

    with refused("feedback.visit_not_served"):
        ratings.rate_served(served, Told(Level.GOOD, Channel.QR), at=ENDED - MINUTE)
    rating = ratings.rate_served(served, Told(Level.GOOD, Channel.QR), at=RATED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(rated_at=ENDED - MINUTE)


def test_invariant_13_a_silent_visit_is_no_praise():
    _rated(Level.FAIR)
    _served()

    (row,) = visits.figures(**MARCH)

    assert (row.unit.name, row.finished, row.rated, row.unrated) == ("市监局", 2, 1, 1)
    assert row.levels[Level.EXCELLENT] == row.levels[Level.GOOD] == 0


def test_a_visit_that_nobody_ended_is_no_visit_before_the_night():
    ticket, _ = _came()
    hall.start(ticket, by=given.actor("clerk"), at=AT)

    assert visits.figures(**MARCH) == []


# --- One visit, one rating ------------------------------------------------------------------------


def test_a_visit_is_rated_once_and_changed_once_within_a_day():
    ticket, _ = _served()
    served = visits.served(ticket)
    first = ratings.rate_served(served, Told(Level.GOOD, Channel.QR), at=RATED)

    changed = ratings.rate_served(served, Told(Level.POOR, Channel.QR), at=RATED + DAY)

    assert (changed.pk, changed.level_before) == (first.pk, "good")
    assert Order.objects.get().standing is State.TO_VERIFY
    with refused("feedback.rated"):
        ratings.rate_served(served, Told(Level.GOOD, Channel.QR), at=RATED + DAY)


def test_two_visits_of_one_day_are_two_ratings():
    one, _ = _rated(Level.GOOD)
    other, _ = _rated(Level.FAIR)

    assert one.number != other.number
    assert one.number.startswith("test-20260306-A")


# --- §12, 14 --------------------------------------------------------------------------------------


def test_invariant_14_a_bad_rating_of_a_visit_is_filed_away_only_with_a_record_of_contact():
    order = _order(_rated(phone="13800000007")[0])
    assert order.call_by == date(2026, 3, 9)
    steps: list[tuple[Action, str, dict[str, Any]]] = [
        (Action.CALL, "head", {"way": Way.PHONE}),
        (Action.MEND, "head", {}),
        (Action.FINISH, "head", {}),
        (Action.ANSWER, "head", {"way": Way.PHONE, "level": Level.GOOD}),
        (Action.ARCHIVE, "supervisor", {}),
    ]
    for action, who, said in steps:
        ratings.follow(
            order,
            action,
            Said("情况属实", **said),
            seen=order.version,
            by=given.actor(who),
            at=RATED + DAY,
        )
        order = _order(order.rating)

    assert order.standing is State.ARCHIVED
    assert [n.action for n in order.notes.all() if n.way] == ["call", "answer"]
    (row,) = visits.figures(**MARCH)
    assert (row.orders, row.called_in_time, row.archived) == (1, 1, 1)


def test_whoever_served_the_visit_handles_nothing_of_its_rating():
    order = _order(_rated()[0])

    assert feedback.had_a_hand(given.actor("clerk"), order.rating)
    assert not feedback.had_a_hand(given.actor("clerk2"), order.rating)
    with refused("feedback.rater_hidden"):
        ratings.show_rater(order, by=given.actor("clerk"), at=RATED)


def test_the_number_left_with_the_ticket_is_called_where_no_other_is_given():
    order = _order(_rated(phone="13800000007")[0])

    assert ratings.show_rater(order, by=given.actor("supervisor"), at=RATED) == ("", "13800000007")
    assert _rated(Level.GOOD, phone="13800000008")[0].phone == ""


def test_what_was_said_of_a_visit_is_on_record_without_its_words():
    rating, _ = _rated()

    (entry,) = ledger.history(f"rating:{rating.number}")
    assert entry.facts["level"] == "bad"
    assert "等了很久" not in str(entry.facts)


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_of_a_number_leads_to_the_rating_once_it_was_served():
    _, token = _came()
    client = Client()
    assert f"/hall/t/{token}/rate/" not in client.get(f"/hall/t/{token}/").text

    _, token = _served_now()

    assert f"/hall/t/{token}/rate/" in client.get(f"/hall/t/{token}/?part=1").text


def _served_now() -> tuple[Ticket, str]:
    ticket = Ticket.objects.select_related("window", "hall", "group").get(state="called")
    by = given.actor("clerk")
    ticket = hall.start(halls.again(ticket), by=by, at=AT + MINUTE)
    hall.end(ticket, outcome=Outcome.ADVISED, by=by, at=ENDED)
    return _served()


def test_a_visit_is_rated_with_two_touches_and_without_an_account():
    _, token = _served()
    client = Client()
    page = client.get(f"/hall/t/{token}/rate/")
    assert page["Cache-Control"] == "no-store"
    assert " checked" not in page.text

    sent = client.post(f"/hall/t/{token}/rate/?from=qr", {"level": "excellent"}, follow=True)

    assert "谢谢您的评价" in sent.text
    assert "改一次评价" in sent.text
    rating = Rating.objects.get()
    assert (rating.grade, rating.through, rating.case) == (Level.EXCELLENT, Channel.QR, None)


def test_nobody_is_promised_a_call_who_left_no_number():
    _, token = _served()
    page = Client().post(f"/hall/t/{token}/rate/", {"level": "bad"}, follow=True).text
    assert "您没有留号码" in page
    assert "给您回电话" not in page

    _, token = _served(phone="13800000007")
    page = Client().post(f"/hall/t/{token}/rate/", {"level": "bad"}, follow=True).text
    assert "给您回电话" in page


def test_nothing_chosen_is_told_and_a_stranger_finds_nothing():
    _, token = _served()

    assert Client().post(f"/hall/t/{token}/rate/", {}).status_code == 422
    assert Client().get("/hall/t/0123456789abcdef/rate/").status_code == 404


def test_nobody_rates_on_a_device_on_which_staff_are_signed_in():
    _, token = _served()

    sent = given.signed_in("clerk").post(f"/hall/t/{token}/rate/", {"level": "excellent"})

    assert sent.status_code == 403
    assert not Rating.objects.exists()


def test_a_bad_rating_of_a_visit_is_followed_on_its_pages():
    rating, _ = _rated(phone="13800000007")
    client = given.signed_in("supervisor")
    address = f"/ratings/{rating.number}/"

    assert address in client.get("/ratings/").text
    page = client.get(address).text
    assert "等了很久" in page
    assert "138****0007" in page
    assert "13800000007" in client.post(f"{address}rater/").text
    done = client.post(f"{address}call/", {"seen": 1, "way": "phone", "text": "属实"}, follow=True)
    assert "已回访" in done.text


def test_a_pad_sends_a_rating_with_the_token_of_the_number():
    _, token = _served()
    body = {"token": token, "level": "good", "channel": "pad", "indicators": ["411"]}

    def send(told: dict[str, Any]) -> Any:
        headers = {"authorization": "Bearer token-clerk"}
        address, kind = "/api/v1/visit-ratings", "application/json"
        return Client().post(address, json.dumps(told), content_type=kind, headers=headers)

    sent, again = send(body), send(body)

    assert (sent.status_code, again.status_code) == (201, 201), sent.text
    assert sent.json()["national_channel"] == 4
    assert Rating.objects.count() == 1
    assert send(body | {"token": "0" * 32}).status_code == 404


def test_the_figures_of_visits_are_public_and_name_nobody():
    rating, _ = _rated()

    page = Client().get("/open/ratings/visits/?month=2026-03").text
    lines = Client().get("/open/ratings/visits/?month=2026-03&form=csv").text.splitlines()

    assert "市监局" in page
    assert rating.number not in page
    assert lines[1].startswith("市监局,1,0,0,0,0,1,0")


def test_the_figures_take_as_many_statements_however_many(django_assert_num_queries):
    _rated()
    _served()
    with django_assert_num_queries(4):
        visits.figures(**MARCH)
