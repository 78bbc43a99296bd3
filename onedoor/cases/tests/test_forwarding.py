"""Forwarding (T18, T22): opinion and materials go up, the answer comes down."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts.rules import Role
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Forwarding, Licence
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ClockName
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FORWARDED, FRIDAY
from onedoor.cases.tests.test_api import ask
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY
EXPECTED = date(2026, 4, 7)
UPPER = "红河州示例局"


def forwarded(case=None, *, at=MONDAY, by="head", expected_on=EXPECTED):
    case = case or given.reviewed(item=FORWARDED)
    return given.step(cases.forward, case, by, at=at, body=UPPER, expected_on=expected_on)


def replied(case=None, *, at=MONDAY + 10 * DAY, is_approved=True, on=date(2026, 3, 18)):
    return given.step(
        cases.record_reply,
        case or forwarded(),
        "reviewer",
        at=at,
        is_approved=is_approved,
        reference="红示批〔2026〕8号",
        replied_on=on,
        reason="同意初审意见",
    )


def granted(case, *, at=MONDAY + 11 * DAY):
    return given.step(cases.grant, case, "decider", at=at, opinion="按上级决定准予")


def refused_by_decider(case):
    return given.step(
        cases.refuse,
        case,
        "decider",
        at=MONDAY + 11 * DAY,
        facts="上级批复不同意",
        reason="上级不同意",
        basis="《食品安全法》第三十五条",
    )


def words_of(case, kind):
    (paper,) = [p for p in papers.of(case.number) if p.kind == kind]
    return papers.words_of(paper)


# --- Up -------------------------------------------------------------------------------------------


def test_the_letter_carries_the_opinion_and_every_material_and_the_applicant_is_told():
    case = forwarded()

    letter, notice = words_of(case, "forward"), words_of(case, "forward_notice")
    assert case.state is Status.FORWARDED
    assert (letter["上级机关"], letter["初审意见"]) == (UPPER, "材料齐全，建议准予")
    assert len(letter["材料"]) == 3
    assert (notice["上级机关"], notice["转报日期"]) == (UPPER, "2026年3月9日")
    assert "预计2026年4月7日前有结果" in notice["不再提交"]
    assert [e.facts["step"] for e in ledger.history(case.subject)][-2:] == ["T18", "T18a"]


def test_the_own_limit_ends_and_the_upper_bodys_is_shown_with_its_name():
    case = forwarded()

    assert case.urgent_on == EXPECTED
    shown = {e.clock: e for e in queries.explanations(case, on=date(2026, 5, 20))}
    assert shown[ClockName.STATUTORY].ended_on == date(2026, 3, 9)
    assert (shown[ClockName.UPPER].due_on, shown[ClockName.UPPER].ended_on) == (EXPECTED, None)
    assert UPPER in shown[ClockName.UPPER].basis
    late = [p.watch for p in queries.points_of(case, on=date(2026, 5, 20))]
    assert late == [Watch.UPPER_LATE]
    assert queries.points_of(case, on=EXPECTED) == ()


def test_forwarded_past_the_own_limit_it_was_late():
    case = forwarded(at=clock.at_local(date(2026, 4, 7), 9), expected_on=date(2026, 5, 8))

    late = [p.watch for p in queries.points_of(case, on=date(2026, 4, 7))]
    assert Watch.STATUTORY_LATE in late


def test_what_is_decided_here_is_not_forwarded_and_what_is_not_is_not_decided_here():
    with pytest.raises(Refusal) as here:
        forwarded(given.reviewed())
    with pytest.raises(Refusal) as above:
        granted(given.reviewed(item=FORWARDED))

    assert here.value.data["need"] == "forwardable"
    assert above.value.data["need"] == "decided_here"


def test_without_a_first_opinion_nothing_goes_up():
    with pytest.raises(Refusal) as refused:
        forwarded(given.case(Status.IN_REVIEW, item=FORWARDED))

    assert refused.value.data["need"] == "reviewed"


def test_a_proposal_is_answered_before_the_case_goes_up():
    case = given.proposed(given.reviewed(item=FORWARDED), at=MONDAY)

    with pytest.raises(Refusal) as refused:
        forwarded(case)

    assert refused.value.data["need"] == "none_proposed"


@pytest.mark.parametrize("who", ["reviewer", "decider", "clerk"])
def test_only_the_head_sends_it_up(who):
    with pytest.raises(NotAllowed):
        forwarded(by=who)


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 3, 1)])
def test_an_answer_is_expected_in_the_future(day):
    with pytest.raises(NotValid) as refused:
        forwarded(expected_on=day)

    assert refused.value.code == "case.expected_on"


def test_the_applicant_may_still_withdraw():
    case = given.step(
        cases.withdraw,
        forwarded(),
        "clerk",
        at=MONDAY + DAY,
        reason="不办了",
        identity_checked=True,
    )

    assert case.state is Status.WITHDRAWN


# --- Down -----------------------------------------------------------------------------------------


def test_from_the_day_of_the_answer_the_delivery_limit_runs():
    case = replied()

    assert case.state is Status.FORWARDED
    assert case.delivery_due_on == case.urgent_on == date(2026, 4, 1)
    case = granted(case)
    assert (case.state, case.delivery_due_on) == (Status.DECIDED_YES, date(2026, 4, 1))
    shown = {e.clock: e for e in queries.explanations(given.reload(case), on=date(2026, 3, 20))}
    assert shown[ClockName.DELIVERY].start_on == date(2026, 3, 18)
    assert shown[ClockName.UPPER].ended_on == date(2026, 3, 18)


def test_the_decision_names_the_upper_bodys_paper_and_is_no_licence_of_ours():
    case = granted(replied())

    assert words_of(case, "grant")["上级决定"] == f"{UPPER} 2026年3月18日 红示批〔2026〕8号"
    assert not Licence.objects.filter(case=case).exists()


def test_only_what_the_upper_body_answered_can_be_passed_on():
    no = replied(is_approved=False)

    with pytest.raises(Refusal) as refused:
        granted(no)
    assert refused.value.data["need"] == "reply_yes"
    assert refused_by_decider(no).state is Status.DECIDED_NO
    with pytest.raises(Refusal) as other:
        refused_by_decider(replied())
    assert other.value.data["need"] == "reply_no"


def test_before_the_answer_nothing_is_decided():
    with pytest.raises(Refusal) as refused:
        granted(forwarded())

    assert refused.value.data["need"] == "reply_yes"


def test_it_answers_once():
    with pytest.raises(Refusal) as refused:
        replied(replied())

    assert refused.value.data["need"] == "reply_awaited"


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 20)])
def test_the_answer_is_of_a_day_between_sending_and_today(day):
    with pytest.raises(NotValid) as refused:
        replied(on=day)

    assert refused.value.code == "case.replied_on"


def test_answered_but_not_passed_on_in_ten_days_is_red():
    case = replied()

    late = [p.watch for p in queries.points_of(case, on=date(2026, 4, 2))]

    assert late == [Watch.DELIVERY_LATE]


def test_recomputing_keeps_the_day_of_delivery_of_what_was_answered():
    case = replied()
    wrong = date(2026, 4, 10)
    Case.objects.filter(pk=case.pk).update(delivery_due_on=wrong, urgent_on=wrong)

    cases.recompute_due_dates(cause="test", at=MONDAY)

    assert given.reload(case).delivery_due_on == given.reload(case).urgent_on == date(2026, 4, 1)


def test_the_decider_finds_it_only_once_it_is_answered():
    case = forwarded()
    found = queries.inbox(given.actor("decider"), [Role.DECIDER])

    assert not found.filter(pk=case.pk).exists()
    replied(case)
    assert found.filter(pk=case.pk).exists()


# --- Doors ----------------------------------------------------------------------------------------


def test_head_reviewer_and_decider_do_it_on_the_page():
    now = datetime.now(UTC)
    case = given.reviewed(item=FORWARDED, at=now - 8 * timedelta(hours=1))
    today = clock.day_of(now)
    do = f"/inbox/{case.number}/do"
    head = given.signed_in("head")

    sent = {"seen": case.version, "body": UPPER, "expected_on": f"{today + 20 * DAY}"}
    assert head.post(f"{do}/forward/", sent | {"body": ""}).status_code == 422
    assert head.post(f"{do}/forward/", sent).status_code == 302
    assert case.alias in head.get("/inbox/?box=forwarded").content.decode()
    answer = {"seen": case.version + 2, "is_approved": "no", "reference": "8号", "reason": "不符"}
    answer["replied_on"] = f"{today}"
    answer["document"] = SimpleUploadedFile("批复.pdf", b"%PDF-1.4 reply %%EOF")
    reviewer = given.signed_in("reviewer")
    assert reviewer.post(f"{do}/record_reply/", answer).status_code == 302

    page = given.signed_in("decider").get(f"/inbox/{case.number}/").content.decode()
    assert "不同意（8号）" in page
    kept = Forwarding.objects.get(case=case)
    assert kept.is_approved is False
    assert kept.document is not None
    assert ledger.history(case.subject)[-1].facts["details"]["document"] == kept.document.digest
    path = f"/inbox/{case.number}/files/{kept.document.digest.removeprefix('sha256:')}/"
    assert path in page
    served = reviewer.post(path, {"purpose": "review"})
    assert served.getvalue() == b"%PDF-1.4 reply %%EOF"
    assert given.signed_in("stranger").post(path, {"purpose": "review"}).status_code == 404


def test_the_applicant_reads_who_decides_and_when():
    now = datetime.now(UTC) - timedelta(hours=8)
    made = given.receipt(FORWARDED, at=now)
    case = given.step(cases.accept, made.case, "acceptor", at=now)
    case = given.step(cases.review, case, "reviewer", at=now, opinion="建议准予")
    forwarded(case, at=now, expected_on=clock.day_of(now) + 30 * DAY)

    page = Client().get(f"/c/{made.track_token}/").content.decode()

    assert f"已报送{UPPER}决定" in page
    assert "转报告知书" in page


def test_a_program_forwards_and_records_the_answer():
    now = datetime.now(UTC)
    number = given.reviewed(item=FORWARDED, at=now - 8 * timedelta(hours=1)).number
    today = clock.day_of(now)
    sent = {"body": UPPER, "expected_on": f"{today + 20 * DAY}"}

    assert ask("post", f"cases/{number}/forward", "reviewer", sent).status_code == 403
    assert ask("post", f"cases/{number}/forward", "head", sent).json()["status"] == "forwarded"
    answer = {"is_approved": True, "reference": "8号", "replied_on": f"{today}", "reason": "同意"}
    paper = SimpleUploadedFile("批复.pdf", b"%PDF-1.4 reply %%EOF")
    told = Client().post(
        f"/api/v1/cases/{number}/record_reply",
        answer | {"file": paper},
        headers={"authorization": "Bearer token-reviewer", "If-Match": "*"},
    )
    assert told.json()["replied_on"] == f"{today}"
    assert str(Forwarding.objects.get(case__number=number).document_name) == "批复.pdf"
    done = ask("post", f"cases/{number}/grant", "decider", {"opinion": "准予"})
    assert done.json()["outcome"] == "granted"
