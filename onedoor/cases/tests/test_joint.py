"""One application, several cases: received as one, each on its own road (一件事一次办)."""

import io
from datetime import timedelta

import pytest

from onedoor.cases import joint, joint_gaps
from onedoor.cases import services as cases
from onedoor.cases.inputs import Handed
from onedoor.cases.models import (
    Applicant,
    Application,
    ApplicationMember,
    Attachment,
    Case,
    CaseMaterial,
)
from onedoor.cases.rules.joint import MemberState, Why
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState
from onedoor.cases.services import intake
from onedoor.cases.services.joint_members import start_member
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import DEFECTIVE, FRIDAY, MISSING, OK
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.tests.given import turned
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db

LATER = FRIDAY + timedelta(hours=3)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def states(application):
    return [m.state for m in application.members.order_by("order")]


def test_one_receipt_makes_a_case_of_every_member_that_waits_for_nothing():
    made = given_joint.receipt()

    application = made.application
    assert states(application) == ["started", "started", "waiting"]
    assert [c.item.code for c in made.cases] == [given.LICENCE, given.AT_ONCE]
    assert {c.applicant_id for c in made.cases} == {application.applicant_id}
    assert Applicant.objects.count() == 1
    assert len({application.number, *(c.number for c in made.cases)}) == 3
    kinds = [e.kind for e in ledger.history(application.subject)]
    assert kinds == ["application.received"]


def test_a_shared_material_is_judged_once_and_stands_in_every_case_that_asks_for_it():
    application = given_joint.application(m2=MISSING, m4=DEFECTIVE)

    licence = [r.state for r in given_joint.case_of(application, 1).materials.order_by("order")]
    at_once = [r.state for r in given_joint.case_of(application, 2).materials.order_by("order")]
    assert licence == ["ok", "missing", "ok"]
    assert at_once == ["defective"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"materials": given.handed(3)}, "case.not_judged"),
        ({"materials": given.handed(5)}, "case.unknown_material"),
        ({"identity_checked": False}, "case.need"),
        ({"applicant": given.applicant(id_number="532502199203080002")}, "id.wrong"),
        ({"by": "stranger"}, "case.wrong_role"),
    ],
)
def test_what_is_wrong_is_refused_whole_and_leaves_nothing(changes, code):
    slot = cases.reserve_joint(given_joint.package(), at=FRIDAY)
    by = given.actor(changes.pop("by", "clerk"))
    whole = {
        "applicant": given.applicant(),
        "materials": given.handed(4),
        "identity_checked": True,
    }

    with pytest.raises((Refusal, NotValid, NotAllowed)) as refused:
        cases.receive_joint(slot, **(whole | changes), by=by, at=FRIDAY)

    assert refused.value.code == code
    left = [m.objects.count() for m in (Application, Case, Applicant)]
    assert left == [0, 0, 0]


def test_a_crash_between_two_children_leaves_none(monkeypatch):
    slot = cases.reserve_joint(given_joint.package(), at=FRIDAY)
    made: list[object] = []

    def take_one(*args, **kwargs):
        if made:
            raise RuntimeError("crash")
        made.append(intake.take(*args, **kwargs))
        return made[0]

    monkeypatch.setattr("onedoor.cases.services.joint.take", take_one)
    with pytest.raises(RuntimeError):
        cases.receive_joint(
            slot,
            applicant=given.applicant(),
            materials=given.handed(4),
            identity_checked=True,
            by=given.actor("clerk"),
            at=FRIDAY,
        )

    assert (Case.objects.count(), Application.objects.count()) == (0, 0)


def test_a_member_suspended_since_the_page_was_opened_refuses_all_of_it():
    code = given_joint.package()
    turned(given.CONFIRMATION, Turn.SUSPEND, at=FRIDAY)

    with pytest.raises(Refusal) as refused:
        cases.reserve_joint(code, at=FRIDAY)

    assert refused.value.code == "catalogue.not_in_use"


def test_another_edition_than_the_one_judged_is_refused():
    with pytest.raises(Refusal) as refused:
        cases.reserve_joint(given_joint.package(), at=FRIDAY, seen="0" * 16)

    assert refused.value.code == "application.package_changed"


# --- What begins later ------------------------------------------------------------------------


def test_what_waits_begins_when_the_one_before_is_granted_with_what_was_handed_in():
    application = given_joint.application()
    assert cases.start_members(at=FRIDAY) == 0

    given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    begun = cases.start_members(at=LATER)

    case = given_joint.case_of(application, 3)
    assert (begun, case.state) == (1, Status.RECEIVED)
    assert [r.state for r in case.materials.order_by("order")] == ["ok", "ok", "ok"]
    assert case.received_at is not None
    assert day_of(case.received_at) == day_of(LATER)
    assert (case.visit_count, case.received_by) == (0, application.received_by)
    assert [e.kind for e in ledger.history(application.subject)] == [
        "application.received",
        "application.member_started",
    ]


