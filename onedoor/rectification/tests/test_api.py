"""Programs: the road of a finding, what is kept from strangers, replays, proofs that verify."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role, Scope
from onedoor.kernel import clock
from onedoor.ledger import sealing
from onedoor.ledger.rules import chain, merkle
from onedoor.rectification import services as rectification
from onedoor.rectification.api.steps import STEPS
from onedoor.rectification.models import Finding
from onedoor.rectification.rules.lifecycle import Action, State
from onedoor.rectification.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask():
    """Return a way to ask as somebody with one role; each role and unit is one person."""
    known: dict[tuple[Role, str], str] = {}

    def token(role: Role, unit: str, scopes: frozenset[Scope]) -> str:
        if (role, unit) not in known:
            person = Person.objects.create_user(f"api-{role}-{unit}", "程序示例")
            where = given.unit(unit) if unit else None
            day = clock.day_of(given.AT) - timedelta(days=900)
            accounts.give_role(person, role, unit=where, first_on=day, by=SYSTEM, at=given.AT)
            secret = f"token-{uuid4()}"
            accounts.issue_token(
                person, name="t", scopes=scopes, by=SYSTEM, at=given.AT, secret=secret
            )
            known[role, unit] = secret
        return known[role, unit]

    def send(method, path, role, unit="", body=None, scopes=frozenset(Scope), **headers):
        sent: dict[str, str] = {"If-Match": "*"}
        sent["Authorization"] = f"Bearer {token(role, unit, scopes)}"
        sent.update(headers)
        extra: dict[str, object] = {}
        if isinstance(body, dict) and any(isinstance(v, SimpleUploadedFile) for v in body.values()):
            extra = {"data": body}
        elif body is not None:
            extra = {"data": json.dumps(body), "content_type": "application/json"}
        address = f"/api/v1/findings{path}".replace("findings/../", "")
        return getattr(Client(), method)(address, headers=sent, **extra)

    return send


AUDIT = {"key": "sha256:api", "title": "程序登记的审计"}


def opened(ask, key="k1", **more):
    body = {"project": AUDIT, "code": "1", "title": "窗口没有公示收费"} | more
    return ask("post", "", Role.AUDITOR, body=body, **{"Idempotency-Key": key})


def test_every_action_of_the_table_is_an_operation():
    assert [way.name for way in STEPS] == [action.value for action in Action]


def test_a_finding_goes_its_road_through_the_api(ask):
    number = opened(ask).json()["number"]
    market = {"unit": "市监局"}

    def step(action, role, body=None, **more):
        answer = ask("post", f"/{number}/{action}", role, body=body or {}, **more)
        assert answer.status_code == 200, answer.content
        return answer.json()

    unit = given.unit("市监局").code
    step("complete", Role.AUDITOR, {"unit": unit, "rectification_class": "at_once"})
    step("register", Role.AUDITOR)
    step("issue", Role.AUDITOR)
    step("start", Role.OFFICER, **market)
    goal = {"due_on": "2027-12-31", "text": "全部公示"}
    told = step("measure", Role.OFFICER, {"text": "补公示", "milestones": [goal]}, **market)
    stone = told["measures"][0]["milestones"][0]["id"]
    file = SimpleUploadedFile("proof.pdf", b"%PDF-1.4 api %%EOF", "application/pdf")
    step(
        "evidence",
        Role.OFFICER,
        {"measure": 1, "kind": "written", "title": "公示照片", "file": file},
        **market,
    )
    step("submit", Role.HEAD, {"claimed": "rectified", "text": "已公示"}, **market)
    step("take", Role.AUDITOR)
    step("judge", Role.AUDITOR, {"evidence": 1, "approved": True})
    lacking = ask("post", f"/{number}/recognise", Role.AUDITOR, body={"outcome": "rectified"})
    assert lacking.json()["data"]["lacks"] == ["milestone"]
    step("reach", Role.OFFICER, {"milestone": stone}, **market)
    step("recognise", Role.AUDITOR, {"outcome": "rectified"})
    closed = step("close", Role.AUDIT_SUPERVISOR)

    assert (closed["state"], closed["outcome"]) == ("closed", "rectified")
    assert [r["months"] for r in closed["rechecks"]] == [3, 6, 12]
    history = ask("get", f"/{number}/history", Role.AUDITOR).json()
    assert history[0]["what"] == "close"
    assert closed["evidence"][0]["state"] == "approved"


def test_opening_again_with_the_same_key_gets_the_same_answer(ask):
    first, again = opened(ask), opened(ask)

    assert (first.status_code, again.content) == (201, first.content)
    assert first["Location"] == f"/api/v1/findings/{first.json()['number']}"
    assert again["Idempotent-Replay"] == "true"
    assert Finding.objects.count() == 1
    assert opened(ask, title="别的").json()["code"] == "request.key_reused"


def test_a_step_needs_the_version_seen_and_the_second_of_two_is_refused(ask):
    number = given.submitted().number
    etag = ask("get", f"/{number}", Role.AUDITOR)["ETag"]

    unseen = ask("post", f"/{number}/take", Role.AUDITOR, body={}, **{"If-Match": ""})
    first = ask("post", f"/{number}/take", Role.AUDITOR, body={}, **{"If-Match": etag})
    second = ask(
        "post", f"/{number}/send_back", Role.AUDITOR, body={"text": "缺"}, **{"If-Match": etag}
    )

    assert (unseen.status_code, first.status_code) == (428, 200)
    assert (second.status_code, second.json()["code"]) == (409, "finding.changed_meanwhile")
    assert given.reload(Finding.objects.get(number=number)).standing is State.REVIEW


@pytest.mark.parametrize("path", ["", "/history", "/actions", "/proof"])
def test_a_strangers_finding_is_not_there(ask, path):
    number = given.working().number

    answer = ask("get", f"/{number}{path}", Role.OFFICER, "水务局")

    assert (answer.status_code, answer.json()["code"]) == (404, "finding.not_found")
    step = ask("post", f"/{number}/start", Role.OFFICER, "水务局", {})
    assert step.status_code == 404


def test_a_token_for_reading_takes_no_step(ask):
    number = given.submitted().number

    answer = ask("post", f"/{number}/take", Role.AUDITOR, body={}, scopes=frozenset({Scope.READ}))

    assert answer.status_code == 403
    assert ask("get", f"/{number}", Role.AUDITOR).status_code == 200


@pytest.mark.parametrize("way", [way.name for way in STEPS])
def test_the_reading_auditor_takes_no_step_at_all(ask, way):
    number = given.submitted().number
    words = {"text": "x", "claimed": "rectified", "outcome": "rectified", "way": "paper"}
    takes = next(each.takes for each in STEPS if each.name == way)
    body = {k: v for k, v in words.items() if k in takes.model_fields}

    answer = ask("post", f"/{number}/{way}", Role.AUDIT_ADMIN, body=body)

    assert answer.status_code in (403, 409), answer.content
    assert given.reload(Finding.objects.get(number=number)).standing is State.SUBMITTED


def test_of_a_published_finding_others_read_no_names_notes_or_signals(ask):
    finding = given.step(rectification.send_back, given.submitted(), given.AUDITOR, text="内部意见")
    Finding.objects.filter(pk=finding.pk).update(is_public=True)

    outside = ask("get", f"/{finding.number}/history", Role.OFFICER, "水务局")
    inside = ask("get", f"/{finding.number}/history", Role.OFFICER, "市监局")

    assert "内部意见" not in outside.content.decode()
    assert "内部意见" in inside.content.decode()


def test_letters_are_listed_and_read_as_they_went_out_by_those_inside(ask):
    finding = given.step(
        rectification.add_measure, given.issued("1"), given.officer(), text="补公示"
    )
    Finding.objects.update(is_public=True)
    path = f"/{finding.number}/papers"

    told = ask("get", path, Role.AUDITOR).json()

    service, plan = told
    assert (service["kind"], service["recipient"]) == ("service", given.unit().name)
    assert service["sm3"].startswith("sm3:")
    assert (plan["kind"], plan["number"], plan["digest"]) == ("plan", None, None)
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = ask("get", f"{path}/service/1.{form}", Role.AUDITOR)
        assert answer.content.startswith(magic)
        stranger = ask("get", f"{path}/service/1.{form}", Role.OFFICER, unit="政务局")
        assert stranger.status_code == 404
    assert ask("get", f"{path}/service/2.pdf", Role.AUDITOR).status_code == 404
    assert ask("get", f"{path}/service/1.exe", Role.AUDITOR).status_code == 404


def test_the_ledger_is_read_page_by_page_without_gap_or_double(ask):
    project = given.drafted("x").project
    Finding.objects.bulk_create(
        Finding(
            number=f"ZG2020-{n:05d}",
            project=project,
            sequence=n,
            code=f"c{n}",
            title="样例",
            state=State.DRAFT.value,
            deadline_on=clock.day_of(given.AT) + timedelta(days=n // 3),
            opened_at=given.AT,
            moved_at=given.AT,
        )
        for n in range(120)
    )
    read, cursor = [], ""
    while True:
        page = ask("get", f"?cursor={cursor}", Role.AUDITOR).json()
        read += [f["number"] for f in page["findings"]]
        cursor = page["next"]
        if not cursor:
            break

    assert len(read) == len(set(read)) == 121
    assert ask("get", "?cursor=x", Role.AUDITOR).json()["code"] == "page.bad_cursor"


def test_a_finding_is_proven_under_a_signed_head(ask):
    finding = given.closed()
    while sealing.seal():
        pass
    head = sealing.sign_head(at=clock.now())

    sealed = ask("get", f"/{finding.number}/proof", Role.AUDIT_ADMIN).json()["sealed"]

    assert chain.digest(sealed["text"].encode()) == sealed["digest"] == finding.head
    leaf = merkle.leaf_hash(sealed["text"].encode())
    path = [bytes.fromhex(node) for node in sealed["path"]]
    root = merkle.root_from_path(leaf, sealed["position"] - 1, sealed["size"], path)
    assert head is not None
    assert (root.hex(), sealed["signature"]) == (head.root, head.signature)


def test_goals_are_added_and_moved_through_the_api(ask):
    finding = given.working("api")
    path = f"/{finding.number}"

    def step(name, body):
        return ask("post", f"{path}/{name}", Role.OFFICER, "市监局", body=body)

    added = step("milestone", {"measure": 1, "due_on": "2026-03-20", "text": "半数公示"})
    assert added.status_code == 200, added.content
    [goal] = added.json()["measures"][0]["milestones"]
    told = {"milestone": goal["id"], "due_on": "2026-03-25", "text": "等印刷"}
    [moved] = step("move_milestone", told).json()["measures"][0]["milestones"]
    assert (moved["due_on"], [m["due_on"] for m in moved["moves"]]) == (
        "2026-03-25",
        ["2026-03-20"],
    )
    late = step("move_milestone", told | {"due_on": "2027-01-01"})
    assert (late.status_code, late.json()["code"]) == (422, "finding.milestone_after_deadline")


def test_recommendations_are_entered_once_and_answered_through_the_api(ask):
    finding = given.drafted("api")
    body = {"project": finding.project.key, "unit": given.unit().code, "text": "建议建立核对制度。"}

    def ask_about(method, path, role, unit="", body=None, **headers):
        return ask(method, f"/../recommendations{path}", role, unit, body, **headers)

    first = ask_about("post", "", Role.AUDITOR, body=body, **{"Idempotency-Key": "j1"})
    again = ask_about("post", "", Role.AUDITOR, body=body, **{"Idempotency-Key": "j1"})
    assert first.status_code == 201, first.content
    assert (first.status_code, again.json()["number"]) == (201, first.json()["number"])
    number = first.json()["number"]
    file = SimpleUploadedFile("rule.pdf", b"%PDF-1.4 rule %%EOF")
    told = {"adoption": "partly", "text": "还差一个窗口", "made": "核对办法", "file": file}
    stranger = ask_about("post", f"/{number}/adopt", Role.HEAD, "水务局", told)
    assert stranger.status_code == 404
    file.seek(0)
    answered = ask_about("post", f"/{number}/adopt", Role.HEAD, "市监局", told)
    assert answered.status_code == 200, answered.content
    [answer] = answered.json()["answers"]
    assert (answer["adoption"], answer["made"]) == ("partly", "核对办法")
    assert answer["file"].startswith("sha256:")
    stale = ask_about(
        "post",
        f"/{number}/adopt",
        Role.HEAD,
        "市监局",
        {"adoption": "adopted"},
        **{"If-Match": "1"},
    )
    assert stale.status_code in (409, 415, 422)
    listed = ask_about("get", "", Role.AUDITOR).json()
    assert [r["number"] for r in listed["recommendations"]] == [number]
    assert listed["recommendations"][0]["reason"] == "还差一个窗口"
    unknown = ask_about(
        "post", "", Role.AUDITOR, body=body | {"project": "x"}, **{"Idempotency-Key": "j2"}
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "recommendation.no_project")
