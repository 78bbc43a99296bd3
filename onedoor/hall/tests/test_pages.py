"""The pages of the hall: the window by keys, the guide's tablet, the phone, the board."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from onedoor.cases.handover import handed_over
from onedoor.cases.tests import given as county
from onedoor.cases.tests.given import signed_in
from onedoor.catalogue.models import Item
from onedoor.hall import boards, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Ticket, TicketCase
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.voice import said
from onedoor.hall.rules.words import Channel, Outcome, WindowState
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, CLERK2, DUTY, GUIDE, MINUTE, SECOND
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db
ID = "532502199203080001"


class Now:
    """The hall's clock, as the tests set it."""

    at = AT


@pytest.fixture(autouse=True)
def open_hall(monkeypatch):
    Now.at = AT
    monkeypatch.setattr(clock, "now", lambda: Now.at)
    given.hall_of()
    given.sits(1, CLERK)
    given.sits(2, CLERK2)


def _press(client: Client, act: str, **more):
    ticket = queries.at_window(given.window(1))
    shown = {"ticket": ticket.number, "seen": ticket.version} if ticket else {}
    return client.post(f"/window/do/{act}/", {"key": act, **shown, **more}, follow=True)


def _text(answer):
    return answer.content.decode()


def test_a_shift_at_the_window_from_the_first_call_to_the_last():
    item = Item.objects.get(code=county.LICENCE)
    given.ticket("F", item=item, id_number=ID, name="李样例", phone="13800000009")
    client = signed_in(CLERK)

    called = _press(client, "next", key="a")
    assert "李*" in _text(called)
    assert ID not in _text(called)
    Now.at = AT + MINUTE
    intake = _press(client, "start")
    assert intake.redirect_chain[-1][0] == f"/desk/receive/{county.LICENCE}/"
    page = _text(intake)
    assert all(f'value="{value}"' in page for value in ("李样例", ID, "13800000009"))
    assert ID not in json.dumps(dict(client.session))

    case = county.case(at=Now.at + SECOND)
    Now.at = AT + 5 * MINUTE
    _press(client, "end", outcome="accepted")

    assert Ticket.objects.get().standing is State.DONE
    assert [row.case_number for row in TicketCase.objects.all()] == [case.number]
    assert handed_over(client.session) == {}


def test_a_stale_page_is_told_so_and_nothing_is_done():
    given.ticket()
    client = signed_in(CLERK)
    _press(client, "next", key="a")

    answer = client.post(
        "/window/do/end/", {"ticket": Ticket.objects.get().number, "seen": "1", "outcome": "other"}
    )

    assert answer.status_code == 409
    assert Ticket.objects.get().standing is State.CALLED


def test_passing_over_too_early_says_how_many_seconds_are_left():
    given.ticket()
    client = signed_in(CLERK)
    _press(client, "next", key="a")
    Now.at = AT + 8 * SECOND

    assert "还要等 12 秒" in _text(_press(client, "skip"))
    for n in (1, 2):
        Now.at = AT + n * 20 * SECOND
        _press(client, "recall")
    Now.at = AT + 60 * SECOND
    assert "过号了" in _text(_press(client, "skip"))


def test_hold_resume_pass_pick_pause_and_leave_are_all_on_the_page():
    first, second = given.ticket(), given.ticket(at=AT + SECOND)
    client = signed_in(CLERK)
    Now.at = AT + MINUTE
    page = _text(_press(client, "pick", number=second.number, reason="urgent", key="p"))
    assert second.number in page
    _press(client, "start")
    _press(client, "hold")
    held = given.again(second)
    shown = {"ticket": held.number, "seen": held.version}
    _press(client, "resume", **shown)
    assert given.again(second).standing is State.SERVING

    assert client.post("/window/do/pass/", {"ticket": "x"}).status_code == 422
    _press(client, "pass", place="F", reason="other_unit", note="看过了")
    assert given.again(second).letter == "F"
    _press(client, "pause", reason="meal", minutes="30")
    assert given.window(1).back_at == Now.at + timedelta(minutes=30)
    _press(client, "go-on")
    _press(client, "next", key="n")
    _press(client, "back", reason="mistake")
    assert given.again(first).standing is State.WAITING
    _press(client, "leave")
    assert given.window(1).standing is WindowState.CLOSED
    assert "坐到哪个窗口" in _text(client.get("/window/"))
    assert client.post("/window/do/next/", {"key": "x"}).status_code == 409
    assert client.post("/window/do/dance/", {"key": "x"}).status_code == 404


