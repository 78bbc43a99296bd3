"""The duty officer sees the jam and acts on it; figures open the tickets they count."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from onedoor.cases.tests import given as county
from onedoor.cases.tests.given import signed_in
from onedoor.hall import figures, queries
from onedoor.hall import services as hall
from onedoor.hall.rules.figures import Visit, figures_of
from onedoor.hall.rules.words import Outcome
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, DAY, DUTY, MINUTE
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db


class Now:
    """The hall's clock, as the tests set it."""

    at = AT + 30 * MINUTE


@pytest.fixture(autouse=True)
def open_hall(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: Now.at)
    given.hall_of()
    given.sits(1, CLERK)


def _text(answer):
    return answer.content.decode()


def _served(minutes: int, *, at=AT):
    by = county.actor(CLERK)
    ticket = hall.start(given.called(at=at), by=by, at=at)
    return hall.end(ticket, outcome=Outcome.OTHER, by=by, at=at + minutes * MINUTE)


def test_figures_are_counted_from_visits_and_nobody_is_no_figure():
    def visit(wait, handled, state="done"):
        called = AT + wait * MINUTE
        return Visit(state, AT, called, called, called + handled * MINUTE)

    told = figures_of([visit(n, 10) for n in range(1, 11)] + [visit(0, 0, "skipped")])

    assert (told.tickets, told.served, told.missed, told.missed_share) == (11, 10, 1, 9)
    assert (told.wait_median, told.wait_p90, told.handling_median) == (5, 9, 10)
    nobody = figures_of([])
    assert (nobody.wait_median, nobody.wait_p90, nobody.missed_share) == (None, None, 0)
    assert figures_of([visit(-5, 1)]).wait_median == 0


def test_the_worst_row_comes_first_and_a_row_without_a_window_is_marked():
    given.ticket(at=AT + 20 * MINUTE)
    given.ticket("S", by=county.actor("guide"), at=AT)

    page = _text(signed_in(DUTY).get("/manage/"))

    assert page.index("S 出件") < page.index("A 综合")
    assert "等久了" in page
    assert signed_in(CLERK).get("/manage/").status_code == 403
    assert "改窗口办什么" not in _text(signed_in("supervisor").get("/manage/"))


def test_the_duty_officer_changes_what_a_window_does():
    client = signed_in(DUTY)

    client.post("/manage/skills/", {"window": "1", "main": ["S"], "helping": ["A"]})

    assert queries.skills_of(given.window(1)).main == {"S"}
    assert client.post("/manage/skills/", {"window": "1"}).status_code == 422
    assert signed_in("supervisor").post("/manage/skills/", {}).status_code == 403


def test_a_sentence_stands_on_the_boards_until_it_is_taken_down():
    client = signed_in(DUTY)

    client.post("/manage/message/", {"zone": "", "text": "11 点停电，请见谅"})
    assert "11 点停电" in _text(Client().get("/screen/hall/one/"))
    (entry,) = ledger.history("zone:test-one")
    assert entry.facts["text"] == "11 点停电，请见谅"

    client.post("/manage/message/", {"zone": "one", "text": ""})
    state = json.loads(_text(Client().get("/screen/hall/one/state.json")))
    assert state["message"] == ""
    assert client.post("/manage/message/", {"text": "长" * 41}).status_code == 422
    zone = queries.hall().zones.select_related("hall").get()
    with refused("hall.duty_words"):
        hall.say(zone, "我来写", by=county.actor(CLERK), at=AT)


def test_every_figure_opens_the_tickets_it_counts():
    first, second = given.ticket(name="李样例"), given.ticket(at=AT + MINUTE)
    _served(4, at=AT + 2 * MINUTE)
    client = signed_in("supervisor")
    page = _text(client.get("/manage/figures/"))
    assert "A 综合" in page
    assert "10:00" in page

    done = _text(client.get("/manage/tickets/?day=2026-03-06&letter=A&box=done"))
    assert first.number in done
    assert second.number not in done
    assert "李样例" not in done
    assert second.number in _text(client.get("/manage/tickets/?hour=10"))
    assert second.number not in _text(client.get("/manage/tickets/?hour=11"))
    kept = client.get("/manage/figures.csv?day=2026-03-06")
    assert kept.headers["Content-Disposition"].endswith('"hall-20260306.csv"')
    assert kept.content.decode().count("综合") == 2
    assert "李" not in kept.content.decode()
    whole = figures.whole(queries.hall(), DAY)
    assert (whole.tickets, whole.served, whole.wait_median) == (2, 1, 2)
    assert figures.whole(queries.hall(), DAY + timedelta(days=1)).tickets == 0
