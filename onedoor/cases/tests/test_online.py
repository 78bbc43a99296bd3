"""Applying online: sent once, looked at in time, sent back once, mended, received."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

from onedoor.accounts.rules import APPLICANT, NOBODY
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import Attachment, Case, Draft, DraftFile
from onedoor.cases.rules.lifecycle import Action, Need, Outcome, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import Channel
from onedoor.cases.services import drafting
from onedoor.cases.tests import given, online
from onedoor.cases.tests.given import DEFECTIVE, FRIDAY, MISSING
from onedoor.files.models import StoredFile
from onedoor.files.services import path_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db

MONDAY = clock.at_local(date(2026, 3, 9), 10)
TUESDAY = clock.at_local(date(2026, 3, 10), 10)


def refused(code, do, *args, **kwargs):
    with pytest.raises(Refusal) as found:
        do(*args, **kwargs)
    assert found.value.code == code, found.value
    return found.value


def receive(case, *, at=MONDAY, **states):
    count = len(queries.listed(case))
    return given.step(
        cases.receive_submitted,
        case,
        "clerk",
        at=at,
        materials=[replace(h, originals=0) for h in given.handed(count, **states)],
        identity_checked=True,
    )


def test_what_is_sent_has_a_number_and_codes_and_no_limit_of_the_law_runs():
    receipt = online.receipt()

    case = given.reload(receipt.case)
    assert case.state is Status.SUBMITTED
    assert (case.received_at, case.receipt_due_on, case.visit_count) == (None, None, 0)
    assert case.precheck_due_on == case.urgent_on == date(2026, 3, 9)
    assert len(receipt.query_code) == 6
    assert queries.tracked(receipt.track_token) == case
    assert [m.comes_by for m in queries.listed(case)] == [
        Channel.UPLOAD,
        Channel.UPLOAD,
        Channel.NONE,
    ]


def test_a_draft_sent_twice_is_one_case_with_one_receipt():
    draft, slot = online.draft(), cases.reserve(given.LICENCE, at=FRIDAY)
    told: dict[str, Any] = {"applicant": given.applicant(), "by": APPLICANT, "at": FRIDAY}

    first = cases.submit_draft(draft, slot, **told)
    second = cases.submit_draft(draft, cases.reserve(given.LICENCE, at=FRIDAY), **told)

    assert (first.case.number, first.query_code) == (second.case.number, second.query_code)
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 2
    assert DraftFile.objects.count() == 0
    assert str(Draft.objects.get().content) == ""


def test_a_required_material_is_uploaded_or_announced():
    lacking = online.draft(files={1: "red"})
    told: dict[str, Any] = {"applicant": given.applicant(), "by": APPLICANT, "at": FRIDAY}

    no = refused(
        "case.need", cases.submit_draft, lacking, cases.reserve(given.LICENCE, at=FRIDAY), **told
    )
    drafting.note_brought(lacking, [2], at=FRIDAY)
    made = cases.submit_draft(lacking, cases.reserve(given.LICENCE, at=FRIDAY), **told)

    assert no.data["need"] is Need.GIVEN
    assert [m.comes_by for m in queries.listed(made.case)][1] is Channel.BRING


def test_what_is_not_taken_here_or_by_nobody_is_refused():
    told: dict[str, Any] = {
        "applicant": given.applicant(),
        "channels": {},
        "uploads": {},
        "at": FRIDAY,
    }

    at_window = cases.reserve(given.AT_ONCE, at=FRIDAY)
    refused("case.need", cases.submit, at_window, by=APPLICANT, **told)
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    with pytest.raises(NotAllowed):
        cases.submit(slot, by=NOBODY, **told)
    assert Case.objects.count() == 0


def test_the_ledger_holds_digests_of_what_was_sent_and_nothing_personal():
    case = online.case()

    text = Entry.objects.get(subject=case.subject).text

    assert "sha256:" in text
    for secret in ("阿普", "532502199203080001", "13800000001", "1.png", "演示路"):
        assert secret not in text
    assert ledger.history(case.subject)[0].actor == "applicant"


def test_received_at_the_desk_the_receipt_clock_starts_that_day_and_no_visit_is_counted():
    case = receive(online.case(), m3=MISSING)

    assert case.state is Status.RECEIVED
    assert (case.received_at, case.received_by) == (MONDAY, given.actor("clerk").ref)
    assert case.receipt_due_on == date(2026, 3, 16)
    assert case.visit_count == 0
    assert queries.timeline(case)[-1].paper == "receipt"


def test_the_whole_road_from_the_sofa_to_the_decision():
    case = receive(online.case(), m3=MISSING)

    case = given.step(cases.accept, case, "acceptor", at=MONDAY)
    case = given.step(cases.review, case, "reviewer", at=TUESDAY, opinion="齐全")
    case = given.step(cases.grant, case, "decider", at=TUESDAY, opinion="同意")

    assert case.result is Outcome.GRANTED


def test_sent_back_once_with_everything_in_words_and_mended():
    case = online.returned(1, 2, at=MONDAY)
    assert case.state is Status.PRE_RETURNED
    assert case.resubmit_due_on == case.urgent_on == date(2026, 3, 30)

    half = online.answer(case, 1, at=MONDAY)
    refused("case.need", cases.resubmit, case, half, seen=case.version, by=APPLICANT, at=MONDAY)
    whole = online.answer(case, 1, 2, at=MONDAY)
    mended = cases.resubmit(case, whole, seen=case.version, by=APPLICANT, at=TUESDAY)

    assert mended.state is Status.SUBMITTED
    assert mended.precheck_due_on == date(2026, 3, 11)
    assert (mended.prechecked_at, mended.resubmit_due_on) == (None, None)
    assert queries.precheck_gaps(mended) == []
    assert Attachment.objects.filter(case_material__case=mended).count() == 4


def test_a_second_return_is_only_for_what_was_sent_since():
    case = online.returned(1, at=MONDAY)
    case = cases.resubmit(
        case, online.answer(case, 1, at=MONDAY), seen=case.version, by=APPLICANT, at=MONDAY
    )

    other = [given.demand(2, DEFECTIVE)]
    told: dict[str, Any] = {"seen": case.version, "by": given.actor("clerk"), "at": TUESDAY}
    refused("case.need", cases.pre_return, case, demands=other, **told)
    again = cases.pre_return(case, demands=[given.demand(1, DEFECTIVE)], **told)

    assert again.state is Status.PRE_RETURNED


def test_a_return_without_a_word_or_of_an_unknown_material_changes_nothing():
    case = online.case()
    told: dict[str, Any] = {"seen": case.version, "by": given.actor("clerk"), "at": MONDAY}

    refused("case.need", cases.pre_return, case, demands=[], **told)
    refused("case.unknown_material", cases.pre_return, case, demands=[given.demand(9)], **told)
    refused(
        "case.wrong_role",
        cases.pre_return,
        case,
        demands=[given.demand(1)],
        seen=case.version,
        by=given.actor("acceptor"),
        at=MONDAY,
    )

    assert given.reload(case).version == 1


def test_after_a_return_the_first_notice_of_the_law_is_still_to_come():
    case = online.returned(1, at=MONDAY)
    case = cases.resubmit(
        case, online.answer(case, 1, at=MONDAY), seen=case.version, by=APPLICANT, at=MONDAY
    )
    case = receive(case, at=MONDAY, m2=DEFECTIVE, m3=MISSING)

    noticed = given.step(
        cases.ask_correction,
        case,
        "acceptor",
        at=TUESDAY,
        demands=[given.demand(2, DEFECTIVE)],
        reason="",
    )

    assert (noticed.state, noticed.notice_count) == (Status.CORRECTING, 1)


def test_returned_it_can_also_be_mended_at_the_window():
    case = receive(online.returned(2, at=MONDAY), at=TUESDAY, m3=MISSING)

    assert case.state is Status.RECEIVED
    assert case.resubmit_due_on is None


def test_originals_are_waited_for_and_who_brings_them_has_come_once():
    case = online.case(given.CONFIRMATION, files={1: "red"})
    passed = given.step(cases.pre_pass, case, "clerk", at=MONDAY)
    assert passed.state is Status.SUBMITTED
    assert passed.resubmit_due_on == date(2026, 3, 30)
    refused(
        "case.need", cases.pre_pass, passed, seen=passed.version, by=given.actor("clerk"), at=MONDAY
    )

    handed = [Handed(1, given.OK), Handed(2, given.OK, 1, 0), Handed(3, MISSING)]
    case = given.step(
        cases.receive_submitted,
        passed,
        "clerk",
        at=TUESDAY,
        materials=handed,
        identity_checked=True,
    )

    assert (case.state, case.visit_count) == (Status.RECEIVED, 1)


def test_left_alone_it_lapses_after_the_last_day_and_not_on_it():
    case = online.returned(1, at=MONDAY)
    last = clock.at_local(date(2026, 3, 30), 23)

    assert cases.run_timers(at=last) == 0
    assert cases.settle(given.reload(case), at=last).state is Status.PRE_RETURNED
    assert cases.run_timers(at=last + timedelta(hours=2)) == 1

    ended = given.reload(case)
    assert ended.state is Status.WITHDRAWN
    assert queries.timeline(ended)[-1].action is Action.LAPSE


def test_a_late_answer_is_too_late_even_before_the_worker_comes_by():
    case = online.returned(1, at=MONDAY)
    late = clock.at_local(date(2026, 3, 31), 9)

    settled = cases.settle(case, at=late)

    refused(
        "case.wrong_state",
        cases.resubmit,
        settled,
        online.answer(case, 1, at=MONDAY),
        seen=settled.version,
        by=APPLICANT,
        at=late,
    )


def test_what_waits_for_its_precheck_never_lapses():
    case = online.case()

    assert cases.run_timers(at=FRIDAY + timedelta(days=90)) == 0
    assert cases.settle(case, at=FRIDAY + timedelta(days=90)).state is Status.SUBMITTED


def test_supervision_lights_what_nobody_looked_at_in_time_and_it_stays_lit():
    case = online.case()

    on_time = queries.points_of(case, on=date(2026, 3, 9))
    late = queries.points_of(case, on=date(2026, 3, 10))
    received = receive(case, at=TUESDAY, m3=MISSING)

    assert on_time == ()
    assert [(p.watch, p.since) for p in late] == [(Watch.PRECHECK_LATE, date(2026, 3, 10))]
    assert Watch.PRECHECK_LATE in {p.watch for p in queries.points_of(received, on=TUESDAY.date())}


def test_a_notice_is_answered_online_whole_and_a_new_receipt_clock_starts():
    case = receive(online.case(), m1=DEFECTIVE, m3=MISSING)
    case = given.step(
        cases.ask_correction,
        case,
        "acceptor",
        at=MONDAY,
        demands=[given.demand(1, DEFECTIVE)],
        reason="",
    )

    told: dict[str, Any] = {"seen": case.version, "by": APPLICANT, "at": TUESDAY}
    refused("case.need", cases.supply, case, None, **told)
    supplied = cases.supply(case, online.answer(case, 1, at=TUESDAY), **told)

    assert supplied.state is Status.RECEIVED
    assert supplied.receipt_due_on == date(2026, 3, 17)
    assert queries.completeness(supplied)
    assert supplied.visit_count == 0
    assert given.step(cases.accept, supplied, "acceptor", at=TUESDAY).accepted_at is not None


def test_a_notice_that_asks_for_paper_is_answered_at_the_window():
    case = given.case(item=given.CONFIRMATION, m2=MISSING)
    case = given.step(
        cases.ask_correction, case, "acceptor", at=MONDAY, demands=[given.demand(2)], reason=""
    )

    refused(
        "case.need",
        cases.supply,
        case,
        online.answer(case, 2, at=MONDAY),
        seen=case.version,
        by=APPLICANT,
        at=TUESDAY,
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"<html><script>alert(1)</script>", "file.wrong_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "file.cut_off_image"),
        (b"%PDF-1.7 cut", "file.cut_off"),
    ],
)
def test_hostile_files_are_refused_and_leave_nothing_behind(content, code):
    draft = online.draft(files={})
    before = StoredFile.objects.count()

    refused(
        code,
        drafting.add_file,
        draft,
        order=1,
        name="证照.pdf",
        content=BytesIO(content),
        at=FRIDAY,
    )

    assert (DraftFile.objects.count(), StoredFile.objects.count()) == (0, before)


def test_files_are_numbered_and_the_same_file_twice_is_one():
    draft = online.draft(files={})
    for n in range(10):
        drafting.add_file(
            draft, order=1, name=f"{n}.png", content=online.picture((n, 0, 0)), at=FRIDAY
        )

    with pytest.raises(NotValid) as found:
        drafting.add_file(draft, order=1, name="11.png", content=online.picture(), at=FRIDAY)
    drafting.add_file(draft, order=2, name="a.png", content=online.picture(), at=FRIDAY)
    drafting.add_file(draft, order=2, name="b.png", content=online.picture(), at=FRIDAY)

    assert found.value.code == "file.too_many"
    assert draft.files.count() == 11


def test_what_was_not_sent_is_deleted_with_its_files_and_what_was_sent_stays(
    django_capture_on_commit_callbacks,
):
    sent, kept = online.case(), online.draft(files={1: "yellow"}, secret="another")
    (row,) = kept.files.select_related("file")
    place = path_of(row.file.digest)
    assert place.exists()

    assert cases.forget_drafts(at=FRIDAY + timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert cases.forget_drafts(at=FRIDAY + timedelta(days=8)) == 2

    assert (Draft.objects.count(), place.exists()) == (0, False)
    files = [a.file for a in Attachment.objects.select_related("file")]
    assert [path_of(f.digest).exists() for f in files] == [True, True]
    assert given.reload(sent).state is Status.SUBMITTED


def test_a_draft_keeps_its_uploads_when_the_item_has_a_new_version():
    from onedoor.catalogue import queries as catalogue

    draft = online.draft(brought=frozenset({2}))
    now = catalogue.current_version(given.LICENCE, at=FRIDAY)
    first, second, third = now.materials
    turned = replace(
        now,
        number=2,
        materials=(
            replace(third, order=1),
            replace(first, order=2),
        ),
    )

    drafting.carry_over(draft, now=turned)

    assert [f.order for f in draft.files.all()] == [2]
    assert drafting.content_of(draft).brought == frozenset()
    assert second.name not in {m.name for m in turned.materials}


def test_what_is_typed_is_kept_without_control_characters_and_not_without_end():
    version_at = FRIDAY
    from onedoor.catalogue import queries as catalogue

    version = catalogue.current_version(given.LICENCE, at=version_at)
    typed = drafting.Content({"name": "阿普\x00\x1b示例", "address": "长" * 9000})

    kept = drafting.keep("k" * 64, version=version, content=typed, at=FRIDAY)

    said = drafting.content_of(Draft.objects.get(pk=kept.pk)).typed
    assert said["name"] == "阿普示例"
    assert len(said["address"]) == 500
