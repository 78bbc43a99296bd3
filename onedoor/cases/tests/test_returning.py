"""Return after silence (T15): the day of the notice is in time to its end, and nothing after it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.cases import county, joint_gaps, queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Case
from onedoor.cases.rules.correction import read_limit
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ClockName
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import FRIDAY, MISSING
from onedoor.cases.tests.test_api import ask
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

LAST = date(2026, 4, 20)
"""Thirty working days after the Friday of the notice; a Monday."""
MORNING = timedelta(hours=9)


def told(*, at=FRIDAY, **states):
    case = given.case(at=at, **(states or {"m2": MISSING}))
    return given.step(
        cases.ask_correction, case, "acceptor", at=at, demands=[given.demand(2)], reason=""
    )


def supplied(case, *, at):
    return given.step(
        cases.take_correction,
        case,
        "clerk",
        at=at,
        materials=[Handed(2, given.OK, 1, 0)],
        identity_checked=True,
    )


def end_of(day):
    return clock.at_local(day + timedelta(days=1)) - timedelta(minutes=1)


def test_supplied_in_the_last_minute_of_the_last_day_it_is_taken():
    case = told()
    assert case.correction_due_on == LAST

    assert cases.run_timers(at=end_of(LAST)) == 0
    assert supplied(case, at=end_of(LAST)).state is Status.RECEIVED
    assert cases.run_timers(at=clock.at_local(LAST + timedelta(days=1))) == 0


def test_after_the_last_day_the_timer_returns_it_with_reason_and_list():
    case = told()

    assert cases.run_timers(at=clock.at_local(LAST + timedelta(days=1))) == 1

    case = given.reload(case)
    entry = ledger.history(case.subject)[-1]
    assert (case.state, entry.actor, entry.facts["step"]) == (Status.RETURNED, "timer", "T15")
    (notice,) = [p for p in papers.of(case.number) if p.kind == "return"]
    said = papers.words_of(notice)
    assert said["理由"] == "2026年3月6日告知补正，到2026年4月20日没有收到补齐的材料。"
    assert "申请书" in str(said["退还材料"])
    assert "布局图" not in str(said["退还材料"])
    assert "可以重新申请" in said["重新申请"]


def test_the_worker_was_down_over_the_deadline_and_nothing_depends_on_it():
    case, late = told(), clock.at_local(LAST + timedelta(days=9), 9)

    with pytest.raises(Refusal) as refused:
        supplied(case, at=late)
    assert refused.value.data["need"] == "correction_open"
    assert cases.settle(given.reload(case), at=late).state is Status.RETURNED
    assert cases.run_timers(at=late) == 0


def test_supplied_on_the_day_the_timer_runs_but_before_it_is_too_late_all_the_same():
    case, next_day = told(), clock.at_local(LAST + timedelta(days=1), 8)

    with pytest.raises(Refusal) as refused:
        supplied(case, at=next_day)

    assert refused.value.data["need"] == "correction_open"
    assert cases.run_timers(at=next_day + MORNING) == 1


def test_a_case_returned_once_is_not_returned_again_by_a_second_worker():
    case, late = told(), clock.at_local(LAST + timedelta(days=1))

    cases.run_timers(at=late)
    cases.run_timers(at=late)

    steps = [e.facts["step"] for e in ledger.history(case.subject)]
    assert steps.count("T15") == 1


def test_before_the_day_is_over_nobody_returns_it():
    with pytest.raises(Refusal) as refused:
        cases.return_unanswered(told(), at=end_of(LAST))

    assert refused.value.data["need"] == "correction_over"


def test_the_notice_was_the_answer_so_a_returned_case_is_not_late():
    case = cases.return_unanswered(told(), at=clock.at_local(date(2026, 4, 21)))

    late = [p.watch for p in queries.points_of(case, on=date(2026, 5, 30))]
    assert Watch.RECEIPT_LATE not in late
    shown = {e.clock: e for e in queries.explanations(case, on=date(2026, 5, 30))}
    assert shown[ClockName.CORRECTION].ended_on == date(2026, 4, 21)
    assert shown[ClockName.RECEIPT].ended_on == date(2026, 3, 6)


# --- The county's limit ---------------------------------------------------------------------------


def test_how_long_is_for_the_county_to_say_and_the_case_keeps_what_was_told(monkeypatch):
    monkeypatch.setattr(county, "correction_limit", lambda: read_limit({"days": 10}))
    case = told()
    monkeypatch.undo()

    assert (case.correction_due_on, case.correction_days) == (date(2026, 3, 20), 10)
    cases.recompute_due_dates(cause="test", at=FRIDAY)
    assert given.reload(case).correction_due_on == date(2026, 3, 20)


def test_the_day_told_is_never_moved_nearer():
    case = told()
    later, sooner = date(2026, 4, 24), date(2026, 4, 10)

    Case.objects.filter(pk=case.pk).update(correction_due_on=later)
    cases.recompute_due_dates(cause="test", at=FRIDAY)
    assert given.reload(case).correction_due_on == later
    Case.objects.filter(pk=case.pk).update(correction_due_on=sooner)
    cases.recompute_due_dates(cause="test", at=FRIDAY)
    assert given.reload(case).correction_due_on == LAST


@pytest.mark.parametrize("said", [{"days": 0}, {"days": 366}, {"days": "30"}, {"day": 30}])
def test_a_limit_that_cannot_be_meant_is_refused(said):
    with pytest.raises(NotValid) as refused:
        read_limit(said)

    assert refused.value.code == "county.correction"


# --- Doors ----------------------------------------------------------------------------------------


def long_ago():
    return datetime.now(UTC) - timedelta(days=90)


def test_the_applicant_reads_that_it_was_returned_and_gets_the_paper():
    made = given.receipt(at=long_ago(), m2=MISSING)
    given.step(
        cases.ask_correction,
        made.case,
        "acceptor",
        at=long_ago(),
        demands=[given.demand(2)],
        reason="",
    )

    page = Client().get(f"/c/{made.track_token}/").content.decode()

    assert "已退件" in page
    assert "退件通知书" in page
    assert Client().get(f"/c/{made.track_token}/answer/").status_code == 302


def test_at_the_window_a_late_supply_leads_to_the_returned_case():
    case = told(at=long_ago())

    answer = given.signed_in("clerk").get(f"/desk/supply/{case.number}/")

    assert answer["Location"] == f"/inbox/{case.number}/"
    assert given.reload(case).state is Status.RETURNED


def test_a_program_reads_it_as_returned():
    case = told(at=long_ago())

    assert ask("get", f"cases/{case.number}").json()["status"] == "returned"


def test_of_a_joint_application_the_silent_member_is_returned_and_keeps_the_shared_papers():
    made = given_joint.receipt(at=FRIDAY, m2=MISSING)
    case = given.step(
        cases.ask_correction,
        made.cases[0],
        "acceptor",
        at=FRIDAY,
        demands=[given.demand(2)],
        reason="",
    )

    cases.settle_joint(made.application, at=clock.at_local(date(2026, 4, 21)))

    assert given.reload(case).state is Status.RETURNED
    assert joint_gaps.open_gaps(made.application) == []
    (notice,) = [p for p in papers.of(case.number) if p.kind == "return"]
    assert papers.words_of(notice)["退还材料"] == []


@pytest.mark.parametrize(("on", "is_open"), [(LAST, True), (LAST + timedelta(days=1), False)])
def test_the_page_offers_to_take_what_was_asked_for_while_its_days_last(on, is_open):
    offered = {o.action: o.refusal for o in queries.offers(told(), given.actor("clerk"), on=on)}

    assert (offered[Action.TAKE_CORRECTION] is None) is is_open
