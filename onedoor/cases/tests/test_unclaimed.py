"""What nobody takes is served all the same: left before witnesses, or announced at last."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Case, Leaving
from onedoor.cases.rules.delivery import Unserved
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ClockName
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY
WITNESSES = ("李示例（灵泉社区）", "张示例（派出所）")


def _left(case: Case, *, at=MONDAY, who="issuer", **changes) -> Case:
    told = {
        "place": "灵泉路演示1号",
        "refusal": "开门后不肯接，说不认",
        "witnesses": WITNESSES,
        "left_on": clock.day_of(at),
        "document": given.report(),
    }
    return given.step(cases.leave, case, who, at=at, **(told | changes))


def _announced(*, ground=Unserved.UNKNOWN, who="head", at=MONDAY) -> Case:
    case = given.case(Status.READY)
    account = "到住处三次没有人，邻居说搬走了"
    return given.step(cases.announce, case, who, at=at, ground=ground, account=account)


def _proof(case: Case):
    return papers.words_of(papers.of(case.number).get(kind=Kind.DELIVERY.value))


# --- Left ---------------------------------------------------------------------------------------


def test_a_refused_paper_is_left_before_two_witnesses_and_the_proof_says_so():
    closed = _left(given.case(Status.READY))

    said = _proof(closed)
    assert closed.state is Status.CLOSED
    assert (said["送达方式"], said["送达地点"]) == ("留置送达", "灵泉路演示1号")
    assert said["见证人"] == "；".join(WITNESSES)
    assert said["拒收情况"] == "开门后不肯接，说不认"
    assert "sha256:" in str(said["照片或文件"])
    assert (said["领取人"], said["送达时间"]) == ("", "2026年3月9日")


def test_the_ledger_knows_the_way_and_the_file_and_nothing_of_what_was_written():
    closed = _left(given.case(Status.READY))

    last = ledger.history(closed.subject)[-1]
    assert (last.facts["step"], last.facts["details"]["way"]) == ("T17c", "left")
    assert closed.leaving.document is not None
    assert last.facts["details"]["document"] == closed.leaving.document.digest
    assert "灵泉路" not in str(last.facts)


def test_left_late_is_late_by_the_day_it_was_left():
    closed = _left(given.case(Status.READY), at=FRIDAY + 40 * DAY, left_on=date(2026, 3, 11))

    assert queries.points_of(closed, on=date(2026, 6, 1)) == ()
    assert closed.ended_at is not None
    assert clock.day_of(closed.ended_at) == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("lacking", "code"),
    [
        ({"witnesses": WITNESSES[:1]}, "delivery.witnesses"),
        ({"witnesses": (WITNESSES[0], WITNESSES[0])}, "delivery.witnesses"),
        ({"document": None}, "delivery.no_proof"),
        ({"place": " "}, "form.required"),
        ({"refusal": ""}, "form.required"),
        ({"left_on": date(2026, 3, 10)}, "delivery.left_on"),
        ({"left_on": date(2026, 3, 5)}, "delivery.left_on"),
    ],
)
def test_without_witnesses_place_and_proof_nothing_is_left(lacking, code):
    case = given.case(Status.READY)

    with pytest.raises(Refusal) as refused:
        _left(case, **lacking)

    assert refused.value.code == code
    assert given.reload(case).state is Status.READY
    assert not Leaving.objects.exists()


# --- Announced ----------------------------------------------------------------------------------


def test_an_announced_paper_counts_as_served_at_its_day_and_not_before():
    case = _announced()

    assert (case.announced_on, case.notice_due_on) == (date(2026, 3, 9), date(2026, 4, 8))
    last_day = clock.at_local(date(2026, 4, 8), 12)
    assert cases.settle(case, at=last_day).state is Status.READY
    closed = cases.settle(case, at=last_day + DAY)
    said = _proof(closed)
    assert closed.state is Status.CLOSED
    assert closed.ended_at is not None
    assert clock.day_of(closed.ended_at) == date(2026, 4, 8)
    assert (said["送达方式"], said["送达时间"]) == ("公告送达", "2026年4月8日")
    assert "2026年3月9日公告" in str(said["公告情况"])


def test_the_worker_serves_what_nobody_fetched():
    case = _announced()

    cases.run_timers(at=clock.at_local(date(2026, 4, 9), 8))

    assert given.reload(case).state is Status.CLOSED


def test_an_announcement_in_time_keeps_the_delivery_limit_and_has_a_clock_of_its_own():
    closed = cases.settle(_announced(), at=clock.at_local(date(2026, 4, 20), 8))

    watched = [p.watch for p in queries.points_of(closed, on=date(2026, 6, 1))]
    found = {e.clock: e for e in queries.explanations(closed, on=date(2026, 6, 1))}
    assert Watch.DELIVERY_LATE not in watched
    assert found[ClockName.DELIVERY].ended_on == date(2026, 3, 9)
    assert found[ClockName.NOTICE].due_on == date(2026, 4, 8)


def test_who_comes_while_it_is_announced_gets_it_at_the_window():
    case = _announced()

    closed = given.step(
        cases.hand_out,
        case,
        "issuer",
        at=MONDAY + 5 * DAY,
        recipient=Recipient(),
        identity_checked=True,
    )

    assert _proof(closed)["送达方式"] == "窗口领取"
    assert not queries.notices(on=date(2026, 3, 20)).exists()


def test_announcing_is_for_the_head_once_and_only_when_nothing_else_is_left():
    with pytest.raises(NotAllowed):
        _announced(who="issuer")
    with pytest.raises(Refusal) as not_posted:
        _announced(ground=Unserved.FAILED)
    case = _announced()
    with pytest.raises(Refusal) as again:
        given.step(
            cases.announce,
            case,
            "head",
            at=MONDAY + DAY,
            ground=Unserved.UNKNOWN,
            account="再公告一次",
        )

    assert (not_posted.value.code, again.value.code) == ("case.need", "case.need")
    offered = {o.action for o in queries.offers(case, given.actor("head"), on=date(2026, 3, 10))}
    assert Action.ANNOUNCE not in offered


def test_the_notice_is_public_with_the_name_and_without_the_number_until_its_day():
    case = _announced(at=clock.now())
    assert case.notice_due_on is not None

    page = Client().get("/open/notices/").content.decode()

    assert case.applicant.name in page
    assert worded(case.notice_due_on) in page
    assert str(case.applicant.id_number) not in page
    assert "邻居" not in page
    assert not queries.notices(on=case.notice_due_on + DAY).exists()
    token = codes.track_token(case.pk, case.code_key)
    assert "视为送达" in Client().get(f"/c/{token}/").content.decode()


# --- Through the doors --------------------------------------------------------------------------


def test_the_page_of_a_case_leaves_and_announces():
    one, two = given.case(Status.READY), given.case(Status.READY)
    today = clock.day_of(clock.now()).isoformat()
    photo = SimpleUploadedFile("回证.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    told = {"left_on": today, "place": "灵泉路1号", "refusal": "拒收", "document": photo}
    issuer, head = given.signed_in("issuer"), given.signed_in("head")

    left = issuer.post(
        f"/inbox/{one.number}/do/leave/",
        told | {"witness": WITNESSES[0], "second": WITNESSES[1], "seen": one.version},
    )
    announced = head.post(
        f"/inbox/{two.number}/do/announce/",
        {"ground": "whereabouts_unknown", "account": "找不到", "seen": two.version},
    )

    assert (left.status_code, announced.status_code) == (302, 302)
    shown = issuer.get(f"/inbox/{one.number}/").content.decode()
    assert "灵泉路1号" in shown
    assert given.reload(two).announced_on is not None


def test_a_program_announces_too():
    case = given.case(Status.READY)

    answer = Client().post(
        f"/api/v1/cases/{case.number}/announce",
        data=json.dumps({"ground": "whereabouts_unknown", "account": "找不到"}),
        content_type="application/json",
        headers={"Authorization": "Bearer token-head", "If-Match": "*"},
    )

    assert answer.status_code == 200, answer.content
    assert papers.of(case.number).filter(kind=Kind.ANNOUNCEMENT.value).exists()
