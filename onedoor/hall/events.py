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
class BoardMuted(Event):
    """The boards of a zone (``zone:``) were told to be silent, or to call aloud again."""

    kind: ClassVar[str] = "hall.board_muted"

    is_muted: bool


@dataclass(frozen=True, kw_only=True)
class KioskMoved(Event):
    """A kiosk (``kiosk:``) was paired or not, has paper or not, or leased ``numbers`` for a day."""

    kind: ClassVar[str] = "hall.kiosk_moved"

    action: str
    numbers: str


@dataclass(frozen=True, kw_only=True)
class HallSet(Event):
    """The table of halls, zones, groups and windows was set from a file."""

    kind: ClassVar[str] = "hall.set"

    zones: int
    groups: int
    windows: int


@dataclass(frozen=True, kw_only=True)
class BookingMoved(Event):
    """A step was taken with an appointment (``booking:`` and its number)."""

    kind: ClassVar[str] = "hall.booking_moved"

    step: str
    action: str
    source: str
    target: str
    group: str
    start: str
    ticket: str


@dataclass(frozen=True, kw_only=True)
class OpeningSet(Event):
    """The hours of a day were set (``hours:`` hall-day), of one business where one is named."""

    kind: ClassVar[str] = "hall.opening_set"

    group: str
    spans: str


@dataclass(frozen=True, kw_only=True)
class RosterSet(Event):
    """The roster of a day was changed; ``gaps`` counts where it breaks the promise."""

    kind: ClassVar[str] = "hall.roster_set"

    duties: str
    gaps: int


@dataclass(frozen=True, kw_only=True)
class BreakSeen(Event):
    """Fewer windows called for a business than promised."""

    kind: ClassVar[str] = "hall.break_seen"

    group: str
    have: int
    need: int
