"""What may be done to a case, and what may not: one road after another, on both databases."""

from copy import copy
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection

from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Case, Gap
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import Light, MaterialState, RejectionGround
from onedoor.cases.tests import given
from onedoor.cases.tests.given import AT_ONCE, CONFIRMATION, DEFECTIVE, FRIDAY, MISSING, OK
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _day(case):
    """Return the legal day of acceptance."""
    assert case.accepted_at is not None
    return clock.day_of(case.accepted_at)


# --- Receipt ----------------------------------------------------------------------------------


def test_a_receipt_says_when_the_answer_is_due_and_opens_the_progress():
    receipt = given.receipt()

    assert receipt.case.state is Status.RECEIVED
    assert receipt.case.receipt_due_on == date(2026, 3, 13)
    assert len(receipt.query_code) == 6
    assert queries.tracked(receipt.track_token) == receipt.case
    assert queries.find(receipt.case.alias) == queries.find(receipt.case.number) == receipt.case


def test_the_applicant_is_encrypted_and_never_in_the_ledger():
    case = given.reload(given.receipt().case)

    assert case.applicant.name == "阿普·木嘎示例"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number FROM cases_applicant")
        stored = b"".join(bytes(column) for row in cursor.fetchall() for column in row)
    assert "示例".encode() not in stored
    assert b"532502" not in stored
    texts = " ".join(str(e.facts) for e in ledger.history(case.subject))
    assert "532502199203080001" not in texts
    assert "木嘎" not in texts


def test_without_looking_at_the_document_nothing_is_received():
    slot = cases.reserve(given.LICENCE, at=FRIDAY)

    with refused("case.need"):
        cases.receive(
            slot,
            applicant=given.applicant(),
            materials=given.handed(),
            identity_checked=False,
            by=given.actor("clerk"),
            at=FRIDAY,
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id_number": "532502199203080002"}, "id.wrong"),
        ({"id_number": "53250219920308000"}, "id.length"),
        ({"id_number": "532502202702300000"}, None),
        ({"name": "李\x00敏"}, "form.control_characters"),
        ({"name": "  "}, "form.required"),
        ({"name": "长" * 101}, "form.too_long"),
        ({"phone": "123"}, "phone.wrong"),
    ],
)
def test_a_wrong_applicant_is_refused_at_the_field_and_nothing_is_kept(changes, code):
    before = Case.objects.count()
    slot = cases.reserve(given.LICENCE, at=FRIDAY)

    with pytest.raises(NotValid) as wrong:
        cases.receive(
            slot,
            applicant=given.applicant(**changes),
            materials=given.handed(),
            identity_checked=True,
            by=given.actor("clerk"),
            at=FRIDAY,
        )

    assert code is None or wrong.value.code == code
    assert wrong.value.field
    assert Case.objects.count() == before


def test_every_material_must_be_judged_once():
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    half = given.handed(2)
    twice = [*given.handed(3), given.handed(1)[0]]

    for materials, code in ((half, "case.not_judged"), (twice, "case.unknown_material")):
        with refused(code):
            cases.receive(
                slot,
                applicant=given.applicant(),
                materials=materials,
                identity_checked=True,
                by=given.actor("clerk"),
                at=FRIDAY,
            )


def test_an_approver_may_not_receive():
    slot = cases.reserve(given.LICENCE, at=FRIDAY)

    with pytest.raises(NotAllowed):
        cases.receive(
            slot,
            applicant=given.applicant(),
            materials=given.handed(),
            identity_checked=True,
            by=given.actor("decider"),
            at=FRIDAY,
        )


def test_a_name_with_a_dot_is_kept_with_the_one_right_dot():
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    receipt = cases.receive(
        slot,
        applicant=given.applicant(name="阿普•木嘎䶮㛃示例"),
        materials=given.handed(),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    )

    assert given.reload(receipt.case).applicant.name == "阿普·木嘎䶮㛃示例"


# --- The road, granted --------------------------------------------------------------------------


