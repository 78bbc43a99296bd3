"""The operations for programs: a happy road, refusals as problem documents, replays."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person, RoleHolding
from onedoor.accounts.rules import SYSTEM
from onedoor.cases.api.answers import created_once
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused

pytestmark = pytest.mark.django_db


def ask(method, path, who="clerk", body=None, **headers):
    """Send a request as one of the people and return the answer."""
    send = getattr(Client(), method)
    headers = {"If-Match": "*"} | headers
    extra = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    if who:
        headers["Authorization"] = f"Bearer token-{who}"
    return send(f"/api/v1/{path}", headers=headers, **extra)


def application(**changes):
    return {
        "item": given.LICENCE,
        "applicant": {
            "kind": "person",
            "name": "普秀英示例",
            "id_type": "111",
            "id_number": "532502195304120000",
            "phone": "13800000001",
        },
        "materials": [{"order": n, "state": "ok", "originals": 1} for n in (1, 2, 3)],
        "identity_checked": True,
    } | changes


def receive(key="k1", who="clerk", **changes):
    return ask("post", "cases", who, application(**changes), **{"Idempotency-Key": key})


def test_a_licence_goes_its_road_through_the_api():
    made = receive().json()
    number = made["number"]

    def step(action, who, body=None):
        answer = ask("post", f"cases/{number}/{action}", who, body or {})
        assert answer.status_code == 200, answer.content
        return answer.json()

    step("accept", "acceptor")
    step("review", "reviewer", {"opinion": "同意"})
    granted = step("grant", "decider", {"opinion": "同意"})
    step("make", "issuer")
    step("make_ready", "issuer")
    closed = step("hand_out", "issuer", {"identity_checked": True})

    assert granted["outcome"] == "granted"
    assert closed["status"] == "closed"
    assert closed["applicant"] == "普****"
    steps = ask("get", f"cases/{number}/timeline").json()
    assert [s["step"] for s in steps][-1] == "T17"
    clocks = ask("get", f"cases/{number}/clocks").json()
    assert {c["clock"] for c in clocks} == {"receipt", "promised", "statutory", "delivery"}


def step(number, action, who, body=None):
    """Take one step as one of the people and return the case."""
    answer = ask("post", f"cases/{number}/{action}", who, body or {})
    assert answer.status_code == 200, answer.content
    return answer.json()


def decided(number, action, body):
    step(number, "accept", "acceptor")
    step(number, "review", "reviewer", {"opinion": "看过"})
    return step(number, action, "decider", body)


def test_corrected_once_then_granted_through_the_api():
    materials = application()["materials"]
    materials[1]["state"] = "missing"
    number = receive(materials=materials).json()["number"]

    gaps = [{"order": 2, "problem": "missing", "demand": "请补1份原件"}]
    asked = step(number, "ask_correction", "acceptor", {"gaps": gaps})
    supply = {"materials": [{"order": 2, "state": "ok", "originals": 1}], "identity_checked": True}
    taken = step(number, "take_correction", "clerk", supply)
    granted = decided(number, "grant", {"opinion": "同意"})

    assert (asked["status"], taken["status"]) == ("correcting", "received")
    assert granted["outcome"] == "granted"
    assert (
        ask("post", f"cases/{number}/ask_correction", "acceptor", {"gaps": gaps}).status_code == 409
    )


def test_refused_with_reasons_through_the_api():
    number = receive().json()["number"]

    refused = decided(
        number,
        "refuse",
        {"facts": "没有隔开", "reason": "不符合条件", "basis": "《食品安全法》第三十五条"},
    )

    last = ask("get", f"cases/{number}/timeline").json()[-1]
    assert refused["outcome"] == "refused"
    assert (last["note"], last["basis"]) == ("没有隔开\n不符合条件", "《食品安全法》第三十五条")


def test_an_instant_item_in_one_call():
    materials = [{"order": 1, "state": "ok", "originals": 1}]

    made = receive(item=given.AT_ONCE, materials=materials, finish=True)

    assert made.status_code == 201
    assert (made.json()["status"], made.json()["outcome"]) == ("closed", "granted")


def test_the_first_command_after_the_fifth_working_day_finds_it_deemed_accepted():
    case = given.case(at=given.FRIDAY)  # long past, seen from the real clock

    body = {"ground": "not_needed", "reason": "x", "basis": "y"}
    late = ask("post", f"cases/{case.number}/reject", "acceptor", body)
    now = ask("get", f"cases/{case.number}").json()

    assert (late.status_code, late.json()["code"]) == (409, "case.wrong_state")
    assert now["is_deemed"]
    assert now["accepted_at"] == now["received_at"]


def test_the_same_key_and_body_is_one_case_with_the_same_receipt():
    first, again = receive(), receive()

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused():
    receive()

    other = receive(identity_checked=False)

    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")


def test_a_key_belongs_to_one_address(rf):
    def made(path):
        return created_once(
            rf.post(path, data=b"{}", content_type="application/json"),
            lambda _: {"made": path},
            prepare=lambda: None,
            actor=SYSTEM,
            key="k1",
            at=clock.now(),
        )

    assert made("/api/v1/a").content == made("/api/v1/a").content
    with refused("request.key_reused"):
        made("/api/v1/b")


def test_receiving_takes_at_most_twelve_statements(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        receive(key="warm")

    with CaptureQueriesContext(
        connection,
    ) as taken:
        assert receive(key="counted").status_code == 201

    sent = [q["sql"] for q in taken if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) <= 12, "\n".join(sent)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("", 401, "accounts.no_token"),
        ("nobody-we-know", 401, "accounts.bad_token"),
        ("decider", 403, "case.wrong_role"),
    ],
)
def test_receiving_is_refused_to_whoever_may_not(who, status, code):
    answer = receive(who=who)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_strangers_case_is_not_there():
    number = receive().json()["number"]

    for method, path in (("get", ""), ("post", "/accept"), ("get", "/timeline")):
        answer = ask(method, f"cases/{number}{path}", "stranger")
        assert (answer.status_code, answer.json()["code"]) == (404, "case.not_found")


def test_a_step_in_the_wrong_state_says_so_with_its_data():
    number = receive().json()["number"]

    answer = ask("post", f"cases/{number}/grant", "decider", {"opinion": "同意"})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "case.wrong_state")
    assert problem["data"] == {"status": "received", "action": "grant"}


def test_if_match_of_an_old_version_is_refused():
    number = receive().json()["number"]
    etag = ask("get", f"cases/{number}")["ETag"]
    ask("post", f"cases/{number}/accept", "acceptor")

    late = ask("post", f"cases/{number}/accept", "everything", **{"If-Match": etag})

    assert (late.status_code, late.json()["code"]) == (409, "case.changed_meanwhile")
    assert late.json()["number"] == "E402"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        "中文".encode("gbk"),
        json.dumps(application(materials="x")).encode(),
        json.dumps(application(item="x" * 65)).encode(),
        json.dumps(application() | {"identity_checked": 3}).encode(),
    ],
)
def test_a_body_of_the_wrong_shape_is_a_problem_document_and_changes_nothing(body):
    answer = Client().post(
        "/api/v1/cases",
        data=body,
        content_type="application/json",
        headers={"Authorization": "Bearer token-clerk", "Idempotency-Key": "bad"},
    )

    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"]
    assert Case.objects.count() == 0


def test_control_characters_are_refused_wherever_they_stand():
    person = application()["applicant"] | {"name": "李\u0000敏"}

    answer = receive(applicant=person)

    assert (answer.status_code, answer.json()["code"]) == (422, "form.control_characters")
    assert ask("get", "cases/53%00").status_code == 422


def test_errors_speak_the_readers_language():
    number = receive().json()["number"]
    headers = {"Accept-Language": "en"}

    english = ask("post", f"cases/{number}/grant", "decider", {"opinion": "x"}, **headers).json()
    chinese = ask("post", f"cases/{number}/grant", "decider", {"opinion": "x"}).json()

    for member in ("title", "detail"):
        assert english[member] != chinese[member]
        assert not any("\u4e00" <= character <= "\u9fff" for character in english[member])
    assert chinese["title"] == "现在不能这样办"


def test_a_list_judged_by_an_older_version_of_the_item_is_judged_again():
    stale = receive(item_version=7)
    current = receive(item_version=1)

    assert (stale.status_code, stale.json()["code"]) == (409, "case.item_changed")
    assert current.status_code == 201


def test_reading_a_case_nobody_answered_in_time_says_it_is_accepted():
    late = given.case(at=datetime.now(UTC) - timedelta(days=30))

    told = ask("get", f"cases/{late.number}").json()

    assert (told["status"], told["is_deemed"]) == ("in_review", True)


def test_who_took_the_paper_and_for_whom_one_acted_are_told_as_lists_may():
    now = datetime.now(UTC) - timedelta(hours=8)
    today = clock.day_of(now)
    ready = given.case(Status.READY, at=now)
    holding = RoleHolding.objects.get(person__username="issuer", role="issuer")
    deputy = Person.objects.get(username="stranger")
    accounts.delegate(
        holding,
        to=deputy,
        first_on=today,
        last_on=today + timedelta(days=2),  # a night may lie between the case and the asking
        basis="局发〔2026〕1号",
        by=SYSTEM,
        at=now,
    )
    body = {"recipient": "阿普·木嘎示例", "identity_checked": True}

    closed = ask("post", f"cases/{ready.number}/hand_out", "stranger", body)
    last = ask("get", f"cases/{ready.number}/timeline", "clerk").json()[-1]

    assert closed.status_code == 200, closed.content
    assert (last["note"], last["acting_for"]) == ("阿" + "*" * 6, "出件示例")


def test_the_list_is_by_urgency_and_pages_by_cursor():
    for n in range(60):
        receive(key=f"n{n}")

    first = ask("get", "cases").json()
    second = ask("get", f"cases?cursor={first['next']}").json()

    numbers = [c["number"] for c in first["cases"] + second["cases"]]
    assert len(first["cases"]) == 50
    assert len(numbers) == len(set(numbers)) == 60
    assert second["next"] is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": "a\0"}, "request.not_valid"),
        ({"finnish": True}, "request.not_valid"),
    ],
)
def test_a_nul_and_a_member_nobody_knows_are_refused(changes, code):
    answer = receive(**changes)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_organisation_is_shown_by_its_name_and_not_received_on_somebodys_card():
    who = {"kind": "organisation", "name": "开远示例餐饮有限公司"}
    card = receive(applicant=application()["applicant"] | who)
    code = {"id_type": "001", "id_number": given.DOUBTFUL_CREDIT_CODE}
    received = receive(applicant=application()["applicant"] | who | code, key="organisation")

    assert (card.status_code, card.json()["code"]) == (422, "applicant.kind_and_id")
    assert received.json()["applicant"] == "开远示例餐饮有限公司"


def test_a_bad_cursor_is_refused():
    answer = ask("get", "cases?cursor=zzz")

    assert (answer.status_code, answer.json()["code"]) == (422, "page.bad_cursor")


def test_a_list_of_fifty_takes_as_many_statements_as_a_list_of_one(kept_for_long):
    def count():
        with CaptureQueriesContext(connection) as taken:
            assert ask("get", "cases").status_code == 200
        return len(taken)

    receive(key="one")
    one = count()
    for n in range(20):
        receive(key=f"m{n}")

    assert count() == one


def test_the_calendar_says_which_days_are_worked():
    days = ask("get", "calendar/days?first=2026-02-13&last=2026-02-16").json()

    assert [d["is_working"] for d in days] == [True, True, False, False]
    assert ask("get", "calendar/days?first=2026-01-01&last=2029-01-01").status_code == 422
