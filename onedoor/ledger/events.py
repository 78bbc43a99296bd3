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