def test_a_licence_goes_its_whole_road_with_the_right_dates():
    case = given.case(Status.READY)
    closed = given.step(
        cases.hand_out,
        case,
        "issuer",
        at=FRIDAY + 9 * HOUR,
        recipient=Recipient(),
        identity_checked=True,
    )

    assert closed.state is Status.CLOSED
    assert closed.outcome == "granted"
    assert closed.promised_due_on == date(2026, 3, 13)
    assert closed.statutory_due_on == date(2026, 4, 3)
    assert closed.delivery_due_on == date(2026, 3, 20)
    steps = [entry.facts["step"] for entry in ledger.history(closed.subject)]
    assert steps == ["T2", "T5", "T8", "T8a", "T12", "T16a", "T16c", "T17"]


def test_refused_with_reason_article_and_delivery_clock():
    case = given.step(
        cases.refuse,
        given.reviewed(),
        "decider",
        at=FRIDAY + 3 * HOUR,
        facts="操作间没有隔开",
        reason="布局不符合条件",
        basis="《食品安全法》第三十五条",
    )

    assert case.state is Status.DECIDED_NO
    assert case.outcome == "refused"
    last = queries.timeline(case)[-1]
    assert (last.note, last.basis) == (
        "操作间没有隔开\n布局不符合条件",
        "《食品安全法》第三十五条",
    )


def test_a_refusal_without_an_article_is_refused():
    with pytest.raises(NotValid) as wrong:
        given.step(
            cases.refuse,
            given.reviewed(),
            "decider",
            at=FRIDAY + 3 * HOUR,
            facts="事实",
            reason="理由",
            basis=" ",
        )

    assert wrong.value.field == "basis"


def test_whoever_received_accepted_or_reviewed_may_not_decide():
    case = given.case(Status.IN_REVIEW)
    case = given.step(cases.review, case, "everything", at=FRIDAY + 2 * HOUR, opinion="同意")

    with pytest.raises(Refusal) as no:
        given.step(cases.grant, case, "everything", at=FRIDAY + 3 * HOUR, opinion="同意")

    assert str(no.value.data["need"]) == "two_persons"
    given.step(cases.grant, case, "decider", at=FRIDAY + 3 * HOUR, opinion="同意")


def test_nothing_is_decided_before_somebody_reviewed_it():
    with pytest.raises(Refusal) as no:
        given.step(
            cases.grant,
            given.case(Status.IN_REVIEW),
            "decider",
            at=FRIDAY + 3 * HOUR,
            opinion="同意",
        )

    assert str(no.value.data["need"]) == "reviewed"


def test_an_incomplete_application_is_not_accepted():
    case = given.case(m2=MISSING)

    with refused("case.need"):
        given.step(cases.accept, case, "acceptor", at=FRIDAY + HOUR)


def test_an_optional_material_may_be_missing():
    case = given.case(m3=MISSING)

    accepted = given.step(cases.accept, case, "acceptor", at=FRIDAY + HOUR)

    assert accepted.state is Status.IN_REVIEW


def test_a_stranger_sees_no_case_and_can_do_nothing():
    case = given.case()

    with pytest.raises(NotFound):
        queries.case_for(given.actor("stranger"), case.number)
    with pytest.raises(NotAllowed):
        given.step(cases.accept, case, "stranger", at=FRIDAY + HOUR)


# --- Two at once, clocks set back ---------------------------------------------------------------


def test_of_two_people_who_saw_the_same_the_second_is_refused_and_told_who_and_when():
    case = given.case()
    cases.accept(case, seen=case.version, by=given.actor("acceptor"), at=FRIDAY + HOUR)

    with pytest.raises(Refusal) as late:
        cases.reject(
            case,
            ground=RejectionGround.NOT_OURS,
            competent="水务局",
            reason="不归我们管",
            basis="《食品安全法》第三十五条",
            seen=case.version,
            by=given.actor("everything"),
            at=FRIDAY + 2 * HOUR,
        )

    assert late.value.code == "case.changed_meanwhile"
    assert given.reload(case).state is Status.IN_REVIEW
    assert len(queries.timeline(case)) == 3


