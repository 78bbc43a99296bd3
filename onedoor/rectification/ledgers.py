"""The ledgers a county keeps (三清单、台账), as one workbook and as an official document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from onedoor.kernel import sheets
from onedoor.kernel.clock import day_of
from onedoor.kernel.money import yuan
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import Attachment, Document, Table, Text
from onedoor.papers.typesetting import official
from onedoor.rectification.models import (
    Amount,
    Finding,
    Measure,
    Recheck,
    Supervision,
    UpwardMatter,
)
from onedoor.rectification.rules.words import MoneyKind, Rung

MOST = 10_000
Cells = Sequence[object]


def workbook(found: QuerySet[Finding], *, at: datetime) -> bytes:
    """Return every ledger as one XLSX; the same findings on the same day give the same rows."""
    rows = list(found[:MOST])
    told = _sheets(rows, day_of(at))
    return sheets.workbook((name, (heads, *each)) for name, heads, each in told)


def _sheets(
    rows: list[Finding], on: date
) -> Iterator[tuple[str, tuple[str, ...], Iterable[Cells]]]:
    ids = [row.pk for row in rows]
    yield (
        "问题清单",
        (
            "编号",
            "审计项目",
            "报告文号",
            "问题类别",
            "二级类别",
            "问题",
            "描述",
            "定性依据",
            "整改类型",
            "时限",
            "屡审屡犯",
        ),
        (
            (
                f.number,
                f.project.title,
                f.project.report_number,
                f.category,
                f.subcategory,
                f.title,
                f.detail,
                f.basis,
                f.kind.zh,
                f.due_on,
                "是" if f.repeats_id or f.reopened_count else "否",
            )
            for f in rows
        ),
    )
    measures = Measure.objects.filter(finding__in=ids).select_related("finding", "unit")
    yield (
        "措施清单",
        ("问题编号", "措施号", "措施内容", "目标", "完成标志", "开始", "完成", "进度%"),
        (
            (
                m.finding.number,
                m.sequence,
                m.text,
                m.goal,
                m.mark,
                m.starts_on,
                m.due_on,
                m.progress,
            )
            for m in measures.order_by("finding__number", "sequence")
        ),
    )
    yield (
        "责任清单",
        ("问题编号", "责任单位", "责任领导", "责任科室", "责任人", "联系电话"),
        (
            (f.number, f.unit.name if f.unit else "", f.leader, f.section, f.officer, f.phone)
            for f in rows
        ),
    )
    yield ("整改台账", LEDGER, (ledger_row(f, on) for f in rows))
    money = Amount.objects.filter(finding__in=ids).select_related("finding")
    yield (
        "金额台账",
        ("问题编号", "处理方式", "应处理（元）", "已处理（元）", "未处理（元）"),
        (
            (
                a.finding.number,
                MoneyKind(a.kind).zh,
                a.due_fen / 100,
                a.done_fen / 100,
                a.rest_fen / 100,
            )
            for a in money.order_by("finding__number", "kind")
        ),
    )
    urged = Supervision.objects.filter(finding__in=ids).select_related("finding")
    urged = urged.order_by("number")
    yield ("督办台账", _URGED, (_urged(s) for s in urged.exclude(rung=Rung.TRANSFER.value)))
    yield ("移送台账", _URGED, (_urged(s) for s in urged.filter(rung=Rung.TRANSFER.value)))
    looks = Recheck.objects.filter(finding__in=ids).select_related("finding")
    yield (
        "回头看台账",
        ("问题编号", "应复查日", "销号后几个月", "状态", "发现", "复查日"),
        (
            (r.finding.number, r.due_on, r.months, r.standing.zh, r.conclusion, r.done_on)
            for r in looks.order_by("due_on")
        ),
    )
    letters = UpwardMatter.objects.filter(finding__in=ids).select_related("finding")
    yield (
        "上级事权台账",
        (
            "问题编号",
            "主送",
            "依据",
            "请示",
            "发出日",
            "应复日",
            "催复次数",
            "答复",
            "答复内容",
            "答复日",
        ),
        (
            (
                u.finding.number,
                u.addressee,
                u.basis,
                u.request,
                u.sent_on,
                u.answer_due_on,
                u.pursued_count,
                u.standing.zh,
                u.answer_text,
                u.answered_on,
            )
            for u in letters.order_by("sent_on")
        ),
    )
    closed = [f for f in rows if f.closed_at]
    yield (
        "对账销号单",
        ("问题编号", "问题", "责任单位", "认定结果", "认定时间", "销号时间"),
        (
            (
                f.number,
                f.title,
                f.unit.name if f.unit else "",
                f.result.zh,
                f.recognised_at,
                f.closed_at,
            )
            for f in closed
        ),
    )


LEDGER = (
    "编号",
    "问题",
    "责任单位",
    "整改类型",
    "时限",
    "状态",
    "自述",
    "认定",
    "销号日期",
    "逾期天数",
)
_URGED = ("督办号", "问题编号", "方式", "距时限天数", "日期", "回复期限", "回复", "回复日")


def ledger_row(f: Finding, on: date) -> Cells:
    return (
        f.number,
        f.title,
        f.unit.name if f.unit else "",
        f.kind.zh,
        f.due_on,
        f.standing.zh,
        f.claim_label,
        f.result.zh,
        day_of(f.closed_at) if f.closed_at else None,
        f.days_late(on) or None,
    )


def _urged(s: Supervision) -> Cells:
    return (
        s.number,
        s.finding.number,
        s.what.zh,
        s.offset_days,
        s.taken_on,
        s.reply_due_on,
        s.reply,
        s.replied_on,
    )


ADVICE = (
    "编号",
    "审计项目",
    "审计建议",
    "责任单位",
    "采纳情况",
    "原因",
    "形成的制度或做法",
    "文号",
    "制度日期",
    "填报时间",
)


def advice_row(r: Any) -> Cells:
    """Return a recommendation with its last answer as a line."""
    return (
        r.number,
        r.project.title,
        r.text,
        r.unit.name,
        r.standing.zh,
        r.last_reason,
        r.last_made,
        r.last_made_number,
        r.last_made_on,
        r.last_at,
    )


def paper(found: QuerySet[Finding], *, unit: str, at: datetime) -> bytes:
    """Return the ledger as an official document in PDF, the table on turned pages after it."""
    on = day_of(at)
    rows = list(found[:MOST])
    table = Table(
        LEDGER,
        tuple(tuple("" if v is None else str(v) for v in ledger_row(f, on)) for f in rows),
        widths=(18, 18, 10, 8, 15, 8, 8, 8, 15, 6),
    )
    amounts = Amount.objects.filter(finding__in=[f.pk for f in rows])
    rest = sum(a.rest_fen for a in amounts)
    said = f"截至{worded(on)}，台账共{len(rows)}个问题，未处理金额{yuan(rest)}。"
    document = Document(
        title="审计查出问题整改台账",
        unit=unit,
        day=on,
        body=(Text(said), Text("“自述”是责任单位所报，“认定”是责任单位以外的人核验的结果。")),
        attachments=(Attachment("整改台账", (table,), is_landscape=True),),
        is_sealed=False,
    )
    return official.pdf(document)
