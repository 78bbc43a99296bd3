"""The facts this app announces, of an account: ``citizen:`` and its id. No name, no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    """Somebody opened an account and agreed to the text on personal data."""

    kind: ClassVar[str] = "citizens.opened"

    assurance: str
    consent: str


@dataclass(frozen=True, kw_only=True)
class AccountVerified(Event):
    """The identity service said who the owner of an account is; ``into`` is the account that this
    one became a part of, where its owner had one already."""

    kind: ClassVar[str] = "citizens.verified"

    service: str
    into: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """The owner closed an account: what it knew of them is deleted."""

    kind: ClassVar[str] = "citizens.closed"


@dataclass(frozen=True, kw_only=True)
class MailConfirmed(Event):
    """The owner of an account typed the code sent to an address: they are told there too."""

    kind: ClassVar[str] = "citizens.mail_confirmed"


@dataclass(frozen=True, kw_only=True)
class MailDropped(Event):
    """The owner of an account wants no e-mail any more: the address is deleted."""

    kind: ClassVar[str] = "citizens.mail_dropped"


@dataclass(frozen=True, kw_only=True)
class MandateAsked(Event):
    """Somebody asked to act for another; nobody may yet."""

    kind: ClassVar[str] = "citizens.mandate_asked"

    relation: str
    scope: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class MandateGiven(Event):
    """Whoever is acted for agreed, or a register said so."""

    kind: ClassVar[str] = "citizens.mandate_given"

    relation: str
    scope: str
    how: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class MandateUsed(Event):
    """Somebody acted for another: turned to it, or handed in an application."""

    kind: ClassVar[str] = "citizens.mandate_used"

    what: str
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class MandateEnded(Event):
    """Nobody acts under it any more."""

    kind: ClassVar[str] = "citizens.mandate_ended"

    how: str
