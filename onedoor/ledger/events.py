"""The form of a fact: a frozen dataclass in the past tense, with a dotted ``kind``.

Facts hold references, codes, dates and salted digests; never a name, a number of a person or
free text in clear, for they could never be erased.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to ``subject`` (``case:…``, ``item:…``)."""

    kind: ClassVar[str]
    schema: ClassVar[int] = 1

    subject: str

    def facts(self) -> dict[str, Fact]:
        """Return the event's own fields as plain data."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "subject"}


@dataclass(frozen=True, kw_only=True)
class KeysRotated(Event):
    """A new key encrypts from now on; the old ones still read (密钥轮换)."""

    kind = "installation.keys_rotated"

    version: int


@dataclass(frozen=True, kw_only=True)
class KeysMoved(Event):
    """Everything encrypted was encrypted again with this key, and the index made with it."""

    kind = "installation.keys_moved"

    version: int
