"""Information for programs: the same steps, the same three people, versions and keys."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role, Scope
from onedoor.kernel import clock
from onedoor.reports.api.information import WAYS
from onedoor.reports.models import Publication
from onedoor.reports.rules.publishing.lifecycle import LIFECYCLE, Action
from onedoor.reports.tests import given
from onedoor.reports.tests.publishing import AT, centre, published

pytestmark = pytest.mark.django_db
API = "/api/v1/information"


class Program:
    """Somebody's program, with a token of theirs."""

    def __init__(self, role: Role) -> None:
        person = Person.objects.create_user(f"program-{role}", "程序示例")
        day = clock.day_of(AT) - timedelta(days=900)
        accounts.give_role(person, role, unit=None, first_on=day, by=SYSTEM, at=AT)
        self.secret = f"token-{role}"
        accounts.issue_token(
            person, name="t", scopes=frozenset(Scope), by=SYSTEM, at=AT, secret=self.secret
        )

    def get(self, path: str = "", **query: str):
        return Client().get(API + path, query, headers=self._headers())

    def post(self, path, body, **headers):
        return Client().post(
            API + path,
            json.dumps(body),
            content_type="application/json",
            headers=self._headers(**headers),
        )

    def _headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", **more}

    def step(self, number: str, name: str, **body: object):
        return self.post(f"/{number}/{name}", body, **{"If-Match": "*"})


def test_every_step_of_the_table_is_an_operation():
    assert {w.action for w in WAYS} == {s.action for s in LIFECYCLE} - {Action.REPLACE}


def test_three_programs_make_a_report_public():
    report = given.kept()
    writer, checker = Program(Role.LEAD_OFFICE), Program(Role.CHECKER)
    discloser = Program(Role.DISCLOSER)
    body = {"report": report.number, "publisher": centre().code}
    key = {"Idempotency-Key": "enter-1"}

    made = writer.post("", body, **key)
    again = writer.post("", body, **key)

    assert (made.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replay"] == "true"
    number = made.json()["number"]
    assert Publication.objects.count() == 1
    assert made["Location"].endswith(f"/information/{number}")
    text = {"title": "标题", "column": "整改公开", "formed_on": "2026-03-06"}
    assert writer.step(number, "edit", **text, text="电话13800000001").status_code == 200
    assert writer.post(f"/{number}/submit", {}).status_code == 428
    assert writer.post(f"/{number}/submit", {}, **{"If-Match": '"0"'}).status_code == 409
    found = writer.step(number, "submit").json()["hits"]
    assert [(h["kind"], h["words"], h["settling"]) for h in found] == [("phone", "13800000001", "")]
    assert checker.step(number, "clear").json()["code"] == "information.need"
    told = {"hit": 1, "settling": "masked", "reason": "个人电话"}
    stale = checker.post(f"/{number}/settle", told, **{"If-Match": '"0"'})
    assert stale.json()["code"] == "information.changed_meanwhile"
    settled = checker.step(number, "settle", **told)
    assert settled.json()["hits"][0]["settling"] == "masked"
    assert checker.step(number, "clear").status_code == 200
    assert checker.step(number, "publish").status_code == 403
    out = discloser.step(number, "publish").json()
    assert out["index_number"].startswith("DEM000014/")

    anybody = Program(Role.DESK)
    [listed] = anybody.get(q="138****0001").json()["information"]
    assert listed["digest"] == out["digest"]
    assert anybody.get(f"/{number}").status_code == 404
    edition = anybody.get(f"/{number}/editions/1").json()
    assert edition["fields"]["index_number"] == out["index_number"]
    assert "138****0001" in edition["text"]
    assert discloser.step(number, "withdraw", reason="误发").status_code == 200
    gone = anybody.get(f"/{number}/editions/1").json()
    assert (gone["end_reason"], gone["text"]) == ("误发", "")


def test_what_is_due_is_for_who_works_on_it():
    report = given.kept()

    [row] = Program(Role.DISCLOSER).get("/due").json()

    assert (row["number"], row["is_entered"]) == (report.number, False)
    assert Program(Role.DESK).get("/due").status_code == 404


def test_a_slip_is_refused_and_nothing_is_made():
    writer = Program(Role.LEAD_OFFICE)
    report = given.kept()
    key = {"Idempotency-Key": "k"}

    for body, status in (
        ({"report": "BG2020-0001", "publisher": centre().code}, 404),
        ({"report": report.number, "publisher": "nobody"}, 404),
        ({"report": report.number}, 422),
        ({"report": report.number, "publisher": centre().code, "x": 1}, 422),
    ):
        assert writer.post("", body, **key).status_code == status
    assert Publication.objects.count() == 0


def test_a_correction_by_program_is_the_next_edition():
    edition = published()
    writer = Program(Role.LEAD_OFFICE)
    number = edition.publication.number

    draft = writer.step(number, "correct", reason="数字有误").json()

    assert (draft["edition"], draft["state"]) == (2, "draft")
    code = writer.step(number, "correct", reason="再来").json()["code"]
    assert code == "information.wrong_state"


def test_a_program_names_the_edition_it_means_and_the_version_it_saw():
    edition = published()
    number = edition.publication.number
    discloser = Program(Role.DISCLOSER)
    assert Program(Role.LEAD_OFFICE).step(number, "correct", reason="数字有误").status_code == 200
    assert discloser.get(f"/{number}").json()["edition"] == 2
    assert discloser.get(f"/{number}", edition="1").json()["actions"] == ["withdraw"]

    code = discloser.step(number, "withdraw", reason="误发").json()["code"]
    gone = discloser.step(number, "withdraw?edition=1", reason="误发").json()

    assert code == "information.wrong_state"
    assert (gone["edition"], gone["state"]) == (1, "withdrawn")
