"""The report on all findings to the government and the congress (汇总报告), from the ledger.

Basis: 审计法 52 (the government reports to the standing committee on rectification). The classes
are told apart, and what is claimed apart from what was verified.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from onedoor.kernel.clock import day_of
from onedoor.kernel.money import yuan
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import (
    Attachment,
    Document,
    Heading,
    Piece,
    Table,
    Text,
)
from onedoor.rectification.ledgers.lists import why
from onedoor.rectification.ledgers.reading import Whole, read
from onedoor.rectification.models import Finding, Recommendation
from onedoor.rectification.queries import lists
from onedoor.rectification.rules.lifecycle import DONE

TITLE = "关于审计查出问题整改情况的汇总报告"
TO = ("本级人民政府", "本级人民代表大会常务委员会")
MOST = 10_000


def document(
    found: QuerySet[Finding], advised: QuerySet[Recommendation], *, unit: str, at: datetime
) -> Document:
    """Return the report on these findings as they stand now, as a document of a unit."""
    on = day_of(at)
    wholes = read(list(found[:MOST]))
    rest = [w for w in wholes if w.finding.standing not in DONE]
    return Document(
        title=TITLE,
        unit=unit,
        day=on,
        recipients=TO,
        body=tuple(_body(found, wholes, rest, advised, on)),
        attachments=(Attachment("没有销号的问题", (_open(rest),), is_landscape=True),)
        if rest
        else (),
        is_sealed=False,
    )


def _body(
    found: QuerySet[Finding],
    wholes: Sequence[Whole],
    rest: Sequence[Whole],
    advised: QuerySet[Recommendation],
    on: date,
) -> Iterator[Piece]:
    late = sum(w.finding.is_late(on) for w in wholes)
    yield Text(
        f"截至{worded(on)}，审计整改台账共{len(wholes)}个问题，已核验销号或不再适用"
        f"{len(wholes) - len(rest)}个，没有销号{len(rest)}个，其中逾期{late}个。"
    )
    yield Heading(1, "三类问题的整改情况")
    yield Text("自述是责任单位所报，核验是责任单位以外的人认定。三类分开计算，不合成一个比例。")
    yield _classes(found, on)
    yield Heading(1, "各单位的整改情况")
    yield _units(wholes, on)
    yield Heading(1, "金额")
    yield Text(_money(wholes))
    yield Heading(1, "审计建议采纳情况")
    yield Text(_advice(advised))
    yield Heading(1, "没有整改到位的原因和下一步")
    told = [f"{w.finding.number}：{reason}" for w in rest if (reason := why(w))]
    yield Text("；".join(told) or "责任单位没有报送原因。" if rest else "没有。")


def _classes(found: QuerySet[Finding], on: date) -> Table:
    rows = lists.class_rates(found, on=on)
    return Table(
        ("整改类型", "问题", "自述已整改", "核验销号", "自述率", "核验率", "逾期"),
        tuple(
            (
                r.kind.zh,
                str(r.found),
                str(r.claimed),
                str(r.verified),
                r.claimed_rate,
                r.rate,
                str(r.late),
            )
            for r in rows
        ),
    )


def _units(wholes: Sequence[Whole], on: date) -> Table:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for w in wholes:
        row = counted[w.unit or "没有定责任单位"]
        row["found"] += 1
        row["done"] += w.finding.standing in DONE
        row["late"] += w.finding.is_late(on)
        row["again"] += bool(w.finding.repeats_id or w.finding.reopened_count)
    lines = tuple(
        (name, *(str(row[key]) for key in ("found", "done", "late", "again")))
        for name, row in sorted(counted.items())
    )
    nothing = (("没有问题", "0", "0", "0", "0"),)
    heads = ("责任单位", "问题", "销号", "逾期", "屡审屡犯或反弹")
    return Table(heads, lines or nothing, widths=(16, 6, 6, 6, 10))


def _money(wholes: Sequence[Whole]) -> str:
    amounts = [a for w in wholes for a in w.amounts]
    due, done = sum(a.due_fen for a in amounts), sum(a.done_fen for a in amounts)
    kinds: Counter[str] = Counter()
    for a in amounts:
        kinds[a.what.zh] += a.done_fen
    parts = "，".join(f"{name}{yuan(fen)}" for name, fen in kinds.items() if fen)
    told = f"应处理{yuan(due)}，已处理{yuan(done)}，未处理{yuan(due - done)}。"
    return told + (f"其中{parts}。" if parts else "")


def _advice(advised: QuerySet[Recommendation]) -> str:
    counted = Counter(row.standing.zh for row in advised)
    parts = "，".join(f"{name}{n}条" for name, n in counted.items())
    return f"审计建议{sum(counted.values())}条" + (f"：{parts}。" if parts else "。")


def _open(rest: Sequence[Whole]) -> Table:
    lines = tuple(
        (
            w.finding.number,
            w.finding.title,
            w.unit,
            w.finding.kind.zh,
            str(w.finding.due_on or ""),
            w.finding.standing.zh,
            why(w),
        )
        for w in rest
    )
    heads = ("编号", "问题", "责任单位", "整改类型", "时限", "状态", "原因")
    return Table(heads, lines, widths=(12, 20, 10, 8, 9, 8, 16))
