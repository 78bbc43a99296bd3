"""The demo county as built: every state, every light, honest histories, and the same again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from onedoor.accounts.models import Person, RoleHolding, Token
from onedoor.archive.models import ArchiveFile
from onedoor.cases import queries as cases
from onedoor.cases.models import (
    Application,
    Case,
    Draft,
    Gap,
    Hearing,
    Licence,
    LicenceNote,
    Survey,
)
from onedoor.cases.rules.licences import LicenceState
from onedoor.cases.rules.lifecycle import Outcome, Status
from onedoor.cases.rules.words import ApplicantKind, Light
from onedoor.catalogue import judging
from onedoor.catalogue.models import Division, Item, ItemVersion, Reduction
from onedoor.catalogue.rules.words import ItemState
from onedoor.demo.build import HISTORY, build
from onedoor.demo.choosing import ROADS, TURN, road_of
from onedoor.demo.loading import load
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.words import PublicState
from onedoor.kernel import clock
from onedoor.ledger.models import Entry

TODAY = date(2026, 3, 5)
AT = clock.at_local(TODAY, 17)
# Passed through, never stood in: acceptance hands the case on at once, and nothing is without one.
PASSING = {Status.NEW, Status.ACCEPTED}

MONTH = timedelta(days=31)

pytestmark = pytest.mark.django_db


def apart(pack):
    """Return the pack with what everybody knows or what goes up, apart from the tests' county."""
    units = tuple(
        replace(
            unit,
            sequence=unit.sequence + 900,
            code=f"样例{unit.code}",
            name=f"样例{unit.name}",
            short_name=f"样例{unit.short_name}",
        )
        for unit in pack.units
    )
    staff = tuple(replace(s, username=f"d-{s.username}", unit=f"样例{s.unit}") for s in pack.staff)
    (joint,) = (replace(p, unit=f"样例{p.unit}") for p in pack.packages if p.code == "restaurant")
    items = tuple(
        {**item, "unit": f"样例{item['unit']}"}
        for item in pack.items
        if item["code"] in pack.well_known
        or item["name"] in joint.members
        or item.get("is_forwarded")
    )
    return replace(pack, transfers=b"", units=units, staff=staff, items=items, packages=(joint,))


def built():
    """Build one turn of cases."""
    return build(apart(load()), today=TODAY, at=AT, progress=lambda _: None, count=TURN)


def assert_words_fit(there):
    """Check that what a paper says is about what it is said of (许可法32(2)、32(4)、38)."""
    about = {p.text: p.about for p in load().phrases}
    gaps = Gap.objects.select_related("case_material__material")
    assert gaps
    for gap in gaps:
        name = gap.case_material.material.name
        assert any(word == "*" or word in name for word in about[gap.demand]), (name, gap.demand)
    for case in there:
        if case.state is Status.REJECTED_INTAKE:
            assert "红河哈尼族彝族自治州" in case.notes.latest("version").text
        if case.outcome == Outcome.REFUSED.value:
            note = next(n for n in case.notes.all() if n.basis)
            assert "第" in note.basis.partition("》")[2]
            assert note.text.rpartition("。第")[2] in case.item_version.conditions.splitlines()
            assert note.basis in cases.bases(case)
    editor = Person.objects.get(username=f"d-{load().first_with('editor').username}")
    own = ItemVersion.objects.filter(edited_by=editor.ref)
    held = [v.effective_at for v in own if v.effective_at]
    assert min(held) == clock.at_local(TODAY) - HISTORY
    assert {clock.local(at).time() for at in held} == {time(0)}