def test_the_row_of_a_window_is_a_part_of_its_page():
    ticket = given.ticket()

    part = _text(signed_in(CLERK).get("/window/rows/"))

    assert ticket.number in part
    assert "<html" not in part


def test_the_guide_gives_a_number_once_and_sees_who_waits_longest():
    client = signed_in(GUIDE)
    Now.at = AT + 7 * MINUTE
    old = given.ticket()
    form = {"key": "k", "group": "A", "special": "elder", "id_number": ID, "name": "李样例"}

    for _ in range(2):
        page = _text(client.post("/guide/issue/", form, follow=True))

    made = Ticket.objects.get(channel=Channel.GUIDE.value)
    assert f"{made.number} 号，前面 0 人" in page
    assert re.search(rf"{old.number}</b> 7 分钟", page)
    again = client.post("/guide/issue/", form | {"key": "other"})
    assert (again.status_code, Ticket.objects.count()) == (422, 2)
    assert "不用再取号" in _text(again)


def test_the_guide_finds_an_item_and_its_row():
    page = _text(signed_in(GUIDE).get("/guide/", {"item": county.LICENCE, "q": "食品"}))

    assert "F 企业" in page
    assert f"/items/{county.LICENCE}/" in page


def _missed() -> Ticket:
    ticket = given.called()
    for n in (1, 2):
        ticket = hall.recall(ticket, by=county.actor(CLERK), at=AT + n * 20 * SECOND)
    return hall.skip(ticket, by=county.actor(CLERK), at=AT + 60 * SECOND)


def test_who_missed_the_call_comes_back_by_phone_or_by_the_guide():
    first, second = given.taken(), given.taken(at=AT + SECOND)
    _missed()
    Now.at = AT + 2 * MINUTE

    phone = Client()
    assert "我回来了" in _text(phone.get(f"/hall/t/{first.token}/"))
    phone.post(f"/hall/t/{first.token}/", {"act": "back"})
    assert given.again(first.ticket).standing is State.WAITING

    Ticket.objects.filter(pk=second.ticket.pk).update(state=State.SKIPPED.value)
    signed_in(GUIDE).post(f"/guide/back/{second.ticket.number}/")
    assert given.again(second.ticket).returns == 1


def test_a_number_is_taken_on_the_phone_once_and_followed_there():
    client = Client()
    page = _text(client.get("/hall/take/"))
    assert "前面 0 人" in page
    assert 'value="S"' not in page  # no window serves it

    there = client.post("/hall/take/", {"group": "A", "key": "k"}, follow=True)
    client.post("/hall/take/", {"group": "A", "key": "other"}, follow=True)

    ticket = Ticket.objects.get()
    assert ticket.taken_by is Channel.PHONE
    assert all(word in _text(there) for word in (ticket.number, "前面还有 0 人", "大约还要等"))
    assert there.headers["Cache-Control"] == "no-store"
    part = _text(client.get(there.redirect_chain[-1][0], {"part": "1"}))
    assert "<html" not in part
    assert client.get("/hall/t/" + "0" * 32 + "/").status_code == 404


def test_one_address_takes_a_few_numbers_an_hour():
    answers = [
        Client().post("/hall/take/", {"group": "A", "key": f"k{n}"}).status_code for n in range(7)
    ]

    assert answers == [302] * 6 + [429]


def test_a_ticket_is_given_up():
    taken = given.taken()

    Client().post(f"/hall/t/{taken.token}/", {"act": "cancel"})

    assert given.again(taken.ticket).standing is State.VOID


def _board(**headers):
    cache.clear()
    return Client().get("/screen/hall/one/state.json", headers=headers)


def test_the_board_shows_numbers_and_no_names_and_its_sequence_grows():
    given.ticket(id_number=ID, name="李样例", phone="13800000009")
    before = json.loads(_text(_board()))
    called = given.called()

    answer = _board()
    told = json.loads(_text(answer))

    assert told["sequence"] > before["sequence"]
    assert [(c["number"], c["window"]) for c in told["called"]] == [(called.number, 1)]
    assert not any(word in _text(answer) for word in ("李", ID, "1380"))
    assert _board(if_none_match=answer["ETag"]).status_code == 304
    page = _text(Client().get("/screen/hall/one/"))
    assert called.number in page
    assert "李" not in page
    assert Client().get("/screen/hall/none/").status_code == 404


