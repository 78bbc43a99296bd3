"""What supervision counts, and which rule lights a case since when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.cases import queries, supervision
from onedoor.cases import services as cases
from onedoor.cases.inputs import Demand, Recipient
from onedoor.cases.models import Case
from onedoor.cases.rules.figures import Figures
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.lights import RULINGS, WEIGHT, Watch
from onedoor.cases.rules.words import Light, MaterialState
from onedoor.cases.tests import given
from onedoor.cases.tests.given import BEGAN, FRIDAY
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.queries.versions import forget
from onedoor.kernel.errors import NotValid

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 30), date(2026, 5, 6)


@pytest.fixture
def watcher():
    person = Person.objects.create_user("watcher", "督查示例", given.PASSWORD)
    accounts.give_role(
        person, Role.SUPERVISOR, unit=None, first_on=BEGAN.date(), by=SYSTEM, at=BEGAN
    )
    return given.actor("watcher")


def _granted(case: Case, *, after: timedelta) -> Case:
    return given.step(cases.grant, case, "decider", at=FRIDAY + after, opinion="同意")


def _of(actor) -> Figures:
    ((_, figures),) = supervision.by_unit(actor, first=MARCH, last=APRIL)
    return figures


def test_a_unit_is_measured_by_its_promise_and_by_the_law(watcher):
    _granted(given.reviewed(), after=4 * DAY)  # two working days of five, of twenty
    _granted(given.reviewed(), after=10 * DAY)  # six of five: late by promise
    given.receipt()

    found = _of(watcher)

    assert (found.received, found.decided, found.in_promise, found.in_law) == (3, 2, 1, 2)
    assert (found.statutory_days, found.promised_days, found.used_days) == (40, 10, 8)
    assert (found.on_time, found.statutory_gain, found.promised_gain) == (50.0, 80.0, 20.0)
    assert (found.yellow, found.red) == (1, 0)


def test_days_that_stood_still_are_not_used_and_are_counted_apart(watcher):
    case = given.suspended(given.reviewed(), at=FRIDAY + 3 * DAY)
    case = given.resumed(case, at=FRIDAY + 7 * DAY)
    _granted(case, after=10 * DAY)

    found = _of(watcher)

    assert (found.suspended_days, found.used_days) == (4, 2)


def test_a_report_of_many_cases_takes_as_many_statements_as_one_of_few(watcher, kept_for_long):
    def count() -> int:
        with CaptureQueriesContext(connection) as taken:
            supervision.by_unit(watcher, first=MARCH, last=APRIL)
        return len(taken)

    _granted(given.reviewed(), after=4 * DAY)
    few = count()
    for _ in range(4):
        _granted(given.reviewed(), after=4 * DAY)

    assert count() == few <= 5


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (APRIL, MARCH, "figures.dates_reversed"),
        (date(2024, 1, 1), APRIL, "figures.too_long"),
    ],
)
def test_a_period_that_is_none_is_refused(watcher, first, last, code):
    with pytest.raises(NotValid) as refused:
        supervision.by_unit(watcher, first=first, last=last)

    assert refused.value.code == code


def test_a_unit_is_not_told_of_another(watcher):
    _granted(given.reviewed(), after=4 * DAY)

    assert supervision.by_unit(given.actor("stranger"), first=MARCH, last=APRIL) == []


@pytest.mark.usefixtures("watcher")
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_edges_of_the_calendar_have_figures_too(day):
    client = Client()
    client.force_login(
        Person.objects.get(username="watcher"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    period = f"first={day.isoformat()}&last={day.isoformat()}"

    for page in ("/supervision/", "/supervision/one-seal/"):
        assert client.get(f"{page}?{period}").status_code == 200, page


def test_the_page_and_the_file_say_the_same():
    person = Person.objects.get(username="head")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    _granted(given.reviewed(), after=4 * DAY)
    asked = {"first": "2026-03-01", "last": "2026-04-30"}

    page = client.get("/supervision/", asked).content.decode()
    file = client.get("/supervision/figures.csv", asked).content.decode("utf-8-sig")

    assert "90.0" in page
    assert file.splitlines()[1].startswith("市监局,1,1,1,100.0,90.0,60.0,,0,0,0,0")
    assert client.get("/supervision/", {"first": "x", "last": ""}).status_code == 422
    assert (
        client.get("/supervision/", {"first": "2026-04-01", "last": "2026-03-01"}).status_code
        == 422
    )


# --- Why a light -----------------------------------------------------------------------------


def test_every_rule_has_a_light_and_a_basis_and_the_codes_of_the_cards():
    assert set(RULINGS) == set(Watch)
    assert all(ruling.basis for ruling in RULINGS.values())
    assert [WEIGHT[light] for light in Light] == [0, 1, 2, 3]


def test_a_light_names_its_rule_and_the_first_day_it_held():
    case = given.case(Status.IN_REVIEW)  # five working days: until 13 March

    def told(on: date) -> list[tuple[Watch, date]]:
        return [(p.watch, p.since) for p in queries.points_of(case, on=on)]

    assert told(date(2026, 3, 11)) == []
    assert told(date(2026, 3, 12)) == [(Watch.PROMISE_NEAR, date(2026, 3, 12))]
    assert told(date(2026, 3, 16)) == [(Watch.PROMISE_LATE, date(2026, 3, 14))]
    assert told(date(2026, 4, 7)) == [
        (Watch.STATUTORY_LATE, date(2026, 4, 4)),
        (Watch.PROMISE_LATE, date(2026, 3, 14)),
    ]


def test_a_step_that_takes_longer_than_the_guide_says_is_yellow_and_stays_so():
    steps = [{"name": name, "days": 1, "unit": "WD"} for name in ("受理", "审查", "决定")]
    ItemVersion.objects.filter(item__code=given.LICENCE).update(details={"steps": steps})
    forget()
    case = given.case(Status.IN_REVIEW)

    def told(on: date) -> list[tuple[Watch, date]]:
        return [(p.watch, p.since) for p in queries.points_of(case, on=on)]

    assert case.review_due_on == date(2026, 3, 10)
    assert told(date(2026, 3, 10)) == []
    assert told(date(2026, 3, 11)) == [(Watch.REVIEW_LATE, date(2026, 3, 11))]
    assert queries.light_of(case, on=date(2026, 3, 11)) is Light.YELLOW
    Case.objects.filter(pk=case.pk).update(review_due_on=date(2026, 3, 20))
    cases.recompute_due_dates(cause="test", at=FRIDAY)
    assert given.reload(case).review_due_on == date(2026, 3, 10), "the calendar moves it too"
    case = given.step(
        cases.review, given.reload(case), "reviewer", at=FRIDAY + 5 * DAY, opinion="同意"
    )
    assert (Watch.REVIEW_LATE, date(2026, 3, 11)) in told(date(2026, 5, 1))
    assert not any(
        p.watch is Watch.REVIEW_LATE for p in queries.points_of(given.reviewed(), on=MAY)
    )
    stood = given.suspended(given.case(Status.IN_REVIEW), at=FRIDAY + 3 * DAY)
    assert given.resumed(stood, at=FRIDAY + 7 * DAY).review_due_on == date(2026, 3, 16)


def test_a_paper_handed_over_late_stays_red():
    case = given.case(Status.READY)

    late = given.step(
        cases.hand_out,
        case,
        "issuer",
        at=FRIDAY + 30 * DAY,
        recipient=Recipient(),
        identity_checked=True,
    )

    (point,) = queries.points_of(late, on=date(2026, 6, 1))
    assert (point.watch, point.since) == (Watch.DELIVERY_LATE, date(2026, 3, 21))
    assert queries.light_of(late, on=date(2026, 6, 1)) is Light.RED


@pytest.mark.parametrize(
    ("text", "basis", "watch"),
    [
        ("", "", None),
        ("布局图签名清楚", "", None),
        ("再交一份邻居同意书", "", Watch.UNFOUNDED),
        ("再交一份邻居同意书", "《食品安全法》第三十三条", Watch.OWN_WORDS),
    ],
)
def test_a_demand_beyond_the_guide_shows_and_is_red_without_a_basis(text, basis, watch):
    case = given.receipt(m2=MaterialState.MISSING).case
    demand = Demand(2, MaterialState.MISSING, text, basis)

    asked = given.step(
        cases.ask_correction, case, "acceptor", at=FRIDAY, demands=[demand], reason=""
    )

    found = {p.watch: p.since for p in queries.points_of(asked, on=date(2026, 3, 20))}
    assert found == ({watch: date(2026, 3, 6)} if watch else {})


def test_a_decision_faster_than_anybody_reads_is_for_the_sample():
    at_once = _granted(given.reviewed(), after=timedelta(hours=2))  # as the opinion was written
    in_time = _granted(given.reviewed(), after=4 * DAY)

    on = date(2026, 3, 10)
    assert [p.watch for p in queries.points_of(at_once, on=on)] == [Watch.HASTY]
    assert queries.points_of(in_time, on=on) == ()


def test_what_the_same_applicant_gave_the_centre_before_is_not_asked_again_unseen():
    earlier = given.receipt(at=FRIDAY - 10 * DAY).case
    case = given.receipt(m2=MaterialState.MISSING).case

    found = queries.handed_before(case)

    assert found["布局图"] == queries.HandedBefore("市监局", earlier.alias, date(2026, 2, 24))
    assert queries.handed_before(earlier) == {}


def test_coming_oftener_than_the_guide_says_is_seen_and_twice_a_day_is_once():
    ItemVersion.objects.filter(item__code=given.LICENCE).update(visits=1)
    once = given.case(Status.READY)
    same_day = _fetched(once, after=timedelta(hours=6))
    again = _fetched(given.case(Status.READY), after=3 * DAY)

    on = date(2026, 3, 30)
    assert (same_day.visit_count, queries.points_of(same_day, on=on)) == (1, ())
    (point,) = queries.points_of(again, on=on)
    assert (point.watch, point.since, again.visit_count) == (Watch.VISITS, date(2026, 3, 9), 2)


def _fetched(case: Case, *, after: timedelta) -> Case:
    return given.step(
        cases.hand_out,
        case,
        "issuer",
        at=FRIDAY + after,
        recipient=Recipient(),
        identity_checked=True,
    )