def test_hearing_of_a_grant_twice_begins_one_case():
    application = given_joint.application()
    given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    waiting = given_joint.member(application, 3)
    first, second = (cases.reserve(given.CONFIRMATION, at=LATER) for _ in range(2))

    start_member(waiting, first, at=LATER)
    with pytest.raises(Refusal) as late:
        start_member(waiting, second, at=LATER)

    assert late.value.code == "application.changed_meanwhile"
    assert cases.start_members(at=LATER) == 0
    assert Case.objects.count() == 3


def test_a_member_cannot_begin_before_its_turn():
    application = given_joint.application()
    slot = cases.reserve(given.CONFIRMATION, at=FRIDAY)

    with pytest.raises(Refusal) as refused:
        start_member(given_joint.member(application, 3), slot, at=FRIDAY)

    assert refused.value.code == "case.need"


@pytest.mark.parametrize("road", ["refused", "rejected", "withdrawn"])
def test_what_waited_for_something_not_granted_is_dropped_and_its_siblings_go_on(road):
    application = given_joint.application()
    case = given_joint.case_of(application, 1)
    if road == "refused":
        given.step(cases.accept, case, "acceptor", at=LATER)
        given.step(cases.review, case, "reviewer", at=LATER, opinion="不同意")
        given.refused(case, at=LATER)
    elif road == "rejected":
        given.rejected(case, at=LATER)
    else:
        given.step(cases.withdraw, case, "clerk", at=LATER, reason="", identity_checked=True)

    assert cases.start_members(at=LATER) == 1

    assert states(application) == ["started", "started", "dropped"]
    assert given_joint.case_of(application, 2).state is Status.RECEIVED
    assert ledger.history(application.subject)[-1].kind == "application.member_dropped"


def test_a_chain_behind_a_dropped_member_is_dropped_with_it():
    members = [
        (given.LICENCE, ""),
        (given.CONFIRMATION, given.LICENCE),
        (given.AT_ONCE, given.CONFIRMATION),
    ]
    given_joint.package(members=members)
    slot = cases.reserve_joint("shop", at=FRIDAY)
    application = cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=given.handed(4),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    ).application
    given.step(
        cases.withdraw,
        given_joint.case_of(application, 1),
        "clerk",
        at=LATER,
        reason="",
        identity_checked=True,
    )

    assert cases.start_members(at=LATER) + cases.start_members(at=LATER) == 2
    assert states(application) == ["started", "dropped", "dropped"]


def test_a_suspended_item_keeps_only_its_own_member_waiting_and_begins_when_resumed():
    first, second = given_joint.application(), given_joint.application()
    for application in (first, second):
        given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    turned(given.CONFIRMATION, Turn.SUSPEND, at=LATER)
    assert cases.start_members(at=LATER) == 0

    turned(given.CONFIRMATION, Turn.RESUME, at=LATER)

    assert cases.start_members(at=LATER) == 2


def test_who_took_the_papers_at_the_window_decides_none_of_the_cases():
    slot = cases.reserve_joint(given_joint.package(), at=FRIDAY)
    application = cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=given.handed(4),
        identity_checked=True,
        by=given.actor("everything"),
        at=FRIDAY,
    ).application
    given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    cases.start_members(at=LATER)
    case = given_joint.case_of(application, 3)
    given.step(cases.accept, case, "acceptor", at=LATER)
    given.step(cases.review, case, "reviewer", at=LATER, opinion="同意")

    with pytest.raises(Refusal) as refused:
        given.step(cases.grant, case, "everything", at=LATER, opinion="同意")

    assert refused.value.code == "case.need"


# --- Corrections ------------------------------------------------------------------------------


def noticed(application, order, *orders):
    demands = [given.demand(n, text=f"请补第{n}份") for n in orders]
    case = given_joint.case_of(application, order)
    return given.step(cases.ask_correction, case, "acceptor", at=LATER, demands=demands, reason="")


def both_noticed():
    """Two licences of one package ask for the same material; one of them for another too."""
    given_joint.package(members=[(given.LICENCE, ""), (given.CONFIRMATION, "")])
    slot = cases.reserve_joint("shop", at=FRIDAY)
    application = cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=given.handed(3, m1=MISSING, m2=MISSING),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    ).application
    noticed(application, 1, 1, 2)
    noticed(application, 2, 1, 2)
    return application


def supply(application, *handed, seen=None):
    return cases.supply_joint(
        application,
        materials=list(handed),
        identity_checked=True,
        seen=seen or {},
        by=given.actor("clerk"),
        at=LATER,
    )


