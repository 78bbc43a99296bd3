"""The facts this app announces; their subject is the licence's publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class DecisionListed(Event):
    """A granted decision was entered, to be public by a day."""

    kind: ClassVar[str] = "disclosure.listed"

    due: date


@dataclass(frozen=True, kw_only=True)
class DecisionPublished(Event):
    """A granted decision was put on the public list."""

    kind: ClassVar[str] = "disclosure.published"

    is_late: bool


@dataclass(frozen=True, kw_only=True)
class WithholdingProposed(Event):
    """Somebody asked to keep a decision off the list; ``reason`` is a salted digest."""

    kind: ClassVar[str] = "disclosure.withholding_proposed"

    ground: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WithholdingAnswered(Event):
    """A second person answered that request."""

    kind: ClassVar[str] = "disclosure.withholding_answered"

    ground: str
    is_withheld: bool
    was_public: bool
