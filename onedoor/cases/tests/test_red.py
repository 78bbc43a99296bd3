"""The red lights of today: which cases, who is told, nothing of the applicant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Actor, Holding, Role
from onedoor.cases import red
from onedoor.cases.models import Case
from onedoor.cases.rules.lights import Watch
from onedoor.cases.tests import given
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db


def leader(role: Role = Role.GOVERNMENT) -> Client:
    person = Person.objects.create_user(f"leader-{role}", "领导示例", given.PASSWORD)
    day = given.BEGAN.date()
    accounts.give_role(person, role, unit=None, first_on=day, by=SYSTEM, at=given.BEGAN)
    client = Client()
    client.force_login(person)
    return client


def late() -> Case:
    """Return a case in review that is past its statutory limit today."""
    case = given.reviewed()
    on = clock.day_of(clock.now()) - timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(statutory_due_on=on, urgent_on=on)
    return Case.objects.get(pk=case.pk)


def test_the_government_finds_the_red_lights_on_its_start_page_without_any_applicant():
    case = late()
    given.receipt()
    client = leader()

    start = client.get(reverse("portal:staff")).content.decode()
    page = client.get(reverse("cases:lights")).content.decode()

    assert reverse("cases:lights") in start
    assert "现在有 1 件亮红灯" in start
    assert (case.number in page, Watch.STATUTORY_LATE.zh in page) == (True, True)
    assert case.applicant.name not in page
    assert reverse("cases:case", args=[case.number]) not in page


def test_a_supervisor_opens_the_case_and_a_head_sees_the_own_unit_only():
    case = late()
    on = clock.day_of(clock.now())

    page = leader(Role.SUPERVISOR).get(reverse("cases:lights")).content.decode()

    assert reverse("cases:case", args=[case.number]) in page
    [row] = red.lit(given.actor("supervisor"), on=on)
    assert (row.case.pk, row.point.watch, row.days) == (case.pk, Watch.STATUTORY_LATE, 2)
    other = Organisation.objects.exclude(pk=case.unit_id).first()
    assert other is not None
    head = Actor("person:x", "负责人", holdings=(Holding(Role.HEAD, other.pk),))
    assert red.lit(head, on=on) == []


def test_the_figures_say_that_they_count_finished_cases():
    given.receipt()

    days = {"first": "2026-03-01", "last": "2026-03-31"}
    page = leader(Role.SUPERVISOR).get(reverse("cases:figures"), days).content.decode()

    assert "还在办的件，超期的也不在里面" in page
    assert reverse("cases:lights") in page
