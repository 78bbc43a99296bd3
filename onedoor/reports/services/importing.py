"""A report taken in: kept as structure, its findings opened, its promises made into tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.codes import index_number
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.rectification import pack
from onedoor.rectification import services as rectification
from onedoor.reports.contents import day, findings_of, project_of
from onedoor.reports.events import TaskBrokenDown
from onedoor.reports.models import Report, ReportNote, Task
from onedoor.reports.rules import document, rendering
from onedoor.reports.rules.document import Content, part, said
from onedoor.reports.rules.words import Origin, TaskState
from onedoor.reports.services.writing import canonical, write

KEEPING = (Role.AUDITOR, Role.LEAD_OFFICE, Role.SYSTEM)


@dataclass(frozen=True)
class Kept:
    """A report, and whether it was there already."""

    report: Report
    is_new: bool


def import_report(data: bytes, *, by: Actor, at: datetime) -> Kept:
    """Take a report file in, whole or not at all; the same content again changes nothing."""
    return keep(document.parse(data), origin=Origin.IMPORTED, by=by, at=at)


@ledger.recorded
def keep(content: dict[str, Any], *, origin: Origin, by: Actor, at: datetime) -> Kept:
    """Keep a report: its findings are opened where they are new, its next steps become tasks."""
    if not by.holds_any(*KEEPING):
        raise NotAllowed("report.not_keeper", "报告由审计人员或整改牵头单位来导入。")
    document.check(content)
    if there := Report.objects.filter(content_digest=digest(canonical(content))).first():
        return Kept(there, is_new=False)
    project = project_of(content)
    told = findings_of(content, pack.rulebook(day_of(at)))
    found = rectification.open_findings(project, told, by=by, at=at)
    earlier = Report.objects.filter(
        told__finding__project__key=project.key, superseded_by=None, series=""
    ).order_by("-made_at")
    tasks = [*_tasks(content)]
    report = write(
        Report(
            origin=origin.value,
            title=project.title,
            index_number=said(content, "disclosure", "index_no")[:64],
            published_on=day(said(content, "disclosure", "publish_date")),
            content=content,
            supersedes=earlier.first(),
        ),
        found,
        tasks=len(tasks),
        by=by,
        at=at,
    )
    Task.objects.bulk_create(
        [Task(report=report, place=n, **task) for n, task in enumerate(tasks, 1)]
    )
    notes = [*_notes(report, content)]
    ReportNote.objects.bulk_create(
        [
            ReportNote(report=report, place=n, code=code[:60], text=text)
            for n, (code, text) in enumerate(notes, 1)
        ]
    )
    return Kept(report, is_new=True)


def _tasks(content: Content) -> Iterator[dict[str, str]]:
    """Yield what the next steps promise: the tasks they name, else the whole step."""
    for step in content.get("next_steps") or []:
        heading = said(step, "heading")[:300]
        named = [str(each) for each in step.get("candidate_tasks") or [] if str(each).strip()]
        for text in named or [said(step, "text") or heading]:
            if text:
                yield {"heading": heading, "text": text}


def _notes(report: Report, content: Content) -> Iterator[tuple[str, str]]:
    for row in content.get("data_quality") or []:
        if isinstance(row, dict):
            yield said(row, "code"), said(row, "text")
    if report.index_number:
        try:
            for remark in index_number.parse(report.index_number).warnings:
                yield "INDEX_NUMBER_CHECK", remark.text
        except NotValid:
            yield "INDEX_NUMBER_FREE", report.index_number
    expected = said(part(content, "source"), "sha256")
    if expected and f"sha256:{expected}" != report.text_digest:
        yield "TEXT_DIFFERS_FROM_SOURCE", f"sha256:{expected}"
    for pointer in rendering.unresolved(content):
        yield "POINTER_LEADS_NOWHERE", pointer


@ledger.recorded
def break_down(
    task: Task, *, unit: Organisation, due_on: date, goal: str = "", by: Actor, at: datetime
) -> Task:
    """Give a promise of a report a unit, a date and a goal (分解)."""
    if not by.holds_any(Role.LEAD_OFFICE, Role.AUDITOR):
        raise NotAllowed("report.not_keeper", "报告由审计人员或整改牵头单位来导入。")
    task.unit, task.due_on, task.goal = unit, due_on, goal.strip()[:300]
    task.state = TaskState.ASSIGNED.value
    task.save(update_fields=["unit", "due_on", "goal", "state"])
    event = TaskBrokenDown(
        subject=task.report.subject,
        place=task.place,
        state=task.state,
        unit=unit.code,
        due=due_on,
    )
    ledger.record(event, by=by.ref, at=at)
    return task
