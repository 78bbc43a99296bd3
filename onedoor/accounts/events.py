"""The facts this app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    kind: ClassVar[str] = "accounts.role_given"

    role: str
    unit: str
    first_on: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    kind: ClassVar[str] = "accounts.role_ended"

    role: str
    unit: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class RoleDelegated(Event):
    kind: ClassVar[str] = "accounts.role_delegated"

    role: str
    deputy: str
    first_on: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(Event):
    kind: ClassVar[str] = "accounts.delegation_ended"

    role: str
    deputy: str
    last_on: str


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    kind: ClassVar[str] = "accounts.token_issued"

    token: str
    scopes: list[str]
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    kind: ClassVar[str] = "accounts.token_revoked"

    token: str


@dataclass(frozen=True, kw_only=True)
class PasswordGiven(Event):
    """An administrator gave a first password; its owner has to choose another."""

    kind: ClassVar[str] = "accounts.password_given"


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    kind: ClassVar[str] = "accounts.password_changed"


@dataclass(frozen=True, kw_only=True)
class LockLifted(Event):
    """An administrator let somebody sign in again before the lock-out was over."""

    kind: ClassVar[str] = "accounts.lock_lifted"


@dataclass(frozen=True, kw_only=True)
class AuthenticatorForgotten(Event):
    kind: ClassVar[str] = "accounts.authenticator_forgotten"


@dataclass(frozen=True, kw_only=True)
class ReferenceChanged(Event):
    """An administrator changed reference data in the back office."""

    kind: ClassVar[str] = "accounts.reference_changed"

    model: str
    change: str
    fields: list[str]
