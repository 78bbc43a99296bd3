"""How a paper is set, and what it says of its seal."""

from __future__ import annotations

from datetime import date
from enum import Enum

from django.conf import settings
from django.urls import reverse

from onedoor.kernel.clock import day_of
from onedoor.ledger import queries as ledger_queries
from onedoor.papers import pack, queries, typesetting
from onedoor.papers.models import Paper
from onedoor.papers.rules import numbers
from onedoor.papers.rules import template as templates
from onedoor.papers.rules.contents import example, worded
from onedoor.papers.rules.kinds import LICENCE, RECEIPTS, Kind, setting_of
from onedoor.seals import queries as seals_queries
from onedoor.seals.rules.words import RequestState

UNSEALED = "未用印"
VOID_UNSEALED = "没有电子印章的无效"
"""What a draft says of itself while its seal is awaited."""


class Stage(Enum):
    """How a paper stands to the seal: it needs none here, waits for it, or has it."""

    NONE = (UNSEALED, f"{UNSEALED}：以窗口盖章的纸质件为准。")
    AWAITED = (VOID_UNSEALED, f"{VOID_UNSEALED}，用印情况看上面的网址。")
    SEALED = ("", "本件用电子印章，用印情况看上面的网址。")

    def __init__(self, mark: str, note: str) -> None:
        self.mark, self.note = mark, note


def address_of(paper: Paper) -> str:
    """Return where anybody can verify the paper."""
    return settings.PUBLIC_URL + reverse("papers:verify", args=[paper.code])


def stage_of(paper: Paper) -> Stage:
    """Return how the paper stands to the seal now."""
    asked = seals_queries.request_of(paper.number)
    if asked is None:
        return Stage.NONE
    return Stage.SEALED if asked.standing is RequestState.SEALED else Stage.AWAITED


def notes_of(paper: Paper, stage: Stage) -> tuple[str, ...]:
    """Return the lines beside the code at the foot of a paper."""
    notes = (
        "扫码或打开下面的网址，核对这份文书是不是真的：",
        address_of(paper),
        f"国密摘要 {paper.sm3[4:20]}…　{stage.note}",
    )
    head = ledger_queries.head_at(paper.issued_at) if paper.what in RECEIPTS else ""
    return (*notes, f"台账树头 {head}，能证明这之前的台账没有改过。") if head else notes


def sample(kind: Kind, text: str) -> typesetting.Sheet:
    """Return how an invented paper would look with this template."""
    title, blocks = templates.fill(text, example(queries.contents_of(kind)))
    address = settings.PUBLIC_URL + reverse("papers:verify", args=["0" * 32])
    day = date(2026, 3, 6)
    return typesetting.Sheet(
        title=title,
        number=numbers.number("样", "例", pack.words().word(kind, LICENCE), day.year, 1),
        unit="样例单位",
        date=worded(day),
        day=(day.year, day.month, day.day),
        blocks=blocks,
        address=address,
        notes=("样例，不是真的文书。",),
        mark="样例",
        setting=setting_of(kind),
    )


def sheet_of(paper: Paper) -> typesetting.Sheet:
    """Return a paper as it is set, with what it says of its seal now."""
    return sheet_at(paper, stage_of(paper))


def sheet_at(paper: Paper, stage: Stage) -> typesetting.Sheet:
    """Return a paper as it is set at a stage; what goes under the seal speaks of no lack of it."""
    page, day = queries.page_of(paper), day_of(paper.issued_at)
    return typesetting.Sheet(
        title=page.title,
        number=paper.number,
        unit=paper.unit.name,
        date=worded(day),
        day=(day.year, day.month, day.day),
        blocks=page.blocks,
        address=address_of(paper),
        notes=notes_of(paper, stage),
        mark=stage.mark,
        setting=setting_of(paper.what),
    )
