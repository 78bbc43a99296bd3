"""The check of a commitment (核查): by whom, by when, and what a false one leads to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases import codes, commitments, queries, supervision
from onedoor.cases import services as cases
from onedoor.cases.models import Licence, Verification
from onedoor.cases.rules.commitment import Box, Broken, Checked
from onedoor.cases.rules.licences import LicenceState, RevocationGround
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY, MISSING
from onedoor.cases.tests.test_api import ask
from onedoor.cases.tests.test_promises import refused
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.kernel.templatetags.onedoor import day
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DECIDED = FRIDAY + 3 * DAY
"""The Monday after; ten working days later is a Monday again."""
DUE = date(2026, 3, 23)


def granted(*, at=FRIDAY, orders=(2,), decided=None):
    """Return a case granted on commitments."""
    case = given.step(cases.accept, given.committed(at=at, orders=orders), "acceptor", at=at)
    given.step(cases.review, case, "reviewer", at=at, opinion="建议准予")
    return given.step(cases.grant, case, "decider", at=decided or at + 3 * DAY, opinion="同意")


def the_check(case):
    return commitments.checks_of(case).select_related("case__unit", "case__applicant").get()


def verified(check, outcome=Checked.FALSE, *, by="reviewer", at=DECIDED + DAY, **changes):
    said: dict[str, Any] = {"findings": "现场没有这个门牌", "document": given.report()} | changes
    return cases.verify(check, outcome=outcome, by=given.actor(by), at=at, **said)


def objected(check, *, at, by="clerk", identity_checked=True):
    return cases.object_to(
        check, text="门牌换过", identity_checked=identity_checked, by=given.actor(by), at=at
    )


def answered(check, *, is_upheld, at, by="head"):
    return cases.answer_objection(
        check, is_upheld=is_upheld, text="核对过", by=given.actor(by), at=at
    )


# --- Ordered with the decision -----------------------------------------------------------------


def test_with_the_grant_the_check_is_ordered_for_the_day_the_item_says():
    check = the_check(granted())

    assert (check.commitment.matter, check.due_on, check.result) == (
        "场所使用权",
        DUE,
        Checked.NONE,
    )
    (entry,) = ledger.history(check.subject)
    assert (entry.kind, entry.facts["way"]) == ("check.ordered", "site")


def test_what_is_not_checked_and_what_is_not_granted_is_no_task():
    free = granted(orders=(4,))
    refused_case = given.step(cases.accept, given.committed(), "acceptor", at=FRIDAY)
    given.step(cases.review, refused_case, "reviewer", at=FRIDAY, opinion="不符合")
    given.refused(refused_case, at=DECIDED)

    assert not commitments.checks_of(free)
    assert not Verification.objects.exists()


def test_an_application_handed_in_whole_is_not_checked():
    given.case(Status.DECIDED_YES, item=given.COMMITTABLE)

    assert not Verification.objects.exists()


# --- Done, by others ---------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["clerk", "acceptor", "decider", "stranger"])
def test_who_took_accepted_or_decided_does_not_check(username):
    check = the_check(granted())

    answer = refused(lambda: verified(check, by=username))

    assert answer.code in ("check.wrong_role", "check.same_person")


def test_who_decided_under_several_roles_does_not_check_either():
    case = given.step(cases.accept, given.committed(), "everything", at=FRIDAY)
    given.step(cases.review, case, "reviewer", at=FRIDAY, opinion="建议准予")
    case = given.step(cases.grant, case, "decider", at=DECIDED, opinion="同意")

    assert refused(lambda: verified(the_check(case), by="everything")).code == "check.same_person"


def test_kept_is_kept_with_its_evidence_and_bars_nobody():
    done = verified(the_check(granted()), Checked.KEPT)

    assert (done.result, str(done.findings)) == (Checked.KEPT, "现场没有这个门牌")
    assert done.document is not None
    assert commitments.bar_of(done.case.applicant.id_index, on=date(2026, 12, 31)) is None
    assert commitments.notice_of(done) is None


def test_without_evidence_only_what_could_not_be_checked_is_recorded():
    check = the_check(granted())

    with pytest.raises(NotValid) as no_evidence:
        verified(check, document=None)
    done = verified(check, Checked.UNCHECKED, document=None)

    assert no_evidence.value.code == "check.no_evidence"
    assert done.result is Checked.UNCHECKED


def test_of_two_who_record_the_same_check_the_second_is_told():
    check = the_check(granted())
    verified(check, Checked.KEPT)

    assert refused(lambda: verified(check, by="head")).code == "check.done"


# --- False: told, objected to, revoked -----------------------------------------------------------


def test_a_false_commitment_is_told_with_the_days_to_object():
    done = verified(the_check(granted()))

    assert done.object_by == date(2026, 3, 24)
    assert done.barred_until == date(2029, 3, 9)
    notice = commitments.notice_of(done)
    assert notice is not None
    text = str(papers.page_of(notice).blocks)
    for words in ("场所使用权", "现场没有这个门牌", "2026年3月24日", "2029年3月9日"):
        assert words in text


def test_it_is_final_the_day_after_the_last_day_to_object():
    done = verified(the_check(granted()))

    assert not commitments.stands(done, on=date(2026, 3, 24))
    assert commitments.stands(done, on=date(2026, 3, 25))
    assert commitments.bar_of(done.case.applicant.id_index, on=date(2026, 3, 24)) is None
    bar = commitments.bar_of(done.case.applicant.id_index, on=date(2026, 3, 25))
    assert bar is not None
    assert (bar.what, bar.until) == (Broken.FALSE, date(2029, 3, 9))
    assert commitments.bar_of(done.case.applicant.id_index, on=date(2029, 3, 10)) is None


def test_an_objection_on_the_last_day_holds_everything_until_it_is_answered():
    last = clock.at_local(date(2026, 3, 24), 23)
    done = objected(verified(the_check(granted())), at=last)
    later = date(2026, 6, 1)

    assert not commitments.stands(done, on=later)
    turned_down = answered(done, is_upheld=False, at=last + DAY)
    assert commitments.stands(turned_down, on=later)


def test_an_objection_upheld_leaves_nothing_behind():
    done = objected(verified(the_check(granted())), at=DECIDED + 2 * DAY)

    upheld = answered(done, is_upheld=True, at=DECIDED + 3 * DAY)

    assert not commitments.stands(upheld, on=date(2026, 6, 1))
    assert commitments.bar_of(upheld.case.applicant.id_index, on=date(2026, 6, 1)) is None


def test_a_day_late_an_unseen_document_or_a_true_commitment_is_no_objection():
    check = verified(the_check(granted()))

    late = refused(lambda: objected(check, at=clock.at_local(date(2026, 3, 25), 9)))
    with pytest.raises(NotValid):
        objected(check, at=DECIDED + 2 * DAY, identity_checked=False)
    kept = verified(the_check(granted(at=FRIDAY + DAY)), Checked.KEPT)

    assert late.code == "check.objection_late"
    assert refused(lambda: objected(kept, at=DECIDED + 2 * DAY)).code == "check.not_false"


def test_the_head_answers_but_not_on_a_finding_of_his_own():
    own = objected(verified(the_check(granted()), by="head"), at=DECIDED + 2 * DAY)
    other = objected(verified(the_check(granted(at=FRIDAY + DAY))), at=DECIDED + 2 * DAY)

    assert (
        refused(lambda: answered(own, is_upheld=False, at=DECIDED + 3 * DAY)).code
        == "check.own_finding"
    )
    with pytest.raises(NotAllowed):
        answered(other, is_upheld=False, at=DECIDED + 3 * DAY, by="reviewer")


def revoked(case, *, at):
    return cases.revoke(
        Licence.objects.select_related("case__item_version", "unit", "applicant").get(case=case),
        ground=RevocationGround.FALSE_PROMISE,
        reason="承诺不实",
        by=given.actor("head"),
        at=at,
    )


def test_a_licence_is_revoked_as_granted_on_a_false_commitment_only_once_that_is_final():
    case = granted()
    early = refused(lambda: revoked(case, at=DECIDED + DAY))
    verified(the_check(case))
    pending = refused(lambda: revoked(case, at=clock.at_local(date(2026, 3, 24), 9)))

    done = revoked(case, at=clock.at_local(date(2026, 3, 25), 9))

    assert (early.code, pending.code) == ("licence.not_found_false", "licence.not_found_false")
    assert done.standing is LicenceState.REVOKED
    paper = papers.of(done.subject).get()
    assert "告知承诺核查发现承诺不实" in str(papers.page_of(paper).blocks)


def test_who_committed_falsely_is_refused_the_next_time():
    verified(the_check(granted()))
    at = clock.at_local(date(2026, 3, 25), 9)
    again = given.reload(given.receipt(given.COMMITTABLE, at=at, m2=MISSING).case)

    answer = refused(
        lambda: given.step(cases.commit, again, "clerk", at=at, orders=[2], identity_checked=True)
    )

    assert (answer.code, answer.data["what"]) == ("case.barred", Broken.FALSE)


# --- Overdue -----------------------------------------------------------------------------------


def test_a_check_nobody_made_is_in_the_box_lights_a_point_and_is_counted():
    case = granted()
    head = given.actor("head")
    late = DUE + DAY

    def watched(on):
        return [p.watch for p in queries.points_of(given.reload(case), on=on)]

    assert not commitments.checks_in(head, Box.OVERDUE, on=DUE)
    assert [c.case_id for c in commitments.checks_in(head, Box.OVERDUE, on=late)] == [case.pk]
    assert not commitments.checks_in(given.actor("stranger"), Box.OVERDUE, on=late)
    assert Watch.CHECK_LATE not in watched(DUE)
    assert Watch.CHECK_LATE in watched(late)
    rows = supervision.by_unit(head, first=date(2026, 3, 1), last=late)
    assert [figures.unchecked for _, figures in rows] == [1]


def test_done_late_it_stays_late_and_is_no_more_waited_for():
    case = granted()
    verified(the_check(case), Checked.KEPT, at=clock.at_local(DUE + 2 * DAY, 9))

    points = [p.watch for p in queries.points_of(given.reload(case), on=DUE + 3 * DAY)]

    assert Watch.CHECK_LATE in points
    assert not commitments.checks_in(given.actor("head"), Box.OVERDUE, on=DUE + 3 * DAY)


# --- Pages and API -----------------------------------------------------------------------------


def pdf(name="现场.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 seen %%EOF", "application/pdf")


def test_a_reviewer_finds_the_task_and_records_a_false_commitment():
    now = clock.now()
    case = granted(at=now, decided=now)
    reviewer = given.signed_in("reviewer")
    path = f"/checks/{case.number}/1/"

    listed = reviewer.get("/checks/").content.decode()
    on_case = given.signed_in("head").get(f"/inbox/{case.number}/").content.decode()
    page = reviewer.get(path).content.decode()
    bare = reviewer.post(path + "verify/", {"outcome": "false", "findings": "没有这个门牌"})
    done = reviewer.post(
        path + "verify/", {"outcome": "false", "findings": "没有这个门牌", "document": pdf()}
    )
    after = reviewer.get(path).content.decode()
    notice = reviewer.get(path + "paper/").content.decode()

    assert path in listed
    assert path in on_case
    assert "场所由申请人合法使用" in page
    assert bare.status_code == 422
    assert "请上传核查的证据" in bare.content.decode()
    assert done.status_code == 302
    assert "不实" in after
    assert "核查结果告知书" in notice


def test_the_desk_takes_the_objection_and_the_head_answers():
    now = clock.now()
    case = granted(at=now, decided=now)
    verified(the_check(case), at=now)
    path = f"/checks/{case.number}/1/"

    taken = given.signed_in("clerk").post(
        path + "object/", {"text": "门牌换过", "identity_checked": "on"}
    )
    head = given.signed_in("head")
    waits = head.get("/checks/?box=objected").content.decode()
    answer = head.post(path + "answer/", {"is_upheld": "1", "text": "核对属实"})

    assert taken.status_code == 302
    assert path in waits
    assert answer.status_code == 302
    assert the_check(case).is_upheld is True


def test_a_stranger_sees_no_check_of_another_unit():
    case = granted()

    assert given.signed_in("stranger").get(f"/checks/{case.number}/1/").status_code == 404
    assert ask("get", f"checks/{case.number}/1", "stranger").status_code == 404


def test_the_applicant_reads_what_was_found_and_until_when_to_object(client):
    now = clock.now()
    case = granted(at=now, decided=now)
    done = verified(the_check(case), at=now)
    page = client.get(f"/c/{codes.track_token(case.pk, case.code_key)}/").content.decode()

    assert "场所使用权" in page
    assert "承诺不实" in page
    assert day(done.object_by) in page


def test_programs_take_the_road_of_a_check():
    now = clock.now()
    case = granted(at=now, decided=now)
    path = f"checks/{case.number}/1"

    listed = ask("get", "checks", "reviewer").json()["checks"]
    kept = _sent(path + "/verify", "reviewer", outcome="false", findings="没有这个门牌")
    objection = ask(
        "post", path + "/objection", body={"text": "门牌换过", "identity_checked": True}
    )
    answer = ask("post", path + "/answer", "head", body={"is_upheld": False, "text": "没有换过"})

    assert [c["case"] for c in listed] == [case.number]
    assert (kept.status_code, kept.json()["outcome"]) == (200, "false")
    assert objection.status_code == 200
    assert answer.json()["stands"] is True
    assert ask("get", path, "head").json()["is_upheld"] is False


def _sent(path, who, **said):
    return Client().post(
        f"/api/v1/{path}",
        {**said, "document": pdf()},
        headers={"Authorization": f"Bearer token-{who}"},
    )