@pytest.mark.parametrize(
    ("begun", "service", "by", "said"),
    [
        (lambda: given.case(Status.IN_REVIEW), cases.review, "reviewer", {"opinion": "建议准予"}),
        (given.reviewed, cases.grant, "decider", {"opinion": "同意"}),
        (
            given.reviewed,
            cases.refuse,
            "decider",
            {"facts": "没有隔开", "reason": "不符合", "basis": "《食品安全法》第三十五条"},
        ),
    ],
)
def test_of_two_who_write_a_reason_at_once_the_second_is_refused(begun, service, by, said):
    case = begun()
    take = {"seen": case.version, "by": given.actor(by), "at": FRIDAY + 3 * HOUR, **said}
    service(copy(case), **take)

    with pytest.raises(Refusal) as late:
        service(case, **take)

    assert late.value.code == "case.changed_meanwhile"


def test_the_second_is_told_the_name_and_the_time_of_the_first():
    case = given.case()
    given.rejected(case, at=FRIDAY + HOUR)

    with pytest.raises(Refusal) as late:
        cases.accept(case, seen=case.version, by=given.actor("everything"), at=FRIDAY + 2 * HOUR)

    assert "受理示例" in str(late.value)
    assert "2026-03-06 11:00" in str(late.value)


def test_a_clock_that_was_set_back_stops_everything_and_changes_nothing():
    case = given.case()

    with refused("clock.set_back"):
        given.step(cases.accept, case, "acceptor", at=FRIDAY - HOUR)

    assert given.reload(case).version == 1


# --- Correction -----------------------------------------------------------------------------------


def _noticed(**states):
    case = given.case(**(states or {"m2": MISSING}))
    gaps = [
        given.demand(n, case.materials.get(order=n).found)
        for n in range(1, 4)
        if case.materials.get(order=n).found is not OK
    ]
    return given.step(
        cases.ask_correction, case, "acceptor", at=FRIDAY + HOUR, demands=gaps, reason=""
    )


def test_a_notice_names_the_material_of_the_item_version_and_a_date():
    case = _noticed()
    (gap,) = queries.open_gaps(case)

    assert case.state is Status.CORRECTING
    assert case.correction_due_on is not None
    assert gap.case_material.material.version_id == case.item_version_id
    assert gap.demand == "请补1份原件"


def test_a_notice_must_list_every_gap_at_once():
    case = given.case(m1=MISSING, m2=DEFECTIVE)

    with pytest.raises(Refusal) as no:
        given.step(
            cases.ask_correction,
            case,
            "acceptor",
            at=FRIDAY + HOUR,
            demands=[given.demand(1)],
            reason="",
        )

    assert str(no.value.data["need"]) == "gaps"


def test_what_is_supplied_starts_a_new_receipt_clock_and_can_be_accepted():
    case = _noticed()
    monday = FRIDAY + 3 * DAY
    case = given.step(
        cases.take_correction,
        case,
        "clerk2",
        at=monday,
        materials=[cases.Handed(2, OK, 1, 0)],
        identity_checked=True,
    )

    assert case.state is Status.RECEIVED
    assert case.receipt_due_on == date(2026, 3, 16)
    assert not queries.open_gaps(case)
    accepted = given.step(cases.accept, case, "acceptor", at=monday + HOUR)
    assert _day(accepted) == date(2026, 3, 9)


def _supplied(state):
    return given.step(
        cases.take_correction,
        _noticed(),
        "clerk",
        at=FRIDAY + 3 * DAY,
        materials=[cases.Handed(2, state, 1, 0)],
        identity_checked=True,
    )


def test_there_is_no_second_notice_for_a_gap_that_was_visible_the_first_time():
    case = _supplied(OK)

    with refused("case.notice_given"):
        given.step(
            cases.ask_correction,
            case,
            "acceptor",
            at=FRIDAY + 3 * DAY + HOUR,
            demands=[given.demand(1)],
            reason="又发现一份",
        )


def test_a_defect_in_what_was_supplied_may_be_told_once_more_with_reason_and_red_light():
    case = _supplied(DEFECTIVE)

    with pytest.raises(NotValid):
        given.step(
            cases.ask_correction,
            case,
            "acceptor",
            at=FRIDAY + 3 * DAY + HOUR,
            demands=[given.demand(2, DEFECTIVE)],
            reason="",
        )
    again = given.step(
        cases.ask_correction,
        case,
        "acceptor",
        at=FRIDAY + 3 * DAY + HOUR,
        demands=[given.demand(2, DEFECTIVE)],
        reason="补来的布局图没有标厨房",
    )

    assert again.notice_count == 2
    assert queries.light_of(again, on=date(2026, 3, 9)) is Light.RED
    assert Gap.objects.filter(case_material__case=case).count() == 2


