"""A paper sent by post: on its way, signed for, come back; and what nobody fetches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Case
from onedoor.cases.rules.delivery import AT_WINDOW, BY_POST, Relation
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.lights import Watch
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel.errors import Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers
from onedoor.papers.rules.contents import Words
from onedoor.papers.rules.kinds import Kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WAYBILL = "1234567890123"


def _posted(*, waybill: str = WAYBILL) -> Case:
    case = given.case(Status.READY)
    at = FRIDAY + 3 * DAY
    return given.step(cases.post, case, "issuer", at=at, carrier="EMS", waybill=waybill)


def _confirm(case: Case, signed_on: date, *, at=FRIDAY + 10 * DAY) -> Case:
    return given.step(
        cases.confirm_delivery,
        case,
        "issuer",
        at=at,
        recipient=Recipient(),
        signed_on=signed_on,
    )


def test_a_paper_sent_by_post_is_delivered_the_day_it_was_signed_for():
    closed = _confirm(_posted(), date(2026, 3, 11))

    assert closed.state is Status.CLOSED
    assert closed.ended_at is not None
    assert queries.points_of(closed, on=date(2026, 6, 1)) == ()
    last = ledger.history(closed.subject)[-1].facts
    assert (last["step"], last["paper"]) == ("T17b", "delivery")
    assert last["details"] == {
        "way": "post",
        "relation": "self",
        "signed_on": "2026-03-11",
    }


def test_a_paper_signed_for_after_the_limit_is_late_whenever_it_is_noted():
    closed = _confirm(_posted(), date(2026, 3, 23), at=FRIDAY + 40 * DAY)

    (point,) = queries.points_of(closed, on=date(2026, 6, 1))
    assert point.watch is Watch.DELIVERY_LATE


def test_the_waybill_is_not_in_the_ledger():
    case = _posted()

    assert all(WAYBILL not in str(entry.facts) for entry in ledger.history(case.subject))


def test_a_letter_that_came_back_is_sent_again_and_the_latest_waybill_stands():
    again = given.step(
        cases.post,
        _posted(),
        "issuer",
        at=FRIDAY + 6 * DAY,
        carrier="顺丰",
        waybill="sf1111222233334",
    )

    posting = queries.posting_of(again)
    assert posting is not None
    assert (posting.carrier, posting.waybill) == ("顺丰", "SF1111222233334")
    assert again.state is Status.READY


@pytest.mark.parametrize("signed_on", [date(2026, 3, 8), date(2026, 3, 17)])
def test_a_day_before_it_was_sent_or_after_today_is_refused(signed_on):
    case = _posted()

    with pytest.raises(Refusal) as refused:
        _confirm(case, signed_on)

    assert refused.value.code == "case.signed_on"
    assert given.reload(case).state is Status.READY


@pytest.mark.parametrize("waybill", ["", "123", "1234 5678", "运单一二三四五六七", "9" * 31])
def test_what_is_no_waybill_is_refused(waybill):
    with pytest.raises(Refusal) as refused:
        _posted(waybill=waybill)

    assert refused.value.code in ("case.waybill", "form.required")


def test_what_was_not_posted_cannot_be_signed_for_and_is_not_offered():
    case = given.case(Status.READY)

    with pytest.raises(Refusal) as refused:
        _confirm(case, date(2026, 3, 9))

    assert refused.value.code == "case.need"
    offered = {o.action for o in queries.offers(case, given.actor("issuer"), on=date(2026, 3, 9))}
    assert offered == {
        Action.HAND_OUT,
        Action.POST,
        Action.LEAVE,
        Action.ENTRUST,
        Action.DEPOSIT,
    }


def test_what_nobody_fetches_for_fifteen_working_days_is_called_about():
    waiting, _ = given.case(Status.READY), _posted()
    issuer = given.actor("issuer")

    assert list(queries.unclaimed(issuer, on=date(2026, 3, 27))) == []
    assert list(queries.unclaimed(issuer, on=date(2026, 3, 30))) == [waiting]


# --- To whom ------------------------------------------------------------------------------------

ENTRUSTED = Recipient(
    Relation.ENTRUSTED, "王某某示例", IdType.CITIZEN_ID, "532502195304120000", "授权委托书"
)


def _handed(case: Case, recipient: Recipient) -> Words:
    """Hand the paper over, and return what the proof of delivery says."""
    at = FRIDAY + 3 * DAY
    given.step(cases.hand_out, case, "issuer", at=at, recipient=recipient, identity_checked=True)
    return papers.words_of(papers.of(case.number).get(kind=Kind.DELIVERY.value))


def _of_an_organisation(status: Status) -> Case:
    case = given.case(status)
    applicant = case.applicant
    applicant.kind, applicant.name = ApplicantKind.ORGANISATION.value, "演示餐饮公司"
    applicant.save()
    return case


def test_another_persons_paper_is_not_handed_to_whoever_gives_a_name():
    case = given.case(Status.READY)

    with pytest.raises(Refusal) as refused:
        _handed(case, Recipient(name="王某某别人"))

    assert refused.value.code == "delivery.somebody_else"
    assert given.reload(case).state is Status.READY


@pytest.mark.parametrize(
    ("lacking", "code"),
    [
        ({"authority": ""}, "form.required"),
        ({"id_type": None}, "form.required"),
        ({"id_number": ""}, "form.required"),
        ({"id_number": "532502195304120001"}, "id.wrong"),
        ({"name": ""}, "form.required"),
        ({"relation": Relation.AGENT}, "delivery.no_agent"),
        ({"relation": Relation.REPRESENTATIVE}, "delivery.kind"),
        ({"relation": Relation.HOUSEHOLD}, "delivery.relation"),
    ],
)
def test_somebody_else_needs_relation_document_and_authority(lacking, code):
    with pytest.raises(Refusal) as refused:
        _handed(given.case(Status.READY), replace(ENTRUSTED, **lacking))

    assert refused.value.code == code


def test_the_proof_of_delivery_says_who_took_it_with_the_number_masked():
    said = _handed(given.case(Status.READY), ENTRUSTED)

    assert said["领取人"] == "王某某示例"
    assert said["与申请人关系"] == "受托代领人"
    assert said["领取人证件"] == "居民身份证 532502********0000"
    assert said["看过的授权文件"] == "授权委托书"


def test_the_applicant_is_named_by_the_case_and_not_by_what_was_typed():
    case = given.case(Status.READY)

    said = _handed(case, Recipient(name="阿普•木嘎示例"))

    assert (said["领取人"], said["与申请人关系"]) == ("阿普·木嘎示例", "本人")
    assert said["领取人证件"] == "居民身份证 532502********0001"


def test_an_organisation_does_not_come_itself():
    with pytest.raises(Refusal) as refused:
        _handed(_of_an_organisation(Status.READY), Recipient())

    assert refused.value.code == "delivery.kind"


def test_the_registered_agent_shows_a_document_and_the_mandate():
    case = given.case(Status.READY)
    case.applicant.agent = "张示例"
    case.applicant.save()

    with pytest.raises(Refusal):
        _handed(case, Recipient(Relation.AGENT))
    said = _handed(case, replace(ENTRUSTED, relation=Relation.AGENT, name=""))

    assert (said["领取人"], said["与申请人关系"]) == ("张示例", "办件登记的代办人")


def test_what_the_carrier_brought_says_who_signed_and_shows_no_document_nobody_saw():
    closed = _confirm(_posted(), date(2026, 3, 11))

    said = papers.words_of(papers.of(closed.number).get(kind=Kind.DELIVERY.value))

    assert (said["领取人"], said["与申请人关系"]) == ("阿普·木嘎示例", "本人")
    assert said["领取人证件"] == ""


def test_every_relation_is_of_the_window_or_of_the_post():
    assert set(AT_WINDOW) | set(BY_POST) == set(Relation)
