"""The ledgers a county keeps (三清单、台账), as one workbook and as an official document."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from onedoor.accounts.rules import Actor
from onedoor.kernel import sheets
from onedoor.kernel.clock import day_of
from onedoor.kernel.money import yuan
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import Attachment, Document, Table, Text
from onedoor.rectification.ledgers import books, letters, lists
from onedoor.rectification.ledgers.beside import sheets_of
from onedoor.rectification.ledgers.books import ADVICE, advice_row
from onedoor.rectification.ledgers.reading import Cells, Sheet, read
from onedoor.rectification.models import Amount, Finding, Recommendation
from onedoor.rectification.queries import lists as lists_of
from onedoor.rectification.queries.advice import with_answer

__all__ = [
    "ADVICE",
    "LEDGER",
    "MOST",
    "MOST_PRINTED",
    "advice_row",
    "ledger_row",
    "paper",
    "workbook",
]

MOST = 10_000
MOST_PRINTED = 2_000
"""So many findings are printed: some eighty pages, set in two seconds."""


def workbook(
    found: QuerySet[Finding], advised: QuerySet[Recommendation], *, actor: Actor, at: datetime
) -> bytes:
    """Return every ledger as one XLSX; the same findings on the same day give the same rows.

    Of findings that somebody neither handles nor supervises only what everybody reads is told.
    """
    rows = list(lists_of.inside(found, actor)[:MOST])
    on = day_of(at)
    wholes = read(rows)
    public = [ledger_row(each, on) for each in found[:MOST]]
    told: list[Sheet] = [
        *lists.sheets(wholes, on),
        *books.sheets(wholes, on),
        letters.register(wholes),
        books.advice(with_answer(advised)[:MOST]),
        *sheets_of(rows),
        Sheet("公开台账", LEDGER, public),
    ]
    return sheets.workbook((each.name, (each.heads, *each.lines)) for each in told)


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


def ledger_row(f: Finding, on: date) -> Cells:
    """Return a finding as a line of the ledger that everybody reads."""
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


def paper(found: QuerySet[Finding], *, unit: str, at: datetime) -> Document:
    """Return the ledger as an official document, the table on turned pages after it."""
    on, count = day_of(at), found.count()
    rows = list(found[:MOST_PRINTED])
    table = Table(
        LEDGER,
        tuple(tuple("" if v is None else str(v) for v in ledger_row(f, on)) for f in rows),
        widths=(18, 18, 10, 8, 15, 8, 8, 8, 15, 6),
    )
    amounts = Amount.objects.filter(finding__in=found.order_by().values("pk"))
    rest = amounts.aggregate(fen=Sum(F("due_fen") - F("done_fen")))["fen"] or 0
    said = [
        f"截至{worded(on)}，台账共{count}个问题，未处理金额{yuan(rest)}。",
        "“自述”是责任单位所报，“认定”是责任单位以外的人核验的结果。",
    ]
    if count > len(rows):
        said.append(f"附件列出时限最近的{len(rows)}个，全部问题见整改台账的 XLSX 文件。")
    return Document(
        title="审计查出问题整改台账",
        unit=unit,
        day=on,
        body=tuple(map(Text, said)),
        attachments=(Attachment("整改台账", (table,), is_landscape=True),),
        is_sealed=False,
    )
