"""Passwords, and the ways back in: a first password, a lock-out lifted, an authenticator lost."""

from __future__ import annotations

import secrets
from datetime import datetime

from axes.utils import reset
from django.db import IntegrityError, transaction

from onedoor.accounts.events import (
    AuthenticatorForgotten,
    LockLifted,
    PasswordChanged,
    PasswordGiven,
)
from onedoor.accounts.models import Authenticator, Person
from onedoor.accounts.rules import Actor, Role
from onedoor.accounts.services.posts import add_person, give_role
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger


@ledger.recorded
def add_administrator(
    *, username: str, name: str, role: Role, by: Actor, at: datetime
) -> tuple[Person, str]:
    """Create one of the three administrators; return who it is, and the first password.

    How an installation begins: everybody else is added and entitled by them, in the back office.
    """
    _refuse_unless_administrator(by)
    try:
        with transaction.atomic():
            person = add_person(username=username, name=name, password=None)
    except IntegrityError:
        raise NotValid(
            "accounts.username_taken",
            "用户名 %(username)s 已经有人用了。",
            field="username",
            username=username,
        ) from None
    given = give_password(person, by=by, at=at)
    give_role(person, role, unit=None, first_on=clock.day_of(at), by=by, at=at, basis="安装时授权")
    return person, given


@ledger.recorded
def give_password(person: Person, *, by: Actor, at: datetime, password: str = "") -> str:
    """Give somebody a first password, which opens nothing but the page where they choose their own.

    It is made up unless given. A lock-out ends with it: whoever lost a password is often locked.
    """
    _refuse_unless_administrator(by)
    if not person.has_usable_password() and person.tokens.filter(revoked_at=None).exists():
        raise Refusal(
            "accounts.password_for_program",
            "“%(name)s”是程序用的账号，有接口令牌，不设密码。要给人用，请先撤销它的令牌。",
            name=person.name,
        )
    password = password or secrets.token_urlsafe(12)
    person.set_password(password)
    person.has_given_password = True
    person.save(update_fields=["password", "has_given_password"])
    reset(username=person.username)
    ledger.record(PasswordGiven(subject=person.ref), by=by.ref, at=at)
    return password


@ledger.recorded
def change_password(person: Person, *, password: str, at: datetime) -> None:
    """Take the password somebody chose for themselves; their other sessions end."""
    person.set_password(password)
    person.has_given_password = False
    person.save(update_fields=["password", "has_given_password"])
    ledger.record(PasswordChanged(subject=person.ref), by=person.ref, at=at)


@ledger.recorded
def lift_lock(person: Person, *, by: Actor, at: datetime) -> None:
    """Let somebody sign in again at once, whoever typed the wrong passwords."""
    _refuse_unless_administrator(by)
    if reset(username=person.username):
        ledger.record(LockLifted(subject=person.ref), by=by.ref, at=at)


@ledger.recorded
def forget_authenticator(person: Person, *, by: Actor, at: datetime) -> None:
    """Let an administrator who lost the authenticator set up another at the next sign-in.

    Only by whoever runs the machine: a colleague who may give passwords must not open this too.
    """
    if not by.holds(Role.SYSTEM):
        raise _not_allowed(Role.SYSTEM)
    if Authenticator.objects.filter(user=person).delete()[0]:
        ledger.record(AuthenticatorForgotten(subject=person.ref), by=by.ref, at=at)


def _refuse_unless_administrator(by: Actor) -> None:
    if not (by.holds(Role.ADMIN) or by.holds(Role.SYSTEM)):
        raise _not_allowed(Role.ADMIN)


def _not_allowed(role: Role) -> NotAllowed:
    return NotAllowed("accounts.passwords_not_allowed", "这一步由%(role)s办。", role=role)
