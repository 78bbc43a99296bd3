"""Bearer tokens: issued once, kept as a digest, ended at once."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from onedoor.accounts.events import (
    TokenIssued,
    TokenRevoked,
)
from onedoor.accounts.models import (
    Person,
    Token,
)
from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import services as ledger


class Issued(NamedTuple):
    """A token just issued, with the secret that nobody can read again."""

    token: Token
    secret: str


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
) -> Issued:
    """Issue a bearer token that speaks for the person; its secret is kept only as a digest.

    For programs alone: whoever held a token for a colleague's account could act as that colleague.
    Only whoever runs the machine may issue one for an account that somebody signs in with.
    """
    _refuse_unless_security(by)
    if person.has_usable_password() and not by.holds(Role.SYSTEM):
        raise NotValid(
            "accounts.token_for_person",
            "“%(name)s”是人登录用的账号，不能发接口令牌。请给程序另建一个没有密码的账号。",
            field="person",
            name=person.name,
        )
    if not name.strip():
        raise NotValid("accounts.token_name", "请写明哪个程序用这个令牌。", field="name")
    if not scopes:
        raise NotValid("accounts.token_scopes", "请至少给令牌一种权限。", field="scopes")
    if expires_at is not None and expires_at <= at:
        raise NotValid("accounts.token_expired", "到期日已经过了。", field="last_on")
    secret = secret or "od_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        digest=sha256(secret.encode()).hexdigest(),
        person=person,
        name=name.strip(),
        scopes=sorted(s.value for s in scopes),
        expires_at=expires_at,
    )
    ledger.record(
        TokenIssued(
            subject=person.ref,
            token=str(token.pk),
            scopes=token.scopes,
            expires_at=expires_at.isoformat() if expires_at else "",
        ),
        by=by.ref,
        at=at,
    )
    return Issued(token, secret)


@ledger.recorded
def revoke_token(token: Token, *, by: Actor, at: datetime) -> None:
    """End a token at once."""
    _refuse_unless_security(by)
    if Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        event = TokenRevoked(subject=token.person.ref, token=str(token.pk))
        ledger.record(event, by=by.ref, at=at)


def _refuse_unless_security(by: Actor) -> None:
    if not (by.holds(Role.SECURITY_ADMIN) or by.holds(Role.SYSTEM)):
        raise NotAllowed(
            "accounts.tokens_not_allowed",
            "令牌由%(role)s发放和撤销。",
            role=Role.SECURITY_ADMIN,
        )
