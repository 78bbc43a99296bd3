"""Taking in for another place: receipt, two signatures, sent in a day, and what came of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from onedoor.cases import remote
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.remote import RemoteOutcome, RemotePaper, RemoteState, read_papers
from onedoor.cases.services import remote as taking
from onedoor.cases.services.remote import RemoteData
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.cases.tests.test_api import ask
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Said = dict[str, Any]
TOLD = RemoteData("异地就医备案", "示例市医疗保障局", "示例市演示路1号", "0000-0000000")
PAPERS = [RemotePaper("申请表"), RemotePaper("身份证", 0, 1)]


def taken(*, at=FRIDAY, by="clerk", told=TOLD, materials=PAPERS, seen=True):
    return taking.take_remote(
        told,
        applicant=given.applicant(),
        materials=materials,
        identity_checked=seen,
        by=given.actor(by),
        at=at,
    )


def packed(*, at=FRIDAY):
    return taking.pack(taken(at=at), checked=True, by=given.actor("clerk"), at=at)


def sent(*, at=FRIDAY):
    found = packed(at=at)
    way: Said = {"carrier": "EMS", "waybill": "em123456789cn"}
    return taking.send(found, checked=True, **way, by=given.actor("issuer"), at=at)


def test_the_receipt_says_who_decides_and_by_when_the_papers_leave():
    made = taken()

    paper = papers.of(made.number).get()
    said = str(papers.page_of(paper).blocks)
    assert paper.kind == Kind.REMOTE_RECEIPT.value
    assert made.send_due_on == date(2026, 3, 9), "one working day after Friday"
    assert all(
        word in said
        for word in (
            *("异地就医备案", "示例市医疗保障局", "示例市演示路1号", "身份证", "2026年3月9日"),
            *("复印件 1 份", "从它受理那天算起", made.number),
        )
    )
    assert "532502195304120000" not in said


def test_it_goes_from_the_window_to_the_applicant_with_every_step_on_record():
    found = sent()
    on: Said = {"by": given.actor("clerk"), "at": FRIDAY + 10 * DAY}
    accepted = taking.note_acceptance(found, home_number="A-1", accepted_on=date(2026, 3, 10), **on)
    ended = taking.note_result(
        accepted,
        outcome=RemoteOutcome.GRANTED,
        ended_on=date(2026, 3, 13),
        carrier="EMS",
        waybill="EM987654321CN",
        **on,
    )
    done = taking.hand_over_remote(ended, identity_checked=True, **on)

    assert done.standing is RemoteState.HANDED
    assert (done.waybill, done.result_waybill) == ("EM123456789CN", "EM987654321CN")
    assert remote.signers(done) == {
        "received": "综窗示例",
        "packed": "综窗示例",
        "sent": "出件示例",
    }
    kinds = [e.kind for e in ledger.history(done.subject)]
    assert kinds == ["remote.taken", *["remote.moved"] * 5]
    assert "异地就医备案" not in str([e.facts for e in ledger.history(done.subject)])


def test_whoever_counted_the_papers_does_not_check_them():
    found = packed()

    way: Said = {"checked": True, "carrier": "EMS", "waybill": "EM123456789CN"}
    with refused("remote.same_person"):
        taking.send(found, **way, by=given.actor("clerk"), at=FRIDAY)
    for step, said in (
        (taking.pack, {"checked": False}),
        (taking.send, way | {"checked": False}),
    ):
        with pytest.raises(NotValid):
            step(found, **said, by=given.actor("issuer"), at=FRIDAY)
    with refused("case.waybill"):
        taking.send(found, **way | {"waybill": "1"}, by=given.actor("issuer"), at=FRIDAY)


def test_what_lies_longer_than_a_working_day_is_late():
    found = packed()

    def late(on):
        return remote.late(remote.visible_to(given.actor("supervisor")), on=on).exists()

    assert not late(date(2026, 3, 9))
    assert late(date(2026, 3, 10))
    assert remote.is_late(found, on=date(2026, 3, 10))
    sent(at=FRIDAY)
    moved = taking.send(
        found,
        checked=True,
        carrier="EMS",
        waybill="EM123456789CN",
        by=given.actor("issuer"),
        at=FRIDAY + 5 * DAY,
    )
    assert not late(date(2026, 3, 10))
    assert ledger.history(moved.subject)[-1].facts["details"] == {"is_late": True}


def test_nothing_is_taken_in_without_identity_papers_or_a_desk():
    for code, call in (
        ("remote.identity", lambda: taken(seen=False)),
        ("remote.papers", lambda: taken(materials=[])),
        ("form.required", lambda: taken(told=RemoteData("", "甲", "乙"))),
        ("remote.not_a_desk", lambda: taken(by="head")),
    ):
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.code == code
    assert not RemoteIntake.objects.exists()


def test_a_step_out_of_turn_or_on_another_day_is_refused():
    found = sent()
    by: Said = {"by": given.actor("clerk"), "at": FRIDAY + DAY}

    with refused("remote.wrong_state"):
        taking.pack(found, checked=True, **by)
    for day in (date(2026, 3, 5), date(2026, 3, 8)):
        with refused("remote.day"):
            taking.note_acceptance(found, home_number="A", accepted_on=day, **by)
    moved = taking.note_acceptance(found, home_number="A", accepted_on=date(2026, 3, 7), **by)
    with refused("remote.changed"):  # whoever still has the page from before
        taking.note_acceptance(found, home_number="B", accepted_on=date(2026, 3, 7), **by)
    with refused("remote.wrong_state"):
        taking.note_acceptance(moved, home_number="B", accepted_on=date(2026, 3, 7), **by)
    assert moved.home_number == "A"


@pytest.mark.parametrize("line", ["｜1｜1", "身份证｜一份", "身份证｜1｜1｜1", "甲" * 101])
def test_a_line_that_cannot_be_read_is_refused(line):
    with refused("remote.paper_line"):
        read_papers(line)


def test_the_window_takes_in_prints_counts_and_sends():
    desk, other = given.signed_in("clerk"), given.signed_in("issuer")
    who = {
        "kind": "person",
        "name": "普秀英示例",
        "id_type": "111",
        "id_number": "532502195304120000",
        "phone": "13800000001",
        "identity_checked": "on",
    }
    what = {"item": "异地就医备案", "body": "示例市医保局", "body_address": "演示路1号"}

    assert desk.post("/desk/remote/new/", {"key": "a" * 32, **who}).status_code == 422
    wrong = desk.post("/desk/remote/new/", {"key": "a", **who, **what, "materials": "｜1"})
    assert wrong.status_code == 422
    assert "一行一份" in wrong.content.decode()
    said = {"key": "b" * 32, **who, **what, "materials": "申请表\n身份证｜0｜1"}
    answer = desk.post("/desk/remote/new/", said, follow=True)
    assert "异地代收凭证" in answer.content.decode()
    assert desk.post("/desk/remote/new/", said).status_code == 302
    made = RemoteIntake.objects.get()
    assert desk.get(f"/desk/remote/{made.number}/paper/pdf/").status_code == 200
    page = f"/desk/remote/{made.number}/"
    assert desk.post(f"{page}pack/", {"checked": "on"}).status_code == 302
    way: Said = {"checked": "on", "carrier": "EMS", "waybill": "EM123456789CN"}
    assert desk.post(f"{page}send/", way).status_code == 409
    assert other.post(f"{page}send/", way).status_code == 302
    shown = other.get(page).content.decode()
    assert "EM123456789CN" in shown
    assert "普秀英" not in shown
    assert made.number in given.signed_in("supervisor").get("/desk/remote/").content.decode()
    assert given.signed_in("head").get("/desk/remote/").status_code == 403


def test_a_program_takes_the_whole_road():
    today = clock.day_of(clock.now()).isoformat()
    body: Said = {
        "item": "异地就医备案",
        "body": "示例市医保局",
        "body_address": "演示路1号",
        "applicant": {
            "kind": "person",
            "name": "普秀英示例",
            "id_type": "111",
            "id_number": "532502195304120000",
            "phone": "13800000001",
        },
        "materials": [{"name": "申请表"}],
        "identity_checked": True,
    }
    made = ask("post", "remote-intakes", "clerk", body, **{"Idempotency-Key": "k1"})
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made.headers["Location"].endswith(f"/remote-intakes/{number}")
    for step, who, said in (
        ("pack", "clerk", {"checked": True}),
        ("send", "issuer", {"checked": True, "carrier": "EMS", "waybill": "EM123456789CN"}),
        ("accepted", "clerk", {"home_number": "A-1", "accepted_on": today}),
        ("result", "clerk", {"outcome": "granted", "ended_on": today}),
        ("hand_over", "issuer", {"identity_checked": True}),
    ):
        answer = ask("post", f"remote-intakes/{number}/{step}", who, said)
        assert answer.status_code == 200, answer.content
    assert ask("get", f"remote-intakes/{number}").json()["state"] == "handed"
    listed = ask("get", "remote-intakes?state=handed").json()
    assert [row["number"] for row in listed] == [number]
    assert ask("get", f"remote-intakes/{number}", "head").status_code == 404
