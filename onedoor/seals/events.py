"""The facts this app announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class SealRegistered(Event):
    """A seal came into the register, with its keeper."""

    kind: ClassVar[str] = "seal.registered"

    seal_kind: str
    medium: str
    unit: str
    keeper: str
    deputy: str
    valid_from: date
    valid_to: date
    certificate: str
    backing: str = ""


@dataclass(frozen=True, kw_only=True)
class SealHandedOver(Event):
    """A seal went from one keeper to the next."""

    kind: ClassVar[str] = "seal.handed_over"

    giver: str
    taker: str


@dataclass(frozen=True, kw_only=True)
class SealStateChanged(Event):
    """A seal was locked, unlocked, stopped or destroyed; ``second`` is who confirmed it."""

    kind: ClassVar[str] = "seal.state_changed"

    before: str
    after: str
    second: str = ""


@dataclass(frozen=True, kw_only=True)
class PinWrong(Event):
    """The PIN given did not open the key of a seal: how often in a row by now."""

    kind: ClassVar[str] = "seal.pin_wrong"

    count: int


@dataclass(frozen=True, kw_only=True)
class UnlockAsked(Event):
    """Somebody asked for a locked seal to be used again; another person has to confirm."""

    kind: ClassVar[str] = "seal.unlock_asked"


@dataclass(frozen=True, kw_only=True)
class SealAsked(Event):
    """A paper that needs a seal was approved."""

    kind: ClassVar[str] = "seal.asked"

    seal_kind: str
    digest: str
    about: str
    step: int | None
    approver: str


@dataclass(frozen=True, kw_only=True)
class SealRefused(Event):
    """A request was set aside because something did not match."""

    kind: ClassVar[str] = "seal.set_aside"

    code: str


@dataclass(frozen=True, kw_only=True)
class RequestTakenBack(Event):
    """A request that was set aside waits again."""

    kind: ClassVar[str] = "seal.taken_back"


@dataclass(frozen=True, kw_only=True)
class SealUsed(Event):
    """A seal was put on a paper: which, on what, and what came of it."""

    kind: ClassVar[str] = "seal.used"

    number: str
    seal: str
    approver: str
    approved: str
    sealed: str
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class SealPressed(Event):
    """A seal of rubber was pressed on a paper: which, on what, in how many copies."""

    kind: ClassVar[str] = "seal.pressed"

    number: str
    seal: str
    approver: str
    approved: str
    copies: int