def test_the_board_says_why_a_window_pauses_and_when_it_is_back():
    client = signed_in(CLERK)
    _press(client, "pause", reason="meal", minutes="30")

    assert json.loads(_text(_board()))["paused"] == ["1 号窗口暂停（用餐），10:30 回来"]
    assert "10:30 回来" in _text(Client().get("/screen/hall/one/"))


def test_a_call_stays_on_the_board_for_a_minute_however_many_follow():
    for n in range(12):
        given.ticket(at=AT + n * SECOND)
    for _ in range(12):
        served = hall.start(given.called(at=AT + 15 * SECOND), by=county.actor(CLERK), at=AT)
        hall.end(served, outcome=Outcome.OTHER, by=county.actor(CLERK), at=AT + 16 * SECOND)
    zone = boards.zone(queries.hall(), "one")

    assert len(boards.state(zone, at=AT + 74 * SECOND).called) == 12
    assert len(boards.state(zone, at=AT + 76 * SECOND).called) == 0


def test_a_window_of_two_sits_where_it_is_free():
    client = signed_in(DUTY)
    assert "3 号窗口" in _text(client.get("/window/"))

    client.post("/window/sit/3/")

    assert "服务中" in _text(client.get("/window/"))


def test_the_hall_page_leads_to_a_number():
    assert "/hall/take/" in _text(Client().get("/hall/"))


# --- What pages ask for by themselves -------------------------------------------------------------


def _expires(client: Client):
    return Session.objects.get(session_key=client.session.session_key).expire_date


def test_a_row_asked_for_again_and_again_keeps_nobody_signed_in():
    client = signed_in(CLERK)
    client.get("/window/")
    before = _expires(client)

    answer = client.get("/window/rows/")

    assert answer.status_code == 200
    assert _expires(client) == before
    assert "sessionid" not in answer.cookies
    client.get("/window/")
    assert _expires(client) > before


@pytest.mark.parametrize("waiting", [1, 6])
def test_a_row_is_asked_in_as_many_statements_however_many_wait(
    waiting, django_assert_max_num_queries
):
    for n in range(waiting):
        given.ticket(at=AT + n * SECOND)
    client = signed_in(CLERK)

    with django_assert_max_num_queries(9):
        client.get("/window/rows/")


def test_a_telephone_follows_its_number_without_a_session(django_assert_num_queries):
    client = Client()
    page = client.post("/hall/take/", {"group": "A", "key": "a" * 32})
    where = page["Location"]

    assert "sessionid" not in client.cookies
    with django_assert_num_queries(3):
        assert client.get(f"{where}?part=1").status_code == 200
    again = client.post("/hall/take/", {"group": "A", "key": "b" * 32})
    assert again["Location"] == where
    assert Ticket.objects.count() == 1


def test_a_form_without_its_key_is_nobody_elses():
    first, second = Client(), Client()

    for client in (first, second):
        assert client.post("/hall/take/", {"group": "A"}).status_code == 422

    assert not Ticket.objects.exists()


def test_a_board_speaks_the_language_it_was_asked_in(client):
    given.ticket()
    english = client.get("/screen/hall/one/state.json", headers={"accept-language": "en"})

    chinese = client.get("/screen/hall/one/state.json", headers={"accept-language": "zh-hans"})

    assert english.json()["rows"] != chinese.json()["rows"]
    assert chinese.json()["rows"][0]["name"] == "综合"


def test_a_board_is_told_what_to_say_and_to_be_silent_when_the_duty_officer_says_so():
    given.ticket()
    called = given.called()
    before = json.loads(_text(_board()))

    signed_in(DUTY).post("/manage/sound/one/", {"act": "mute"})
    after = json.loads(_text(_board()))

    assert before["called"][0]["long"] == said(called.number, 1).long
    assert (before["muted"], after["muted"]) == (False, True)
    assert after["sequence"] > before["sequence"]
    assert signed_in(CLERK).post("/manage/sound/one/", {"act": "speak"}).status_code == 403


def test_how_long_every_row_is_takes_as_many_statements_as_how_long_one_is(
    django_assert_num_queries,
):
    client = Client()
    client.get("/hall/take/")

    with django_assert_num_queries(4):
        page = client.get("/hall/take/")

    assert _text(page).count("前面 0 人") == 2
