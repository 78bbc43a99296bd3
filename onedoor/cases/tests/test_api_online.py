"""Applying online through the API: a platform speaks for applicants, the desk answers."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Scope
from onedoor.cases.models import Case
from onedoor.cases.services import drafting
from onedoor.cases.tests import given, online
from onedoor.kernel import clock
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db

NUMBER = "532502195304120000"


@pytest.fixture(autouse=True)
def platforms(db):
    """Two platforms that may apply for people and have no post in the centre."""
    for username in ("platform", "elsewhere"):
        person = Person.objects.create_user(username, "省平台示例", given.PASSWORD)
        scopes = frozenset({Scope.SUBMIT})
        secret = f"token-{username}"
        now = clock.now()
        accounts.issue_token(person, name="x", scopes=scopes, by=SYSTEM, at=now, secret=secret)


def ask(method, path, who="platform", body=None, **headers):
    """Send a request as a platform or one of the people and return the answer."""
    send = getattr(Client(), method)
    headers = {"If-Match": "*"} | headers
    extra = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    headers["Authorization"] = f"Bearer token-{who}"
    return send(f"/api/v1/{path}", headers=headers, **extra)


def upload(path, colour="red", who="platform"):
    photo = SimpleUploadedFile("照片.png", online.picture(colour).getvalue())
    headers = {"Authorization": f"Bearer token-{who}"}
    return Client().post(f"/api/v1/{path}", {"file": photo}, headers=headers)


def begin(item=given.LICENCE, key="d1", who="platform"):
    return ask("post", "drafts", who, {"item": item}, **{"Idempotency-Key": key})


def applicant():
    return {
        "kind": "person",
        "name": "普秀英示例",
        "id_type": "111",
        "id_number": NUMBER,
        "phone": "13800000001",
    }


def draft_with(*orders):
    draft = begin().json()["draft"]
    for order in orders:
        assert upload(f"drafts/{draft}/materials/{order}/files").status_code == 201
    return draft


def submit(draft, key="s1", who="platform", **more):
    body = {"draft": draft, "applicant": applicant(), **more}
    return ask("post", "submissions", who, body, **{"Idempotency-Key": key})


def sent(*orders, **more):
    answer = submit(draft_with(*orders), **more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def step(number, action, who, body=None):
    answer = ask("post", f"cases/{number}/{action}", who, body or {})
    assert answer.status_code == 200, answer.content
    return answer.json()


def judged(**states):
    return [
        {"order": n, "state": state, "originals": 0 if state == "missing" else 1}
        for n in (1, 2, 3)
        for state in [states.get(f"m{n}", "ok")]
    ]


def steps_of(number):
    return [s["step"] for s in ask("get", f"cases/{number}/timeline", "clerk").json()]


def test_an_application_goes_from_a_platform_to_the_desk_and_is_received():
    receipt = sent(1, 2)

    received = step(
        receipt["number"], "receive", "clerk", {"materials": judged(), "identity_checked": True}
    )
    seen = ask("get", f"submissions/{receipt['track_token']}").json()

    assert receipt["status"] == "submitted"
    assert receipt["precheck_due_on"]
    assert received["status"] == seen["status"] == "received"
    assert steps_of(receipt["number"]) == ["T1", "T2d"]


def test_the_ledger_names_the_platform_that_sent_it():
    receipt = sent(1, 2)

    platform = Person.objects.get(username="platform")
    entry = Entry.objects.get(subject=f"case:{receipt['number']}")
    assert entry.actor == platform.ref


def test_returned_once_mended_and_sent_again():
    receipt = sent(1, 2)
    number, token = receipt["number"], receipt["track_token"]

    step(number, "pre_return", "clerk", {"demands": [{"order": 2, "demand": "看不清，请重拍"}]})
    asked = ask("get", f"submissions/{token}").json()
    early = ask("post", f"submissions/{token}/resubmit", body={})
    upload(f"submissions/{token}/materials/2/files", "green")
    again = ask("post", f"submissions/{token}/resubmit", body={})

    assert asked["answer_by"] == "resubmit"
    assert [(a["order"], a["demand"]) for a in asked["asked"]] == [(2, "看不清，请重拍")]
    assert (early.status_code, early.json()["code"]) == (409, "case.need")
    assert again.json()["status"] == "submitted"
    assert again.json()["asked"] == []
    assert steps_of(number) == ["T1", "T21", "T20"]


def test_originals_announced_instead_of_uploaded_are_waited_for():
    receipt = sent(1, brought=[2])
    number = receipt["number"]

    passed = step(number, "pre_pass", "clerk")
    materials = ask("get", f"cases/{number}", "clerk").json()["materials"]

    assert passed["resubmit_due_on"]
    assert [m["channel"] for m in materials] == ["upload", "bring", "none"]
    assert steps_of(number) == ["T1", "T21a"]


def test_a_notice_is_answered_online():
    receipt = sent(1, 2)
    number, token = receipt["number"], receipt["track_token"]
    materials = {"materials": judged(m2="defective"), "identity_checked": True}
    step(number, "receive", "clerk", materials)
    gaps = [{"order": 2, "problem": "defective", "demand": "请补布局图"}]
    step(number, "ask_correction", "acceptor", {"gaps": gaps})

    asked = ask("get", f"submissions/{token}").json()
    upload(f"submissions/{token}/materials/2/files", "green")
    supplied = ask("post", f"submissions/{token}/supply", body={})

    assert asked["answer_by"] == "supply"
    assert [a["may_bring"] for a in asked["asked"]] == [False]
    assert supplied.json()["status"] == "received"
    assert steps_of(number)[-1] == "T4a"


def test_the_same_key_is_one_case_with_one_receipt():
    draft = draft_with(1, 2)

    first, again = submit(draft), submit(draft)

    assert Case.objects.count() == 1
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"


def test_a_draft_sent_under_two_keys_is_one_case():
    draft = draft_with(1, 2)

    first, again = submit(draft, "s1"), submit(draft, "s2")

    assert Case.objects.count() == 1
    assert first.json()["number"] == again.json()["number"]


def test_a_draft_begun_twice_with_one_key_is_one_draft():
    assert begin().json() == begin().json()


def test_what_is_lacking_is_refused_and_the_draft_stays():
    draft = draft_with(1)

    lacking = submit(draft)
    upload(f"drafts/{draft}/materials/2/files")
    whole = submit(draft)

    assert (lacking.status_code, lacking.json()["code"]) == (409, "case.need")
    assert whole.status_code == 201


def test_a_file_taken_back_is_lacking():
    draft = draft_with(1)
    wrong = upload(f"drafts/{draft}/materials/2/files").json()["file"]

    assert ask("delete", f"drafts/{draft}/files/{wrong}").status_code == 204
    assert submit(draft).json()["code"] == "case.need"


def test_an_answer_file_taken_back_is_lacking():
    receipt = sent(1, 2)
    token = receipt["track_token"]
    step(receipt["number"], "pre_return", "clerk", {"demands": [{"order": 2}]})
    wrong = upload(f"submissions/{token}/materials/2/files", "green").json()["file"]

    assert ask("delete", f"submissions/{token}/files/{wrong}").status_code == 204
    assert ask("post", f"submissions/{token}/resubmit", body={}).json()["code"] == "case.need"


def test_nothing_is_uploaded_to_a_case_that_asks_for_nothing():
    token = sent(1, 2)["track_token"]

    refused = upload(f"submissions/{token}/materials/1/files")

    assert (refused.status_code, refused.json()["code"]) == (409, "case.not_asked")


def test_an_item_that_is_not_taken_online_has_no_draft():
    refused = begin(given.AT_ONCE)

    assert (refused.status_code, refused.json()["code"]) == (409, "case.not_online")


def test_a_draft_that_was_sent_takes_no_more_files():
    draft = draft_with(1, 2)
    submit(draft)

    assert upload(f"drafts/{draft}/materials/1/files", "green").json()["code"] == "draft.sent"


def test_a_stranger_finds_nothing():
    draft, receipt = draft_with(1, 2), sent(1, 2, key="other")

    answers = [
        upload(f"drafts/{draft}/materials/1/files", who="elsewhere"),
        submit(draft, who="elsewhere"),
        ask("get", f"submissions/{receipt['number']}"),
        ask("get", "submissions/wrong-token"),
        upload("submissions/wrong-token/materials/2/files"),
        ask("post", "submissions/wrong-token/resubmit", body={}),
        ask("post", "submissions/wrong-token/supply", body={}),
        ask("post", f"cases/{receipt['number']}/pre_pass", "stranger"),
        ask("post", f"cases/{receipt['number']}/pre_return", "stranger", {"demands": []}),
    ]

    assert [a.status_code for a in answers] == [404] * len(answers)


def test_a_platform_may_apply_and_nothing_else():
    number = sent(1, 2)["number"]

    answers = [
        ask("get", "cases"),
        ask("get", f"cases/{number}"),
        ask("post", f"cases/{number}/pre_pass"),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "accounts.scope")] * 3


def test_a_token_without_the_scope_may_not_apply():
    person = Person.objects.get(username="clerk")
    scopes = frozenset({Scope.READ, Scope.RECEIVE, Scope.WORK})
    accounts.issue_token(
        person, name="y", scopes=scopes, by=SYSTEM, at=clock.now(), secret="token-narrow"
    )

    refused = begin(who="narrow")

    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.scope")


def test_answers_show_the_applicant_masked():
    receipt = sent(1, 2)

    text = ask("get", f"submissions/{receipt['track_token']}").content.decode()

    assert receipt["applicant"] == "普****"
    assert NUMBER not in text
    assert "13800000001" not in text


def test_a_page_that_was_overtaken_is_refused():
    receipt = sent(1, 2)
    token = receipt["track_token"]
    step(receipt["number"], "pre_return", "clerk", {"demands": [{"order": 2}]})
    upload(f"submissions/{token}/materials/2/files", "green")

    refused = ask("post", f"submissions/{token}/resubmit", body={}, **{"If-Match": '"1"'})

    assert (refused.status_code, refused.json()["code"]) == (409, "case.changed_meanwhile")


def test_a_draft_nobody_touches_is_forgotten():
    draft = draft_with(1)

    drafting.forget_drafts(at=clock.now() + timedelta(days=8))

    assert submit(draft).json()["code"] == "draft.not_found"


def test_applications_for_one_person_are_counted_whichever_door_they_take():
    codes = []
    for n in range(11):
        draft = begin(key=f"d{n}").json()["draft"]
        codes.append(submit(draft, f"s{n}").status_code)

    assert codes == [409] * 10 + [429]
