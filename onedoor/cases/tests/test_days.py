"""The days of a case as a file for a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from onedoor.cases import codes
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.queries.days import days_ahead
from onedoor.cases.rules.days import Ahead
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db


def _correcting():
    case = given.case(m2=given.MISSING)
    return given.step(
        cases.ask_correction, case, "acceptor", at=FRIDAY, demands=[given.demand(2)], reason=""
    )


def _file(client, case, at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    answer = client.get(f"/c/{codes.track_token(case.pk, case.code_key)}/dates.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


def test_what_an_applicant_has_to_supply_stands_in_their_calendar(client, monkeypatch):
    case = _correcting()
    on = clock.day_of(FRIDAY)

    (day,) = days_ahead(case, on=on)
    (event,) = _file(client, case, FRIDAY, monkeypatch).walk("VEVENT")

    assert (day.what, day.on, day.is_theirs) == (Ahead.SUPPLY, case.correction_due_on, True)
    assert event["dtstart"].dt == case.correction_due_on
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
    assert event["summary"] == f"补材料：{case.item_version.name}"
    assert case.alias in event["description"]
    assert len(event.walk("VALARM")) == 1


def test_a_calendar_file_names_nobody_and_keeps_its_key_when_the_day_moves(client, monkeypatch):
    case = given.case(Status.IN_REVIEW)
    first = _file(client, case, FRIDAY, monkeypatch)
    due = case.promised_due_on
    assert due is not None
    Case.objects.filter(pk=case.pk).update(promised_due_on=due + timedelta(days=3))
    moved = _file(client, case, FRIDAY + timedelta(minutes=1), monkeypatch)

    assert case.applicant.name not in first.to_ical().decode()
    (before,), (after,) = first.walk("VEVENT"), moved.walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt == before["dtstart"].dt + timedelta(days=3)


def test_days_that_are_past_and_cases_that_are_over_have_none(client, monkeypatch):
    case = given.case(Status.IN_REVIEW)
    late = clock.at_local(date(2027, 3, 1), 9)

    assert days_ahead(case, on=clock.day_of(late)) == []
    assert _file(client, case, late, monkeypatch).walk("VEVENT") == []


def test_a_token_of_nobody_opens_no_calendar(client):
    assert client.get("/c/nobody/dates.ics").status_code == 404
