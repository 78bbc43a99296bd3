"""Papers reach people who do not come: electronically, through another body, out of a cabinet."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.accounts.rules import APPLICANT
from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Case, Depositing, Entrusting
from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.telling import tell_of
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY
FAMILY = Recipient(Relation.HOUSEHOLD, "普家属示例")


def _choose(case: Case, *, online: bool = True, at=MONDAY) -> Case:
    cases.choose_serving(case, online=online, identity_checked=True, by=APPLICANT, at=at)
    return given.reload(case)


def _proof(case: Case):
    return papers.words_of(papers.of(case.number).get(kind=Kind.DELIVERY.value))


def _chosen(case: Case) -> list[tuple[str, bool]]:
    entries = ledger.history(f"case-serving:{case.number}")
    return [(entry.actor, bool(entry.facts["online"])) for entry in entries]


# --- Electronically -----------------------------------------------------------------------------


def test_served_electronically_it_counts_from_the_day_it_is_there():
    case = _choose(given.case(Status.READY))

    closed = given.step(cases.serve_online, case, "issuer", at=MONDAY)

    said = _proof(closed)
    assert (closed.state, closed.ended_at) == (Status.CLOSED, MONDAY)
    assert (said["送达方式"], said["送达时间"]) == ("电子送达", "2026年3月9日10时00分")
    assert "办理进度" in str(said["送达系统"])
    last = ledger.history(closed.subject)[-1]
    assert (last.facts["step"], last.facts["details"]["way"]) == ("T17f", "online")


@pytest.mark.parametrize("withdrawn", [False, True])
def test_without_consent_nothing_is_served_electronically(withdrawn):
    case = given.case(Status.READY)
    if withdrawn:
        case = _choose(_choose(case), online=False, at=MONDAY + DAY)

    with pytest.raises(Refusal) as refused:
        given.step(cases.serve_online, case, "issuer", at=MONDAY + 2 * DAY)

    assert refused.value.code == "case.need"
    assert given.reload(case).state is Status.READY
    offered = {o.action for o in queries.offers(case, given.actor("issuer"), on=date(2026, 3, 9))}
    assert Action.SERVE_ONLINE not in offered


def test_a_consent_is_in_the_ledger_when_it_is_given_and_when_it_is_taken_back():
    case = given.case(Status.READY)

    _choose(_choose(_choose(case)), online=False)

    assert _chosen(case) == [(APPLICANT.ref, True), (APPLICANT.ref, False)]


def test_a_consent_asked_at_receipt_is_in_the_entry_of_that_step():
    slot = cases.reserve(given.LICENCE, at=FRIDAY)
    agreed = cases.receive(
        slot,
        applicant=given.applicant(is_served_online=True),
        materials=given.handed(len(slot.version.materials)),
        identity_checked=True,
        by=given.actor("clerk"),
        at=FRIDAY,
    ).case
    silent = given.case(Status.RECEIVED)

    first, other = (ledger.history(each.subject)[0].facts["details"] for each in (agreed, silent))
    assert agreed.applicant.is_served_online
    assert first["served_online"] is True
    assert "served_online" not in other


def test_at_a_window_consent_needs_the_applicant_and_somebody_of_the_unit():
    case = given.case(Status.READY)
    how: dict[str, Any] = {"online": True, "at": MONDAY}

    with pytest.raises(Refusal) as unseen:
        cases.choose_serving(case, identity_checked=False, by=given.actor("clerk"), **how)
    with pytest.raises(NotAllowed) as stranger:
        cases.choose_serving(case, identity_checked=True, by=given.actor("reviewer"), **how)

    assert (unseen.value.code, stranger.value.code) == (
        "serving.identity",
        "serving.not_at_this_window",
    )
    assert not given.reload(case).applicant.is_served_online


def test_the_applicant_is_told_that_it_is_there():
    case = _choose(given.case(Status.READY, at=clock.now() - DAY))
    given.step(cases.serve_online, case, "issuer", at=clock.now())

    tell_of(ledger.history(case.subject)[-1], at=clock.now())

    assert Message.objects.filter(topic="served", about=case.subject).exists()


# --- Through another body -----------------------------------------------------------------------


def _entrusted() -> Case:
    case = given.case(Status.READY)
    return given.step(cases.entrust, case, "issuer", at=MONDAY, body="乐白道街道办事处")


def _handed(case: Case, **changes) -> Case:
    told = {"recipient": FAMILY, "served_on": date(2026, 3, 10), "document": given.report()}
    at = MONDAY + 3 * DAY
    return given.step(cases.confirm_entrusted, case, "issuer", at=at, **(told | changes))


def test_another_body_hands_it_over_and_its_proof_says_when_and_to_whom():
    closed = _handed(_entrusted())

    said = _proof(closed)
    assert closed.ended_at is not None
    assert clock.day_of(closed.ended_at) == date(2026, 3, 10)
    assert (said["送达方式"], said["受托送达单位"]) == ("委托送达", "乐白道街道办事处")
    assert (said["领取人"], said["与申请人关系"]) == ("普家属示例", "同住成年家属")
    kept = Entrusting.objects.get(case=closed)
    assert kept.document is not None
    assert queries.file_of(closed, kept.document.digest).file == kept.document
    assert "普家属" not in str(ledger.history(closed.subject)[-1].facts)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"document": None}, "delivery.no_proof"),
        ({"served_on": date(2026, 3, 8)}, "delivery.served_on"),
        ({"served_on": date(2026, 3, 13)}, "delivery.served_on"),
        ({"recipient": Recipient(Relation.ENTRUSTED, "别人")}, "delivery.relation"),
    ],
)
def test_without_its_proof_nothing_counts_as_handed_over(wrong, code):
    case = _entrusted()

    with pytest.raises(Refusal) as refused:
        _handed(case, **wrong)

    assert refused.value.code == code
    assert given.reload(case).state is Status.READY


def test_what_nobody_was_asked_to_hand_over_cannot_be_confirmed():
    with pytest.raises(Refusal) as refused:
        _handed(given.case(Status.READY))

    assert refused.value.code == "case.need"


# --- Out of a cabinet ---------------------------------------------------------------------------


def _put(case: Case | None = None, *, at=MONDAY, compartment="A07") -> Case:
    told = {"cabinet": "市民之家东门自助柜", "compartment": compartment}
    return given.step(cases.deposit, case or given.case(Status.READY), "issuer", at=at, **told)


def _fetch(case: Case, code: str, *, fetched_at=MONDAY + DAY) -> Case:
    at = MONDAY + 2 * DAY
    return given.step(cases.fetch, case, "issuer", at=at, code=code, fetched_at=fetched_at)


def _code(case: Case) -> str:
    put = queries.depositing_of(case)
    assert put is not None
    return codes.pickup_code(put, case)


def test_taken_out_with_the_code_it_is_served_that_day():
    case = _put()

    closed = _fetch(case, _code(case))

    said = _proof(closed)
    assert (closed.state, closed.ended_at) == (Status.CLOSED, MONDAY + DAY)
    assert said["送达方式"] == "自助柜领取"
    assert "A07" in str(said["自助柜"])
    assert Depositing.objects.get(case=closed).fetched_at == MONDAY + DAY


def test_only_the_latest_code_opens_and_only_while_it_lies_there():
    case = _put()
    old = _code(case)
    case = _put(case, at=MONDAY + timedelta(hours=1), compartment="B01")
    assert old != _code(case)

    with pytest.raises(Refusal) as wrong:
        _fetch(case, old)
    with pytest.raises(Refusal) as early:
        _fetch(case, _code(case), fetched_at=MONDAY)

    assert (wrong.value.code, early.value.code) == (
        "delivery.pickup_code",
        "delivery.fetched_at",
    )


def test_what_lies_in_a_cabinet_may_still_be_handed_out_at_the_window():
    case = _put()

    closed = given.step(
        cases.hand_out,
        case,
        "issuer",
        at=MONDAY + DAY,
        recipient=Recipient(),
        identity_checked=True,
    )

    assert _proof(closed)["送达方式"] == "窗口领取"


# --- Through the doors --------------------------------------------------------------------------


def _page(case: Case) -> str:
    return f"/c/{codes.track_token(case.pk, case.code_key)}/"


def test_the_applicant_agrees_and_sees_the_code_on_their_page_against_the_query_code():
    case = _put(at=clock.now() - DAY)
    right = codes.query_code(case.pk, case.code_key)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    visitor, page = Client(), _page(case) + "serving/"

    refused = visitor.post(page, {"code": wrong, "do": "agree"})
    shown = visitor.post(page, {"code": right, "do": "code"}).content.decode()
    agreed = visitor.post(page, {"code": right, "do": "agree"}, follow=True).content.decode()

    assert refused.status_code == 422
    assert _code(case) in shown
    assert _code(case) not in visitor.get(_page(case)).content.decode()
    assert "您同意了电子送达" in agreed
    assert given.reload(case).applicant.is_served_online


def test_the_page_of_a_case_serves_by_every_way():
    issuer, clerk = given.signed_in("issuer"), given.signed_in("clerk")
    one, two, three = (given.case(Status.READY, at=clock.now() - DAY) for _ in range(3))
    today = clock.day_of(clock.now()).isoformat()

    def do(case: Case, action: str, **told):
        told["seen"] = given.reload(case).version
        done = issuer.post(f"/inbox/{case.number}/do/{action}/", told)
        assert done.status_code == 302, done.content.decode()

    noted = clerk.post(f"/inbox/{one.number}/serving/", {"online": "1", "identity_checked": "on"})
    do(one, "serve_online")
    do(two, "entrust", body="灵泉街道")
    assert "灵泉街道" in issuer.get(f"/inbox/{two.number}/").content.decode()
    photo = SimpleUploadedFile("回证.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    do(two, "confirm_entrusted", relation="self", served_on=today, document=photo)
    do(three, "deposit", cabinet="东门自助柜", compartment="A07")
    moment = clock.local(clock.now() + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    early = issuer.post(
        f"/inbox/{three.number}/do/fetch/",
        {"code": _code(three), "fetched_at": moment, "seen": given.reload(three).version},
    )

    assert noted.status_code == 302
    assert [given.reload(c).state for c in (one, two)] == [Status.CLOSED] * 2
    assert early.status_code == 422
    assert given.reload(three).state is Status.READY


def test_a_program_serves_too():
    case = given.case(Status.READY, at=clock.now() - DAY)
    client = Client(headers={"Authorization": "Bearer token-issuer", "If-Match": "*"})

    def send(action: str, **body):
        address = f"/api/v1/cases/{case.number}/{action}"
        return client.post(address, json.dumps(body), content_type="application/json")

    put = send("deposit", cabinet="东门自助柜", compartment="A07")
    case = given.reload(case)
    wrong = send("fetch", code="x", fetched_at=clock.now().isoformat())
    done = send("fetch", code=_code(case), fetched_at=clock.now().isoformat())

    assert (put.status_code, wrong.status_code, done.status_code) == (200, 422, 200)
    assert given.reload(case).state is Status.CLOSED
