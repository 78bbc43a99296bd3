"""Between making and readiness stands the seal; the desk where a keeper puts it on.

Invariants 9 (no seal without decision, no document without seal record) and 10 (every refusal
has law, reason and remedy) of a case.
"""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.tests.codes import with_code
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.rules.lifecycle import Action, Need, Status
from onedoor.cases.tests import given
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.papers import queries as papers
from onedoor.papers import sealing
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import SEALS
from onedoor.papers.tests import given_seals
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind

pytestmark = pytest.mark.django_db
HERE = "http://testserver"
MONDAY = given.FRIDAY + timedelta(days=3)


@pytest.fixture
def _sealed(monkeypatch):
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    given_seals.seal(SealKind.RECEIPT)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def browser(username):
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def decision_of(case):
    return SealRequest.objects.get(subject=case.number, paper_kind=Kind.GRANT.value)


def certificate_of(case):
    return SealRequest.objects.get(subject=case.number, paper_kind=Kind.CERTIFICATE.value)


def seal(case):
    """Seal what waits of a case as one work, and return the use on its decision."""
    rows = sealing.together([decision_of(case)], most=1)
    done = sealing.seal_all(rows, by=given_seals.actor("keeper"), at=MONDAY)
    return done.sealed[0]


# --- Invariant 9 ------------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_a_decision_is_not_ready_before_it_is_sealed_and_then_is():
    case = given.case(Status.MAKING)

    with pytest.raises(Refusal) as refused:
        given.step(cases.make_ready, case, "issuer", at=MONDAY)
    sealing.seal(decision_of(case), by=given_seals.actor("keeper"), at=MONDAY)
    with pytest.raises(Refusal):  # the certificate is still without
        given.step(cases.make_ready, case, "issuer", at=MONDAY)
    sealing.seal(certificate_of(case), by=given_seals.actor("keeper"), at=MONDAY)
    ready = given.step(cases.make_ready, case, "issuer", at=MONDAY)

    assert refused.value.data["need"] is Need.SEALED
    assert ready.state is Status.READY


@pytest.mark.usefixtures("_sealed")
def test_the_page_of_the_case_says_that_the_seal_is_awaited():
    case = given.case(Status.MAKING)

    offers = queries.offers(case, given.actor("issuer"), on=date(2026, 3, 9))

    (ready,) = [o for o in offers if o.action is Action.MAKE_READY]
    assert ready.refusal is not None
    assert ready.refusal.data["need"] is Need.SEALED


def test_a_unit_outside_the_one_seal_goes_on_as_before():
    case = given.case(Status.READY)

    assert case.state is Status.READY
    assert not SealRequest.objects.exists()


def test_what_was_decided_before_the_one_seal_needs_none_afterwards(monkeypatch):
    case = given.case(Status.MAKING)
    given_seals.under_one_seal(monkeypatch)

    ready = given.step(cases.make_ready, case, "issuer", at=MONDAY)

    assert ready.state is Status.READY


@pytest.mark.usefixtures("_sealed")
def test_an_instant_item_ends_at_once_and_its_paper_waits_for_the_seal():
    slot = cases.reserve(given.AT_ONCE, at=given.FRIDAY)
    done = cases.receive_and_finish(
        slot,
        applicant=given.applicant(),
        materials=given.handed(1),
        identity_checked=True,
        by=given.actor("clerk"),
        at=given.FRIDAY,
    )

    case = given.reload(done.case)

    waiting = {r.paper_kind for r in seals.waiting(SealKind.APPROVAL).filter(subject=case.number)}
    assert case.state is Status.CLOSED
    assert waiting == {Kind.AT_ONCE.value}


@pytest.mark.usefixtures("_sealed")
def test_every_paper_that_needs_a_seal_asks_for_it_and_no_other_does():
    case = given.case(Status.MAKING)

    issued = Paper.objects.filter(subject=case.number)
    asked = SealRequest.objects.filter(subject=case.number)

    needing = {p.number for p in issued if p.what in SEALS}
    assert {r.paper for r in asked} == needing
    assert {r.what for r in asked} == {SealKind.RECEIPT, SealKind.APPROVAL}
    assert len(issued) > len(needing)  # the flow slip stays in the house


