"""The facts this app announces, of a ticket (``ticket:`` hall-day-number) or of a window's day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketMoved(Event):
    """A step was taken with a ticket. What the replay needs is here whole; ``note`` is a salted
    digest, ``reason`` a code."""

    kind: ClassVar[str] = "hall.ticket_moved"

    step: str
    action: str
    source: str
    target: str
    group: str
    priority: str
    bonus: int
    issued_at: str
    virtual_at: str
    window: int
    to_window: int
    calls: int
    reason: str
    outcome: str
    note: str


@dataclass(frozen=True, kw_only=True)
class TicketCaseAdded(Event):
    """A case received during a visit was put down to its ticket."""

    kind: ClassVar[str] = "hall.case_added"

    case: str


@dataclass(frozen=True, kw_only=True)
class WindowMoved(Event):
    """A window was opened, paused, closed, or told to call from other groups (letters)."""

    kind: ClassVar[str] = "hall.window_moved"

    action: str
    state: str
    clerk: str
    main: str
    helping: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BoardWritten(Event):
    """Words were put on the boards of a zone (``zone:``), or taken down: empty."""

    kind: ClassVar[str] = "hall.board_written"

    text: str


@dataclass(frozen=True, kw_only=True)
class HallSet(Event):
    """The table of halls, zones, groups and windows was set from a file."""

    kind: ClassVar[str] = "hall.set"

    zones: int
    groups: int
    windows: int
