"""The ledgers reports add to those of the findings they tell of: tasks, announcements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from onedoor.rectification.ledgers.reading import Sheet
from onedoor.rectification.models import Finding
from onedoor.reports.models import Report, ReportFinding, Task

TASKS = ("报告", "序号", "任务", "所在部分", "状态", "责任单位", "完成日期", "目标")
ANNOUNCED = ("索引号", "标题", "报告编号", "涉及问题", "发布日", "做成日", "内容摘要")


def tasks(rows: Sequence[Finding]) -> Sheet:
    """Return what the reports that tell of these findings promise next (任务清单)."""
    told = Task.objects.filter(report__in=_reports(rows)).select_related("report", "unit")
    lines = (
        (
            t.report.number,
            t.place,
            t.text,
            t.heading,
            t.standing.zh,
            t.unit.name if t.unit else "",
            t.due_on,
            t.goal,
        )
        for t in told.order_by("report__number", "place")
    )
    return Sheet("任务清单", TASKS, lines)


def announcements(rows: Sequence[Finding]) -> Sheet:
    """Return the reports that tell of these findings and are public (公告台账)."""
    told = ReportFinding.objects.filter(report__in=_reports(rows)).select_related("finding")
    found: dict[object, list[str]] = {}
    for each in told.order_by("place"):
        found.setdefault(each.report_id, []).append(each.finding.number)
    public = _reports(rows).exclude(published_on=None).order_by("published_on", "number")
    lines = (
        (
            r.index_number,
            r.title,
            r.number,
            "、".join(found.get(r.pk, ())),
            r.published_on,
            r.made_at,
            r.content_digest,
        )
        for r in public
    )
    return Sheet("公告台账", ANNOUNCED, lines)


def _reports(rows: Sequence[Finding]) -> QuerySet[Report]:
    return Report.objects.filter(told__finding__in=[row.pk for row in rows]).distinct()
