"""What the bureau grants is told to the department that supervises it, and it answers in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.cases import pushes
from onedoor.cases import services as cases
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.pushes import Feedback, PushState, read_push_rules
from onedoor.cases.tests import given
from onedoor.cases.tests.test_one_seal import AFTER, CENTRE, browser, published
from onedoor.catalogue.models import TransferItem
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bureau():
    """Let the bureau have people of its own who accept, review and decide."""
    centre = Organisation.objects.get(code=CENTRE)
    for username, role in (
        ("acceptor", Role.ACCEPTOR),
        ("reviewer", Role.REVIEWER),
        ("decider", Role.DECIDER),
    ):
        person = Person.objects.get(username=username)
        accounts.give_role(
            person, role, unit=centre, first_on=date(2026, 1, 5), by=SYSTEM, at=given.BEGAN
        )


def granted():
    """Return the push of a licence granted on Monday at noon; the head is the department's."""
    published()
    case = given.case(Status.DECIDED_YES, at=AFTER)
    return SupervisionPush.objects.select_related("licence", "unit").get(licence__case=case)


def head():
    return given.actor("head")


def signed(push):
    return cases.sign_for(push, by=head(), at=push.pushed_at + timedelta(days=1))


def test_it_is_pushed_with_the_decision_and_the_department_has_two_working_days():
    push = granted()

    assert push.pushed_at == push.licence.case.decided_at
    assert push.unit.name == "市监局"
    assert push.sign_due_on == date(2026, 3, 11)
    assert push.standing is PushState.PUSHED


def test_what_a_department_decides_itself_is_pushed_to_nobody():
    given.case(Status.DECIDED_YES)

    assert not SupervisionPush.objects.exists()


def test_the_department_signs_and_answers_and_nobody_else_does():
    push = granted()

    with pytest.raises(NotAllowed):
        cases.sign_for(push, by=given.actor("issuer"), at=push.pushed_at)
    with pytest.raises(NotFound):
        pushes.push_for(given.actor("stranger"), push.licence.number)
    with pytest.raises(Refusal) as unsigned:
        cases.answer_push(push, feedback=Feedback.INCLUDED, text="", by=head(), at=push.pushed_at)
    done = cases.answer_push(
        signed(push),
        feedback=Feedback.REVOKE,
        text="场地证明是假的",
        by=head(),
        at=push.pushed_at + timedelta(days=2),
    )

    assert unsigned.value.code == "push.wrong_state"
    assert (done.standing, done.said) == (PushState.ANSWERED, Feedback.REVOKE)
    kinds = [e.kind for e in ledger.history(f"push:{push.licence.number}")]
    assert kinds == ["push.pushed", "push.signed", "push.answered"]


def test_what_is_not_in_order_is_answered_with_the_facts():
    with pytest.raises(NotValid):
        cases.answer_push(signed(granted()), feedback=Feedback.ODD, text=" ", by=head(), at=AFTER)


def test_who_is_late_is_reminded_once_and_then_it_goes_higher_once():
    push = granted()
    last = clock.at_local(push.sign_due_on, 23)

    in_time = cases.run_push_timers(at=last)
    reminded = cases.run_push_timers(at=last + timedelta(hours=2))
    again = cases.run_push_timers(at=last + timedelta(hours=3))
    escalated = cases.run_push_timers(at=last + timedelta(days=6))
    never_more = cases.run_push_timers(at=last + timedelta(days=9))

    assert (in_time, reminded, again, escalated, never_more) == (0, 1, 0, 1, 0)
    push.refresh_from_db()
    assert push.reminded_at is not None
    assert push.escalated_at is not None


def test_a_late_answer_is_reminded_too_and_a_given_one_is_not():
    push = signed(granted())
    assert push.answer_due_on == date(2026, 3, 24)
    late = clock.at_local(date(2026, 3, 25), 9)

    first = cases.run_push_timers(at=late)
    cases.answer_push(push, feedback=Feedback.INCLUDED, text="", by=head(), at=late)
    after = cases.run_push_timers(at=late + timedelta(days=30))

    assert (first, after) == (1, 0)


