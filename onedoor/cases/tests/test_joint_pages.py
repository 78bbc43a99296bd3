"""A joint application at the desk, on the phone and through the API."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cases import joint_gaps
from onedoor.cases.models import Application, Case
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import MISSING
from onedoor.cases.tests.test_api import ask
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import turned
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC) - timedelta(hours=8)
"""Pages read the real clock."""


def typed(**changes):
    judged = {f"state_{n}": "ok" for n in range(1, 5)}
    return (
        {
            "key": "one-click",
            "kind": "person",
            "name": "普秀英示例",
            "id_type": "111",
            "id_number": "532502195304120000",
            "phone": "13800000001",
            "identity_checked": "on",
        }
        | judged
        | changes
    )


def applied(**changes):
    return {
        "package": "shop",
        "applicant": {
            "kind": "person",
            "name": "普秀英示例",
            "id_type": "111",
            "id_number": "532502195304120000",
            "phone": "13800000001",
        },
        "materials": [{"order": n, "state": "ok", "originals": 1} for n in range(1, 5)],
        "identity_checked": True,
    } | changes


def apply(key="k1", who="clerk", **changes):
    given_joint.package()
    return ask("post", "applications", who, applied(**changes), **{"Idempotency-Key": key})


def test_a_double_click_at_the_desk_is_one_application_with_one_receipt():
    path, client = f"/desk/packages/{given_joint.package()}/", given.signed_in("clerk")

    first, second = client.post(path, typed()), client.post(path, typed())
    page = client.get(first["Location"]).content.decode()

    assert first["Location"] == second["Location"]
    assert (Application.objects.count(), Case.objects.count()) == (1, 2)
    assert "食品经营许可（测试）" in page
    assert "第 1 项办好后自动开始" in page
    assert "532502195304120000" not in page


def test_a_form_with_a_material_not_judged_comes_back_and_makes_nothing():
    path = f"/desk/packages/{given_joint.package()}/"

    answer = given.signed_in("clerk").post(path, typed(state_4=""))

    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_a_page_of_another_edition_is_judged_again():
    path = f"/desk/packages/{given_joint.package()}/"

    answer = given.signed_in("clerk").post(path, typed(edition="0" * 16))

    assert answer.status_code == 409
    assert "请按下面的新清单重新判断" in answer.content.decode()


def test_one_code_opens_all_cases_masked():
    receipt = given_joint.receipt(at=NOW)
    client = Client()

    found = client.post(
        "/track/", {"number": receipt.application.alias, "code": receipt.query_code}
    )
    page = client.get(found["Location"]).content.decode()

    assert found["Location"] == f"/a/{receipt.track_token}/"
    assert "证明打印（测试）" in page
    assert "木嘎" not in page
    assert "532502199203" not in page


def test_what_all_cases_ask_for_stands_once_on_the_page_and_is_supplied_there():
    given_joint.package(members=[(given.LICENCE, ""), (given.CONFIRMATION, "")])
    made = given_joint.receipt(at=NOW, m2=MISSING)
    application, client = made.application, given.signed_in("clerk")
    ask(
        "post",
        f"cases/{made.cases[0].number}/ask_correction",
        "acceptor",
        {"gaps": [{"order": 2, "problem": "missing", "demand": "请补布局图"}]},
    )

    page = Client().get(f"/a/{made.track_token}/").content.decode()
    form = client.get(f"/applications/{application.number}/supply/").content.decode()
    case = Case.objects.get(pk=made.cases[0].pk)
    taken = client.post(
        f"/applications/{application.number}/supply/",
        {"state_1": "ok", "identity_checked": "on", "seen": f"{case.number}:{case.version}"},
    )

    assert page.count("请补布局图") == 1
    assert f'value="{case.number}:{case.version}"' in form
    assert taken["Location"] == f"/applications/{application.number}/"
    assert joint_gaps.open_gaps(application) == []


def test_the_page_of_a_case_leads_to_its_application_and_strangers_find_none():
    made = given_joint.receipt(at=NOW)
    number = made.application.number

    page = given.signed_in("acceptor").get(f"/inbox/{made.cases[0].number}/").content.decode()

    assert f"/applications/{number}/" in page
    assert given.signed_in("acceptor").get(f"/applications/{number}/").status_code == 200
    assert given.signed_in("stranger").get(f"/applications/{number}/").status_code == 404


def test_a_program_applies_once_and_reads_where_every_case_stands():
    first, again = apply(), apply()
    body = first.json()
    read = ask("get", f"applications/{body['number']}").json()

    assert (first.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert again.json() == body
    assert [m["state"] for m in read["members"]] == ["started", "started", "waiting"]
    assert read["due_on"] == body["due_on"]
    assert Application.objects.count() == 1


def test_the_api_refuses_what_cannot_be_whole():
    given_joint.package()
    turned(given.CONFIRMATION, Turn.SUSPEND, at=NOW)

    suspended = ask("post", "applications", "clerk", applied(), **{"Idempotency-Key": "k"})

    assert (suspended.status_code, suspended.json()["code"]) == (409, "catalogue.not_in_use")
    assert ask("get", "applications/none").status_code == 404
    assert not Case.objects.exists()


def test_supplying_through_the_api_serves_all_cases():
    made = given_joint.receipt(at=NOW, m2=MISSING)
    ask(
        "post",
        f"cases/{made.cases[0].number}/ask_correction",
        "acceptor",
        {"gaps": [{"order": 2, "problem": "missing", "demand": "请补布局图"}]},
    )

    answer = ask(
        "post",
        f"applications/{made.application.number}/supply",
        "clerk",
        {"materials": [{"order": 1, "state": "ok", "originals": 1}], "identity_checked": True},
    )

    assert (answer.status_code, answer.json()["open"]) == (200, [])


def test_the_receipt_is_one_numbered_paper_that_lists_every_member_and_material():
    made = given_joint.receipt(at=NOW, m2=MISSING)
    client, number = given.signed_in("clerk"), made.application.number

    page = client.get(f"/applications/{number}/receipt/").content.decode()
    pdf = client.get(f"/applications/{number}/papers/1/pdf/")
    paper = papers.of(number).get()
    verified = Client().get(f"/v/{paper.code}/").content.decode()

    assert "联收" in paper.number
    assert paper.number in page
    for said in (
        "食品经营许可（测试）",
        "证明打印（测试）",
        "资格确认（测试）",
        "布局图",
        "身份证",
    ):
        assert said in page
    assert "还缺：布局图" in page
    assert made.query_code in page
    assert pdf.getvalue().startswith(b"%PDF")
    assert paper.number in verified
    assert "木嘎" not in verified


def test_the_receipt_says_what_was_so_when_it_was_given():
    made = given_joint.receipt(at=NOW)
    number, client = made.application.number, given.signed_in("clerk")

    def sheet():
        page = client.get(f"/applications/{number}/receipt/").content.decode()
        return page[page.index("<article") : page.index("</article>")]

    before = sheet()
    given_joint.granted(made.cases[0], at=NOW)
    after = sheet()

    assert "食品经营许可（测试）" in before
    assert before == after


def test_the_applicant_opens_the_receipt_with_the_query_code_and_nobody_else():
    made = given_joint.receipt(at=NOW)
    path = f"/a/{made.track_token}/receipt/"
    wrong = "000000" if made.query_code != "000000" else "000001"

    closed = Client().get(path).content.decode()
    refused = Client().post(path, {"code": wrong})
    opened = Client().post(path, {"code": made.query_code}).content.decode()

    assert path in Client().get(f"/a/{made.track_token}/").content.decode()
    assert "木嘎" not in closed
    assert refused.status_code == 422
    assert "开小店（测试）" in opened
    assert (
        given.signed_in("stranger")
        .get(f"/applications/{made.application.number}/receipt/")
        .status_code
        == 404
    )


def test_a_program_is_told_the_number_of_the_receipt():
    body = apply().json()

    assert body["receipt"] == papers.of(body["number"]).get().number
    assert Client().get(body["verify_path"]).status_code == 200
