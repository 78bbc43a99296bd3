"""Bearer tokens: issued once, kept as a digest, ended at once."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from onedoor.accounts.events import (
    TokenIssued,
    TokenRevoked,
)
from onedoor.accounts.models import (
    Person,
    Token,
)
from onedoor.accounts.rules import Actor, Scope
from onedoor.ledger import services as ledger


@ledger.recorded
def issue_token(
    person: Person,
    *,
    name: str,
    scopes: frozenset[Scope],
    by: Actor,
    at: datetime,
    expires_at: datetime | None = None,
    secret: str = "",
) -> str:
    """Return a new bearer token for the person; it is shown this once and kept only as a digest."""
    secret = secret or "od_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        digest=sha256(secret.encode()).hexdigest(),
        person=person,
        name=name,
        scopes=sorted(s.value for s in scopes),
        expires_at=expires_at,
    )
    ledger.record(
        TokenIssued(subject=person.ref, token=str(token.pk), scopes=token.scopes),
        by=by.ref,
        at=at,
    )
    return secret


@ledger.recorded
def revoke_token(token: Token, *, by: Actor, at: datetime) -> None:
    """End a token at once."""
    if Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        event = TokenRevoked(subject=token.person.ref, token=str(token.pk))
        ledger.record(event, by=by.ref, at=at)
