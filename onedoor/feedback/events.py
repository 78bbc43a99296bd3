"""The facts this app announces; their subject is the rating (``rating:`` and the case's number)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseRated(Event):
    """Somebody rated a finished case, or changed it; ``text`` is a salted digest."""

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
