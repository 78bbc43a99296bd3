"""Words that all letters of rectification share: the problem, a day, whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onedoor.kernel.money import yuan
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.official import Heading, Piece, Text
from onedoor.rectification.models import Finding

NO_OFFICE = "整改牵头单位"
"""What stands for the side of the audit where nobody's post and no audit says its name."""


def day(on: date | None) -> str:
    return worded(on) or "没有写明的日子"


def unit(finding: Finding) -> str:
    return finding.unit.name if finding.unit else "责任单位"


def problem(finding: Finding) -> Iterator[Piece]:
    """Yield the finding as its source has it."""
    yield Heading(1, "问题")
    yield Text(f"{finding.number} {finding.title.rstrip('。')}。{finding.detail}")
    if finding.basis:
        yield Text(finding.basis, lead="定性依据：")


def money(finding: Finding) -> Iterator[Piece]:
    """Yield what has to be handled and what was."""
    for amount in finding.amounts.order_by("kind"):
        done, rest = yuan(amount.done_fen), yuan(amount.rest_fen)
        told = f"应处理{yuan(amount.due_fen)}，已处理{done}，未处理{rest}。"
        yield Text(told, lead=f"{amount.what.zh}：")
