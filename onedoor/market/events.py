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


@dataclass(frozen=True, kw_only=True)
class DrawListed(Event):
    """A list was published to be contested, or corrected (``draw:`` and its number)."""

    kind: ClassVar[str] = "market.draw_listed"

    notice: str
    entrants: str
    replaces: str


@dataclass(frozen=True, kw_only=True)
class DrawFrozen(Event):
    """A list was frozen; ``freeze_hash`` binds all that follows, ``previous`` the freeze before."""

    kind: ClassVar[str] = "market.draw_frozen"

    draw_id: str
    freeze_hash: str
    previous: str


@dataclass(frozen=True, kw_only=True)
class DrawMoved(Event):
    """A step of a draw: a party's commitment or opening, the event, an end; ``value`` is public,
    ``reason`` the digest of why it was taken."""

    kind: ClassVar[str] = "market.draw_moved"

    step: str
    action: str
    source: str
    target: str
    party: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DrawEnded(Event):
    """A frozen draw is completed or void; ``record`` is the digest of its public record."""

    kind: ClassVar[str] = "market.draw_ended"

    draw_id: str
    state: str
    record: str
