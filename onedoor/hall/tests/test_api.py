"""The hall for programs: a kiosk, a window and a display, each with its token."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from onedoor.cases.tests import given as county
from onedoor.hall.models import Ticket
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, MINUTE
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


def _ask(method: str, path: str, body=None, *, who="clerk", key=""):
    headers = {"Authorization": f"Bearer token-{who}"}
    if key:
        headers["Idempotency-Key"] = key
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(Client(), method)(f"/api/v1/hall{path}", headers=headers, **data)
    return answer.status_code, answer.json()


def test_a_visit_from_the_kiosk_to_the_end():
    assert _ask("post", "/windows/1/open", {})[0] == 200
    wanted = {"group": "A", "channel": "kiosk", "id_number": ID}
    first = _ask("post", "/tickets", wanted, key="k1")
    assert first[0] == 201
    assert _ask("post", "/tickets", wanted, key="k1")[1]["number"] == first[1]["number"]
    assert _ask("post", "/tickets", wanted, key="k2")[1]["code"] == "hall.waits_already"
    assert ID not in json.dumps(first[1])

    _, called = _ask("post", "/windows/1/next", key="n1")
    ticket = called["ticket"]
    assert _ask("post", "/windows/1/next", key="n2")[1] == called
    _, ticket = _ask("post", f"/tickets/{ticket['number']}/start", {"seen": ticket["version"]})
    stale = _ask("post", f"/tickets/{ticket['number']}/hold", {"seen": 1})
    assert (stale[0], stale[1]["code"]) == (409, "hall.changed_meanwhile")
    Now.at = AT + MINUTE
    end = {"seen": ticket["version"], "outcome": "advised"}
    _, ticket = _ask("post", f"/tickets/{ticket['number']}/end", end)

    assert (ticket["state"], ticket["outcome"]) == ("done", "advised")
    _, report = _ask("get", "/replay?day=2026-03-06", who="duty")
    assert (report["calls"], report["faults"]) == (1, [])


def test_rows_windows_and_skills():
    _ask("post", "/windows/2/open", {})
    _ask("post", "/tickets", {"group": "F", "channel": "guide"}, who="guide", key="k")

    assert _ask("get", "/rows")[1]["rows"][1] == {
        "group": "F",
        "name": "企业",
        "zone": "one",
        "waiting": 1,
        "windows": 1,
        "longest_minutes": 0,
    }
    status, told = _ask("post", "/windows/2/skills", {"main": "S"}, who="duty")
    assert (status, told["main"], told["state"]) == (200, "S", "open")
    assert _ask("post", "/windows/2/next", key="n")[1] == {"ticket": None}
    assert _ask("post", "/windows/2/pause", {"minutes": 10})[1]["state"] == "paused"
    assert [w["state"] for w in _ask("get", "/windows")[1]["windows"]] == [
        "closed",
        "paused",
        "closed",
    ]


def test_what_is_wrong_is_refused_and_nothing_changes():
    _ask("post", "/windows/1/open", {})
    assert _ask("post", "/tickets", {"channel": "kiosk"}, key="k")[1]["code"] == "hall.what_for"
    assert _ask("post", "/tickets", {"group": "B", "channel": "kiosk"}, key="k")[0] == 404
    assert _ask("post", "/tickets", {"group": "A", "channel": "post"}, key="k")[0] == 422
    assert _ask("post", "/windows/9/open", {})[0] == 404
    assert _ask("post", "/windows/1/next", key="n", who="clerk2")[0] == 403
    assert _ask("get", "/tickets/A999")[0] == 404

    assert not Ticket.objects.exists()


def test_cases_of_a_visit_and_the_replay_are_for_the_people_of_the_hall():
    case = county.case()
    _ask("post", "/windows/1/open", {})
    _ask("post", "/tickets", {"group": "A", "channel": "kiosk"}, key="k")
    _, called = _ask("post", "/windows/1/next", key="n")
    number, version = called["ticket"]["number"], called["ticket"]["version"]
    _ask("post", f"/tickets/{number}/start", {"seen": version})
    assert _ask("post", f"/tickets/{number}/cases", {"case": case.number}, who="decider")[0] == 403
    assert _ask("post", f"/tickets/{number}/cases", {"case": case.number})[0] == 200

    assert _ask("get", f"/tickets/{number}")[1]["cases"] == [case.number]
    assert _ask("get", f"/tickets/{number}", who="archivist")[1]["cases"] == []
    assert _ask("get", "/replay?day=2026-03-06", who="archivist")[0] == 403