def assert_nothing_is_left_out(there):
    """Check that whatever the product knows can be seen in the demo, played through services."""
    own = Item.objects.filter(pk__in=[case.item_id for case in there])
    mine = Item.objects.filter(unit__short_name__startswith="样例")
    licences = Licence.objects.filter(item__in=own)
    public = Publication.objects.filter(licence__in=licences)
    near = [one for one in licences if one.valid_to and TODAY <= one.valid_to <= TODAY + MONTH]
    shown = {
        "survey to sign": Survey.objects.filter(case__in=there, signed_at=None),
        "survey signed": Survey.objects.filter(case__in=there).exclude(signed_at=None),
        "hearing called": Hearing.objects.filter(case__in=there, recorded_on=None),
        "hearing held": Hearing.objects.filter(case__in=there).exclude(recorded_on=None),
        "joint application": Application.objects.filter(members__case__in=there),
        "draft": Draft.objects.filter(item__in=mine),
        "revoked": licences.filter(state=LicenceState.REVOKED.value),
        "cancelled": licences.filter(state=LicenceState.CANCELLED.value),
        "why a licence ended": LicenceNote.objects.filter(licence__in=licences),
        "licence near its end": near,
        "packed file": ArchiveFile.objects.filter(package__isnull=False),
        "public decision": public.filter(state=PublicState.PUBLISHED.value),
        "withheld decision": public.filter(state=PublicState.WITHHELD.value),
        "decision asked to be withheld": public.filter(state=PublicState.WAITING.value),
        "renewal": [case for case in there if case.renews_id],
        "suspended item": mine.filter(state=ItemState.SUSPENDED.value),
        "cancelled item": mine.filter(state=ItemState.CANCELLED.value),
        "planned version": mine.exclude(planned_version=None),
        "reduction": Reduction.objects.filter(version__item__in=mine),
        "limited number": mine.filter(current_version__quantity__gt=0),
    }
    assert [name for name, found in shown.items() if not found] == []


def assert_townships_have_cases():
    """Check that each township took an application for something of its own level."""
    towns = load().towns
    assert towns is not None
    codes = {town.code for town in towns.units}
    at_work = Case.objects.filter(unit__code__in=codes)
    assert set(at_work.values_list("item_version__use_level", flat=True)) == {"5"}
    assert {case.unit.code for case in at_work} == codes


def assert_the_told_pass_every_gate():
    """Check that about a hundred and twenty items lack nothing a publish gate asks for."""
    editor = Person.objects.get(username=f"d-{load().first_with('editor').username}")
    told = ItemVersion.objects.filter(edited_by=editor.ref, status="published")
    found = judging.findings(list(told), on=clock.day_of(AT) - HISTORY + MONTH)
    complete = [v for v in told if not found[v.pk]]
    assert len(complete) >= 120


def test_one_turn_shows_every_state_and_light_and_a_second_run_changes_nothing():
    accounts = built()
    there = list(Case.objects.select_related("item__unit", "item_version", "applicant"))

    assert len(there) >= TURN
    assert {case.state for case in there} == set(Status) - PASSING
    lights = Counter(cases.light_of(case, on=TODAY) for case in there)
    assert set(lights) == set(Light)
    assert lights[Light.GREEN] > TURN / 2
    assert lights[Light.RED] <= TURN / 20

    assert len({case.unit_id for case in there}) > 10
    for case in there:
        times = [step.at for step in cases.timeline(case)]
        assert times == sorted(times)
        assert times[-1] <= AT
        is_person = case.applicant.kind == ApplicantKind.PERSON.value
        assert ("1" if is_person else "2") in case.item_version.serves.split("^")

    assert_words_fit(there)
    assert_nothing_is_left_out(there)
    assert_the_told_pass_every_gate()
    assert_townships_have_cases()

    assert len(accounts) == Token.objects.filter(person__username__startswith="d-").count()
    own = Person.objects.filter(username__startswith="d-")
    without = own.exclude(username__in=[a.username for a in accounts])
    assert not any(person.has_usable_password() for person in without)
    assert len(without) + len(accounts) > 260
    assert RoleHolding.objects.filter(person__in=without).exists()
    assert Division.objects.filter(parent="532502").count() == 7

    entries, versions = Entry.objects.count(), Item.objects.values_list("versions").count()
    assert built() == accounts
    assert (Entry.objects.count(), Item.objects.values_list("versions").count()) == (
        entries,
        versions,
    )


def test_each_road_is_gone_as_often_as_its_share_says():
    gone = Counter(road_of(number).name for number in range(TURN * 2))

    assert gone == {road.name: road.share * 2 for road in ROADS}
