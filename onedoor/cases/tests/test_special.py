"""Special procedures (T9, T10): what the item lists, proposed, approved, ended by a document."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.calendar import queries as calendar
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Pause, Proposal
from onedoor.cases.rules.lifecycle import LIFECYCLE, Clock, Paper, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ClockName
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY, proposed, resumed, suspended
from onedoor.cases.tests.test_api import ask
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.sentences import sentence
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY
TESTING, EXPERTS, HEARING = SpecialKind.TESTING, SpecialKind.EXPERT_REVIEW, SpecialKind.HEARING


def in_review():
    return given.case(Status.IN_REVIEW)


def working_day(start: date, days: int) -> date:
    found = calendar.working_days()
    return found.day_with_ordinal(found.ordinal(start) + days)


# --- Proposed, approved, turned down --------------------------------------------------------------


def test_while_it_is_only_proposed_the_clock_runs():
    case = proposed(in_review(), at=MONDAY)

    assert case.state is Status.IN_REVIEW
    assert case.promised_due_on == date(2026, 3, 13)
    assert not Pause.objects.filter(case=case).exists()
    assert ledger.history(case.subject)[-1].facts["paper"] == "none"


def test_invariant_6_a_suspended_clock_has_a_written_notice_with_planned_days():
    case = suspended(in_review(), at=MONDAY, days=10)

    (pause,) = Pause.objects.filter(case=case)
    assert (case.state, case.promised_due_on, case.statutory_due_on) == (Status.SPECIAL, None, None)
    assert (pause.first_on, pause.planned_until) == (date(2026, 3, 9), date(2026, 3, 23))
    assert case.special_due_on == case.urgent_on == pause.planned_until
    (notice,) = [p for p in papers.of(case.number) if p.kind == "special"]
    said = papers.words_of(notice)
    assert notice.step == case.version
    assert said["程序"] == "检测"
    assert said["依据"] == "《食品安全法》第八十七条"
    assert said["说明"] == "要等结果"
    assert said["停止计时"] == "2026年3月9日"
    assert said["所需时间"] == "10 个工作日（到2026年3月23日）"


def test_invariant_6_no_row_of_the_table_stops_the_clock_without_the_notice():
    stopping = [step for step in LIFECYCLE if step.clock is Clock.PAUSE]

    assert {step.paper for step in stopping} == {Paper.SPECIAL}
    assert {s.id for s in LIFECYCLE if s.target is Status.SPECIAL is not s.source} == {"T9"}


def test_turned_down_nothing_has_stopped_and_it_may_be_proposed_again():
    case = given.step(
        cases.turn_down_special, proposed(in_review(), at=MONDAY), "head", at=MONDAY, reason="不必"
    )

    assert (case.state, case.promised_due_on) == (Status.IN_REVIEW, date(2026, 3, 13))
    assert Proposal.objects.get(case=case).is_approved is False
    assert suspended(case, at=MONDAY + DAY).state is Status.SPECIAL


def test_whoever_proposed_it_cannot_approve_it():
    case = proposed(in_review(), at=MONDAY)
    reviewer, head = given.actor("reviewer"), given.actor("head")
    both = replace(reviewer, holdings=reviewer.holdings + head.holdings)

    with pytest.raises(Refusal) as refused:
        cases.suspend(given.reload(case), seen=case.version, by=both, at=MONDAY)

    assert refused.value.data["need"] == "by_another"


@pytest.mark.parametrize("who", ["clerk", "acceptor", "decider", "stranger"])
def test_only_a_reviewer_proposes_and_only_the_head_answers(who):
    case = in_review()

    with pytest.raises(NotAllowed if who != "stranger" else Refusal):
        given.step(
            cases.propose_special, case, who, at=MONDAY, kind=TESTING, planned_days=5, reason="送检"
        )
    with pytest.raises(NotAllowed):
        given.step(cases.suspend, proposed(case, at=MONDAY), "reviewer", at=MONDAY)


def test_nothing_proposed_nothing_to_approve():
    with pytest.raises(Refusal) as refused:
        given.step(cases.suspend, in_review(), "head", at=MONDAY)

    assert refused.value.data["need"] == "proposed"


def test_what_was_proposed_is_answered_before_the_next_and_before_the_decision():
    case = proposed(given.reviewed(), at=MONDAY)

    with pytest.raises(Refusal) as twice:
        proposed(case, at=MONDAY, kind=EXPERTS)
    with pytest.raises(Refusal) as decided:
        given.step(cases.grant, case, "decider", at=MONDAY, opinion="同意")

    assert twice.value.data["need"] == decided.value.data["need"] == "none_proposed"


# --- What the item lists --------------------------------------------------------------------------


def test_a_kind_the_item_does_not_list_is_refused_with_a_sentence():
    with pytest.raises(Refusal) as refused:
        proposed(in_review(), at=MONDAY, kind=SpecialKind.QUARANTINE)

    assert (refused.value.code, refused.value.basis) == ("case.kind_not_listed", "许可法45")
    assert "没有列“检疫”" in sentence(refused.value)


@pytest.mark.parametrize("days", [0, -1, 31, 10**9])
def test_more_days_than_the_item_lists_are_refused(days):
    with pytest.raises(NotValid) as refused:
        proposed(in_review(), at=MONDAY, days=days)

    assert refused.value.code == "case.planned_days"
    assert refused.value.data["left"] == 30


def test_the_days_of_one_kind_add_up_over_the_case():
    case = resumed(suspended(in_review(), at=MONDAY, days=20), at=MONDAY + DAY)

    with pytest.raises(NotValid) as refused:
        proposed(case, at=MONDAY + DAY, days=11)

    assert refused.value.data["left"] == 10
    assert proposed(case, at=MONDAY + DAY, days=10).state is Status.IN_REVIEW


def test_an_item_that_lists_nothing_offers_nothing():
    case = in_review()
    case.item_version.special_procedures = []

    offered = queries.offers(case, given.actor("reviewer"), on=date(2026, 3, 9))

    assert "propose_special" not in [offer.action for offer in offered]
    listed = queries.offers(given.reload(case), given.actor("reviewer"), on=date(2026, 3, 9))
    assert "propose_special" in [offer.action for offer in listed]


# --- Ended ----------------------------------------------------------------------------------------


def test_while_suspended_there_is_no_date_and_after_it_the_days_are_not_counted():
    case = suspended(in_review(), at=MONDAY)
    shown = {e.clock: e.due_on for e in queries.explanations(case, on=date(2026, 3, 10))}
    assert shown[ClockName.PROMISED] is None
    assert shown[ClockName.SPECIAL] == date(2026, 3, 23)

    case = resumed(case, at=FRIDAY + 6 * DAY)

    # Monday to Wednesday (9–11 March) ended suspended: three working days.
    assert case.promised_due_on == date(2026, 3, 18)
    assert case.state is Status.IN_REVIEW
    assert case.special_due_on is None


def test_resumed_on_the_last_planned_day_exactly_the_planned_days_were_not_counted():
    case = suspended(in_review(), at=MONDAY, days=10)
    case = resumed(case, at=clock.at_local(date(2026, 3, 23), 16))

    assert case.promised_due_on == working_day(date(2026, 3, 13), 10)
    assert case.special_late_on is None


def test_without_the_result_document_the_clock_stays_where_it_is():
    case = suspended(in_review(), at=MONDAY)

    with pytest.raises(Refusal) as refused:
        resumed(case, at=MONDAY + DAY, document=None)

    assert refused.value.data["need"] == "result_filed"
    assert given.reload(case).state is Status.SPECIAL


def test_the_document_and_who_filed_it_are_kept_and_on_record():
    report = given.report()
    case = resumed(suspended(in_review(), at=MONDAY), at=MONDAY + DAY, document=report)

    pause = Pause.objects.get(case=case)
    assert (pause.document, pause.document_name) == (report.file, "检测报告.pdf")
    assert pause.ended_by == given.actor("reviewer").ref
    assert ledger.history(case.subject)[-1].facts["details"]["document"] == report.file.digest


def test_what_does_not_run_cannot_end():
    case = suspended(in_review(), at=MONDAY)

    with pytest.raises(Refusal) as refused:
        resumed(case, at=MONDAY + DAY, kind=EXPERTS)

    assert refused.value.code == "case.kind_not_running"


def test_withdrawn_while_it_runs_it_ends_too():
    case = given.step(
        cases.withdraw,
        suspended(in_review(), at=MONDAY),
        "clerk",
        at=MONDAY + DAY,
        reason="不办了",
        identity_checked=True,
    )

    assert case.special_due_on is None
    assert Pause.objects.get(case=case).resumed_on == date(2026, 3, 10)


# --- Several at once ------------------------------------------------------------------------------


def test_invariant_5_overlapping_suspensions_never_double_count():
    case = suspended(in_review(), at=MONDAY, kind=TESTING)
    case = suspended(case, at=MONDAY + DAY, kind=EXPERTS)
    case = resumed(case, at=MONDAY + 2 * DAY, kind=TESTING)

    assert case.state is Status.SPECIAL
    assert ledger.history(case.subject)[-1].facts["step"] == "T10a"
    case = resumed(case, at=MONDAY + 4 * DAY, kind=EXPERTS)
    # Monday to Thursday ended suspended, Tuesday twice over: four working days, not five.
    assert case.promised_due_on == working_day(date(2026, 3, 13), 4)
    assert ledger.history(case.subject)[-1].facts["step"] == "T10"


def test_the_same_kind_runs_once_at_a_time():
    case = suspended(in_review(), at=MONDAY)

    with pytest.raises(Refusal) as refused:
        proposed(case, at=MONDAY + DAY, days=5)

    assert refused.value.code == "case.kind_runs"


def test_of_two_that_run_the_first_to_be_over_is_the_date_shown():
    case = suspended(in_review(), at=MONDAY, kind=TESTING, days=20)
    case = suspended(case, at=MONDAY, kind=EXPERTS, days=5)
    assert case.special_due_on == date(2026, 3, 16)

    case = resumed(case, at=MONDAY + DAY, kind=EXPERTS)

    assert case.special_due_on == Pause.objects.get(case=case, kind="TX05").planned_until


# --- Hearings -------------------------------------------------------------------------------------


def asked_for():
    case = given.step(cases.tell_hearing, in_review(), "reviewer", at=MONDAY, reason="涉及相邻权")
    return given.step(cases.ask_hearing, case, "clerk", at=MONDAY, asked_by="邻居示例")


def test_the_clock_stops_for_a_hearing_only_when_one_was_asked_for():
    with pytest.raises(Refusal) as refused:
        proposed(in_review(), at=MONDAY, kind=HEARING)

    assert refused.value.code == "case.no_hearing_awaited"
    assert suspended(asked_for(), at=MONDAY, kind=HEARING).state is Status.SPECIAL


def test_a_hearing_ends_with_its_record_and_needs_no_other_document():
    case = suspended(asked_for(), at=MONDAY, kind=HEARING, days=15)
    held = clock.at_local(date(2026, 3, 20), 9)
    case = given.step(
        cases.call_hearing,
        case,
        "head",
        at=MONDAY,
        held_at=held,
        place="三楼会议室",
        chair=Person.objects.get(username="decider"),
    )
    with pytest.raises(Refusal) as refused:
        resumed(case, at=held + DAY, kind=HEARING, document=None)
    assert refused.value.data["need"] == "result_filed"
    case = given.step(
        cases.record_hearing,
        case,
        "head",
        at=held + DAY,
        attendants="申请人：阿普·木嘎示例",
        minutes="双方陈述",
    )

    case = resumed(case, at=held + DAY, kind=HEARING, document=None)

    assert case.state is Status.IN_REVIEW


# --- Supervision ----------------------------------------------------------------------------------


def watched(case, on):
    return [p.watch for p in queries.points_of(case, on=on)]


def test_past_its_planned_days_supervision_shows_it_and_still_does_after_the_end():
    case = suspended(in_review(), at=MONDAY, days=5)

    assert Watch.SPECIAL_LATE not in watched(case, date(2026, 3, 16))
    assert Watch.SPECIAL_LATE in watched(case, date(2026, 3, 17))
    case = resumed(case, at=clock.at_local(date(2026, 3, 18), 9))
    (point,) = [
        p for p in queries.points_of(case, on=date(2026, 3, 18)) if p.watch is Watch.SPECIAL_LATE
    ]
    assert point.since == date(2026, 3, 17)


def test_recomputing_moves_the_planned_day_of_what_runs():
    case = suspended(in_review(), at=MONDAY, days=5)
    wrong = date(2026, 3, 30)
    Pause.objects.filter(case=case).update(planned_until=wrong)
    Case.objects.filter(pk=case.pk).update(special_due_on=wrong, urgent_on=wrong)

    counts = cases.recompute_due_dates(cause="test", at=MONDAY)

    case = given.reload(case)
    assert counts["changed"] == 1
    assert case.special_due_on == case.urgent_on == date(2026, 3, 16)
    assert Pause.objects.get(case=case).planned_until == date(2026, 3, 16)


# --- Doors ----------------------------------------------------------------------------------------


def test_reviewer_and_head_do_it_on_the_page():
    now = datetime.now(UTC)
    case = given.case(Status.IN_REVIEW, at=now - timedelta(hours=8))
    reviewer, head = given.signed_in("reviewer"), given.signed_in("head")
    do = f"/inbox/{case.number}/do"

    page = reviewer.get(f"/inbox/{case.number}/").content.decode()
    assert "检测（最多 30 个工作日）" in page
    assert "检疫" not in page
    told = {"seen": case.version, "kind": "TX05", "planned_days": "10", "reason": "送检"}
    assert reviewer.post(f"{do}/propose_special/", told).status_code == 302
    assert case.alias in head.get("/inbox/?box=proposed").content.decode()
    assert head.post(f"{do}/suspend/", {"seen": case.version + 1}).status_code == 302
    ended = {"seen": case.version + 2, "kind": "TX05", "result": "合格"}
    assert reviewer.post(f"{do}/resume/", ended).status_code == 422
    report = SimpleUploadedFile("报告.pdf", b"%PDF-1.4 page %%EOF")
    assert reviewer.post(f"{do}/resume/", ended | {"document": report}).status_code == 302

    case = given.reload(case)
    assert case.state is Status.IN_REVIEW
    filed = Pause.objects.get(case=case).document
    assert filed is not None
    digest = filed.digest.removeprefix("sha256:")
    page = reviewer.get(f"/inbox/{case.number}/").content.decode()
    path = f"/inbox/{case.number}/files/{digest}/"
    assert path in page
    served = reviewer.post(path, {"purpose": "review"})
    assert served.getvalue() == b"%PDF-1.4 page %%EOF"
    stranger = given.signed_in("stranger").post(path, {"purpose": "review"})
    assert stranger.status_code == 404


def test_the_applicant_reads_until_when_the_clock_stands():
    now = datetime.now(UTC)
    made = given.receipt(at=now - timedelta(hours=8))
    case = given.step(cases.accept, made.case, "acceptor", at=now - timedelta(hours=7))
    suspended(case, at=now - timedelta(hours=1))

    page = Client().get(f"/c/{made.track_token}/").content.decode()

    assert "暂停计时，预计到" in page
    assert "特别程序告知书" in page


def test_a_program_proposes_approves_and_files_the_result():
    now = datetime.now(UTC)
    number = given.case(Status.IN_REVIEW, at=now - timedelta(hours=8)).number
    told = {"kind": "TX05", "planned_days": 10, "reason": "送检"}

    unlisted = ask("post", f"cases/{number}/propose_special", "reviewer", told | {"kind": "TX06"})
    assert (unlisted.status_code, unlisted.json()["code"]) == (409, "case.kind_not_listed")
    assert ask("post", f"cases/{number}/propose_special", "reviewer", told).status_code == 200
    assert ask("post", f"cases/{number}/suspend", "reviewer").status_code == 403
    stopped = ask("post", f"cases/{number}/suspend", "head")
    assert stopped.json()["special_due_on"]
    report = SimpleUploadedFile("报告.pdf", b"%PDF-1.4 api %%EOF")
    done = Client().post(
        f"/api/v1/cases/{number}/resume",
        {"kind": "TX05", "result": "合格", "file": report},
        headers={"authorization": "Bearer token-reviewer", "If-Match": stopped["ETag"]},
    )

    assert (done.status_code, done.json()["status"]) == (200, "in_review")


def test_a_program_is_told_why_a_proposal_was_turned_down():
    now = datetime.now(UTC)
    number = proposed(given.case(Status.IN_REVIEW, at=now - timedelta(hours=8)), at=now).number

    done = ask("post", f"cases/{number}/turn_down_special", "head", {"reason": "已有报告"})

    assert (done.status_code, done.json()["status"]) == (200, "in_review")
    steps = ask("get", f"cases/{number}/timeline", "reviewer").json()
    assert steps[-1]["note"] == "已有报告"
