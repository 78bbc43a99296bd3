"""What a unit writes (责任单位报送的文书): its plan, its request for time, its request to close.

As official documents of the unit to the auditors, in the words that are on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onedoor.kernel.clock import day_of
from onedoor.papers.rules.official import Document, Heading, Piece, Table, Text
from onedoor.rectification import wordings
from onedoor.rectification.models import Extension, Finding, Measure
from onedoor.rectification.rules.words import EvidenceState, LetterKind


def plan(finding: Finding, row: None, unit: str, on: date) -> Document:
    """Return the plan (整改方案): measures with goals and dates, and who answers for them."""

    def body() -> Iterator[Piece]:
        yield from wordings.problem(finding)
        yield Heading(1, "目标和时限")
        yield Text(f"整改类型是{finding.kind.zh}，{wordings.day(finding.due_on)}以前整改到位。")
        yield Heading(1, "整改措施")
        yield _measures(finding)
        yield Heading(1, "责任分工")
        yield Text(_duties(finding))

    return _document(LetterKind.PLAN, finding, finding.served_on or on, body())


def extension(finding: Finding, row: Extension, unit: str, on: date) -> Document:
    """Return a request for a later deadline (延期申请)."""

    def body() -> Iterator[Piece]:
        yield from wordings.problem(finding)
        yield Heading(1, "申请")
        yield Text(f"申请把整改时限延到{wordings.day(row.until)}。")
        yield Text(row.reason, lead="理由和下一步：")
        yield Text("妥否，请批复。")

    return _document(LetterKind.ASKED, finding, day_of(row.asked_at), body())


def claim(finding: Finding, row: None, unit: str, on: date) -> Document:
    """Return the request to close (销号申请表): what is claimed, and what is handed in for it."""

    def body() -> Iterator[Piece]:
        yield from wordings.problem(finding)
        yield Heading(1, "自述")
        yield Text(f"{finding.claim_label}。{finding.claim_result}")
        yield Heading(1, "措施和佐证")
        yield _shown(finding)
        yield from wordings.money(finding)
        yield Heading(1, "申请")
        yield Text("以上情况属实，请核验并准予销号。自述不等于认定。")
        yield Text("", lead="主要负责人（签字）：")

    day = day_of(finding.submitted_at) if finding.submitted_at else on
    return _document(LetterKind.CLAIM, finding, day, body())


def _document(kind: LetterKind, finding: Finding, on: date, body: Iterator[Piece]) -> Document:
    to = finding.project.audit_body or wordings.NO_OFFICE
    unit = wordings.unit(finding)
    title = f"{unit}{kind.zh}" if kind is LetterKind.PLAN else kind.zh
    return Document(title=title, unit=unit, recipients=(to,), day=on, body=tuple(body))


def _measures(finding: Finding) -> Table:
    rows = finding.measures.select_related("unit").prefetch_related("milestones")
    return Table(
        ("号", "措施", "目标和完成标志", "责任单位", "完成日期", "阶段目标"),
        tuple(_measure(finding, each) for each in rows.order_by("sequence")),
        widths=(3, 16, 11, 8, 9, 13),
    )


def _measure(finding: Finding, row: Measure) -> tuple[str, ...]:
    stones = sorted(row.milestones.all(), key=lambda s: (s.due_on, s.text))
    return (
        str(row.sequence),
        row.text,
        "；".join(each for each in (row.goal, row.mark) if each),
        row.unit.name if row.unit else wordings.unit(finding),
        row.due_on.isoformat() if row.due_on else "",
        "；".join(f"{s.due_on} {s.text}" for s in stones),
    )


def _duties(finding: Finding) -> str:
    others = "、".join(row.unit.name for row in finding.co_units.select_related("unit"))
    told = {
        "责任单位": wordings.unit(finding),
        "配合单位": others,
        "责任领导": finding.leader,
        "责任科室": finding.section,
        "责任人": finding.officer,
    }
    return "，".join(f"{name}{value}" for name, value in told.items() if value) + "。"


def _shown(finding: Finding) -> Table:
    kept = finding.evidence.exclude(state=EvidenceState.WITHDRAWN.value)
    rows = kept.select_related("measure").order_by("sequence")
    lines = tuple(
        (
            str(e.sequence),
            e.title,
            e.what.zh,
            str(e.measure.sequence) if e.measure else "",
            e.measure.text if e.measure else "",
            e.standing.zh,
        )
        for e in rows
    )
    nothing = (("", "没有佐证", "", "", "", ""),)
    return Table(
        ("号", "佐证", "种类", "措施号", "措施", "核验"),
        lines or nothing,
        widths=(3, 12, 8, 5, 16, 6),
    )
