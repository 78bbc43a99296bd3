"""Who somebody is, on a given day."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from onedoor.accounts.models import Delegation, Organisation, Person, Post, RoleHolding, Token
from onedoor.accounts.rules import Actor, Holding, Role, Scope, TokenState, token_state
from onedoor.kernel.errors import NotAllowed, NotFound, NotSignedIn


def _valid(on: date) -> Q:
    return Q(first_on__lte=on) & (Q(last_on__isnull=True) | Q(last_on__gte=on))


def actor_for(person: Person, *, on: date, scopes: frozenset[Scope] | None = None) -> Actor:
    """Return the person with the roles held that day, their own and those lent; two statements."""
    own = RoleHolding.objects.filter(_valid(on), person=person)
    holdings = [Holding(Role(h.role), h.organisation_id) for h in own]
    lent = Delegation.objects.filter(_valid(on), deputy=person).select_related("holding__person")
    holdings += [
        Holding(Role(d.holding.role), d.holding.organisation_id, d.holding.person.ref)
        for d in lent
        if d.holding.first_on <= on and (d.holding.last_on is None or on <= d.holding.last_on)
    ]
    return Actor(
        ref=person.ref,
        name=person.name,
        person_id=person.pk,
        holdings=tuple(holdings),
        scopes=frozenset(Scope) if scopes is None else scopes,
    )


def person_named(username: str) -> Person:
    """Return who signs in with this user name, or refuse."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotFound("accounts.no_such_person", "没有用户 %(username)s。", username=username)
    return person


def actor_named(username: str, *, on: date) -> Actor:
    """Return the actor with this user name, or refuse."""
    return actor_for(person_named(username), on=on)


KEPT_SECONDS = 0.0 if settings.TESTING else 2.0
"""For so long a program's token and roles are not asked for again: a revocation takes this long."""

_kept: dict[tuple[str, str, date], tuple[float, Actor]] = {}


def actor_with_token(secret: str, *, at: datetime, on: date) -> Actor:
    """Return whom a bearer token speaks for, or refuse; three statements, none within seconds."""
    digest = sha256(secret.encode()).hexdigest()
    key = (str(connection.settings_dict["NAME"]), digest, on)
    kept = _kept.get(key)
    if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    actor = _actor_of_token(digest, at, on)
    if len(_kept) > 1000:
        _kept.clear()
    _kept[key] = (time.monotonic(), actor)
    return actor


def forget() -> None:
    """Drop what this process keeps of programs and windows."""
    _kept.clear()
    _windows.clear()


def _actor_of_token(digest: str, at: datetime, on: date) -> Actor:
    token = Token.objects.select_related("person").filter(digest=digest).first()
    if (
        token is None
        or token_state(token.expires_at, token.revoked_at, at=at) is not TokenState.VALID
        or not token.person.is_active
    ):
        raise NotSignedIn("accounts.bad_token", "令牌无效或已过期。请向系统管理员重新申请。")
    scopes = frozenset(Scope(s) for s in token.scopes)
    return actor_for(token.person, on=on, scopes=scopes)


def tokens(of: Person | None = None) -> QuerySet[Token]:
    """Return the tokens issued, by account and name; of one account alone."""
    found = Token.objects.select_related("person").order_by("person__username", "name")
    return found if of is None else found.filter(person=of)


def token_with(code: str) -> Token:
    """Return the token that a list names by this code, or refuse."""
    try:
        return Token.objects.select_related("person").get(pk=UUID(code))
    except (ValueError, Token.DoesNotExist):
        raise NotFound(
            "accounts.no_such_token", "没有编号为 %(code)s 的令牌。", code=code
        ) from None


def require_scope(actor: Actor, scope: Scope) -> None:
    """Refuse a program whose token was not given for this."""
    if scope not in actor.scopes:
        raise NotAllowed("accounts.scope", "这个令牌没有“%(scope)s”的权限。", scope=scope)


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Return people's names by their ref (``person:…``); the system and the clock have none."""
    ids = set()
    for ref in refs:
        with suppress(ValueError):
            ids.add(UUID(ref.removeprefix("person:")))
    if not ids:
        return {}
    return {p.ref: p.name for p in Person.objects.filter(pk__in=ids).only("id", "name")}


def units_of(refs: Iterable[str]) -> dict[str, str]:
    """Return, by their ref, the unit each of these people works in, or last worked in."""
    ids = set()
    for ref in refs:
        with suppress(ValueError):
            ids.add(UUID(ref.removeprefix("person:")))
    posts = Post.objects.filter(person__in=ids).order_by("first_on")
    return {
        f"person:{person}": name
        for person, name in posts.values_list("person", "organisation__name")
    }


WINDOW_SECONDS = 2.0
"""For so long a process remembers at which window somebody sits."""

_windows: dict[tuple[str, UUID | None, date], tuple[float, str]] = {}


def window_of(person: UUID | None, *, on: date) -> str:
    """Return where somebody works: the window of their post, else the unit it is in."""
    key = (str(connection.settings_dict["NAME"]), person, on)
    kept = _windows.get(key)
    if kept is not None and time.monotonic() - kept[0] < WINDOW_SECONDS:
        return kept[1]
    posts = Post.objects.filter(_valid(on), person=person).select_related("organisation")
    post = posts.order_by("-first_on").first()
    found = "" if post is None else post.window or post.organisation.name
    if len(_windows) > 1000:
        _windows.clear()
    _windows[key] = (time.monotonic(), found)
    return found


def unit_at(person: UUID | None, *, on: date) -> Organisation | None:
    """Return the unit of somebody's post on that day; nothing for whoever holds none."""
    posts = Post.objects.filter(_valid(on), person=person).select_related("organisation")
    post = posts.order_by("-first_on").first()
    return post.organisation if post else None


def card_of(person: Person, *, on: date) -> str:
    """Return the number of the service card (工作证号) of somebody's post, if it is registered."""
    posts = Post.objects.filter(_valid(on), person=person).exclude(card_number="")
    return posts.order_by("-first_on").values_list("card_number", flat=True).first() or ""


def unit_named(name: str) -> Organisation | None:
    return Organisation.objects.filter(Q(name=name) | Q(short_name=name)).first()


def holders_of(role: Role, *, unit: UUID, on: date) -> list[Person]:
    """Return who holds a role for a unit on that day, by name; those who stand in among them."""
    held = Q(role=role.value) & (Q(organisation=unit) | Q(organisation__isnull=True))
    own = RoleHolding.objects.filter(_valid(on), held).values("person")
    lent = Delegation.objects.filter(
        _valid(on), holding__in=RoleHolding.objects.filter(_valid(on), held)
    ).values("deputy")
    people = Person.objects.filter(Q(pk__in=own) | Q(pk__in=lent), is_active=True)
    return list(people.order_by("name", "username"))


def keepers(*, on: date) -> QuerySet[Person]:
    """Return who may be given a seal to keep on that day, by name."""
    held = RoleHolding.objects.filter(_valid(on), role=Role.KEEPER.value).values("person")
    return Person.objects.filter(pk__in=held, is_active=True).order_by("name", "username")


def keepers_ever() -> QuerySet[Person]:
    """Return whoever may keep a seal or once might, by name: those a register may name."""
    held = RoleHolding.objects.filter(role=Role.KEEPER.value).values("person")
    return Person.objects.filter(pk__in=held).order_by("name", "username")
