"""Commitment instead of a material (告知承诺): at the window, online, and who may not."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases import commitments, queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.rules.commitment import Broken, CommitmentRules, read_commitment_rules
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.words import Channel
from onedoor.cases.services.uploading import Upload
from onedoor.cases.tests import given
from onedoor.cases.tests.given import DEFECTIVE, FRIDAY, MISSING
from onedoor.cases.tests.test_api import ask
from onedoor.cases.tests.test_promises import LAST, photo, refused
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


def commit(case, *orders, by="clerk", at=FRIDAY, identity_checked=True):
    return given.step(
        cases.commit, case, by, at=at, orders=list(orders), identity_checked=identity_checked
    )


def told(case, kind):
    return str(papers.page_of(papers.of(case.number).get(kind=kind.value)).blocks)


def received(**states):
    return given.reload(given.receipt(given.COMMITTABLE, **states).case)


# --- At the window ---------------------------------------------------------------------------


def test_a_commitment_makes_whole_what_lacks_only_that_material():
    case = commit(received(m2=MISSING), 2)

    accepted = given.step(cases.accept, case, "acceptor", at=FRIDAY)

    assert accepted.state is Status.IN_REVIEW
    assert not accepted.is_tolerant
    (matter,) = commitments.committed(accepted)
    assert (matter.commitment.matter, [r.order for r in matter.materials]) == ("场所使用权", [2])


def test_the_paper_tells_content_liability_and_check_before_it_is_signed():
    text = told(commit(received(m2=MISSING, m4=MISSING), 2, 4), Kind.COMMITMENT)

    for words in (
        "租赁合同",
        "场所由申请人合法使用",
        "承诺不实的，撤销许可",
        "现场核查，作出决定后 10 个工作日内",
        "健康证",
        "免予核查",
        "36 个月",
        "申请人当面签名",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("states", "orders"),
    [({}, [2]), ({"m2": DEFECTIVE}, [2]), ({"m1": MISSING}, [1])],
)
def test_only_a_missing_material_the_item_names_is_vouched_for(states, orders):
    case = received(**states)

    answer = refused(lambda: commit(case, *orders))

    assert answer.code == "case.need"


def test_each_material_chosen_is_one_the_item_lets_be_vouched_for():
    case = received(m1=MISSING, m2=MISSING)

    assert refused(lambda: commit(case, 1, 2)).code == "case.not_committable"
    assert refused(lambda: commit(case)).code == "case.nothing_committed"


def test_it_is_signed_only_by_somebody_whose_document_was_seen():
    case = received(m2=MISSING)

    answer = refused(lambda: commit(case, 2, identity_checked=False))

    assert answer.code == "case.need"


def test_what_is_vouched_for_is_not_asked_for_and_the_rest_may_follow():
    case = commit(received(m2=MISSING, m3=MISSING), 2)

    promised = given.step(cases.promise, case, "clerk", at=FRIDAY, identity_checked=True)
    accepted = given.step(cases.accept_tolerant, promised, "acceptor", at=FRIDAY)

    assert [row.order for row in queries.awaited(accepted)] == [3]
    assert "租赁合同" not in told(accepted, Kind.PROMISE)


def test_an_item_without_commitments_offers_none():
    case = given.case(m2=MISSING)

    offered = [o.action for o in queries.offers(case, given.actor("clerk"), on=FRIDAY.date())]

    assert Action.COMMIT not in offered


def test_who_took_the_commitment_may_not_decide():
    case = commit(received(m2=MISSING), 2, by="everything")
    case = given.step(cases.accept, case, "acceptor", at=FRIDAY)
    case = given.step(cases.review, case, "reviewer", at=FRIDAY, opinion="建议准予")

    answer = refused(
        lambda: given.step(cases.grant, case, "everything", at=FRIDAY + DAY, opinion="同意")
    )

    assert "没有收件" in answer.data["need"].zh


# --- Who may not -----------------------------------------------------------------------------


def unkept():
    """Let a promised paper not come; the case goes back, and the record begins."""
    return cases.settle(given.tolerated(), at=LAST + DAY)


def test_who_let_a_promised_paper_not_come_may_promise_nothing_for_a_year():
    broken = unkept()
    at = LAST + 2 * DAY
    case = given.reload(given.receipt(given.COMMITTABLE, at=at, m2=MISSING).case)

    answer = refused(lambda: commit(case, 2, at=at))

    assert answer.code == "case.barred"
    assert answer.data["alias"] == broken.alias
    assert answer.data["until"] == (LAST + DAY + YEAR).date() - DAY
    tolerant = given.reload(given.receipt(given.TOLERANT, at=at, m2=MISSING).case)
    again = refused(
        lambda: given.step(cases.promise, tolerant, "clerk", at=at, identity_checked=True)
    )
    assert again.code == "case.barred"


def test_the_bar_ends_with_its_last_day():
    broken = unkept()

    def barred(at):
        return commitments.bar_of(broken.applicant.id_index, on=at.date())

    bar = barred(LAST + 2 * DAY)
    assert bar is not None
    assert bar.what is Broken.UNKEPT
    assert barred(LAST + YEAR) == bar
    assert barred(LAST + DAY + YEAR) is None


def test_a_matter_open_to_everybody_is_vouched_for_all_the_same():
    unkept()
    at = LAST + 2 * DAY
    case = given.reload(given.receipt(given.COMMITTABLE, at=at, m4=MISSING).case)

    assert commit(case, 4, at=at).version > case.version


def test_who_kept_a_promise_is_not_barred():
    case = given.tolerated()
    given.step(cases.withdraw, case, "clerk", at=LAST, reason="", identity_checked=True)

    assert commitments.bar_of(case.applicant.id_index, on=LAST.date()) is None


def test_the_countys_limits_are_read_or_refused_by_name():
    assert read_commitment_rules({"false_months": 24, "basis": "县规"}) == CommitmentRules(
        false_months=24, basis="县规"
    )
    for wrong in ({"false_months": 0}, {"months": 3}, {"basis": " "}, {"objection_days": True}):
        with pytest.raises(NotValid):
            read_commitment_rules(wrong)


# --- Online ----------------------------------------------------------------------------------


def sent(*, committed=(2,), at=FRIDAY):
    slot = cases.reserve(given.COMMITTABLE, at=at)
    upload = Upload(files.store(BytesIO(b"%PDF-1.4 a %%EOF"), at=at), "a.pdf")
    came = [o for o in (1, 3, 4) if o not in committed]
    return cases.submit(
        slot,
        applicant=given.applicant(),
        channels=dict.fromkeys(came, Channel.UPLOAD),
        uploads={o: [upload] for o in came},
        committed=committed,
        by=given.actor("clerk"),
        at=at,
    ).case


def test_what_is_vouched_for_online_is_declared_on_a_paper_of_its_own():
    case = sent()

    assert case.state is Status.SUBMITTED
    assert "网上逐项看过并勾选" in told(case, Kind.COMMITMENT)
    assert [m.commitment.matter for m in commitments.committed(case)] == ["场所使用权"]


def test_received_at_the_window_it_needs_nothing_more():
    case = given.reload(sent())
    taken = given.step(
        cases.receive_submitted,
        case,
        "clerk",
        at=FRIDAY,
        materials=given.handed(4, m2=MISSING),
        identity_checked=True,
    )

    assert given.step(cases.accept, taken, "acceptor", at=FRIDAY).state is Status.IN_REVIEW


def test_online_nobody_learns_of_anothers_record_more_than_that_this_way_is_closed():
    unkept()

    answer = refused(lambda: sent(at=LAST + 2 * DAY))

    assert answer.code == "case.not_on_commitment"
    assert "alias" not in answer.data
    assert Case.objects.filter(item__code=given.COMMITTABLE).count() == 0


def test_one_applies_online_on_a_commitment_told_in_full_and_ticked():
    home = Client()
    start = f"/apply/{given.COMMITTABLE}/"
    about = {
        "kind": "person",
        "name": "阿普·木嘎示例",
        "id_type": "111",
        "id_number": "532502199203080001",
        "phone": "13800000001",
    }
    home.post(start, about)
    offered = home.get(start + "materials/").content.decode()
    home.post(
        start + "materials/",
        {
            "files_1": [photo()],
            "files_3": [photo()],
            "files_4": [photo()],
            "commit_2": "on",
            "go": "1",
        },
    )
    page = home.get(start + "check/").content.decode()
    without = home.post(start + "check/", {"is_true": "on"})
    done = home.post(start + "check/", {"is_true": "on", "commit_1": "on"})

    assert "不交这一份，用承诺代替" in offered
    assert "场所由申请人合法使用" in page
    assert without.status_code == 422
    assert "请逐条看完并勾选承诺" in without.content.decode()
    assert done.status_code == 302
    case = Case.objects.get(item__code=given.COMMITTABLE)
    assert [m.commitment.matter for m in commitments.committed(case)] == ["场所使用权"]


# --- Pages and API ---------------------------------------------------------------------------


def test_the_desk_takes_the_commitment_and_prints_it_to_be_signed():
    now = clock.now()
    case = given.reload(given.receipt(given.COMMITTABLE, at=now, m2=MISSING).case)
    desk = given.signed_in("clerk")

    offered = desk.get(f"/inbox/{case.number}/").content.decode()
    signed = desk.post(
        f"/inbox/{case.number}/do/commit/",
        {"seen": case.version, "orders": ["2"], "identity_checked": "on"},
    )
    scan = SimpleUploadedFile("承诺书.pdf", b"%PDF-1.4 signed %%EOF", "application/pdf")
    kept = desk.post(f"/desk/files/{case.number}/2/", {"file": scan})
    page = desk.get(f"/inbox/{case.number}/").content.decode()

    assert "签告知承诺书" in offered
    assert "场所由申请人合法使用" in offered
    assert "告知承诺书" in desk.get(signed.headers["Location"]).content.decode()
    assert kept.status_code == 302
    assert "承诺书.pdf" in page
    assert "告知承诺代替" in page


def test_a_program_commits_and_is_told_why_not():
    now = clock.now()
    case = given.reload(given.receipt(given.COMMITTABLE, at=now, m2=MISSING).case)
    path = f"cases/{case.number}/commit"

    unseen = ask("post", path, body={"orders": [2], "identity_checked": False})
    done = ask("post", path, body={"orders": [2], "identity_checked": True})

    assert (unseen.status_code, unseen.json()["code"]) == (409, "case.need")
    assert done.status_code == 200
    assert len(commitments.committed(given.reload(case))) == 1