def test_both_sides_see_the_ledger_and_the_department_works_there(monkeypatch):
    push = granted()
    monkeypatch.setattr(clock, "now", lambda: push.pushed_at + timedelta(hours=1))
    address = f"/pushes/{push.licence.number}/"

    seen = [browser(who).get("/pushes/").content.decode() for who in ("decider", "head")]
    hidden = browser("stranger").get(address)
    sign = browser("head").post(f"{address}sign/")
    wrong = browser("head").post(f"{address}answer/", {"feedback": "nothing"})
    done = browser("head").post(f"{address}answer/", {"feedback": "included", "text": ""})

    assert all(push.licence.number in page for page in seen)
    assert (hidden.status_code, sign.status_code) == (404, 302)
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert "已纳入监管" in browser("supervisor").get("/pushes/?state=answered").content.decode()


def test_programs_sign_and_answer(monkeypatch):
    push = granted()
    monkeypatch.setattr(clock, "now", lambda: push.pushed_at + timedelta(days=4))
    headers = {"Authorization": "Bearer token-head"}
    address = f"/api/v1/pushes/{push.licence.number}"

    (listed,) = Client().get("/api/v1/pushes?state=pushed", headers=headers).json()
    sign = Client().post(f"{address}/sign", headers=headers)
    answer = Client().post(
        f"{address}/answer",
        '{"feedback": "included"}',
        content_type="application/json",
        headers=headers,
    )

    assert (listed["licence"], listed["is_late"]) == (push.licence.number, True)
    assert (sign.status_code, answer.status_code) == (200, 200)
    assert answer.json()["state"] == "answered"


@pytest.mark.parametrize("told", [{"sign_days": 0}, {"days": 2}, {"sign_days": "2"}])
def test_what_is_no_count_of_days_is_refused(told):
    with pytest.raises(NotValid):
        read_push_rules(told)


def test_the_department_gets_the_decision_with_conditions_and_duties(monkeypatch):
    push = granted()
    monkeypatch.setattr(clock, "now", lambda: push.pushed_at + timedelta(hours=1))
    TransferItem.objects.update(kept_duties="日常监管", liaison="联络示例")
    number = push.licence.number
    department = browser("head")

    page = department.get(f"/pushes/{number}/").content.decode()
    pdf = department.get(f"/pushes/{number}/decision/")
    asked: dict[str, Any] = {"headers": {"Authorization": "Bearer token-head"}}
    told = Client().get(f"/api/v1/pushes/{number}", **asked).json()
    file = Client().get(f"/api/v1/pushes/{number}/decision", **asked)

    assert told["decision"] in page
    for word in ("日常监管", "联络示例", "打印签收联", "有效"):
        assert word in page, word
    assert (told["liaison"], told["standing"], told["promises"]) == ("联络示例", "valid", [])
    for answer in (pdf, file):
        assert b"".join(answer).startswith(b"%PDF")
    for path in (f"/pushes/{number}/", f"/pushes/{number}/decision/"):
        assert browser("stranger").get(path).status_code in (403, 404)


def test_the_ledger_of_pushes_is_searched_and_leaves_as_a_file(monkeypatch):
    push = granted()
    monkeypatch.setattr(clock, "now", lambda: push.pushed_at + timedelta(hours=1))
    department = browser("head")

    for text in (push.licence.number, push.licence.item.code, "食品经营", "市监"):
        assert push.licence.number in department.get("/pushes/", {"q": text}).content.decode(), text
    nothing = department.get("/pushes/", {"q": "没有这样的"}).content.decode()
    file = department.get("/pushes/pushes.csv", {"state": "pushed"}).content.decode()
    none = department.get("/pushes/pushes.csv", {"state": "late"}).content.decode()

    assert "没有这样的推送" in nothing
    assert push.licence.number in file
    assert str(push.licence.applicant.name) not in file
    assert none.count("\n") == 1
