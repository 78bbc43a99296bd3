"""The pages and the API of appointments, hours and the planner: one way through, one no each."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from onedoor.accounts.models import Person
from onedoor.accounts.rules import APPLICANT
from onedoor.cases.tests import given as county
from onedoor.citizens import services as citizens
from onedoor.citizens.web import KEY
from onedoor.hall import booked, queries
from onedoor.hall import services as hall
from onedoor.hall.models import (
    Booking,
    Group,
    GroupUnit,
    Hall,
    Places,
    Skill,
    SpecialOpening,
    Window,
    WindowDuty,
    Zone,
)
from onedoor.hall.rules.bookings import Standing
from onedoor.hall.services.booking import Asked, token_of
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, MINUTE
from onedoor.kernel import clock
from onedoor.kernel.clock import at_local

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)
TEN = at_local(MONDAY, 10)
PHONE = "13800000001"


@pytest.fixture(autouse=True)
def place(monkeypatch):
    cache.clear()
    given.hall_of()
    given.sits(1, CLERK)
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def citizen(client: Client):
    found = citizens.enter_by_phone(PHONE, at=AT)
    session = client.session
    session[KEY] = str(found.pk)
    session.save()
    return found


def _signed_in(username: str) -> Client:
    return county.signed_in(username)


def _group():
    return queries.group(queries.hall("test"), "A")


def _made(n: int = 1) -> Booking:
    asked = Asked(_group(), TEN, name="李样例", phone=f"138000{n:05d}")
    return hall.book(asked, by=APPLICANT, at=AT)


# --- The public -----------------------------------------------------------------------------------


def test_somebody_signed_in_books_with_one_click_on_a_time_and_types_nothing(client, citizen):
    assert "综合" in client.get("/book/").content.decode()
    page = client.get(f"/book/A/?day={MONDAY}").content.decode()
    assert f'value="{clock.local(TEN).isoformat()}"' in page

    answer = client.post("/book/A/", {"start": clock.local(TEN).isoformat()}, follow=True)

    (made,) = Booking.objects.all()
    assert answer.redirect_chain == [(f"/b/{token_of(made)}/", 302)]
    assert made.number in answer.content.decode()
    assert made.citizen == citizen


def test_a_county_without_a_hall_says_that_nothing_can_be_booked(client):
    for model in (Skill, Window, GroupUnit, Group, Zone, Hall):
        model.objects.all().delete()

    answer = client.get("/book/")

    assert answer.status_code == 200
    assert "当天可以直接来取号" in answer.content.decode()


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client):
    answer = client.post(f"/book/A/?day={MONDAY}", {"start": TEN.isoformat()})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/signin/?next=%2Fbook%2FA%2F")


def test_a_half_hour_just_taken_is_answered_with_409_and_three_others(client, citizen):
    for n in range(booked.offer_at(_group(), TEN, at=AT).left):
        _made(100 + n)

    answer = client.post("/book/A/", {"start": TEN.isoformat()})

    assert answer.status_code == 409
    assert answer.content.decode().count('name="start"') == 4  # three others, and the waiting list
    queued = client.post("/book/A/", {"start": TEN.isoformat(), "queue": "1"}, follow=True)
    assert "候补中" in queued.content.decode()


@pytest.mark.parametrize("start", ["", "x", "2026-03-09T10:00:00"])
def test_a_time_that_is_none_is_refused(client, citizen, start):
    assert client.post("/book/A/", {"start": start}).status_code == 422


def test_an_appointment_is_shown_taken_along_and_given_back_at_its_address(client):
    address = f"/b/{token_of(_made())}/"

    page = client.get(address)
    file = client.get(f"{address}booking.ics")
    after = client.post(f"{address}cancel/", follow=True).content.decode()

    assert page.headers["Cache-Control"].startswith("private") or "no-store" in str(page.headers)
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert "已取消" in after
    assert client.get("/b/" + "0" * 32 + "/").status_code == 404


def test_checking_in_on_the_telephone_gives_the_number(client, monkeypatch):
    address = f"/b/{token_of(_made())}/"
    monkeypatch.setattr(clock, "now", lambda: TEN - 10 * MINUTE)

    page = client.post(f"{address}checkin/", follow=True).content.decode()

    ticket = Booking.objects.get().ticket
    assert ticket is not None
    assert ticket.number in page


def test_somebody_finds_and_takes_out_their_own_alone(client, citizen):
    hall.book(Asked(_group(), TEN, citizen=citizen), by=APPLICANT, at=AT)
    _made(7)

    page = client.get("/me/bookings/")
    told = client.get("/me/bookings/?export=1").json()["bookings"]

    assert page.context["page"].paginator.count == 1
    assert [(each["phone"], each["state"]) for each in told] == [(PHONE, "booked")]


# --- The office -----------------------------------------------------------------------------------


def test_the_guide_books_for_somebody_who_calls_and_sees_names_masked():
    client = _signed_in("guide")
    typed = {"group": "A", "start": "2026-03-09T10:00", "name": "李样例", "phone": PHONE}

    client.post("/manage/bookings/", typed)
    page = client.get(f"/manage/bookings/?day={MONDAY}").content.decode()

    assert "李样例" not in page
    assert PHONE not in page
    assert Booking.objects.get().number in page
    assert client.post("/manage/bookings/", typed | {"phone": "1"}).status_code == 422


def test_the_guide_checks_in_and_cancels_and_unknown_steps_are_none(monkeypatch):
    made, other = _made(), _made(2)
    client = _signed_in("guide")
    monkeypatch.setattr(clock, "now", lambda: TEN)

    client.post(f"/manage/bookings/{made.number}/check_in/")
    answer = client.post(f"/manage/bookings/{other.number}/cancel/")

    assert booked.numbered(made.number).standing is Standing.CHECKED_IN
    assert answer.status_code == 409
    assert client.post(f"/manage/bookings/{other.number}/explode/").status_code == 404


@pytest.mark.parametrize("name", ["hall:bookings", "hall:hours", "hall:planner"])
def test_the_pages_of_the_hall_are_not_for_clerks(name):
    client = _signed_in(CLERK)

    assert client.get(reverse(name)).status_code == 403


def test_the_duty_manager_sets_hours_and_a_roster():
    client = _signed_in("duty")
    day = f"/manage/hours/{MONDAY}/"
    person = Person.objects.get(username=CLERK).pk

    client.post(day, {"reason": "学习", "spans": "09:00 12:00 正常\n14:00 16:00 错时"})
    client.post(f"{day}put/", {"window": 2, "person": person, "start": "09:00", "end": "12:00"})
    page = client.get(day).content.decode()

    assert [s.kind for s in SpecialOpening.objects.get().spans.all()] == ["normal", "shifted"]
    assert WindowDuty.objects.count() == 1
    assert "会断档" in page
    assert client.post(day, {"reason": "x", "spans": "9 Uhr"}).status_code == 422
    again = client.post(
        f"{day}put/", {"window": 2, "person": person, "start": "11:00", "end": "12:30"}
    )
    assert again.status_code == 422
    assert "窗口不够" in client.get("/manage/hours/").content.decode()


def test_the_planner_answers_with_a_picture_or_says_that_nothing_was():
    client = _signed_in("duty")

    assert "算不出来" in client.get("/manage/planner/").content.decode()
    wrong = client.get("/manage/planner/?first=2026-03-06&last=2026-01-01&target=0")
    assert wrong.status_code == 422


# --- Programs -------------------------------------------------------------------------------------


def _api(method: str, path: str, body: object = None, *, who: str = CLERK, key: str = ""):
    headers = {"authorization": f"Bearer token-{who}"} | ({"idempotency-key": key} if key else {})
    ask = getattr(Client(headers=headers), method)
    if method == "get":
        return ask(f"/api/v1/bookings{path}")
    return ask(f"/api/v1/bookings{path}", json.dumps(body or {}), content_type="application/json")


def test_programs_book_once_for_a_key_read_and_cancel():
    told = {"group": "A", "start": TEN.isoformat(), "name": "李样例", "phone": PHONE}

    slots = _api("get", f"/slots?group=A&first={MONDAY}&last={MONDAY}").json()["slots"]
    made = _api("post", "", told, key="k1").json()
    again = _api("post", "", told, key="k1").json()
    read = _api("get", f"/{made['token']}").json()
    gone = _api("post", f"/{made['token']}/cancel").json()

    assert [slot["left"] for slot in slots][:3] == [3, 3, 3]
    assert made == again
    assert read["state"] == "booked"
    assert gone["state"] == "cancelled"
    assert Places.objects.get().taken == 0


def test_programs_check_in_and_get_the_same_number_twice(monkeypatch):
    token = token_of(_made())
    monkeypatch.setattr(clock, "now", lambda: TEN)

    first = _api("post", f"/{token}/check_in").json()
    again = _api("post", f"/{token}/check_in").json()

    ticket = Booking.objects.get().ticket
    assert ticket is not None
    assert first["ticket"] == again["ticket"] == ticket.number
    assert first["state"] == "checked_in"


def test_the_list_of_a_day_is_for_the_hall_alone():
    made = _made()

    refused = _api("get", f"?day={MONDAY}")
    answered = _api("post", f"/numbered/{made.number}/decline", {"reason": "停电"})

    assert (refused.status_code, refused.json()["code"]) == (403, "booking.office_only")
    assert answered.status_code == 403
    assert booked.numbered(made.number).standing is Standing.BOOKED
