"""The demo county's audit has a finding in every state, each got there lawfully, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.demo import findings
from onedoor.demo.loading import load
from onedoor.kernel import clock
from onedoor.rectification.models import Finding, UpwardMatter
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import Answer

TODAY = date(2026, 3, 5)

pytestmark = pytest.mark.django_db


def test_there_is_a_finding_in_every_state_and_a_second_run_adds_none():
    pack = load()
    at = clock.at_local(TODAY - timedelta(days=200))
    wanted = {"auditor", "lead_office", "audit_supervisor", "officer", "head"}
    for number, staff in enumerate(pack.staff, 500):
        roles = wanted & {*staff.centre_roles, *staff.unit_roles}
        if not roles or Person.objects.filter(username=staff.username).exists():
            continue
        unit, _ = Organisation.objects.get_or_create(
            short_name=staff.unit,
            defaults={"code": staff.unit, "name": staff.unit, "sequence": number},
        )
        person = Person.objects.create_user(staff.username, staff.name)
        for role in roles:
            where = unit if role in staff.unit_roles else None
            day = clock.day_of(at)
            accounts.give_role(person, Role(role), unit=where, first_on=day, by=SYSTEM, at=at)
    market = Organisation.objects.get(short_name="市监局")
    supervisor = Person.objects.get(username="supervisor")
    head = Person.objects.get(username="head")
    for person, role, where in (
        (supervisor, Role.AUDIT_SUPERVISOR, None),
        (head, Role.HEAD, market),
    ):
        day = clock.day_of(at)
        accounts.give_role(person, role, unit=where, first_on=day, by=SYSTEM, at=at)

    early = clock.at_local(TODAY, 0, 20)
    findings.play(pack, today=TODAY, at=early)
    findings.play(pack, today=TODAY, at=early)

    rows = Finding.objects.filter(project__key=findings.AUDIT.key)
    assert rows.count() == len(findings.TOLD)
    assert {row.standing for row in rows} == set(State)
    assert all(row.moved_at <= early for row in rows), "the demo was built at night"
    assert UpwardMatter.objects.get().standing is Answer.WAITING
