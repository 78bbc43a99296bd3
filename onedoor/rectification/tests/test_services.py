"""From a claim to a verified, closed, re-checked finding, and every road back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.rectification import services as rectification
from onedoor.rectification.models import (
    Amount,
    Evidence,
    Finding,
    Recheck,
    RuleLink,
    Supervision,
    Suspicion,
)
from onedoor.rectification.queries import judging, links
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.outcomes import Hint, Lack
from onedoor.rectification.rules.words import (
    Answer,
    EvidenceKind,
    EvidenceState,
    MoneyKind,
    Outcome,
    RecheckState,
    RecheckWay,
    RectificationClass,
    Rung,
    SignalKind,
)
from onedoor.rectification.tests import given

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(given.AT)


def test_found_mended_verified_rechecked():
    finding = given.closed()

    assert (finding.standing, finding.result) == (State.CLOSED, Outcome.RECTIFIED)
    due = list(Recheck.objects.filter(finding=finding).order_by("due_on"))
    assert [r.months for r in due] == [3, 6, 12]

    at = given.after(100)
    assert rectification.run_timers(at=at) == 1
    assert given.reload(finding).standing is State.RECHECK
    finding = given.step(
        rectification.confirm,
        finding,
        given.AUDITOR,
        way=RecheckWay.ON_SITE,
        text="现场看过",
        at=at,
    )

    assert finding.standing is State.CLOSED
    due[0].refresh_from_db()
    assert (due[0].standing, due[0].done_by) == (RecheckState.HELD, given.AUDITOR.ref)


def test_every_step_is_one_entry_and_the_row_stands_where_its_chain_does():
    finding = given.reload(given.closed())
    entries = ledger.history(finding.subject)

    assert [e.version for e in entries] == list(range(1, finding.version + 1))
    assert entries[-1].digest == finding.head
    assert (finding.subject, finding.link) in dict(links()).items()
    assert [e.facts["step"] for e in entries if e.kind == "finding.moved"] == [
        "Z1",
        "Z2",
        "Z6",
        "Z7",
        "Z8",
        "Z10",
        "Z11",
    ]


def test_what_people_write_is_on_record_as_a_digest_only():
    finding = given.step(
        rectification.send_back, given.submitted(), given.AUDITOR, text="缺第二项的凭证"
    )
    last = ledger.history(finding.subject)[-1]

    assert last.facts["note"].startswith("sha256:")
    assert "凭证" not in str(last.facts)
    assert finding.notes.get(version=last.version).text == "缺第二项的凭证"


def test_a_claim_is_no_verdict():
    finding = given.submitted()

    assert (finding.claim, finding.result) == (Outcome.RECTIFIED, Outcome.NONE)


def test_claimed_without_evidence_is_refused_and_sent_back():
    finding = given.reviewed(proven=False)

    with pytest.raises(Refusal) as refused:
        given.step(rectification.recognise, finding, given.AUDITOR, outcome=Outcome.RECTIFIED)
    assert refused.value.code == "finding.lacking"
    assert refused.value.data["lacks"] == (Lack.NOT_PROVEN,)
    assert refused.value.data["measures"] == ("1",)

    back = given.step(rectification.send_back, finding, given.AUDITOR, text="没有佐证")
    assert (back.standing, back.result) == (State.RETURNED, Outcome.NONE)


def test_the_refusal_names_everything_that_is_missing_at_once():
    finding = given.working()
    given.shown(finding)
    given.step(rectification.add_amount, finding, given.AUDITOR, kind=MoneyKind.REMIT, due_fen=100)
    given.step(rectification.submit, finding, given.head(), claimed=Outcome.RECTIFIED, text="好了")
    finding = given.step(rectification.take, finding, given.AUDITOR)

    with pytest.raises(Refusal) as refused:
        given.step(rectification.recognise, finding, given.AUDITOR, outcome=Outcome.RECTIFIED)

    assert refused.value.data["lacks"] == (Lack.NOT_PROVEN, Lack.UNDECIDED, Lack.MONEY)


def test_whoever_recognised_does_not_close():
    both = Actor(
        given.AUDITOR.ref,
        "一人示例",
        holdings=(Holding(Role.AUDITOR, None), Holding(Role.AUDIT_SUPERVISOR, None)),
    )
    finding = given.recognised()

    with pytest.raises(NotAllowed) as refused:
        given.step(rectification.close, finding, both)

    assert refused.value.code == "finding.needs_two"
    assert given.reload(finding).standing is State.RECOGNISED


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_SUPERVISOR, Role.HEAD, Role.OFFICER])
def test_the_own_unit_closes_nothing(role):
    finding = given.recognised()
    own = Actor(
        "person:own",
        "本单位示例",
        holdings=(Holding(Role.AUDIT_SUPERVISOR, None), Holding(role, given.unit().pk)),
    )

    with pytest.raises(NotAllowed) as refused:
        given.step(rectification.close, finding, own)

    assert refused.value.code == "finding.own_unit"


def test_somebody_with_a_post_in_the_unit_counts_as_its_own():
    from onedoor.accounts.models import Person

    person = Person.objects.get(username="head")
    finding = given.submitted()
    actor = Actor(
        person.ref, "两处示例", person_id=person.pk, holdings=(Holding(Role.AUDITOR, None),)
    )

    with pytest.raises(Refusal, match="other_unit"):
        given.step(rectification.take, finding, actor)


def test_of_two_reviewers_the_second_is_refused():
    finding = given.submitted()
    given.step(rectification.take, finding, given.AUDITOR)

    with pytest.raises(Refusal) as refused:
        rectification.take(finding, seen=finding.version, by=given.AUDITOR2, at=given.AT)

    assert refused.value.code == "finding.changed_meanwhile"


def test_what_is_recognised_as_going_on_stays_open():
    finding = given.step(
        rectification.recognise, given.reviewed(), given.AUDITOR, outcome=Outcome.IN_PROGRESS
    )

    with pytest.raises(Refusal, match="closing"):
        given.step(rectification.close, finding, given.SUPERVISOR)
    finding = given.step(rectification.keep_open, finding, given.SUPERVISOR)

    assert (finding.standing, finding.result) == (State.IN_PROGRESS, Outcome.IN_PROGRESS)


def test_the_second_signer_may_disagree():
    finding = given.step(
        rectification.disagree, given.recognised(), given.SUPERVISOR, text="照片看不清"
    )

    assert (finding.standing, finding.result) == (State.REVIEW, Outcome.NONE)


def test_a_plan_is_approved_before_work_unless_it_is_put_right_at_once():
    finding = given.issued()
    Finding.objects.filter(pk=finding.pk).update(rectification_class="staged")

    with pytest.raises(Refusal, match="at_once"):
        given.step(rectification.start, finding, given.officer())
    given.step(rectification.add_measure, finding, given.officer(), text="分两步做")
    finding = given.step(rectification.submit_plan, finding, given.officer())
    finding = given.step(rectification.approve_plan, finding, given.AUDITOR)

    assert finding.standing is State.IN_PROGRESS


def test_a_finding_without_unit_is_not_issued():
    finding = given.drafted(rectification_class=RectificationClass.AT_ONCE)
    finding = given.step(rectification.register, finding, given.LEAD)

    with pytest.raises(Refusal, match="条件还不满足：unit"):
        given.step(rectification.issue, finding, given.LEAD)


def test_completing_fills_the_gaps_and_counts_the_deadline_from_service():
    finding = given.step(
        rectification.complete,
        given.drafted(),
        given.LEAD,
        unit=given.unit(),
        rectification_class=RectificationClass.AT_ONCE,
    )

    assert finding.due_on == TODAY + timedelta(days=60)
    assert not finding.gaps.filter(kind="MISSING_RESPONSIBLE", filled_at=None).exists()


# --- Evidence -------------------------------------------------------------------------------


def test_evidence_withdrawn_after_closing_opens_the_finding_again():
    finding = given.closed()
    evidence = Evidence.objects.select_related("finding__unit").get(finding=finding)

    after = rectification.withdraw(
        evidence, text="凭证是别的项目的", seen=finding.version, by=given.officer(), at=given.AT
    )

    assert (after.standing, after.result, after.reopened_count) == (
        State.REOPENED,
        Outcome.NONE,
        1,
    )
    assert Suspicion.objects.get(finding=finding).what is SignalKind.WITHDRAWN
    assert not Recheck.objects.filter(finding=finding, state="planned").exists()


def test_one_file_for_two_findings_is_a_signal_that_holds_up_the_closing():
    given.shown(given.working("1"), "same")
    second = given.working("2")
    evidence = given.shown(second, "same")
    given.judged(evidence)

    facts = judging.facts_of(second, on=TODAY)
    assert facts.signals == 1
    signal = Suspicion.objects.select_related("finding__unit").get(finding=second)
    with pytest.raises(NotAllowed):
        rectification.settle(
            signal, text="没事", seen=signal.finding.version, by=given.head(), at=given.AT
        )
    rectification.settle(
        signal,
        text="同一份批复管两个问题",
        seen=signal.finding.version,
        by=given.AUDITOR,
        at=given.AT,
    )
    assert judging.facts_of(second, on=TODAY).signals == 0


def test_a_new_version_has_to_be_judged_again_and_the_old_file_stays():
    finding = given.working()
    evidence = given.shown(finding, "first")
    given.judged(evidence)

    given.step(
        rectification.add_evidence,
        finding,
        given.officer(),
        given.upload("second"),
        measure=evidence.measure,
        kind=EvidenceKind.WRITTEN,
        title="补办的手续",
        replaces=evidence,
    )

    assert [r.number for r in evidence.revisions.order_by("number")] == [1, 2]
    assert judging.facts_of(finding, on=TODAY).undecided == 1


def test_a_document_dated_after_the_submission_is_a_signal():
    finding = given.submitted(proven=False)
    finding = given.step(rectification.send_back, finding, given.AUDITOR, text="缺佐证")
    given.step(
        rectification.add_evidence,
        finding,
        given.officer(),
        given.upload("late", dated_on=TODAY + timedelta(days=3)),
        measure=finding.measures.first(),
        kind=EvidenceKind.WRITTEN,
        title="补的",
        at=given.after(5),
    )

    assert Suspicion.objects.get(finding=finding).what is SignalKind.LATE_DOCUMENT


def test_nobody_of_another_unit_works_on_it():
    with pytest.raises(NotAllowed):
        given.step(
            rectification.add_measure,
            given.working(),
            given.of(Role.OFFICER, "水务局"),
            text="措施",
        )


def test_a_co_unit_works_on_its_own_measures_alone():
    water = given.unit("水务局")
    finding = given.step(rectification.start, given.issued(co_units=[water]), given.officer())
    given.step(rectification.add_measure, finding, given.officer(), text="我们的")
    given.step(rectification.add_measure, finding, given.officer(), text="他们的", unit=water)
    ours, theirs = finding.measures.order_by("sequence")

    def told(measure):
        measure.finding = given.reload(finding)
        return rectification.report_progress(
            measure,
            percent=50,
            text="一半",
            seen=measure.finding.version,
            by=given.of(Role.OFFICER, "水务局"),
            at=given.AT,
        )

    assert told(theirs).version
    with pytest.raises(NotAllowed):
        told(ours)


def test_a_co_unit_replaces_no_evidence_of_another_measure():
    water = given.unit("水务局")
    finding = given.step(rectification.start, given.issued(co_units=[water]), given.officer())
    given.step(rectification.add_measure, finding, given.officer(), text="我们的")
    given.step(rectification.add_measure, finding, given.officer(), text="他们的", unit=water)
    ours = given.shown(finding)
    given.judged(ours)

    with pytest.raises(NotAllowed):
        given.step(
            rectification.add_evidence,
            finding,
            given.of(Role.OFFICER, "水务局"),
            given.upload("second"),
            measure=finding.measures.get(unit=water),
            kind=EvidenceKind.WRITTEN,
            title="换掉",
            replaces=ours,
        )

    assert Evidence.objects.get(pk=ours.pk).standing is EvidenceState.APPROVED


def test_the_usual_phrases_alone_are_a_hint():
    finding = given.step(rectification.start, given.issued(), given.officer())
    given.step(rectification.add_measure, finding, given.officer(), text="加强管理，提高认识。")

    assert judging.hints_of(finding, on=TODAY) == (Hint.ONLY_WORDS,)


# --- Money ----------------------------------------------------------------------------------


def paid(finding, fen, voucher="记-001"):
    amount = Amount.objects.select_related("finding__unit").get(finding=finding)
    return rectification.pay(
        amount,
        fen=fen,
        voucher=voucher,
        on=TODAY,
        seen=amount.finding.version,
        by=given.officer(),
        at=given.AT,
    )


def test_never_more_is_handled_than_is_due():
    finding = given.working()
    given.step(
        rectification.add_amount, finding, given.AUDITOR, kind=MoneyKind.RETURN, due_fen=1000
    )

    paid(finding, 600)
    with pytest.raises(Refusal) as refused:
        paid(finding, 401, "记-002")
    assert refused.value.code == "finding.too_much"
    assert judging.facts_of(finding, on=TODAY).rest_fen == 400
    with pytest.raises(Refusal) as twice:
        paid(finding, 1)
    assert twice.value.code == "finding.voucher_twice"
    paid(finding, 400, "记-002")
    assert judging.facts_of(finding, on=TODAY).rest_fen == 0


# --- Asking ---------------------------------------------------------------------------------


def test_an_extension_is_asked_for_in_time_and_granted_by_another():
    finding = given.working()
    until = TODAY + timedelta(days=90)
    given.step(rectification.ask_extension, finding, given.head(), until=until, text="要等批复")
    row = finding.extensions.select_related("finding__unit").get()
    row.finding = given.reload(finding)

    with pytest.raises(NotAllowed):
        rectification.decide_extension(
            row, granted=True, seen=row.finding.version, by=given.head(), at=given.AT
        )
    after = rectification.decide_extension(
        row, granted=True, seen=row.finding.version, by=given.AUDITOR, at=given.AT
    )

    assert after.deadline_on == until


@pytest.mark.parametrize("days", [30, 181])
def test_an_extension_reaches_beyond_the_deadline_and_not_beyond_the_most(days):
    with pytest.raises(NotValid):
        given.step(
            rectification.ask_extension,
            given.working(),
            given.head(),
            until=TODAY + timedelta(days=days),
            text="要等批复",
        )


def test_after_the_deadline_no_extension_is_asked_for():
    with pytest.raises(Refusal) as refused:
        given.step(
            rectification.ask_extension,
            given.working(),
            given.head(),
            until=TODAY + timedelta(days=90),
            text="晚了",
            at=given.after(31),
        )

    assert refused.value.code == "finding.extension_late"


def test_an_upward_matter_is_recognised_once_it_is_answered():
    finding = given.working()
    given.step(
        rectification.send_up,
        finding,
        given.LEAD,
        addressee="虚州政务服务局",
        basis="政务数据共享条例",
        text="请开放接口。",
    )
    given.step(
        rectification.submit, finding, given.head(), claimed=Outcome.UPSTREAM, text="省级系统"
    )
    finding = given.step(rectification.take, finding, given.AUDITOR)
    with pytest.raises(Refusal) as refused:
        given.step(rectification.recognise, finding, given.AUDITOR, outcome=Outcome.UPSTREAM)
    assert refused.value.data["lacks"] == (Lack.NO_ANSWER, Lack.UPWARD)

    letter = finding.upward.select_related("finding__unit").get()
    letter.finding = given.reload(finding)
    rectification.answer_up(
        letter,
        answer=Answer.YES,
        text="同意，明年开放。",
        seen=letter.finding.version,
        by=given.LEAD,
        at=given.AT,
    )
    finding = given.step(rectification.recognise, finding, given.AUDITOR, outcome=Outcome.UPSTREAM)

    assert finding.result is Outcome.UPSTREAM


# --- The clock ------------------------------------------------------------------------------


def test_the_ladder_is_climbed_once_a_rung_and_late_ones_are_not_made_up():
    finding = given.working()

    for days in (14, 15, 15, 23, 30, 100, 101):
        rectification.run_timers(at=given.after(days))

    rungs = list(
        Supervision.objects.filter(finding=finding)
        .order_by("taken_on")
        .values_list("rung", "offset_days")
    )
    assert rungs == [
        (Rung.REMIND, -15),
        (Rung.REMIND, -7),
        (Rung.URGE, 0),
        (Rung.TRANSFER, 60),
    ]


def test_a_reminder_goes_at_once_and_what_is_harder_waits_for_a_person():
    finding = given.working()
    rectification.run_timers(at=given.after(15))
    rectification.run_timers(at=given.after(30))
    reminder, urging = Supervision.objects.filter(finding=finding).order_by("taken_on")
    urging.finding = given.reload(finding)

    assert (reminder.issued_by, urging.issued_by) == ("timer", "")
    with pytest.raises(Refusal) as refused:
        rectification.reply(
            urging,
            text="马上办",
            seen=urging.finding.version,
            by=given.officer(),
            at=given.after(31),
        )
    assert refused.value.code == "finding.replied"
    after = rectification.sign_supervision(
        urging, seen=urging.finding.version, by=given.SUPERVISOR, at=given.after(31)
    )
    urging.finding = after
    rectification.reply(
        urging, text="马上办", seen=after.version, by=given.officer(), at=given.after(32)
    )
    urging.refresh_from_db()
    assert urging.reply == "马上办"


def test_a_closed_finding_climbs_no_ladder():
    finding = given.closed()

    assert rectification.run_timers(at=given.after(40)) == 0
    assert not Supervision.objects.filter(finding=finding).exists()


# --- After closing --------------------------------------------------------------------------


def test_a_rule_that_fires_within_the_window_opens_it_again():
    finding = given.closed()
    RuleLink.objects.create(finding=finding, rule="R-X-01", window_days=90)

    assert rectification.rule_fired("R-X-01", by=given.AUDITOR, at=given.after(30)) == 1

    after = given.reload(finding)
    assert (after.standing, after.reopened_count) == (State.REOPENED, 1)
    assert after.due_on == clock.day_of(given.after(30)) + timedelta(days=60)


def test_a_rule_that_fires_long_after_is_noted_only():
    finding = given.closed()
    RuleLink.objects.create(finding=finding, rule="R-X-01", window_days=90)

    rectification.rule_fired("R-X-01", by=given.AUDITOR, at=given.after(120))

    assert given.reload(finding).standing is State.CLOSED


def test_a_rule_within_its_window_holds_up_the_recognition():
    finding = given.reviewed()
    RuleLink.objects.create(finding=finding, rule="R-X-01", window_days=90)
    rectification.rule_fired("R-X-01", by=given.AUDITOR, at=given.AT)

    with pytest.raises(Refusal) as refused:
        given.step(rectification.recognise, finding, given.AUDITOR, outcome=Outcome.RECTIFIED)

    assert refused.value.data["lacks"] == (Lack.RULE,)


def test_what_the_public_says_of_a_closed_finding_is_a_signal():
    from onedoor.accounts.rules import SYSTEM

    finding = given.closed()

    rectification.doubt(finding, text="门口还是没有窗口。", by=SYSTEM, at=given.AT)

    assert Suspicion.objects.get(finding=finding).what is SignalKind.DOUBTED
    assert "窗口" not in str(ledger.history(finding.subject)[-2].facts)


def test_a_relapse_found_at_the_look_back_opens_it_again():
    finding = given.closed()
    rectification.run_timers(at=given.after(100))

    after = given.step(
        rectification.reopen, finding, given.AUDITOR, text="又没有窗口了", at=given.after(101)
    )

    assert (after.standing, after.result) == (State.REOPENED, Outcome.NONE)
    assert after.claim is Outcome.NONE, "what was claimed has not held"
    assert Recheck.objects.get(finding=finding, months=3).standing is RecheckState.RELAPSED


def test_the_own_unit_settles_no_signal_of_its_own():
    given.shown(given.working("1"), "same")
    second = given.working("2")
    given.shown(second, "same")
    signal = Suspicion.objects.select_related("finding__unit").get(finding=second)
    own = Actor(
        "person:own",
        "本单位示例",
        holdings=(Holding(Role.AUDITOR, None), Holding(Role.OFFICER, given.unit().pk)),
    )

    with pytest.raises(NotAllowed) as refused:
        rectification.settle(signal, text="没事", seen=signal.finding.version, by=own, at=given.AT)

    assert refused.value.code == "finding.own_side"


def test_a_deadline_in_a_year_whose_calendar_is_not_published_needs_none():
    """Limits of rectification are calendar days: no notice of holidays is waited for."""
    finding = given.issued(days=5 * 365)

    assert finding.due_on == TODAY + timedelta(days=5 * 365)
    assert finding.next_rung_on == finding.due_on - timedelta(days=15)
    rectification.run_timers(at=given.after(5 * 365))
    assert Supervision.objects.get(finding=finding).what is Rung.URGE