# --- Invariant 10 -----------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_a_refusal_that_is_sealed_has_law_reason_and_remedy():
    case = given.reviewed()
    refused = given.step(
        cases.refuse,
        case,
        "decider",
        at=given.FRIDAY + timedelta(hours=4),
        facts="经营场所和污染源没有隔开",
        reason="经营场所不符合法定条件",
        basis="《食品安全法》第三十五条",
    )
    asked = SealRequest.objects.get(subject=refused.number, paper_kind=Kind.REFUSAL.value)

    sealing.seal(asked, by=given_seals.actor("keeper"), at=MONDAY)

    paper = Paper.objects.select_related("template", "unit").get(number=asked.paper)
    said = json.dumps(papers.words_of(paper), ensure_ascii=False)
    assert "经营场所不符合法定条件" in said
    assert "《食品安全法》第三十五条" in said
    assert "复议" in str(papers.page_of(paper))
    assert "诉讼" in str(papers.page_of(paper))


# --- The desk ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_sealed")
def test_the_keeper_sees_who_approved_checks_and_seals_in_one_click():
    case = given.case(Status.MAKING)
    number = decision_of(case).paper
    client = browser("keeper")

    listed = client.get("/seals/").content.decode()
    shown = client.get(f"/seals/paper/{number}/").content.decode()
    answer = client.post("/seals/do/", {"kind": "approval", "paper": [number]}, follow=True)

    assert number in listed
    assert "和批准时的摘要一致" in shown
    for name in ("综窗示例", "受理示例", "初审示例", "决定示例"):
        assert name in shown
    assert "已用印 2 份" in answer.content.decode()
    assert seals.request_for(number).standing is RequestState.SEALED


@pytest.mark.usefixtures("_sealed")
def test_a_decision_and_its_certificate_are_one_work():
    case = given.case(Status.MAKING)
    number, shown = decision_of(case).paper, certificate_of(case).paper
    client = browser("keeper")

    listed = client.get("/seals/").content.decode()
    page = client.get(f"/seals/paper/{shown}/").content.decode()
    client.post("/seals/do/", {"kind": "approval", "paper": [shown], "one": "1"})

    assert listed.count('name="paper"') == 1
    assert number in listed
    assert shown in listed
    assert f"准予决定书 {number}" in page  # both are read before one of them is sealed
    uses = SealUse.objects.filter(request__subject=case.number).order_by("serial")
    assert [use.request.paper for use in uses] == [number, shown]


@pytest.mark.usefixtures("_sealed")
def test_no_certificate_is_sealed_before_its_decision():
    case = given.case(Status.MAKING)

    with pytest.raises(Refusal) as refused:
        sealing.seal(certificate_of(case), by=given_seals.actor("keeper"), at=MONDAY)

    assert refused.value.code == "seal.decision_first"
    assert not SealUse.objects.exists()


@pytest.mark.usefixtures("_sealed")
def test_a_batch_takes_whole_works_and_no_more_papers_than_it_may():
    for _ in range(2):
        given.case(Status.MAKING)
    waiting = seals.waiting(SealKind.APPROVAL)

    three = sealing.together(waiting, most=3)
    one = sealing.together(waiting, most=1)

    assert [len(three), len(one)] == [2, 2]
    assert len({each.subject for each in three}) == 1


@pytest.mark.usefixtures("_sealed")
def test_a_batch_says_how_far_it_is():
    for _ in range(3):
        given.case(Status.IN_REVIEW)
    client = browser("keeper")

    answer = client.post("/seals/do/", {"kind": "receipt", "all": "1"}, follow=True)

    assert "已用印 6 份" in answer.content.decode()  # a receipt and an acceptance each
    assert '<progress id="how-far" value="6" max="6">' in answer.content.decode()
    assert SealUse.objects.count() == 6


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize("username", ["decider", "clerk", "supervisor"])
def test_the_desk_is_the_keepers_alone(username):
    client = browser(username)

    assert client.get("/seals/").status_code == 403
    assert client.post("/seals/do/", {"kind": "approval", "all": "1"}).status_code == 403


