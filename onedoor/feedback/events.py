"""The facts this app announces, of a rating (``rating:`` and its number) or a matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseRated(Event):
    """Somebody rated a case or a visit, or changed it; ``text`` is a salted digest."""

    kind: ClassVar[str] = "feedback.rated"

    level: str
    before: str
    channel: str
    indicators: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RaterShown(Event):
    """Somebody saw whom to call about a bad rating."""

    kind: ClassVar[str] = "feedback.rater_shown"


@dataclass(frozen=True, kw_only=True)
class OrderMoved(Event):
    """A step was taken about a bad rating; ``note`` is a salted digest."""

    kind: ClassVar[str] = "feedback.order_moved"

    step: str
    action: str
    source: str
    target: str
    way: str
    level: str
    note: str


@dataclass(frozen=True, kw_only=True)
class MatterSent(Event):
    """Somebody sent a matter to be answered (``matter:`` and its number); ``text`` is a salted
    digest, ``case`` the number of the case it is about."""

    kind: ClassVar[str] = "feedback.matter_sent"

    what: str
    source: str
    case: str
    due_on: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MatterMoved(Event):
    """A step was taken about a matter; ``note`` is a salted digest."""

    kind: ClassVar[str] = "feedback.matter_moved"

    step: str
    action: str
    source: str
    target: str
    unit: str
    outcome: str
    way: str
    due_on: str
    note: str


@dataclass(frozen=True, kw_only=True)
class SenderShown(Event):
    """Somebody saw who sent a matter, and their number."""

    kind: ClassVar[str] = "feedback.sender_shown"


@dataclass(frozen=True, kw_only=True)
class MatterPhotoShown(Event):
    """Somebody opened the photo sent with a matter."""

    kind: ClassVar[str] = "feedback.matter_photo_shown"
