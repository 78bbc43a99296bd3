"""Whoever acts for another sees and hands in what was agreed to; the pages say for whom."""

from __future__ import annotations

import pytest
from django.test import Client

from onedoor.cases import codes, telling
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Draft, Sender
from onedoor.cases.queries import mine
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.cases.tests.test_mine import APPLICANT, APPLY, SOMEBODY, _account, _client, _photo
from onedoor.citizens import mandates
from onedoor.citizens import services as citizens
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Mandate
from onedoor.citizens.rules.mandates import Ended, Kind, Scope, Used
from onedoor.kernel import clock
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
PARTY = Identity(APPLICANT.name, "111", APPLICANT.id_number, APPLICANT.phone)
FIRM = Identity("演示餐饮公司", "001", "91532502DEM0000141")
KEY = {"HTTP_AUTHORIZATION": "Bearer token-clerk"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def _given(
    party: Identity = PARTY, kind: Kind = Kind.FAMILY, scope: Scope = Scope.APPLY
) -> Mandate:
    return citizens.give_at_window(
        SOMEBODY, party, kind=kind, scope=scope, months=12, by=given.actor("clerk"), at=FRIDAY
    )


def _acting(mandate: Mandate) -> Client:
    client = _client(_account(SOMEBODY))
    assert client.post("/me/acting/turn/", {"for": mandate.code}).status_code == 302
    return client


def _apply(client: Client) -> Case:
    client.post(APPLY, {"address": "开远市演示路1号", "phone": "13800000002"})
    sent = {"files_1": [_photo("1.png")], "files_2": [_photo("2.png")], "go": "1"}
    client.post(APPLY + "materials/", sent)
    client.post(APPLY + "check/", {"is_true": "on"})
    return Case.objects.exclude(submitted_at=None).latest("submitted_at")


def test_pages_say_for_whom_one_acts_and_show_theirs():
    case = given.case(Status.IN_REVIEW)
    mandate = _given()
    client = _client(_account(SOMEBODY))
    assert case.alias not in client.get("/me/").content.decode()

    client.post("/me/acting/turn/", {"for": mandate.code})

    for page in ("/me/", "/me/cases/", APPLY):
        text = client.get(page).content.decode()
        assert "正在为" in text
        assert APPLICANT.name in text
    assert case.alias in client.get("/me/cases/").content.decode()
    client.post("/me/acting/turn/", {"for": ""})
    assert case.alias not in client.get("/me/cases/").content.decode()


def test_what_is_handed_in_for_another_carries_who_did_and_is_told_them():
    mandate = _given()
    client = _acting(mandate)
    page = client.get(APPLY).content.decode()
    for field in ("name", "id_number", "agent"):
        assert f'name="{field}"' not in page

    case = _apply(client)

    assert (case.applicant.name, case.applicant.agent) == (APPLICANT.name, SOMEBODY.name)
    assert Sender.objects.get().mandate == mandate
    assert mandates.doings(mandate)[0].what is Used.APPLIED
    assert Message.objects.get(topic="acted", channel="sms").to == APPLICANT.phone
    own = _client(_account())
    text = own.get("/me/acting/").content.decode()
    assert SOMEBODY.name in text
    assert case.number in text
    assert "有人替您申请" in own.get("/me/messages/").content.decode()
    token = codes.track_token(case.pk, case.code_key)
    assert "由 李*** 代办" in client.get(f"/c/{token}/").content.decode()


def test_what_is_taken_back_before_it_is_sent_is_not_sent():
    mandate = _given()
    client = _acting(mandate)
    client.post(APPLY, {"phone": "13800000002"})
    assert Draft.objects.get().mandate == mandate

    citizens.end(mandate, Ended.TAKEN_BACK, by="applicant", at=FRIDAY)

    assert "正在为 <b" not in client.get("/me/").content.decode()
    client.post(APPLY + "check/", {"is_true": "on"})
    assert not Case.objects.exists()


def test_one_draft_for_oneself_and_one_for_another_do_not_mix():
    client = _acting(_given())
    client.post(APPLY, {"phone": "13800000002", "address": "对方的地址"})
    client.post("/me/acting/turn/", {"for": ""})

    assert "对方的地址" not in client.get(APPLY).content.decode()
    assert Draft.objects.count() == 1


def test_who_may_only_follow_reads_no_papers_and_does_not_apply():
    given.case(Status.IN_REVIEW)
    client = _acting(_given(scope=Scope.FOLLOW))

    assert client.get("/me/cases/").status_code == 200
    for page in ("/me/licences/", "/me/files/", APPLY):
        assert client.get(page).status_code == 403


def test_who_may_only_follow_gets_no_address_that_answers_for_the_applicant():
    case = given.case()
    case = given.step(
        cases.ask_correction, case, "acceptor", at=FRIDAY, demands=[given.demand(2)], reason=""
    )
    token = codes.track_token(case.pk, case.code_key)
    for entry in ledger.history(case.subject):
        telling.tell_of(entry, at=FRIDAY)
    client = _acting(_given(scope=Scope.FOLLOW))

    for page in ("/me/", "/me/cases/", "/me/acting/cases/", "/me/messages/"):
        text = client.get(page).content.decode()
        assert token not in text, page
        assert f"/me/cases/{case.number}/" in text, page
    shown = client.get(f"/me/cases/{case.number}/")
    assert "补材料" in shown.content.decode()
    assert token not in shown.content.decode()
    assert _client(_account()).get(f"/me/cases/{case.number}/").status_code == 404


def test_nobody_turns_to_whom_they_may_not_act_for():
    mandate = _given()
    stranger = _client(_account())

    for code in (mandate.code, "x' OR 1=1"):
        assert stranger.post("/me/acting/turn/", {"for": code}).status_code == 422


def test_an_organisation_is_applied_for_by_its_agent():
    client = _acting(_given(FIRM, Kind.AGENT))

    case = _apply(client)

    assert (case.applicant.kind, case.applicant.id_number) == ("organisation", FIRM.id_number)
    assert case.applicant.agent == SOMEBODY.name
    client.post("/me/acting/turn/", {"for": ""})
    text = client.get("/me/acting/cases/").content.decode()
    assert case.alias in text
    assert FIRM.name in text


def test_only_a_number_shown_at_a_window_or_of_an_own_account_is_asked():
    assert mine.known_person(APPLICANT.id_number) is None
    given.case()
    assert mine.known_person(APPLICANT.id_number) == PARTY


def test_one_asks_a_relative_on_the_page_and_they_take_it_back():
    given.case()
    client = _client(_account(SOMEBODY))
    answer = client.post(
        "/me/acting/", {"id_number": APPLICANT.id_number, "scope": "apply", "months": "12"}
    )
    mandate = Mandate.objects.get()
    where = answer["Location"]
    assert where == f"/me/acting/{mandate.code}/consent/"
    assert client.post(where, {"code": "1"}).status_code == 422
    text = str(Message.objects.get(topic="consent").text)
    code = "".join(c for c in text.split("验证码")[1].split("告诉")[0] if c.isdigit())
    assert client.post(where, {"code": code})["Location"] == "/me/acting/"

    own = _client(_account())
    assert own.post(f"/me/acting/{mandate.code}/end/").status_code == 302
    assert client.post(f"/me/acting/{mandate.code}/end/").status_code == 404
    assert client.post("/me/acting/", {"id_number": "1"}).status_code == 422


def test_a_window_notes_finds_and_ends_it():
    clerk = given.signed_in("clerk")
    said = {
        "kind": "family",
        "party_name": PARTY.name,
        "party_number": PARTY.id_number,
        "agent_name": SOMEBODY.name,
        "agent_number": SOMEBODY.id_number,
        "scope": "apply",
        "months": "12",
    }
    assert clerk.post("/desk/mandates/", said).status_code == 422  # the originals were not seen
    assert clerk.post("/desk/mandates/", said | {"is_seen": "on"}).status_code == 302
    mandate = Mandate.objects.get()
    found = clerk.post("/desk/mandates/find/", {"number": PARTY.id_number}).content.decode()
    assert "李***" in found
    assert SOMEBODY.name not in found
    assert PARTY.id_number not in clerk.get("/desk/mandates/").content.decode()
    assert clerk.post(f"/desk/mandates/{mandate.code}/end/").status_code == 302
    assert clerk.post(f"/desk/mandates/{mandate.code}/end/").status_code == 404
    assert given.signed_in("acceptor").get("/desk/mandates/").status_code == 403


def test_a_program_of_a_window_notes_it_once_and_masked(client):
    said = {
        "kind": "agent",
        "party_name": FIRM.name,
        "party_number": FIRM.id_number,
        "agent_name": SOMEBODY.name,
        "agent_number": SOMEBODY.id_number,
        "scope": "apply",
    }
    sent = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "m-1", **KEY}
    made = [client.post("/api/v1/mandates", said, **sent) for _ in range(2)]

    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[0].json()["agent"] == "李***"
    code = made[0].json()["code"]
    found = client.get(f"/api/v1/mandates?number={FIRM.id_number}", **KEY).json()
    assert [each["code"] for each in found] == [code]
    assert client.post(f"/api/v1/mandates/{code}/end", **KEY).json()["state"] == "ended"
