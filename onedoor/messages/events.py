"""The facts this app announces, of a message: ``message:`` and its id. No number, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """The gateway took a text message: what it told of which subject, at which try."""

    kind: ClassVar[str] = "message.sent"

    topic: str
    about: str
    gateway: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A text message was given up; ``fault`` is what the gateway said, never whom it was for."""

    kind: ClassVar[str] = "message.failed"

    topic: str
    about: str
    gateway: str
    tries: int
    fault: str