# --- Deemed acceptance ---


def test_the_fifth_day_is_in_time_and_the_day_after_silence_counts_as_acceptance():
    case = given.case()
    fifth, after = FRIDAY + 7 * DAY, FRIDAY + 10 * DAY

    assert cases.run_timers(at=fifth) == 0
    assert cases.run_timers(at=after) >= 1
    now = given.reload(case)
    assert now.state is Status.IN_REVIEW
    assert now.is_deemed
    assert _day(now) == date(2026, 3, 6)
    assert now.promised_due_on == date(2026, 3, 13)
    assert queries.light_of(now, on=date(2026, 3, 16)) is Light.RED


def test_commands_test_the_date_and_do_not_wait_for_the_worker():
    case = given.case()
    after = FRIDAY + 10 * DAY

    settled = cases.settle(case, at=after)

    assert settled.is_deemed
    with refused("case.wrong_state"):
        given.step(
            cases.ask_correction,
            case,
            "acceptor",
            at=after + HOUR,
            demands=[given.demand(1)],
            reason="",
        )


def test_after_a_correction_it_dates_from_the_day_the_set_was_complete():
    case = _supplied(OK)

    settled = cases.settle(given.reload(case), at=FRIDAY + 17 * DAY)

    assert _day(settled) == date(2026, 3, 9)


def test_what_is_no_licence_is_never_deemed_accepted():
    case = given.case(item=CONFIRMATION)

    cases.run_timers(at=FRIDAY + 30 * DAY)

    assert given.reload(case).state is Status.RECEIVED


def test_two_timers_accept_a_case_once():
    case = given.case()
    after = FRIDAY + 10 * DAY

    cases.run_timers(at=after)
    cases.run_timers(at=after)

    steps = [e.facts["step"] for e in ledger.history(case.subject)]
    assert steps.count("T6") == 1


# --- Withdrawal, at once ------------------------------------------------------


def test_the_database_keeps_whether_a_case_is_open():
    going, ended = given.case(Status.IN_REVIEW), given.case(Status.IN_REVIEW)
    given.step(
        cases.withdraw, ended, "clerk", at=FRIDAY + DAY, reason="不办了", identity_checked=True
    )

    flags = dict(Case.objects.values_list("number", "is_open"))

    assert flags == {going.number: True, ended.number: False}


def test_withdrawn_while_suspended_the_pause_ends_too():
    case = given.step(
        cases.withdraw,
        given.suspended(given.case(Status.IN_REVIEW), at=FRIDAY + 3 * DAY),
        "clerk",
        at=FRIDAY + 4 * DAY,
        reason="不办了",
        identity_checked=True,
    )

    assert case.state is Status.WITHDRAWN
    assert not case.pauses.filter(resumed_on__isnull=True).exists()


def test_an_instant_item_is_done_in_one_visit_by_one_person():
    slot = cases.reserve(AT_ONCE, at=FRIDAY)
    receipt = cases.receive_and_finish(
        slot,
        applicant=given.applicant(),
        materials=given.handed(1),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    )

    assert receipt.case.state is Status.CLOSED
    assert receipt.case.outcome == "granted"
    steps = [e.facts["step"] for e in ledger.history(receipt.case.subject)]
    assert steps == ["T2", "T19"]


def test_an_incomplete_instant_case_leaves_nothing_behind():
    slot = cases.reserve(AT_ONCE, at=FRIDAY)

    with refused("case.need"):
        cases.receive_and_finish(
            slot,
            applicant=given.applicant(),
            materials=given.handed(1, m1=MaterialState.MISSING),
            identity_checked=True,
            by=given.actor("clerk"),
            at=FRIDAY,
        )

    assert not Case.objects.filter(number=slot.number).exists()