@pytest.mark.usefixtures("_sealed")
def test_a_paper_that_does_not_match_says_so_before_anybody_seals_it():
    case = given.case(Status.MAKING)
    asked = decision_of(case)
    SealRequest.objects.filter(pk=asked.pk).update(digest="sha256:" + "0" * 64)
    client = browser("keeper")

    shown = client.get(f"/seals/paper/{asked.paper}/").content.decode()
    client.post("/seals/do/", {"kind": "approval", "paper": [asked.paper]})
    listed = client.get("/seals/").content.decode()

    assert "摘要对不上" in shown
    assert "对不上，搁置的" in listed
    assert seals.request_for(certificate_of(case).paper).state == "set_aside"
    assert not SealUse.objects.exists()


@pytest.mark.usefixtures("_sealed")
def test_the_register_of_uses_finds_a_paper_and_says_who_approved_and_who_sealed():
    case = given.case(Status.MAKING)
    use = seal(case)
    client = browser("supervisor")

    found = client.get("/seals/uses/", {"q": use.request.paper}).content.decode()
    nothing = client.get("/seals/uses/", {"q": "印1999-000001"}).content.decode()

    assert use.number in found
    assert "决定示例" in found
    assert "印章示例" in found
    assert "没有找到" in nothing


@pytest.mark.usefixtures("_sealed")
def test_anybody_can_read_that_a_paper_is_sealed_by_which_seal_and_when():
    case = given.case(Status.MAKING)
    paper = Paper.objects.get(number=decision_of(case).paper)

    before = Client().get(f"/v/{paper.code}/").content.decode()
    use = seal(case)
    after = Client().get(f"/v/{paper.code}/").content.decode()

    assert "还没有用印" in before
    assert "已用印" in after
    assert use.seal.name in after
    assert "2026-03-09" in after


@pytest.mark.usefixtures("_sealed")
def test_the_sealed_pdf_is_what_is_given_out_afterwards():
    case = given.case(Status.MAKING)
    paper = Paper.objects.get(number=decision_of(case).paper)
    seal(case)

    answer = browser("issuer").get(f"/papers/{case.number}/{paper.step}/pdf/")

    content = b"".join(answer.streaming_content)
    assert b"/ETSI.CAdES.detached" in content


@pytest.mark.usefixtures("_sealed")
def test_a_seal_is_locked_in_two_clicks_and_unlocked_by_two_people():
    client, other = browser("keeper"), browser("supervisor")

    page = client.get("/seals/register/").content.decode()
    client.post("/seals/register/YZ-approval/lock/")
    locked = seals.seal_with("YZ-approval").state
    client.post("/seals/register/YZ-approval/ask-unlock/")
    alone = client.post("/seals/register/YZ-approval/unlock/")
    other.post("/seals/register/YZ-approval/unlock/")

    assert "紧急锁定" in page
    assert locked == "locked"
    assert alone.status_code == 403
    assert seals.seal_with("YZ-approval").state == "active"


@pytest.mark.usefixtures("_sealed")
def test_the_desk_locks_the_seal_in_two_clicks_and_then_says_so():
    client = browser("keeper")
    before = client.get("/seals/").content.decode()

    back = client.post("/seals/register/YZ-approval/lock/", headers={"referer": f"{HERE}/seals/"})
    after = client.get("/seals/").content.decode()

    assert "/seals/register/YZ-approval/lock/" in before
    assert "印章已锁定" in after
    assert back["Location"] == f"{HERE}/seals/"
    assert "/seals/register/YZ-approval/lock/" not in after


def test_an_administrator_registers_a_seal_on_the_page():
    keeper = Person.objects.get(username="keeper")
    unit = Organisation.objects.get(name="政务局")
    told = {
        "kind": "approval",
        "medium": "electronic",
        "code": "YZ-1",
        "name": "审批专用章",
        "unit": str(unit.pk),
        "keeper": str(keeper.pk),
        "valid_from": "2026-01-01",
        "valid_to": "2027-01-01",
        "basis": "局务会决定",
    }

    admin = with_code(browser("admin"))

    wrong = admin.post("/seals/register/", told | {"valid_to": ""})
    admin.post("/seals/register/", told)

    assert wrong.status_code == 422
    assert seals.seal_with("YZ-1").keeper == keeper
