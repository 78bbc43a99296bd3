"""People, the posts and roles they hold by date, and who stands in for them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from onedoor.accounts.events import (
    DelegationEnded,
    RoleDelegated,
    RoleEnded,
    RoleGiven,
)
from onedoor.accounts.models import (
    Delegation,
    Organisation,
    Person,
    Post,
    RoleHolding,
)
from onedoor.accounts.rules import INCOMPATIBLE, Actor, Role
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger


def add_person(*, username: str, name: str, password: str | None) -> Person:
    """Create somebody who can sign in; without a password nobody can until one is set."""
    return Person.objects.create_user(username, name, password)


def appoint(
    person: Person,
    *,
    unit: Organisation,
    title: str,
    first_on: date,
    window: str = "",
    card_number: str = "",
) -> Post:
    """Give somebody a post in a unit: at which window, with which service card."""
    return Post.objects.create(
        person=person,
        organisation=unit,
        title=title,
        window=window,
        card_number=card_number,
        first_on=first_on,
    )


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
    _not_oneself(person, by=by)
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


def _not_oneself(person: Person, *, by: Actor) -> None:
    """Refuse a role to whoever gives it: nobody decides alone what they themselves may do."""
    if by.person_id == person.pk and not by.holds(Role.SYSTEM):
        raise NotAllowed(
            "accounts.own_role",
            "不能给自己授权。请由另一位%(role)s来办。",
            role=Role.SECURITY_ADMIN,
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
    _not_oneself(to, by=by)
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
