"""The facts this app announces. What a report says is proven by its digests, never spelled out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportKept(Event):
    """A report was taken in or made; ``text`` is the digest of the text it gives."""

    kind: ClassVar[str] = "report.kept"

    origin: str
    content: str
    text: str
    findings: int
    tasks: int
    supersedes: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskBrokenDown(Event):
    """A promise of a report got a unit and a date, or was done."""

    kind: ClassVar[str] = "report.task"

    place: int
    state: str
    unit: str
    due: date | None


@dataclass(frozen=True, kw_only=True)
class ReportRead(Event):
    """A text was read into a draft, or the draft was confirmed or dropped."""

    kind: ClassVar[str] = "report.read"

    source: str
    state: str
    findings: int
    unclear: int


@dataclass(frozen=True, kw_only=True)
class InformationMoved(Event):
    """An edition of information went a step; ``reason`` is a salted digest, ``digest`` its text."""

    kind: ClassVar[str] = "information.moved"

    edition: int
    step: str
    action: str
    source: str
    target: str
    index_number: str = ""
    digest: str = ""
    hits: int = 0
    is_late: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HitSettled(Event):
    """Something the check before publication found was settled; the words are never told."""

    kind: ClassVar[str] = "information.hit_settled"

    edition: int
    place: int
    what: str
    settling: str
    spots: int
    reason: str
