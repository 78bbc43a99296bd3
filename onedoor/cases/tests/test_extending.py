"""Extension (T11): once, before the limit is over, by the head, where the law gives it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Person
from onedoor.calendar import queries as calendar
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.rules.clock import Extension, due
from onedoor.cases.rules.counting import Why
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import ClockName, Light
from onedoor.cases.tests import given
from onedoor.cases.tests.given import CONFIRMATION, FRIDAY
from onedoor.cases.tests.test_api import ask
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers.rules.contents import worded

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LAST_DAY = date(2026, 4, 3)
"""Twenty working days after the Friday most tests begin with."""


def extended(case, *, at=FRIDAY + 2 * HOUR, days=10, by="head"):
    return given.step(cases.extend, case, by, at=at, days=days, reason="要核对外省的档案。")


def midnight_after(day):
    return clock.at_local(day + timedelta(days=1))


def test_invariant_7_extension_only_before_the_deadline_once_with_its_approver():
    case = extended(
        given.case(Status.IN_REVIEW), at=midnight_after(LAST_DAY) - timedelta(minutes=1)
    )

    entry = ledger.history(case.subject)[-1]
    assert entry.actor == given.actor("head").ref
    assert entry.facts["paper"] == "extension"
    assert entry.facts["details"] == {
        "days": 10,
        "statutory": "2026-04-03",
        "promised": "2026-03-13",
    }
    with pytest.raises(Refusal) as again:
        extended(case, at=midnight_after(LAST_DAY))
    assert again.value.data["need"] == "not_extended"
    other = given.case(Status.IN_REVIEW)
    with pytest.raises(Refusal) as late:
        extended(other, at=midnight_after(LAST_DAY))
    assert late.value.data["need"] == "in_time"
    assert given.reload(other).statutory_due_on == LAST_DAY


def test_both_dates_move_by_the_days_and_the_explanation_says_which():
    case = extended(given.case(Status.IN_REVIEW), days=3)

    days = calendar.working_days()
    assert case.statutory_due_on == days.day_with_ordinal(days.ordinal(LAST_DAY) + 3)
    assert case.promised_due_on == date(2026, 3, 18)
    found = {e.clock: e for e in queries.explanations(given.reload(case), on=LAST_DAY)}
    statutory = found[ClockName.STATUTORY]
    assert statutory.extension == 3
    assert [d.count for d in statutory.days if d.why is Why.EXTENDED] == [21, 22, 23]
    assert statutory.days[-1].day == case.statutory_due_on


def test_a_promise_already_missed_stays_missed():
    late = clock.at_local(date(2026, 3, 20), 10)

    case = extended(given.case(Status.IN_REVIEW), at=late)

    assert case.promised_due_on == date(2026, 3, 13)
    assert queries.light_of(case, on=date(2026, 3, 20)) is Light.YELLOW
    assert case.statutory_due_on is not None
    assert case.statutory_due_on > LAST_DAY


@pytest.mark.parametrize("days", [0, -1, 11, 10**9])
def test_more_than_the_law_gives_is_refused(days):
    case = given.case(Status.IN_REVIEW)

    with pytest.raises(NotValid) as refused:
        extended(case, days=days)

    assert refused.value.code == "case.extension_days"
    assert given.reload(case).version == case.version


@pytest.mark.parametrize("who", ["reviewer", "decider", "clerk"])
def test_only_the_head_extends(who):
    with pytest.raises(NotAllowed):
        extended(given.case(Status.IN_REVIEW), by=who)


def test_without_a_reason_nothing_is_extended():
    case = given.case(Status.IN_REVIEW)

    with pytest.raises(NotValid):
        given.step(cases.extend, case, "head", at=FRIDAY + 2 * HOUR, days=1, reason="  ")


def test_what_is_not_a_licence_is_not_extended_and_not_offered():
    case = given.case(Status.IN_REVIEW, item=CONFIRMATION)

    with pytest.raises(Refusal) as refused:
        extended(case)

    assert refused.value.data["need"] == "extendable"
    offered = queries.offers(given.reload(case), given.actor("head"), on=clock.day_of(FRIDAY))
    assert "extend" not in [o.action for o in offered]


def test_a_pause_after_the_extension_keeps_the_days_granted():
    case = extended(given.case(Status.IN_REVIEW))
    day = timedelta(days=1)
    given.suspended(case, at=FRIDAY + 3 * day)
    case = given.resumed(case, by="head", at=FRIDAY + 5 * day)

    days = calendar.working_days()
    assert case.statutory_due_on == days.day_with_ordinal(days.ordinal(LAST_DAY) + 10 + 2)


def test_recomputing_leaves_an_extended_case_extended():
    case = extended(given.case(Status.IN_REVIEW))

    cases.recompute_due_dates(cause="test", at=FRIDAY + 3 * HOUR)

    assert given.reload(case).statutory_due_on == case.statutory_due_on


def test_an_extension_adds_nothing_to_a_limit_in_months_or_past():
    days, start = calendar.working_days(), date(2026, 3, 6)
    month, week = Limit(1, LimitUnit.M), Limit(5, LimitUnit.WD)
    granted = Extension(10, date(2026, 3, 16))

    assert granted.of(month, due(start, month, calendar=days)) == 0
    assert granted.of(week, due(start, week, calendar=days)) == 0
    assert Extension(10, date(2026, 3, 13)).of(week, due(start, week, calendar=days)) == 10


def test_seen_before_somebody_else_moved_it_is_refused():
    case = given.case(Status.IN_REVIEW)
    given.step(cases.review, case, "reviewer", at=FRIDAY + 2 * HOUR, opinion="同意")

    with pytest.raises(Refusal) as refused:
        cases.extend(
            given.reload(case),
            days=5,
            reason="核对档案",
            seen=case.version,
            by=given.actor("head"),
            at=FRIDAY + 3 * HOUR,
        )

    assert refused.value.code == "case.changed_meanwhile"
    assert Case.objects.get(pk=case.pk).extended_days == 0


def test_the_head_extends_on_the_page_and_the_paper_says_why_and_until_when():
    now = datetime.now(UTC)
    case = given.case(Status.IN_REVIEW, at=now - 8 * HOUR)
    client = Client()
    client.force_login(
        Person.objects.get(username="head"), backend="django.contrib.auth.backends.ModelBackend"
    )

    page = client.get(f"/inbox/{case.number}/").content.decode()
    assert "延长几个工作日" in page
    empty = client.post(f"/inbox/{case.number}/do/extend/", {"seen": case.version, "days": "5"})
    assert empty.status_code == 422
    done = client.post(
        f"/inbox/{case.number}/do/extend/",
        {"seen": case.version, "days": "5", "reason": "要核对外省的档案。"},
    )

    assert done.status_code == 302
    moved = given.reload(case)
    paper = client.get(f"/papers/{case.number}/{moved.version}/").content.decode()
    assert "延期告知书" in paper
    assert "要核对外省的档案。" in paper
    assert worded(moved.statutory_due_on) in paper
    assert worded(case.statutory_due_on) in paper


def test_a_program_extends_and_is_refused_like_a_page():
    now = datetime.now(UTC)
    number = given.case(Status.IN_REVIEW, at=now - 8 * HOUR).number
    body = {"days": 5, "reason": "要核对外省的档案。"}

    assert ask("post", f"cases/{number}/extend", "reviewer", body).status_code == 403
    done = ask("post", f"cases/{number}/extend", "head", body)
    again = ask("post", f"cases/{number}/extend", "head", body)

    assert done.json()["extended_days"] == 5
    assert again.status_code == 409
