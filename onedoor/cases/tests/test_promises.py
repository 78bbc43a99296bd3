"""Acceptance on a promise (容缺受理): what may follow, until when, and what if it does not."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Case, Pause
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ClockName
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import DEFECTIVE, FRIDAY, MISSING, OK
from onedoor.cases.tests.test_api import ask
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LAST = FRIDAY + 5 * DAY
"""Three working days after the Friday of acceptance: the Wednesday."""


def supplied(case, *, at, by="clerk", **states):
    handed = [
        Handed(row.order, state := states.get(f"m{row.order}", OK), 0 if state is MISSING else 1, 0)
        for row in queries.awaited(case)
    ]
    return given.step(cases.supplement, case, by, at=at, materials=handed, identity_checked=True)


def put_off(case, *, by="head", at=FRIDAY, days=5, reason="泥石流断了路"):
    return given.step(cases.put_off, case, by, at=at, days=days, reason=reason)


def clock_of(case, name, *, on):
    (found,) = [c for c in queries.explanations(case, on=on) if c.clock is name]
    return found


def refused(call):
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value


# --- Promise and acceptance -----------------------------------------------------------------------


def test_what_may_follow_is_promised_and_the_case_accepted_with_its_clock_running():
    case = given.tolerated()

    assert case.state is Status.IN_REVIEW
    assert case.is_tolerant
    assert case.promised_due_on == date(2026, 3, 13)
    assert case.supplement_due_on == LAST.date() == date(2026, 3, 11)
    assert [row.material.name for row in queries.awaited(case)] == ["检测报告"]


def test_the_promise_and_the_notice_name_material_form_day_and_consequence():
    case = given.tolerated()

    promise, notice = (
        papers.page_of(papers.of(case.number).get(kind=kind.value))
        for kind in (Kind.PROMISE, Kind.ACCEPTANCE)
    )
    told = str(notice.blocks)
    assert all(s in str(promise.blocks) for s in ("检测报告", "原件 1 份", "3 个工作日", "退件"))
    assert all(s in told for s in ("容缺受理", "检测报告", "2026年3月11日", "退件", "一式两份"))


def test_the_notice_of_a_whole_application_says_nothing_of_a_promise():
    case = given.case(Status.IN_REVIEW, item=given.TOLERANT)

    told = str(papers.page_of(papers.of(case.number).get(kind=Kind.ACCEPTANCE.value)).blocks)
    assert "齐全" in told
    assert "容缺" not in told


@pytest.mark.parametrize(
    "states",
    [
        {"m1": MISSING, "m2": MISSING},
        {"m2": DEFECTIVE},
        {"m1": DEFECTIVE, "m2": MISSING},
        {"m4": MISSING},
    ],
)
def test_nothing_is_promised_when_anything_else_is_wrong(states):
    case = given.reload(given.receipt(given.TOLERANT, **states).case)

    answer = refused(
        lambda: given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=True)
    )

    assert answer.code == "case.need"


def test_an_item_that_lets_nothing_follow_takes_no_promise():
    case = given.case(m2=MISSING)

    answer = refused(
        lambda: given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=True)
    )

    assert answer.code == "case.need"
    assert Action.PROMISE not in [
        o.action for o in queries.offers(case, given.actor("clerk"), on=FRIDAY.date())
    ]


def test_a_promise_is_signed_only_by_somebody_whose_document_was_seen():
    case = given.reload(given.receipt(given.TOLERANT, m2=MISSING).case)

    answer = refused(
        lambda: given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=False)
    )

    assert answer.code == "case.need"


def test_without_a_promise_what_is_missing_is_asked_for_as_ever():
    case = given.reload(given.receipt(given.TOLERANT, m2=MISSING).case)

    assert (
        refused(lambda: given.step(cases.accept, case, "acceptor", at=FRIDAY)).code == "case.need"
    )
    assert (
        refused(lambda: given.step(cases.accept_tolerant, case, "acceptor", at=FRIDAY)).code
        == "case.need"
    )


def test_who_promised_and_still_lacks_something_is_not_accepted_as_whole():
    case = given.promised()

    assert (
        refused(lambda: given.step(cases.accept, case, "acceptor", at=FRIDAY)).code == "case.need"
    )


def test_a_promise_sent_twice_is_one_promise():
    case = given.reload(given.receipt(given.TOLERANT, m2=MISSING).case)
    given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=True)

    again = refused(
        lambda: cases.promise(
            given.reload(case),
            identity_checked=True,
            seen=case.version,
            by=given.actor("clerk2"),
            at=FRIDAY,
        )
    )

    assert again.code == "case.changed_meanwhile"
    assert papers.of(case.number).filter(kind=Kind.PROMISE.value).count() == 1


def test_a_joint_application_takes_no_promise():
    code = given_joint.package(
        "place", name="开场所（测试）", members=[(given.TOLERANT, ""), (given.CONFIRMATION, "")]
    )
    slot = cases.reserve_joint(code, at=FRIDAY)
    handed = given.handed(len(slot.facts.materials))
    place = next(n for n, m in enumerate(slot.facts.materials) if m.name == "检测报告")
    handed[place] = Handed(handed[place].order, MISSING)
    application = cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=handed,
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    ).application
    case = given_joint.case_of(application, 1)

    answer = refused(
        lambda: given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=True)
    )

    assert "不是联合申请" in answer.data["need"].zh


# --- The supplement -------------------------------------------------------------------------------


def test_on_the_last_day_the_supplement_is_in_time_and_has_its_receipt():
    case = supplied(given.tolerated(), at=LAST + timedelta(hours=13))

    assert case.supplemented_at is not None
    assert queries.awaited(case) == []
    paper = papers.of(case.number).get(kind=Kind.SUPPLEMENT_RECEIPT.value)
    assert "检测报告" in str(papers.page_of(paper).blocks)
    assert cases.settle(case, at=LAST + 3 * DAY).state is Status.IN_REVIEW


def test_a_day_later_nothing_is_taken_and_the_case_is_returned():
    case = given.tolerated()

    late = refused(lambda: supplied(case, at=LAST + DAY))
    returned = cases.settle(given.reload(case), at=LAST + DAY)

    assert late.code == "case.need"
    assert returned.state is Status.RETURNED
    assert returned.ended_at is not None
    told = str(papers.page_of(papers.of(case.number).get(kind=Kind.RETURN.value)).blocks)
    assert "“检测报告”" in told
    assert "2026年3月11日" in told


def test_the_worker_returns_once_what_was_not_kept():
    case = given.tolerated()

    on_the_day = cases.run_timers(at=LAST + timedelta(hours=13))
    after = [cases.run_timers(at=LAST + DAY) for _ in range(2)]

    assert (on_the_day, after) == (0, [1, 0])
    assert given.reload(case).state is Status.RETURNED


def test_what_force_majeure_prevents_is_put_off_by_the_head_before_its_last_day_is_over():
    case = given.tolerated()

    for who in ("clerk", "acceptor", "reviewer", "decider"):
        assert refused(lambda who=who: put_off(case, by=who)).code == "case.wrong_role"
    assert refused(lambda: put_off(case, reason=" ")).code == "form.required"
    assert refused(lambda: put_off(case, days=61)).code == "case.put_off_days"
    later = put_off(case, at=LAST)

    assert later.supplement_due_on == date(2026, 3, 18), "five working days later"
    assert later.promised_due_on == case.promised_due_on
    assert ledger.history(case.subject)[-1].facts["details"] == {
        "days": 5,
        "before": "2026-03-11",
    }
    told = clock_of(later, ClockName.SUPPLEMENT, on=LAST.date())
    assert (told.due_on, told.extension, told.left) == (date(2026, 3, 18), 5, 5)
    assert supplied(later, at=LAST + 7 * DAY).supplemented_at
    assert refused(lambda: put_off(given.tolerated(), at=LAST + DAY)).code == "case.need"


def test_put_off_once_it_is_not_returned_before_and_may_be_put_off_again():
    case = put_off(given.tolerated())

    cases.run_timers(at=LAST + DAY)
    assert given.reload(case).state is Status.IN_REVIEW
    again = put_off(given.reload(case), at=LAST + DAY, days=1)
    assert again.supplement_due_on == date(2026, 3, 19)
    cases.run_timers(at=LAST + 9 * DAY)
    assert given.reload(case).state is Status.RETURNED


def test_the_head_puts_off_on_the_page_and_a_program_does():
    case = given.tolerated(at=clock.now())
    client = given.signed_in("head")

    page = client.get(f"/inbox/{case.number}/").content.decode()
    assert "顺延容缺补交期限" in page
    said = {"seen": case.version, "days": 5, "reason": "泥石流断了路"}
    assert client.post(f"/inbox/{case.number}/do/put_off/", said).status_code == 302
    moved = given.reload(case)
    assert moved.supplement_put_off == 5
    answer = ask("post", f"cases/{case.number}/put_off", "head", {"days": 1, "reason": "没通"})
    assert answer.status_code == 200, answer.content
    assert given.reload(case).supplement_put_off == 6


def test_a_part_is_taken_and_the_rest_stays_awaited_until_the_same_day():
    case = given.tolerated(m2=MISSING, m3=MISSING)

    part = supplied(case, at=LAST - DAY, m3=DEFECTIVE)

    assert part.supplemented_at is None
    assert [row.order for row in queries.awaited(part)] == [3]
    assert part.supplement_due_on == case.supplement_due_on
    assert supplied(part, at=LAST).supplemented_at is not None


def test_nothing_fit_is_nothing_taken():
    answer = refused(lambda: supplied(given.tolerated(), at=LAST, m2=DEFECTIVE))

    assert answer.code == "case.nothing_supplied"


def test_of_two_clerks_who_take_the_same_supplement_the_second_is_told_of_the_first():
    case = given.tolerated()
    supplied(case, at=LAST)

    second = refused(
        lambda: cases.supplement(
            case,
            materials=[Handed(2, OK, 1, 0)],
            identity_checked=True,
            seen=case.version,
            by=given.actor("clerk2"),
            at=LAST,
        )
    )

    assert second.code in ("case.changed_meanwhile", "case.unknown_material")


def test_what_comes_before_acceptance_makes_the_application_whole():
    case = supplied(given.promised(), at=FRIDAY)

    accepted = given.step(cases.accept, case, "acceptor", at=FRIDAY)

    assert not accepted.is_tolerant
    assert accepted.supplement_due_on is None


# --- With everything else -------------------------------------------------------------------------


def test_nothing_is_granted_while_something_promised_is_awaited_and_the_refusal_says_so():
    case = given.tolerated()
    case = given.step(cases.review, case, "reviewer", at=FRIDAY, opinion="建议准予")

    answer = refused(
        lambda: given.step(cases.grant, case, "decider", at=FRIDAY + DAY, opinion="同意")
    )
    kept = supplied(case, at=LAST)
    granted = given.step(cases.grant, kept, "decider", at=LAST, opinion="同意")

    assert "承诺后补的材料已经补齐" in str(answer.data["need"].zh)
    assert granted.state is Status.DECIDED_YES


def test_what_has_other_faults_may_be_refused_before_the_supplement_comes():
    case = given.step(cases.review, given.tolerated(), "reviewer", at=FRIDAY, opinion="不符合")

    done = given.refused(case, at=FRIDAY + DAY)

    assert done.state is Status.DECIDED_NO
    assert cases.run_timers(at=LAST + DAY) == 0


def test_who_took_the_supplement_may_not_decide():
    case = given.step(cases.review, given.tolerated(), "reviewer", at=FRIDAY, opinion="建议准予")
    case = supplied(case, at=LAST, by="everything")

    answer = refused(lambda: given.step(cases.grant, case, "everything", at=LAST, opinion="同意"))

    assert "没有收件" in answer.data["need"].zh


def test_a_special_procedure_stops_the_handling_clock_and_not_the_promise():
    case = given.suspended(given.tolerated(), at=FRIDAY + 3 * DAY)

    assert case.supplement_due_on == LAST.date()
    returned = cases.settle(case, at=LAST + DAY)
    assert returned.state is Status.RETURNED
    assert returned.special_due_on is None
    assert not Pause.objects.filter(case=case, resumed_on__isnull=True).exists()


def test_the_supplement_is_taken_while_a_special_procedure_runs():
    case = supplied(given.suspended(given.tolerated(), at=FRIDAY + 3 * DAY), at=LAST)

    assert case.state is Status.SPECIAL
    assert case.supplemented_at is not None


def test_a_withdrawn_case_is_not_returned_as_well():
    case = given.step(
        cases.withdraw, given.tolerated(), "clerk", at=LAST, reason="", identity_checked=True
    )

    assert cases.run_timers(at=LAST + DAY) == 0
    assert given.reload(case).state is Status.WITHDRAWN


def test_accepted_by_silence_the_promise_runs_from_the_day_it_is_told():
    case = given.promised()

    deemed = cases.settle(case, at=FRIDAY + 10 * DAY)

    assert (deemed.is_deemed, deemed.is_tolerant) == (True, True)
    assert deemed.accepted_at == case.complete_at
    assert deemed.supplement_due_on == date(2026, 3, 19)


# --- Explained, watched, moved --------------------------------------------------------------------


def test_the_day_is_explained_like_every_other():
    found = clock_of(given.tolerated(), ClockName.SUPPLEMENT, on=FRIDAY.date())

    assert (found.start_on, found.due_on, found.left) == (FRIDAY.date(), LAST.date(), 3)
    assert [d.day.day for d in found.days if d.counted] == [9, 10, 11]
    assert found.basis == "容缺受理承诺书"


def test_the_day_before_the_last_a_point_says_so_until_it_has_come():
    case = given.tolerated()

    def watched(case, on):
        return [p.watch for p in queries.points_of(case, on=on.date())]

    assert Watch.SUPPLEMENT_NEAR not in watched(case, LAST - 2 * DAY)
    assert Watch.SUPPLEMENT_NEAR in watched(case, LAST - DAY)
    assert Watch.SUPPLEMENT_NEAR not in watched(supplied(case, at=LAST - DAY), LAST - DAY)


def test_a_changed_calendar_moves_the_day_later_and_never_earlier():
    later, earlier = given.tolerated(), given.tolerated()
    Case.objects.filter(pk=later.pk).update(supplement_due_on=date(2026, 3, 10))
    Case.objects.filter(pk=earlier.pk).update(supplement_due_on=date(2026, 3, 20))

    cases.recompute_due_dates(cause="test", at=FRIDAY)

    assert given.reload(later).supplement_due_on == date(2026, 3, 11)
    assert given.reload(earlier).supplement_due_on == date(2026, 3, 20)


# --- Pages and API --------------------------------------------------------------------------------


def test_the_desk_takes_the_promise_prints_it_and_takes_the_supplement():
    now = clock.now()
    case = given.reload(given.receipt(given.TOLERANT, at=now, m2=MISSING).case)
    desk = given.signed_in("clerk")

    offered = desk.get(f"/inbox/{case.number}/").content.decode()
    signed = desk.post(
        f"/inbox/{case.number}/do/promise/", {"seen": case.version, "identity_checked": "on"}
    )
    given.step(cases.accept_tolerant, case, "acceptor", at=now)
    page = desk.get(f"/inbox/{case.number}/").content.decode()
    form = desk.get(f"/desk/supplement/{case.number}/").content.decode()
    taken = desk.post(
        f"/desk/supplement/{case.number}/",
        {"state_2": "ok", "originals_2": "1", "copies_2": "0", "identity_checked": "on"},
    )

    assert "签容缺承诺" in offered
    assert "容缺受理承诺书" in desk.get(signed.headers["Location"]).content.decode()
    assert "承诺后补" in page
    assert "检测报告" in form
    assert "租赁合同" not in form
    assert taken.status_code == 302
    assert given.reload(case).supplemented_at is not None


def test_the_applicant_sends_what_was_promised_while_it_is_reviewed():
    now = clock.now()
    case = given.tolerated(at=now)
    token = codes.track_token(case.pk, case.code_key)
    home = Client()
    progress = home.get(f"/c/{token}/").content.decode()
    page = home.get(f"/c/{token}/answer/").content.decode()
    given.step(cases.review, case, "reviewer", at=now, opinion="建议准予")

    sent = home.post(f"/c/{token}/answer/", {"seen": case.version, "files_2": [photo()]})

    assert "您承诺后补" in progress
    assert "检测报告" in page
    assert sent.status_code == 302
    assert given.reload(case).supplemented_at is not None
    assert given.reload(case).version == case.version + 2


def photo():
    made = BytesIO()
    Image.new("RGB", (40, 40), "white").save(made, "PNG")
    return SimpleUploadedFile("report.png", made.getvalue(), content_type="image/png")


def test_programs_take_the_same_road():
    now = clock.now()
    case = given.reload(given.receipt(given.TOLERANT, at=now, m2=MISSING).case)
    path = f"cases/{case.number}"

    ask("post", f"{path}/promise", body={"identity_checked": True})
    accepted = ask("post", f"{path}/accept_tolerant", "acceptor").json()
    read = ask("get", path).json()
    supplied = ask(
        "post",
        f"{path}/supplement",
        body={"materials": [{"order": 2, "state": "ok"}], "identity_checked": True},
    ).json()

    assert accepted["is_tolerant"] is True
    assert accepted["supplement_due_on"]
    assert [m["promised"] for m in read["materials"]] == ["", "later", "", ""]
    assert supplied["supplemented_at"]
