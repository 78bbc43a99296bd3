"""Extension of what is handled jointly (T11): 45 working days and 15 more, by the government."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.accounts import queries as accounts_queries
from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Role, Scope
from onedoor.calendar import queries as calendar
from onedoor.cases import joint
from onedoor.cases import services as cases
from onedoor.cases.models import Application
from onedoor.cases.rules.clock import Extension, Pause
from onedoor.cases.rules.joint import Run, road
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given, given_joint
from onedoor.cases.tests.given import FRIDAY
from onedoor.cases.tests.test_api import ask
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.papers import queries as papers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY
CAP = date(2026, 5, 13)
"""Forty-five working days after Friday 6 March, the day of the first acceptance."""


@pytest.fixture(autouse=True)
def mayor():
    """The head of the government: a person with the role, as any other role is given."""
    person = Person.objects.create_user("mayor", "市长示例", given.PASSWORD)
    on = clock.day_of(given.BEGAN)
    centre = Organisation.objects.get(short_name="政务局")
    accounts.appoint(person, unit=centre, title="市长", first_on=on)
    accounts.give_role(person, Role.GOVERNMENT, unit=None, first_on=on, by=SYSTEM, at=given.BEGAN)
    accounts.issue_token(
        person,
        name="test",
        scopes=frozenset(Scope),
        by=SYSTEM,
        at=given.BEGAN,
        secret="token-mayor",
    )
    return person


def accepted(*, at=FRIDAY):
    """Return a joint application whose first member was accepted on the day it came."""
    application = given_joint.application(at=at)
    given.step(cases.accept, given_joint.case_of(application, 1), "acceptor", at=at)
    return application


def extended(application, *, at=MONDAY, days=15, who="mayor"):
    by = accounts_queries.actor_named(who, on=clock.day_of(at))
    return cases.extend_joint(application, days=days, reason="涉及三个部门核查", by=by, at=at)


def cap(application, *, at=MONDAY):
    return joint.whole(application, at=at).road.cap_on


def working_days_after(start, days):
    found = calendar.working_days()
    return found.day_with_ordinal(found.ordinal(start) + days)


# --- Extended -------------------------------------------------------------------------------------


def test_fifteen_days_more_make_sixty_from_the_first_acceptance():
    application = accepted()
    assert cap(application) == CAP

    application = extended(application)

    assert cap(application) == working_days_after(date(2026, 3, 6), 60)
    entry = ledger.history(application.subject)[-1]
    assert (entry.actor, entry.facts["days"]) == (given.actor("mayor").ref, 15)
    assert entry.facts["was"] == "2026-05-13"
    assert "涉及三个部门核查" not in str(entry.facts)


def test_the_notice_says_why_until_when_and_who_approved():
    application = extended(accepted())

    (_, paper) = papers.of(application.number)
    said = papers.words_of(paper)
    assert (paper.kind, said["批准人"]) == ("extension", "本级政府负责人市长示例")
    assert (said["理由"], said["延长天数"]) == ("涉及三个部门核查", "15 个工作日")
    assert said["原办结日期"] == "2026年5月13日"
    assert said["事项版本"] == "3 项联合办理"


def test_only_the_head_of_the_government_may():
    with pytest.raises(NotAllowed) as refused:
        extended(accepted(), who="head")

    assert refused.value.code == "application.wrong_role"


def test_once_only():
    application = extended(accepted(), days=5)

    with pytest.raises(Refusal) as refused:
        extended(application, days=5)

    assert refused.value.code == "application.extended_before"


def test_of_two_at_once_the_second_is_refused():
    application = accepted()
    stale = Application.objects.select_related(*joint.WITH).get(pk=application.pk)
    extended(application)

    with pytest.raises(Refusal) as refused:
        extended(stale)

    assert refused.value.code == "application.extended_before"


def test_on_the_last_day_it_is_in_time_and_the_day_after_it_is_not():
    application = accepted()

    with pytest.raises(Refusal) as late:
        extended(application, at=clock.at_local(CAP + DAY, 9))
    assert late.value.code == "application.too_late"
    assert extended(application, at=clock.at_local(CAP, 16)).extended_days == 15


@pytest.mark.parametrize("days", [0, -1, 16])
def test_more_than_fifteen_days_are_refused(days):
    with pytest.raises(NotValid) as refused:
        extended(accepted(), days=days)

    assert refused.value.data["most"] == 15


def test_what_shares_no_limit_cannot_be_extended():
    application = accepted()
    Application.objects.filter(pk=application.pk).update(is_joint=False)
    application.refresh_from_db()

    with pytest.raises(Refusal) as refused:
        extended(application)

    assert refused.value.code == "application.not_joint"


# --- Special procedures of members ----------------------------------------------------------------


def test_while_a_member_stands_still_so_does_the_limit_of_all():
    application = accepted()
    case = given_joint.case_of(application, 1)
    case = given.suspended(case, at=MONDAY)

    stopped = joint.whole(application, at=MONDAY).road
    assert (stopped.is_stopped, stopped.cap_on) == (True, None)
    with pytest.raises(Refusal) as refused:
        extended(application)
    assert refused.value.code == "application.stopped"
    given.resumed(case, at=MONDAY + 4 * DAY)
    # Monday to Thursday are not counted: four working days more.
    assert cap(application) == working_days_after(CAP, 4)


def test_pauses_of_two_members_that_overlap_are_counted_once():
    a, b, c, d = (date(2026, 3, day) for day in (9, 11, 12, 16))
    limit = Limit(5, LimitUnit.WD)
    runs = [
        Run(
            n,
            None,
            limit,
            Status.IN_REVIEW,
            due_on=date(2026, 3, 20),
            accepted_on=date(2026, 3, 6),
            pauses=(pause,),
        )
        for n, pause in ((1, Pause(a, c)), (2, Pause(b, d)))
    ]

    def until(**more):
        return road(runs, is_joint=True, calendar=calendar.working_days(), **more).cap_on

    assert until() == working_days_after(CAP, 5)
    longer = until(extension=Extension(15, date(2026, 3, 20)))
    assert longer == working_days_after(CAP, 20)


# --- Doors ----------------------------------------------------------------------------------------


def test_the_head_of_the_government_finds_it_and_extends_it_on_its_page():
    now = datetime.now(UTC)
    application = accepted(at=now - timedelta(hours=8))
    client, here = given.signed_in("mayor"), f"/applications/{application.number}/"

    assert application.alias in client.get("/applications/").content.decode()
    assert "最多 15 个工作日" in client.get(here).content.decode()
    assert client.post(f"{here}extend/", {"days": "5"}).status_code == 422
    told = {"days": "5", "reason": "涉及三个部门核查"}
    assert client.post(f"{here}extend/", told).status_code == 302
    page = client.get(here).content.decode()
    assert "联合办理的期限延长 5 个工作日" in page
    paper = client.get(f"{here}papers/2/").content.decode()
    assert "延期告知书" in paper
    assert client.get(f"{here}papers/3/").status_code == 404
    # Sees where the application stands, and no case behind it.
    number = given_joint.case_of(application, 1).number
    assert client.get(f"/inbox/{number}/").status_code == 403


def test_whoever_only_works_on_it_is_offered_no_extension():
    application = accepted(at=datetime.now(UTC) - timedelta(hours=8))
    client, here = given.signed_in("head"), f"/applications/{application.number}/"

    assert "联合办理延期" not in client.get(here).content.decode()
    assert client.post(f"{here}extend/", {"days": "5", "reason": "x"}).status_code == 403


def test_the_applicant_reads_it_and_gets_the_notice_against_the_code():
    now = datetime.now(UTC) - timedelta(hours=8)
    made = given_joint.receipt(at=now)
    extended(made.application, at=now)

    page = Client().get(f"/a/{made.track_token}/").content.decode()
    paper = f"/a/{made.track_token}/papers/2/"
    wrong = Client().post(paper, {"code": "000000"})
    right = Client().post(paper, {"code": made.query_code}).content.decode()

    assert "联合办理的期限延长 15 个工作日" in page
    assert paper in page
    assert wrong.status_code in (200, 422)
    assert "涉及三个部门核查" in right


def test_a_program_extends_for_the_head_of_the_government():
    number = accepted(at=datetime.now(UTC) - timedelta(hours=8)).number
    told = {"days": 15, "reason": "涉及三个部门核查"}

    assert ask("post", f"applications/{number}/extend", "head", told).status_code == 403
    done = ask("post", f"applications/{number}/extend", "mayor", told)
    again = ask("post", f"applications/{number}/extend", "mayor", told)

    assert done.json()["extended_days"] == 15
    assert (again.status_code, again.json()["code"]) == (409, "application.extended_before")
