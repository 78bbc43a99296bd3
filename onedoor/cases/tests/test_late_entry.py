"""What was taken before it was entered, and what is typed twice: flagged, told apart, counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onedoor.cases import queries, supervision
from onedoor.cases import services as cases
from onedoor.cases.inputs import LateEntry
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger.models import Entry
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db
THURSDAY = FRIDAY - timedelta(days=1)
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


def _entered(late: LateEntry | None) -> Case:
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    receipt = cases.receive(
        slot,
        applicant=given.applicant(),
        materials=given.handed(),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
        late=late,
    )
    return given.reload(receipt.case)


def test_the_answer_to_a_late_entry_is_due_from_the_day_its_papers_came():
    late, usual = _entered(LateEntry(THURSDAY, "停电")), _entered(None)

    assert (late.brought_at, late.received_at) == (THURSDAY, FRIDAY)
    assert (late.receipt_due_on, usual.receipt_due_on) == (date(2026, 3, 12), date(2026, 3, 13))
    assert usual.brought_at is None
    assert late.notes.get().text == "停电"
    receipt = papers.words_of(papers.of(late.number).get())
    assert (receipt["收件时间"], receipt["补录时间"]) == (
        "2026年3月5日10时00分",
        "2026年3月6日10时00分",
    )


def test_entered_after_the_five_days_it_is_accepted_from_the_day_its_papers_came():
    brought = FRIDAY - timedelta(days=10)
    late = _entered(LateEntry(brought, "上门收件"))

    settled = cases.settle(late, at=FRIDAY)

    assert (settled.is_deemed, settled.accepted_at) == (True, brought)
    assert settled.state is Status.IN_REVIEW
    start = [e.start_on for e in queries.explanations(settled, on=clock.day_of(FRIDAY))]
    assert set(start) == {clock.day_of(brought)}


def test_all_cases_of_a_package_entered_late_have_the_clock_of_the_day_they_came():
    slot = cases.reserve_joint(given_joint.package(), at=FRIDAY)
    receipt = cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=given.handed(len(slot.facts.materials)),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
        late=LateEntry(THURSDAY, "断网"),
    )

    begun = [given.reload(case) for case in receipt.cases]
    assert {case.receipt_due_on for case in begun} == {date(2026, 3, 12)}
    assert {case.notes.get().text for case in begun} == {"断网"}
    paper = papers.words_of(papers.of(receipt.application.number).get())
    assert paper["补录时间"] == "2026年3月6日10时00分"


def test_supervision_sees_and_counts_a_late_entry():
    late = _entered(LateEntry(THURSDAY, "停电"))
    _entered(None)

    watched = [point.watch for point in queries.points_of(late, on=clock.day_of(FRIDAY))]
    ((_, figures),) = supervision.by_unit(given.actor("supervisor"), **MARCH)

    assert Watch.ENTERED_LATE in watched
    assert (figures.received, figures.entered_late) == (2, 1)


def test_the_ledger_says_when_it_really_came():
    late = _entered(LateEntry(THURSDAY, "停电"))

    entry = Entry.objects.get(subject=late.subject)

    assert THURSDAY.strftime("%Y-%m-%dT%H:%M") in str(entry.text)
    assert "停电" not in str(entry.text)


@pytest.mark.parametrize(
    ("late", "field"),
    [
        (LateEntry(FRIDAY, "停电"), "brought_at"),
        (LateEntry(FRIDAY + timedelta(hours=1), "停电"), "brought_at"),
        (LateEntry(FRIDAY - timedelta(days=400), "停电"), "brought_at"),
        (LateEntry(THURSDAY, "  "), "late_reason"),
    ],
)
def test_a_late_entry_needs_a_past_time_and_a_reason(late, field):
    with pytest.raises(NotValid) as refused:
        _entered(late)

    assert refused.value.field == field
    assert not Case.objects.exists()


def test_minutes_of_typing_again_are_noted_by_who_works_on_it_and_counted():
    case = given.case()

    cases.note_retyping(case, minutes=12, by=given.actor("clerk"), at=FRIDAY)

    ((_, figures),) = supervision.by_unit(given.actor("supervisor"), **MARCH)
    assert figures.retyped_minutes == 12
    assert Entry.objects.filter(subject=f"case-retyping:{case.number}").count() == 1
    with pytest.raises(NotAllowed):
        cases.note_retyping(case, minutes=5, by=given.actor("supervisor"), at=FRIDAY)
    with pytest.raises(NotValid):
        cases.note_retyping(case, minutes=601, by=given.actor("clerk"), at=FRIDAY)


def _posted(**more: str) -> dict[str, str]:
    return {
        "version": "1",
        "key": "late-1",
        "kind": "person",
        "name": "李敏示例",
        "id_type": "111",
        "id_number": "532502199203080001",
        "phone": "13800000001",
        "identity_checked": "on",
        **{f"state_{n}": "ok" for n in (1, 2, 3)},
        **more,
    }


def test_the_window_flags_a_late_entry_and_asks_for_the_true_time():
    client = given.signed_in("clerk")
    page = f"/desk/receive/{given.LICENCE}/"

    asked = client.post(page, _posted(**{"late-reason": "断网"}))
    when = (clock.local(clock.now()) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    taken = client.post(page, _posted(**{"late-reason": "断网", "late-brought_at": when}))

    assert asked.status_code == 422
    assert "请写真实的收件时间" in asked.content.decode()
    assert taken.status_code == 302, taken.content.decode()
    case = Case.objects.get()
    assert case.brought_at is not None
    shown = client.get(f"/inbox/{case.number}/").content.decode()
    assert "补录：材料" in shown
    client.post(f"/desk/retyping/{case.number}/", {"minutes": "7"})
    assert given.reload(case).retyped_minutes == 7


def test_a_program_may_say_both():
    client = given.signed_in("clerk")
    case = given.case()
    token = {"Authorization": "Bearer token-clerk"}

    answer = client.put(
        f"/api/v1/cases/{case.number}/retyping",
        {"minutes": 9},
        content_type="application/json",
        headers=token,
    )

    assert (answer.status_code, answer.json()["retyped_minutes"]) == (200, 9)
