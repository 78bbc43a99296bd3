"""The ledgers reports add to those of the findings they tell of: tasks, announcements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from onedoor.accounts.queries import names_of
from onedoor.kernel.clock import day_of
from onedoor.rectification.ledgers.reading import BATCH, Cells, Sheet
from onedoor.rectification.models import Finding
from onedoor.reports import publications
from onedoor.reports.models import Edition, Report, ReportFinding, Task

TASKS = ("报告", "序号", "任务", "所在部分", "状态", "责任单位", "完成日期", "目标")
ANNOUNCED = (
    "索引号",
    "标题",
    "文号",
    "涉及问题",
    "发布日",
    "渠道",
    "公开前审查人",
    "法定期限日",
    "版本",
    "公开状态",
    "报告编号",
    "内容摘要",
)


def tasks(rows: Sequence[Finding]) -> Sheet:
    """Return what the reports that tell of these findings promise next (任务清单)."""
    told = Task.objects.filter(report__in=list(_told(rows))).select_related("report", "unit")
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
    """Return what was made public of these findings (公告台账): here, or where a report came from.

    An edition that was replaced or withdrawn stays in the ledger and says so.
    """
    told = _told(rows)
    lines = [*_elsewhere(told), *_editions(told)]
    return Sheet(
        "公告台账", ANNOUNCED, sorted(lines, key=lambda line: (str(line[4]), str(line[0])))
    )


def _elsewhere(told: dict[UUID, list[str]]) -> Iterator[Cells]:
    reports = Report.objects.filter(pk__in=list(told)).exclude(published_on=None).defer("content")
    for r in reports:
        number = "、".join(told[r.pk])
        yield (
            *(r.index_number, r.title, "", number, r.published_on, "随报告导入", "", None, 1),
            *("已公开", r.number, r.content_digest),
        )


def _editions(told: dict[UUID, list[str]]) -> Iterator[Cells]:
    public = Edition.objects.filter(report__in=list(told), published_at__isnull=False)
    editions = list(
        public.select_related(*publications.WITH, "report")
        .defer(*publications.LONG, "report__content")
        .order_by("published_at", "number")
    )
    names = names_of(e.checked_by for e in editions)
    for e in editions:
        assert e.published_at is not None
        on = day_of(e.published_at)
        yield (
            e.publication.index_number,
            publications.shown_title(e),
            e.doc_number,
            "、".join(told[e.report_id] if e.report_id else ()),
            on,
            "本站政府信息公开页",
            names.get(e.checked_by, ""),
            publications.due_of(e.formed_on, on=on).on,
            e.number,
            e.standing.zh,
            e.report.number if e.report else "",
            e.digest,
        )


def _told(rows: Sequence[Finding]) -> dict[UUID, list[str]]:
    """Return the reports that tell of these findings, with the numbers of those they tell of."""
    numbers = {row.pk: row.number for row in rows}
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for first in range(0, len(rows), BATCH):
        few = [row.pk for row in rows[first : first + BATCH]]
        told: QuerySet[ReportFinding] = ReportFinding.objects.filter(finding__in=few)
        for report, finding in told.order_by("place").values_list("report", "finding"):
            found[report].append(numbers[finding])
    return dict(found)
