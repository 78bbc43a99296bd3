"""How rectification stands (整改现况): figures from the ledger itself, claimed beside verified.

A figure is the ledger's own filter counted for who asks, so that its rows are what it opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.papers import services as papers
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import Attachment, Document, Table, Text
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import lists
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.words import Outcome

MOST = 200
"""So many findings are set side by side; the ledger holds the rest."""
TITLE = "审计查出问题整改现况"
HEADS = ("编号", "问题", "责任单位", "时限", "自述", "核验")


@dataclass(frozen=True)
class Figure:
    """A number and the filter of the ledger it was counted by."""

    shown: Shown
    count: int


@dataclass(frozen=True)
class Standing:
    """What somebody may see of the ledger at one time: the figures, and the first findings."""

    at: datetime
    unit: str
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        return next(f.count for f in self.figures if f.shown is Shown.ALL)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return tuple(_row(f) for f in self.findings)


def standing(actor: Actor, *, at: datetime) -> Standing:
    """Count the ledger as somebody may see it, by each of its filters."""
    on = day_of(at)
    found = {shown: lists.ledger(actor, shown=shown, on=on) for shown in Shown}
    return Standing(
        at,
        lists.office(actor),
        tuple(Figure(shown, rows.count()) for shown, rows in found.items()),
        tuple(found[Shown.ALL][:MOST]),
    )


def _row(f: Finding) -> tuple[str, ...]:
    return (
        f.number,
        f.title,
        f.unit.name if f.unit else "—",
        f.due_on.isoformat() if f.due_on else "—",
        f.claim_label or "—",
        "待核验" if not f.outcome and f.claim is Outcome.RECTIFIED else f.result.zh,
    )


def _sentences(told: Standing) -> tuple[str, ...]:
    on = day_of(told.at)
    counted = "；".join(f"{f.shown.zh}{f.count}个" for f in told.figures)
    said = [
        f"截至{worded(on)}，{counted}。",
        "“自述”是责任单位所报，“核验”是责任单位以外的人认定的结果。",
    ]
    if told.total > len(told.findings):
        said.append(f"下面列出时限最近的{len(told.findings)}个，其余见整改台账。")
    return tuple(said)


def document_of(told: Standing) -> Document:
    """Return the report as a document, the findings on turned pages after it."""
    table = Table(HEADS, told.rows, widths=(18, 30, 12, 12, 14, 14))
    return Document(
        title=TITLE,
        unit=told.unit,
        day=day_of(told.at),
        body=tuple(Text(each) for each in _sentences(told)),
        attachments=(Attachment("自述与核验对照表", (table,), is_landscape=True),)
        if told.findings
        else (),
        is_sealed=False,
    )


def text(told: Standing) -> bytes:
    """Return the report as plain text; the same ledger on the same day gives the same bytes."""
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in (HEADS, *told.rows)]
    return "\n".join((TITLE, "", *_sentences(told), "", *lines, "")).encode()


def file_of(told: Standing, form: str, *, by: str) -> bytes:
    """Return the report in one of its forms; documents are set once while they say the same."""
    if form == "txt":
        return text(told)
    return papers.file_of(document_of(told), form, at=told.at, by=by)


FORMS = ("txt", *papers.WAYS)
