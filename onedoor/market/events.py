"""The facts this app announces, of the rules of a period (``rule_pack:`` and its number)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class RulesProposed(Event):
    """The market's rules for a period were handed in; ``digest`` is of their text."""

    kind: ClassVar[str] = "market.rules_proposed"

    first_on: str
    last_on: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class RulesConfirmed(Event):
    """Somebody else confirmed them; ``replaces`` is the number of those they take the place of."""

    kind: ClassVar[str] = "market.rules_confirmed"

    digest: str
    replaces: str


@dataclass(frozen=True, kw_only=True)
class ScopeSigned(Event):
    """A unit signed that it has the list of the period."""

    kind: ClassVar[str] = "market.scope_signed"

    unit: str
