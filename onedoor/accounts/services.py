"""What may be done with people, roles and tokens; and what was answered before."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from onedoor.accounts.events import (
    DelegationEnded,
    RoleDelegated,
    RoleEnded,
    RoleGiven,
    TokenIssued,
    TokenRevoked,
)
from onedoor.accounts.models import (
    AnsweredRequest,
    AttemptWindow,
    Delegation,
    Organisation,
    Person,
    Post,
    RoleHolding,
    Token,
)
from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.kernel import crypto
from onedoor.kernel.clock import local
from onedoor.kernel.errors import NotValid, Refusal, TooOften
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest

INCOMPATIBLE = (
    {Role.EDITOR, Role.PUBLISHER},
    {Role.ADMIN, Role.SECURITY_ADMIN},
    {Role.ADMIN, Role.AUDIT_ADMIN},
    {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN},
)
"""Roles one person may not hold at once: 三员分立, and editor ≠ publisher."""

KEEP_ANSWERS = timedelta(days=7)


def add_person(*, username: str, name: str, password: str | None) -> Person:
    """Create somebody who can sign in; without a password nobody can until one is set."""
    return Person.objects.create_user(username, name, password)


def appoint(person: Person, *, unit: Organisation, title: str, first_on: date) -> Post:
    """Give somebody a post in a unit."""
    return Post.objects.create(person=person, organisation=unit, title=title, first_on=first_on)


@ledger.recorded
def give_role(
    person: Person,
    role: Role,
    *,
    unit: Organisation | None,
    first_on: date,
    by: Actor,
    at: datetime,
    last_on: date | None = None,
    basis: str = "",
) -> RoleHolding:
    """Let somebody hold a role, in one unit or (``unit=None``) in the whole centre."""
    in_order(first_on, last_on)
    refuse_incompatible(person, role, first_on=first_on, last_on=last_on)
    holding = RoleHolding.objects.create(
        person=person,
        role=role.value,
        organisation=unit,
        first_on=first_on,
        last_on=last_on,
        basis=basis,
    )
    ledger.record(
        RoleGiven(
            subject=person.ref,
            role=role.value,
            unit=unit.code if unit else "",
            first_on=first_on.isoformat(),
            last_on=last_on.isoformat() if last_on else "",
        ),
        by=by.ref,
        at=at,
    )
    return holding


def refuse_incompatible(
    person: Person,
    role: Role,
    *,
    first_on: date,
    last_on: date | None,
    besides: RoleHolding | Delegation | None = None,
) -> None:
    """Refuse a role that somebody may not hold, or stand in for, beside those of these days.

    ``besides`` is what is being changed itself.
    """
    days = Q(last_on__isnull=True) | Q(last_on__gte=first_on)
    if last_on is not None:
        days &= Q(first_on__lte=last_on)
    own = RoleHolding.objects.filter(days, person=person)
    lent = Delegation.objects.filter(days, deputy=person)
    if besides is not None:
        own, lent = own.exclude(pk=besides.pk), lent.exclude(pk=besides.pk)
    held = {Role(r) for r in own.values_list("role", flat=True)}
    held |= {Role(r) for r in lent.values_list("holding__role", flat=True)}
    for pair in INCOMPATIBLE:
        if role in pair and pair - {role} <= held:
            (other,) = pair - {role}
            raise Refusal(
                "accounts.incompatible_roles",
                "%(name)s已是%(other)s，不能同时是%(role)s。",
                name=person.name,
                other=other,
                role=role,
            )


def in_order(first_on: date, last_on: date | None) -> None:
    """Refuse an end before its beginning."""
    if last_on is not None and last_on < first_on:
        raise NotValid("accounts.dates_reversed", "结束日期不能早于开始日期。", field="last_on")


@ledger.recorded
def end_role(holding: RoleHolding, *, last_on: date, by: Actor, at: datetime) -> None:
    """Let a role end after that day."""
    in_order(holding.first_on, last_on)
    RoleHolding.objects.filter(pk=holding.pk).update(last_on=last_on)
    ledger.record(
        RoleEnded(
            subject=holding.person.ref,
            role=holding.role,
            unit=holding.organisation.code if holding.organisation else "",
            last_on=last_on.isoformat(),
        ),
        by=by.ref,
        at=at,
    )


@ledger.recorded
def delegate(
    holding: RoleHolding,
    *,
    to: Person,
    first_on: date,
    last_on: date,
    basis: str,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Lend a role to a deputy for some days (委托); the paper will name whom they stand in for."""
    if to.pk == holding.person_id:
        raise NotValid("accounts.delegate_to_self", "不能委托给本人。", field="to")
    in_order(first_on, last_on)
    if not basis.strip():
        raise NotValid("accounts.basis_missing", "请写明委托依据。", field="basis")
    refuse_incompatible(to, Role(holding.role), first_on=first_on, last_on=last_on)
    delegation = Delegation.objects.create(
        holding=holding, deputy=to, first_on=first_on, last_on=last_on, basis=basis
    )
    ledger.record(
        RoleDelegated(
            subject=holding.person.ref,
            role=holding.role,
            deputy=to.ref,
            first_on=first_on.isoformat(),
            last_on=last_on.isoformat(),
        ),
        by=by.ref,
        at=at,
    )
    return delegation