def test_a_correction_stops_only_its_own_case():
    application = given_joint.application(m2=MISSING)
    noticed(application, 1, 2)

    assert given_joint.case_of(application, 1).state is Status.CORRECTING
    assert given_joint.case_of(application, 2).state is Status.RECEIVED
    open_ = joint_gaps.open_gaps(application)
    assert [(g.name, g.demands) for g in open_] == [("布局图", ("请补第2份",))]


def test_one_supply_serves_every_case_that_asked():
    application = both_noticed()
    assert [len(gap.rows) for gap in joint_gaps.open_gaps(application)] == [2, 2]

    moved = supply(application, Handed(1, OK, 1), Handed(2, OK, 1))

    assert len(moved) == 2
    assert joint_gaps.open_gaps(application) == []
    assert not CaseMaterial.objects.filter(state=MaterialState.MISSING.value).exists()


def test_supplying_nothing_that_completes_a_case_takes_no_paper_without_a_receipt():
    application = both_noticed()

    with pytest.raises(Refusal) as refused:
        supply(application, Handed(1, OK, 1), Handed(2, MISSING))

    assert refused.value.code == "application.nothing_complete"
    assert len(joint_gaps.open_gaps(application)) == 2


def test_a_supply_after_somebody_moved_a_case_is_refused_whole():
    application = both_noticed()
    case = given_joint.case_of(application, 1)

    with pytest.raises(Refusal) as refused:
        supply(
            application,
            Handed(1, OK, 1),
            Handed(2, OK, 1),
            seen={case.number: case.version - 1},
        )

    assert refused.value.code == "case.changed_meanwhile"
    assert given_joint.case_of(application, 2).state is Status.CORRECTING


def test_what_was_supplied_for_one_is_there_for_what_begins_later():
    application = given_joint.application(m2=MISSING)
    noticed(application, 1, 2)
    supply(application, Handed(1, OK, 1))
    given_joint.granted(given_joint.case_of(application, 1), at=LATER)

    cases.start_members(at=LATER)

    rows = given_joint.case_of(application, 3).materials.order_by("order")
    assert [row.state for row in rows] == ["ok", "ok", "ok"]


# --- Files ------------------------------------------------------------------------------------


def test_a_file_is_stored_once_and_every_case_points_to_it():
    given_joint.package(members=[(given.LICENCE, ""), (given.CONFIRMATION, "")])
    application = given_joint.application()

    cases.attach_joint(
        application,
        order=1,
        name="申请书.pdf",
        content=io.BytesIO(PDF),
        by=given.actor("clerk"),
        at=LATER,
    )
    given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    cases.start_members(at=LATER)

    assert StoredFile.objects.count() == 1
    assert Attachment.objects.count() == 2  # the licence now, the confirmation when it began
    assert {a.name for a in Attachment.objects.all()} == {"申请书.pdf"}


def test_a_stranger_adds_no_file():
    application = given_joint.application()

    with pytest.raises(NotAllowed):
        cases.attach_joint(
            application,
            order=1,
            name="x",
            content=io.BytesIO(PDF),
            by=given.actor("stranger"),
            at=LATER,
        )


# --- Where it stands --------------------------------------------------------------------------


def test_the_whole_stands_where_its_least_advanced_member_stands_and_is_due_when_the_last_is():
    application = given_joint.application()

    before = joint.whole(application, at=FRIDAY)
    given_joint.granted(given_joint.case_of(application, 1), at=LATER)
    given_joint.granted(given_joint.case_of(application, 2), at=LATER)
    cases.start_members(at=LATER)
    after = joint.whole(application, at=LATER)

    # Received 6 March: answer by the 13th, licence 5 days more, then 5 to answer, 10 to
    # confirm; 6 April is off.
    assert before.stage.value == "received"
    assert str(before.road.due_on) == "2026-04-13"
    assert [leg.why for leg in before.road.legs] == [Why.NOT_ACCEPTED, Why.NOT_ACCEPTED, Why.AFTER]
    assert [leg.why for leg in after.road.legs] == [Why.DONE, Why.DONE, Why.NOT_ACCEPTED]
    assert str(after.road.due_on) == "2026-03-27"
    assert after.stage.value == "received"


def test_reading_the_whole_is_two_statements_however_many_members(django_assert_max_num_queries):
    application = given_joint.application()
    joint.whole(application, at=FRIDAY)

    with django_assert_max_num_queries(2):  # of its cases, and of their pauses
        joint.whole(application, at=FRIDAY)


def test_a_member_row_says_started_if_and_only_if_it_has_a_case():
    application = given_joint.application()

    assert all(
        (m.state == MemberState.STARTED.value) is (m.case_id is not None)
        for m in ApplicationMember.objects.filter(application=application)
    )


def test_a_stranger_knows_of_no_application_and_a_member_unit_does():
    application = given_joint.application()

    assert not joint.visible_to(given.actor("stranger")).exists()
    assert joint.visible_to(given.actor("acceptor")).get() == application
