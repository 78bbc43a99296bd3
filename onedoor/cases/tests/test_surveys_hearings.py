"""Inspections by two persons, and hearings from the right told to the record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from onedoor.accounts.models import Person, Post
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.papers.models import Paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = FRIDAY + 3 * DAY


def _person(username: str) -> Person:
    return Person.objects.get(username=username)


def _ordered(*, second: str = "everything", planned_on: date = date(2026, 3, 10)) -> Case:
    return given.step(
        cases.order_survey,
        given.reviewed(),
        "reviewer",
        at=MONDAY,
        first=_person("reviewer"),
        second=_person(second),
        planned_on=planned_on,
        place="演示路1号后厨",
    )


def _recorded(case: Case, who: str = "reviewer") -> Case:
    return given.step(
        cases.record_survey,
        case,
        who,
        at=MONDAY + DAY,
        surveyed_at=MONDAY + DAY - HOUR,
        passed=True,
        findings="布局与图一致",
    )


def _grant(case: Case, at: datetime = MONDAY + 2 * DAY) -> Case:
    return given.step(cases.grant, case, "decider", at=at, opinion="同意")


# --- Two persons ------------------------------------------------------------------------------


def test_an_inspection_counts_once_both_have_signed():
    case = _recorded(_ordered())

    with refused("case.need"):
        _grant(case)
    with refused("case.need"):  # whoever wrote it cannot sign for the other
        given.step(cases.sign_survey, case, "reviewer", at=MONDAY + DAY)
    signed = given.step(cases.sign_survey, case, "everything", at=MONDAY + DAY)

    assert _grant(signed).state is Status.DECIDED_YES
    assert signed.promised_due_on == date(2026, 3, 13)  # it does not stop the clock
    paper = str(Paper.objects.get(subject=signed.number, kind="survey").contents)
    told = ("初审示例", "KZ-reviewer", "KZ-everything", "2026年3月10日9时00分", "布局与图一致")
    assert all(words in paper for words in told)
    steps = [e.facts["step"] for e in ledger.history(signed.subject)]
    assert steps[-3:] == ["T8c", "T8d", "T12"]


@pytest.mark.parametrize("surveyed_at", [MONDAY + DAY + HOUR, MONDAY])
def test_nobody_was_there_before_the_planned_day_or_tomorrow(surveyed_at):
    case = _ordered()

    with refused("survey.when"):
        given.step(
            cases.record_survey,
            case,
            "reviewer",
            at=MONDAY + DAY,
            surveyed_at=surveyed_at,
            passed=True,
            findings="布局与图一致",
        )


def test_whoever_has_no_service_card_is_not_sent():
    Post.objects.filter(person__username="everything").update(card_number="")

    with refused("survey.no_card"):
        _ordered()


def test_the_first_opinion_waits_for_the_record_of_the_inspection():
    case = _recorded(_ordered())

    with refused("case.need"):
        given.step(cases.review, case, "reviewer", at=MONDAY + DAY, opinion="建议准予")
    signed = given.step(cases.sign_survey, case, "everything", at=MONDAY + DAY)

    again = given.step(cases.review, signed, "reviewer", at=MONDAY + DAY, opinion="建议准予")
    assert again.state is Status.IN_REVIEW


def test_one_person_is_not_two_and_a_stranger_does_not_inspect():
    with refused("survey.same_person"):
        _ordered(second="reviewer")
    with refused("survey.not_able"):
        _ordered(second="stranger")
    with refused("survey.past"):
        _ordered(planned_on=date(2026, 3, 8))


def test_while_an_inspection_is_open_no_second_is_ordered_and_no_outsider_writes_it():
    case = _ordered()

    with refused("case.need"):
        given.step(
            cases.order_survey,
            case,
            "reviewer",
            at=MONDAY,
            first=_person("reviewer"),
            second=_person("everything"),
            planned_on=date(2026, 3, 11),
            place="同上",
        )
    offered = {o.action for o in queries.offers(case, given.actor("head"), on=date(2026, 3, 9))}
    assert offered.isdisjoint({Action.ORDER_SURVEY, Action.RECORD_SURVEY, Action.SIGN_SURVEY})
    assert list(queries.my_surveys(given.actor("everything"))) == [case]
    assert list(queries.my_surveys(given.actor("decider"))) == []


# --- Hearings ---------------------------------------------------------------------------------


def _told(at: datetime = MONDAY) -> Case:
    return given.step(cases.tell_hearing, given.reviewed(), "reviewer", at=at, reason="影响邻里")


def _asked(at: datetime = MONDAY + DAY) -> Case:
    return given.step(cases.ask_hearing, _told(), "clerk", at=at, asked_by="邻居示例")


def _called(case: Case, held_on: date, chair: str = "head", at: datetime = MONDAY + DAY) -> Case:
    return given.step(
        cases.call_hearing,
        case,
        "head",
        at=at,
        held_at=clock.at_local(held_on, 9, 30),
        place="三楼会议室",
        chair=_person(chair),
    )


def test_a_hearing_that_nobody_asks_for_in_five_working_days_is_settled():
    case = _told()  # until Monday 16 March

    with refused("case.need"):
        _grant(case, MONDAY + 7 * DAY)
    assert _grant(case, MONDAY + 8 * DAY).state is Status.DECIDED_YES


def test_asked_for_too_late_is_refused():
    with refused("case.need"):
        _asked(at=MONDAY + 8 * DAY)


def test_a_hearing_is_held_seven_working_days_after_its_notice_and_within_twenty():
    case = _asked()  # asked Tuesday 10 March: hold by 7 April

    with refused("hearing.too_soon"):
        _called(case, date(2026, 3, 18))
    called = _called(case, date(2026, 3, 19))
    last = ledger.history(called.subject)[-1].facts
    assert (last["paper"], last["details"]["is_late"]) == ("hearing_notice", False)


def test_past_twenty_working_days_a_hearing_is_late_but_not_denied():
    called = _called(_asked(), date(2026, 4, 9))

    assert ledger.history(called.subject)[-1].facts["details"]["is_late"]


@pytest.mark.parametrize("chair", ["reviewer", "clerk", "acceptor"])
def test_whoever_had_a_hand_in_the_case_does_not_chair(chair):
    with refused("hearing.chair"):
        _called(_asked(), date(2026, 3, 19), chair=chair)


def test_the_decision_waits_for_the_record_and_the_record_for_the_day():
    case = _called(_asked(), date(2026, 3, 19))

    def record(at: datetime) -> Case:
        return given.step(
            cases.record_hearing,
            case,
            "head",
            at=at,
            attendants="申请人：阿普示例\n利害关系人：邻居示例",
            minutes="双方陈述意见",
        )

    with refused("case.need"):
        record(MONDAY + 9 * DAY)
    with refused("case.need"):
        _grant(case, MONDAY + 10 * DAY)
    recorded = record(MONDAY + 10 * DAY)

    assert _grant(recorded, MONDAY + 11 * DAY).state is Status.DECIDED_YES
    assert all("邻居示例" not in str(e.facts) for e in ledger.history(case.subject))


def test_who_came_is_written_one_a_line():
    case = _called(_asked(), date(2026, 3, 19))

    for text in ("阿普示例", "申请人：", "："):
        with refused("hearing.attendants"):
            given.step(
                cases.record_hearing,
                case,
                "head",
                at=MONDAY + 10 * DAY,
                attendants=text,
                minutes="略",
            )


def test_the_right_is_told_once():
    with refused("case.need"):
        given.step(cases.tell_hearing, _told(), "head", at=MONDAY + DAY, reason="再告知")


# --- Through page and API -----------------------------------------------------------------------


def test_inspection_and_hearing_go_through_the_api():
    number = given.reviewed(at=datetime.now(FRIDAY.tzinfo) - timedelta(hours=8)).number

    def ask(action: str, who: str, body: dict[str, Any]) -> int:
        return (
            Client()
            .post(
                f"/api/v1/cases/{number}/{action}",
                data=json.dumps(body),
                content_type="application/json",
                headers={"Authorization": f"Bearer token-{who}", "If-Match": "*"},
            )
            .status_code
        )

    order = {
        "first": "reviewer",
        "second": "everything",
        "planned_on": day_of(datetime.now(UTC)).isoformat(),
        "place": "演示路1号",
    }
    there = datetime.now(UTC).isoformat()
    record = {"passed": True, "findings": "一致", "surveyed_at": there}
    assert ask("order_survey", "reviewer", order | {"second": "nobody"}) == 404
    assert ask("order_survey", "reviewer", order) == 200
    assert ask("record_survey", "reviewer", record) == 200
    assert ask("sign_survey", "everything", {}) == 200
    assert ask("tell_hearing", "reviewer", {"reason": "影响邻里"}) == 200
    assert ask("ask_hearing", "clerk", {"asked_by": "邻居示例"}) == 200
    call = {"held_at": "2026-01-01T09:30:00+08:00", "place": "三楼", "chair": "head"}
    assert ask("call_hearing", "head", call) == 422
    assert ask("record_hearing", "head", {"attendants": "申请人：甲", "minutes": "略"}) == 409


def test_the_page_offers_only_those_who_may_go():
    case = given.reviewed(at=datetime.now(FRIDAY.tzinfo) - timedelta(hours=8))
    client = Client()
    client.force_login(_person("reviewer"), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/inbox/{case.number}/").content.decode()
    options = page[page.index('name="first"') : page.index("</select>", page.index('name="first"'))]

    assert "初审示例" in options
    assert "综窗示例" not in options
