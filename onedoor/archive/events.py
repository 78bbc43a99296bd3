"""The facts this app announces; no name, no reason in clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class FilePacked(Event):
    """A closed case was packed, or packed again with what came later."""

    kind: ClassVar[str] = "archive.packed"

    case: str
    edition: int
    package: str
    size: int
    files: int
    retention: str
    kept_until: Fact


@dataclass(frozen=True, kw_only=True)
class FileRead(Event):
    """Somebody took a package out, and said what for."""

    kind: ClassVar[str] = "archive.read"

    purpose: str
    package: str


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Event):
    """A file must not be disposed of; ``reason`` is a salted digest."""

    kind: ClassVar[str] = "archive.held"

    reason: str


@dataclass(frozen=True, kw_only=True)
class HoldLifted(Event):
    kind: ClassVar[str] = "archive.hold_lifted"


@dataclass(frozen=True, kw_only=True)
class DisposalProposed(Event):
    kind: ClassVar[str] = "archive.disposal_proposed"

    files: list[Fact]


@dataclass(frozen=True, kw_only=True)
class DisposalAnswered(Event):
    """A second person let the files of a list be disposed of, or not; and which stayed."""

    kind: ClassVar[str] = "archive.disposal_answered"

    is_approved: bool
    disposed: list[Fact]
    left_out: list[Fact]


@dataclass(frozen=True, kw_only=True)
class FileDisposed(Event):
    """A file is gone, and with it the personal data of its case; its digest says which it was."""

    kind: ClassVar[str] = "archive.disposed"

    disposal: str
    package: str