@ledger.recorded
def end_delegation(delegation: Delegation, *, last_on: date, by: Actor, at: datetime) -> None:
    """Let a deputy stand in no longer than that day; a delegation is shortened, never prolonged."""
    in_order(delegation.first_on, last_on)
    row = Delegation.objects.select_related("holding__person").get(pk=delegation.pk)
    if last_on > row.last_on:
        raise NotValid(
            "accounts.delegation_prolonged",
            "委托到%(last_on)s为止。要延长请另办一次委托。",
            field="last_on",
            last_on=row.last_on,
        )
    Delegation.objects.filter(pk=row.pk).update(last_on=last_on)
    ledger.record(
        DelegationEnded(
            subject=row.holding.person.ref,
            role=row.holding.role,
            deputy=row.deputy.ref,
            last_on=last_on.isoformat(),
        ),
        by=by.ref,
        at=at,
    )


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


# --- Requests answered before -------------------------------------------------------------------

T = TypeVar("T")


def _body_digest(body: bytes) -> str:
    """Return a keyed digest: who knows a name must not be able to try identity numbers by it."""
    return crypto.mac(digest(body), purpose="answered_request.body").hex()


def answer_once(
    answer: Callable[[T], str],
    *,
    prepare: Callable[[], T],
    actor: Actor,
    key: str,
    body: bytes,
    at: datetime,
) -> str:
    """Return what ``answer`` returns, and the same again when the request comes again (幂等).

    The answer is kept in the transaction that did the work: a request that arrives twice, even
    at once, is done once. A key used for another body is refused. ``prepare`` is called before
    the transaction, for a new request only: what was answered stays answered.
    """
    if (earlier := _earlier(actor, key, body)) is not None:
        return earlier
    prepared = prepare()
    try:
        return _answer(lambda: answer(prepared), actor.ref, key, _body_digest(body), at)
    except IntegrityError:
        if (earlier := _earlier(actor, key, body)) is not None:
            return earlier
        raise


@ledger.recorded
def _answer(answer: Callable[[], str], actor: str, key: str, body_digest: str, at: datetime) -> str:
    text = answer()
    AnsweredRequest.objects.bulk_create(
        [
            AnsweredRequest(
                actor=actor, key=key, body_digest=body_digest, answer=text, answered_at=at
            )
        ]
    )
    return text


def _earlier(actor: Actor, key: str, body: bytes) -> str | None:
    if not 1 <= len(key) <= 80 or not key.isascii() or not key.isprintable():
        raise NotValid(
            "request.bad_key",
            "Idempotency-Key 应是 1 到 80 个可打印的英文字符。",
            field="Idempotency-Key",
        )
    row = AnsweredRequest.objects.filter(actor=actor.ref, key=key).first()
    if row is None:
        return None
    if row.body_digest != _body_digest(body):
        raise NotValid(
            "request.key_reused",
            "这个 Idempotency-Key 已用于另一个请求。请换一个。",
            field="Idempotency-Key",
        )
    return str(row.answer)


def forget_answers(*, at: datetime) -> int:
    """Drop answers older than seven days; return how many."""
    old = AnsweredRequest.objects.filter(answered_at__lt=at - KEEP_ANSWERS)
    return old.delete()[0]


# --- Attempts -----------------------------------------------------------------------------------


def _kept_key(key: str) -> str:
    """Return what is kept of a key: case numbers and addresses of people are in it."""
    return crypto.mac(key, purpose="attempt").hex()


def count_attempt(key: str, *, limit: int, window: timedelta, at: datetime) -> None:
    """Note an attempt, or refuse it when there were ``limit`` already within the window.

    It is counted before it is tried, so that many at once are no way around; ``forgive_attempt``
    takes back the one that succeeded.
    """
    key = _kept_key(key)
    with transaction.atomic():
        AttemptWindow.objects.bulk_create(
            [AttemptWindow(key=key, started_at=at, count=0)], ignore_conflicts=True
        )
        row = AttemptWindow.objects.select_for_update().get(key=key)
        if row.started_at + window <= at:
            AttemptWindow.objects.filter(pk=row.pk).update(started_at=at, count=1)
            return
        if row.count < limit:
            AttemptWindow.objects.filter(pk=row.pk).update(count=F("count") + 1)
            return
    opens_at = row.started_at + window
    raise TooOften(
        "request.too_often",
        "试得太多了，请 %(time)s 以后再试。",
        retry_after=max(int((opens_at - at).total_seconds()), 1),
        time=f"{local(opens_at):%H:%M}",
    )


def forgive_attempt(key: str) -> None:
    """Take back one attempt that succeeded, where others share the key."""
    AttemptWindow.objects.filter(key=_kept_key(key), count__gt=0).update(count=F("count") - 1)


def forget_attempts(key: str) -> None:
    """Start counting anew after a success."""
    AttemptWindow.objects.filter(key=_kept_key(key)).delete()


def forget_old_attempts(*, at: datetime) -> int:
    """Drop what was counted more than a day ago; return how many. No window is longer."""
    return AttemptWindow.objects.filter(started_at__lt=at - timedelta(days=1)).delete()[0]
