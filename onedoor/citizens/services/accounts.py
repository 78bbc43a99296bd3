"""Opening an account, finding it again, making it somebody's, closing it.

Basis: 个人信息保护法 13, 14 (consent, freely and knowingly), 47 (deletion).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.rules import APPLICANT
from onedoor.citizens import queries
from onedoor.citizens.events import AccountClosed, AccountOpened, AccountVerified
from onedoor.citizens.identity import Identity
from onedoor.citizens.models import Citizen
from onedoor.citizens.rules import CONSENT, Assurance
from onedoor.citizens.services.mail_codes import forget_mail_codes
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger


def enter_by_phone(number: str, *, at: datetime) -> Citizen:
    """Return the account of this number, opened if there is none. Its code was checked before."""
    found = queries.of_phone(number)
    if found is not None:
        return found
    fresh = _fresh(Assurance.PHONE, at=at)
    fresh.phone, fresh.phone_index = number, queries.phone_index(number)
    return _opened(fresh, at=at) or _sure(queries.of_phone(number))


def enter_by_identity(
    who: Identity, *, service: str, signed_in: Citizen | None, at: datetime
) -> Citizen:
    """Return the account of this person, opened if there is none.

    Whoever is signed in by telephone makes that account theirs, or a part of the one they have.
    """
    found = queries.of_identity(who.id_type, who.id_number)
    by_phone = signed_in if signed_in is not None and not signed_in.is_verified else None
    if by_phone is not None:
        return _verify(by_phone, who, into=found, service=service, at=at)
    if found is not None:
        _refresh(found, who)
        return found
    fresh = _fresh(Assurance.IDENTITY, at=at)
    _fill(fresh, who)
    return _opened(fresh, at=at) or _sure(queries.of_identity(who.id_type, who.id_number))


def close(citizen: Citizen, *, at: datetime) -> None:
    """Close an account at its owner's wish: who they are is deleted, with all that joined it."""
    _close(citizen, at=at)


def _fresh(known_by: Assurance, *, at: datetime) -> Citizen:
    empty = dict.fromkeys(("name", "id_number", "phone", "email"), "")
    return Citizen(assurance=known_by.value, consent=CONSENT, opened_at=at, **empty)


def _sure(found: Citizen | None) -> Citizen:
    assert found is not None  # somebody else opened it at the same moment
    return found


def _opened(fresh: Citizen, *, at: datetime) -> Citizen | None:
    """Return a new account, or nothing where another request was first."""
    try:
        return _open(fresh, at=at)
    except IntegrityError:
        return None


@ledger.recorded
def _open(fresh: Citizen, *, at: datetime) -> Citizen:
    with transaction.atomic():
        fresh.save(force_insert=True)
    event = AccountOpened(subject=fresh.subject, assurance=fresh.assurance, consent=fresh.consent)
    ledger.record(event, by=APPLICANT.ref, at=at)
    return fresh


@ledger.recorded
def _verify(
    account: Citizen, who: Identity, *, into: Citizen | None, service: str, at: datetime
) -> Citizen:
    mine = Citizen.objects.filter(pk=account.pk, closed_at__isnull=True, id_index="")
    if into is None:
        account.assurance = Assurance.IDENTITY.value
        _fill(account, who)
        changed = mine.update(
            assurance=account.assurance,
            name=account.name,
            id_type=account.id_type,
            id_number=account.id_number,
            id_index=account.id_index,
        )
    else:
        _take_mail_over(account, into)
        changed = mine.update(joined_to=into, closed_at=at, phone="", phone_index="", email="")
    if not changed:
        raise Refusal("citizen.changed", "您的账户刚刚变了。请重新登录。")
    event = AccountVerified(
        subject=account.subject, service=service, into=into.subject if into else ""
    )
    ledger.record(event, by=APPLICANT.ref, at=at)
    return into or account


@ledger.recorded
def _close(citizen: Citizen, *, at: datetime) -> None:
    blank = dict.fromkeys(("name", "id_number", "id_index", "phone", "phone_index", "email"), "")
    forget_mail_codes(citizen)
    mine = Citizen.objects.filter(pk=citizen.pk, closed_at__isnull=True)
    if not mine.update(closed_at=at, **blank):
        return
    ledger.record(AccountClosed(subject=citizen.subject), by=APPLICANT.ref, at=at)


def _take_mail_over(account: Citizen, into: Citizen) -> None:
    """Let the account that stays be told where the other one was, unless it says where itself."""
    if account.email and not into.email:
        into.email = account.email
        Citizen.objects.filter(pk=into.pk).update(email=account.email)


def _refresh(account: Citizen, who: Identity) -> None:
    """Take over a name or a telephone that changed at the service."""
    phone = who.phone or str(account.phone)
    if (account.name, account.phone) != (who.name, phone):
        account.name, account.phone = who.name, phone
        account.phone_index = queries.phone_index(phone)
        Citizen.objects.filter(pk=account.pk).update(
            name=who.name, phone=phone, phone_index=account.phone_index
        )


def _fill(account: Citizen, who: Identity) -> None:
    account.name, account.id_type, account.id_number = who.name, who.id_type, who.id_number
    account.id_index = queries.identity_index(who.id_number)
    if not account.phone and who.phone:
        account.phone, account.phone_index = who.phone, queries.phone_index(who.phone)