def test_an_ordinary_item_cannot_be_finished_at_once():
    with refused("case.need"):
        given.step(cases.finish_at_once, given.case(), "clerk", at=FRIDAY + HOUR)


# --- Seeing, computing again ---


def test_seeing_an_applicant_in_full_is_recorded_with_its_purpose():
    case = given.case()

    shown = cases.show_personal_data(case, purpose="contact", by=given.actor("acceptor"), at=FRIDAY)

    assert shown.phone == "13800000001"
    (entry,) = ledger.history(f"case-access:{case.number}")
    assert entry.facts == {"purpose": "contact"}


def test_without_a_purpose_nothing_is_shown():
    with refused("case.unknown_purpose"):
        cases.show_personal_data(
            given.case(), purpose="curiosity", by=given.actor("acceptor"), at=FRIDAY
        )


def test_the_bulk_computation_gives_the_same_dates_as_the_steps_did():
    made = [given.case(), given.case(Status.IN_REVIEW), given.case(Status.READY)]
    made.append(given.case(Status.IN_REVIEW, item=CONFIRMATION))
    names = ("receipt_due_on", "promised_due_on", "statutory_due_on", "delivery_due_on")
    before = [[getattr(given.reload(c), n) for n in (*names, "urgent_on")] for c in made]
    running = ("received", "in_review", "ready")
    for c in made:
        which = {"received": "receipt", "ready": "delivery"}.get(c.status, "promised")
        assert c.status in running
        Case.objects.filter(pk=c.pk).update(
            **{f"{which}_due_on": date(2026, 1, 1)}, urgent_on=date(2026, 1, 1)
        )

    counts = cases.recompute_due_dates(cause="test", at=FRIDAY)

    after = [[getattr(given.reload(c), n) for n in (*names, "urgent_on")] for c in made]
    assert after == before
    assert counts["changed"] == len(made)
    assert cases.recompute_due_dates(cause="test", at=FRIDAY)["changed"] == 0


def test_numbers_go_on_beyond_what_the_table_holds_when_a_counter_is_old():
    from onedoor.ledger import numbers
    from onedoor.ledger.models import Counter

    first = given.receipt().case
    Counter.objects.filter(series__startswith="case:").update(value=0)
    for mark in (settings.DATA / "numbers").glob("*"):
        mark.unlink()
    numbers.forget()

    second = given.receipt().case

    assert second.number > first.number


# --- What the cold review found -------------------------------------------------------------------


def test_half_of_what_was_asked_is_not_taken_and_the_case_goes_on_waiting():
    case = _noticed(m1=MISSING, m2=MISSING)

    with refused("case.gaps_open"):
        given.step(
            cases.take_correction,
            case,
            "clerk",
            at=FRIDAY + DAY,
            materials=[cases.Handed(1, OK, 1, 0), cases.Handed(2, MISSING, 0, 0)],
            identity_checked=True,
        )

    assert given.reload(case).state is Status.CORRECTING
    assert len(queries.open_gaps(case)) == 2


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("decider", Status.RECEIVED, "case.files_not_yours"),
        ("clerk", Status.READY, "case.files_closed"),
    ],
)
def test_scans_are_added_by_the_window_while_materials_are_gathered(who, status, code):
    with refused(code):
        cases.attach(
            given.case(status),
            order=1,
            name="a.png",
            content=BytesIO(b"x"),
            by=given.actor(who),
            at=FRIDAY + 9 * HOUR,
        )


def test_a_suspended_case_promises_no_date():
    case = given.suspended(given.case(Status.IN_REVIEW), at=FRIDAY + 3 * DAY)

    assert (case.promised_due_on, case.statutory_due_on) == (None, None)


def test_being_late_does_not_pass_with_the_decision():
    case = given.reviewed()
    late = given.step(cases.grant, case, "decider", at=FRIDAY + 12 * DAY, opinion="同意")
    too_late = given.step(
        cases.grant, given.reviewed(), "decider", at=FRIDAY + 40 * DAY, opinion="同意"
    )

    assert queries.light_of(late, on=date(2026, 3, 19)) is Light.YELLOW
    assert queries.light_of(too_late, on=date(2026, 4, 16)) is Light.RED
