"""Dated goals of measures: added, moved with the reason, ticked; and whose hand is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as ledger
from onedoor.rectification import services as rectification
from onedoor.rectification.models import Amount, Finding, Milestone, MilestoneMove
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import MoneyKind, RectificationClass
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import do, page, published, signed_in

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(given.AT)
SOON = TODAY + timedelta(days=10)


def goal(finding: Finding, due_on: date = SOON, text: str = "半数公示") -> Milestone:
    measure = finding.measures.get()
    measure.finding = given.reload(finding)
    seen = measure.finding.version
    rectification.add_milestone(
        measure, due_on=due_on, text=text, seen=seen, by=given.officer(), at=given.AT
    )
    return Milestone.objects.select_related("measure__finding__unit").get(text=text)


def moved(row: Milestone, due_on: date, text: str = "等材料", by: Actor | None = None) -> Finding:
    row.measure.finding = given.reload(row.measure.finding)
    seen = row.measure.finding.version
    return rectification.move_milestone(
        row, due_on=due_on, text=text, seen=seen, by=by or given.officer(), at=given.AT
    )


def test_a_goal_is_moved_with_its_reason_and_what_it_was_is_kept():
    finding = given.working()
    row = goal(finding)
    after = moved(row, SOON + timedelta(days=5))

    move = MilestoneMove.objects.get()
    assert (move.due_on, move.reason, move.by) == (SOON, "等材料", given.officer().ref)
    assert Milestone.objects.get().due_on == SOON + timedelta(days=5)
    last = ledger.history(after.subject)[-1]
    assert last.facts["what"] == "milestone_moved"
    assert last.facts["details"]["before"] == SOON.isoformat()
    assert "等材料" not in str(last.facts)


def test_a_goal_stays_within_the_deadline_and_is_there_once():
    finding = given.working()
    row = goal(finding)
    late = finding.deadline_on + timedelta(days=1)

    with pytest.raises(NotValid) as refused:
        moved(row, late)
    assert refused.value.code == "finding.milestone_after_deadline"
    with pytest.raises(NotValid):
        goal(finding, late, "晚的")
    with pytest.raises(Refusal) as twice:
        goal(finding)
    assert twice.value.code == "finding.milestone_twice"
    for due_on, text in ((SOON, "不变"), (SOON + timedelta(days=1), " ")):
        with pytest.raises(NotValid):
            moved(row, due_on, text)
    assert not MilestoneMove.objects.exists()


def test_a_goal_that_is_reached_is_neither_moved_nor_reached_again():
    row = goal(given.working())
    row.measure.finding = given.reload(row.measure.finding)
    after = rectification.reach(
        row, seen=row.measure.finding.version, by=given.officer(), at=given.AT
    )
    row.measure.finding = after

    with pytest.raises(Refusal) as refused:
        moved(row, SOON + timedelta(days=1))
    assert refused.value.code == "finding.milestone_done"
    with pytest.raises(Refusal) as again:
        rectification.reach(
            row,
            seen=given.reload(after).version,
            by=given.officer(),
            at=given.AT,
        )
    assert again.value.code == "finding.milestone_reached"


def test_strangers_add_and_move_no_goal():
    row = goal(given.working())

    for by in (given.of(Role.OFFICER, "水务局"), given.AUDITOR, given.LEAD):
        with pytest.raises(NotAllowed):
            moved(row, SOON + timedelta(days=1), by=by)


def test_on_the_page_goals_are_added_moved_and_the_public_reads_no_reason():
    finding = published(given.working())
    unit = signed_in(Role.OFFICER, "市监局")
    add = {"measure": "1", "due_on": SOON.isoformat(), "text": "半数公示"}

    assert do(unit, finding, "milestone", **add).status_code == 302
    row = Milestone.objects.get()
    later = (SOON + timedelta(days=3)).isoformat()
    told = {"milestone": row.pk, "due_on": later, "text": "等印刷"}
    assert do(unit, finding, "move_milestone", **told).status_code == 302
    inside, outside = page(unit, finding), page(signed_in(Role.OFFICER, "水务局"), finding)
    assert f"原定 {SOON.isoformat()}" in inside
    assert "等印刷" in inside
    assert f"原定 {SOON.isoformat()}" in outside
    assert "等印刷" not in outside
    assert do(unit, finding, "milestone", **add | {"text": ""}).status_code == 422


OWN = (Role.AUDITOR, Role.LEAD_OFFICE, Role.AUDIT_SUPERVISOR)


def own() -> Actor:
    """Return somebody of the responsible unit who holds every role of the side as well."""
    over = tuple(Holding(role, None) for role in OWN)
    return Actor("person:own", "本单位示例", holdings=(*over, Holding(Role.OFFICER, UNIT())))


def elsewhere() -> Actor:
    """Return somebody who holds the roles of the side for another unit's findings alone."""
    there = given.unit("水务局").pk
    return Actor("person:there", "外单位示例", holdings=tuple(Holding(r, there) for r in OWN))


def UNIT():
    return given.unit().pk


@pytest.mark.parametrize(("who", "code"), [(own, "own_side"), (elsewhere, "not_side")])
def test_who_belongs_to_the_unit_or_to_another_sets_no_amount_and_signs_no_urging(who, code):
    finding, by = given.working(), who()
    rectification.run_timers(at=given.after(30))
    row = finding.supervisions.get(issued_by="")
    row.finding = given.reload(finding)

    with pytest.raises(NotAllowed) as refused:
        given.step(rectification.add_amount, finding, by, kind=MoneyKind.REMIT, due_fen=100)
    assert refused.value.code == f"finding.{code}"
    with pytest.raises(NotAllowed) as unsigned:
        rectification.sign_supervision(row, seen=row.finding.version, by=by, at=given.after(31))
    assert unsigned.value.code == f"finding.{code}"
    assert not Amount.objects.exists()
    row.refresh_from_db()
    assert row.issued_by == ""


def test_nobody_sets_the_deadline_of_a_finding_their_own_unit_answers_for():
    finding = given.drafted()
    told: dict[str, Any] = {"unit": given.unit(), "rectification_class": RectificationClass.AT_ONCE}

    with pytest.raises(NotAllowed) as refused:
        given.step(rectification.complete, finding, own(), **told)
    assert refused.value.code == "finding.own_side"
    helping = told | {"unit": given.unit("水务局"), "co_units": [given.unit()]}
    with pytest.raises(NotAllowed):
        given.step(rectification.complete, finding, own(), **helping)
    assert given.reload(finding).unit is None
    assert given.step(rectification.complete, finding, given.LEAD, **told).unit == given.unit()


def test_the_own_unit_does_not_refuse_the_second_signature_either():
    finding = given.recognised()

    with pytest.raises(Refusal):
        given.step(rectification.disagree, finding, own(), text="不同意")
    assert given.reload(finding).standing is State.RECOGNISED
    after = given.step(rectification.disagree, finding, given.SUPERVISOR, text="再看")
    assert after.standing is State.REVIEW
