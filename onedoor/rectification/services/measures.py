"""Measures of a finding, their dated goals, and how far they are."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification.models import Finding, Gap, Measure, Milestone
from onedoor.rectification.rules.words import Change, GapKind
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.work import open_only, workers_only


@ledger.recorded
def add_measure(
    finding: Finding,
    *,
    text: str,
    goal: str = "",
    mark: str = "",
    unit: Organisation | None = None,
    starts_on: date | None = None,
    due_on: date | None = None,
    milestones: tuple[tuple[date, str], ...] = (),
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Add a measure with its dated goals; what was published before keeps its words."""
    check_seen(finding, seen)
    workers_only(finding, by)
    open_only(finding)
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.measure_empty", "请写明措施内容。", field="text")
    if starts_on and due_on and due_on < starts_on:
        raise NotValid("finding.measure_dates", "完成日期不能早于开始日期。", field="due_on")
    is_other = unit is not None and unit.pk != finding.unit_id
    if is_other and not finding.co_units.filter(unit=unit).exists():
        raise NotValid("finding.not_co_unit", "%(unit)s不是配合单位。", unit=str(unit))
    number = (finding.measures.aggregate(most=Max("sequence"))["most"] or 0) + 1
    measure = Measure.objects.create(
        finding=finding,
        sequence=number,
        text=text,
        goal=written(goal, name="goal")[:300],
        mark=written(mark, name="mark")[:300],
        unit=unit,
        starts_on=starts_on,
        due_on=due_on,
    )
    Milestone.objects.bulk_create(
        [Milestone(measure=measure, due_on=day, text=told[:300]) for day, told in milestones]
    )
    Gap.objects.filter(finding=finding, kind=GapKind.NO_MEASURE.value, filled_at=None).update(
        filled_at=at
    )
    details: dict[str, Fact] = {"measure": number, "milestones": len(milestones)}
    return change(finding, Change.MEASURE, Effect(details=details), by=by, at=at)


@ledger.recorded
def report_progress(
    measure: Measure, *, percent: int, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Say how far a measure is; it is a claim, and alone proves nothing."""
    finding = measure.finding
    check_seen(finding, seen)
    workers_only(finding, by, measure)
    open_only(finding)
    if not 0 <= percent <= 100:
        raise NotValid("finding.percent", "进度写 0 到 100。", field="percent")
    Measure.objects.filter(pk=measure.pk).update(progress=percent)
    details: dict[str, Fact] = {"measure": measure.sequence, "percent": percent}
    effect = Effect(details=details, text=written(text, name="text"))
    return change(finding, Change.PROGRESS, effect, by=by, at=at)


@ledger.recorded
def reach(milestone: Milestone, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Enter that a dated goal is reached."""
    measure = milestone.measure
    check_seen(measure.finding, seen)
    workers_only(measure.finding, by, measure)
    open_only(measure.finding)
    Milestone.objects.filter(pk=milestone.pk).update(done_on=day_of(at))
    details: dict[str, Fact] = {"measure": measure.sequence, "milestone": milestone.due_on}
    return change(measure.finding, Change.PROGRESS, Effect(details=details), by=by, at=at)
