"""Measures of a finding, their dated goals, and how far they are."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification.models import Finding, Gap, Measure, Milestone, MilestoneMove
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
    finding = _open(measure, by=by, seen=seen)
    if not 0 <= percent <= 100:
        raise NotValid("finding.percent", "进度写 0 到 100。", field="percent")
    Measure.objects.filter(pk=measure.pk).update(progress=percent)
    details: dict[str, Fact] = {"measure": measure.sequence, "percent": percent}
    effect = Effect(details=details, text=written(text, name="text"))
    return change(finding, Change.PROGRESS, effect, by=by, at=at)


@ledger.recorded
def add_milestone(
    measure: Measure, *, due_on: date, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Add a dated goal to a measure (阶段目标)."""
    finding = _open(measure, by=by, seen=seen)
    text = written(text, name="text")[:300]
    if not text:
        raise NotValid("finding.milestone_empty", "请写明到那天做到什么。", field="text")
    _within(finding, due_on)
    _one(measure, due_on, text)
    Milestone.objects.create(measure=measure, due_on=due_on, text=text)
    details: dict[str, Fact] = {"measure": measure.sequence, "due": due_on}
    return change(finding, Change.MILESTONE, Effect(details=details, text=text), by=by, at=at)


@ledger.recorded
def move_milestone(
    milestone: Milestone, *, due_on: date, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Put a dated goal off or bring it forward, with the reason; what it was before is kept."""
    measure, before = milestone.measure, milestone.due_on
    finding = _open(measure, by=by, seen=seen)
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.milestone_reason", "请写明为什么调整。", field="text")
    if due_on == before:
        raise NotValid("finding.milestone_same", "日期和原来的一样。", field="due_on")
    _within(finding, due_on)
    _one(measure, due_on, milestone.text)
    ahead = Milestone.objects.filter(pk=milestone.pk, done_on=None, due_on=before)
    if not ahead.update(due_on=due_on):
        raise Refusal("finding.milestone_done", "这个阶段目标已经完成，不能再调整。")
    MilestoneMove.objects.create(milestone=milestone, due_on=before, reason=text, by=by.ref, at=at)
    details: dict[str, Fact] = {"measure": measure.sequence, "before": before, "due": due_on}
    return change(finding, Change.MILESTONE_MOVED, Effect(details=details, text=text), by=by, at=at)


@ledger.recorded
def reach(milestone: Milestone, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Enter that a dated goal is reached; once."""
    measure = milestone.measure
    finding = _open(measure, by=by, seen=seen)
    ahead = Milestone.objects.filter(pk=milestone.pk, done_on=None)
    if not ahead.update(done_on=day_of(at)):
        raise Refusal("finding.milestone_reached", "这个阶段目标已经记过完成。")
    details: dict[str, Fact] = {"measure": measure.sequence, "milestone": milestone.due_on}
    return change(finding, Change.REACHED, Effect(details=details), by=by, at=at)


def _open(measure: Measure, *, by: Actor, seen: int) -> Finding:
    """Return the finding of a measure, if it may be worked on by somebody now."""
    finding = measure.finding
    check_seen(finding, seen)
    workers_only(finding, by, measure)
    open_only(finding)
    return finding


def _within(finding: Finding, due_on: date) -> None:
    """Refuse a goal that would come too late to count."""
    if finding.due_on and due_on > finding.due_on:
        raise NotValid(
            "finding.milestone_after_deadline",
            "阶段目标不能晚于整改时限 %(deadline)s。要更晚请先申请延期。",
            field="due_on",
            deadline=finding.due_on.isoformat(),
        )


def _one(measure: Measure, due_on: date, text: str) -> None:
    if Milestone.objects.filter(measure=measure, due_on=due_on, text=text).exists():
        raise Refusal("finding.milestone_twice", "这条措施已经有同一天同样的阶段目标。")
