"""What may be asked about accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from onedoor.citizens.models import Citizen, Reading
from onedoor.kernel import crypto
from onedoor.messages.models import Message


def open_account(ref: str) -> Citizen | None:
    """Return the account with this id if it is not closed."""
    try:
        return Citizen.objects.filter(pk=UUID(ref), closed_at__isnull=True).first()
    except ValueError:
        return None


def of_identity(id_type: str, id_number: str) -> Citizen | None:
    """Return the open account of whoever has this document."""
    index = identity_index(id_number)
    found = Citizen.objects.filter(id_index=index, closed_at__isnull=True).first()
    return found if found is None or found.id_type == id_type else None


def of_phone(number: str) -> Citizen | None:
    """Return the open account that is known by this number alone."""
    index = phone_index(number)
    return Citizen.objects.filter(phone_index=index, id_index="", closed_at__isnull=True).first()


def identity_index(id_number: str) -> str:
    return crypto.index_of(id_number, purpose="citizen.id_number")


def phone_index(number: str) -> str:
    return crypto.index_of(number, purpose="citizen.phone")


def mails_of(accounts: Collection[UUID], *, id_type: str, id_number: str) -> set[str]:
    """Return the confirmed addresses of some accounts, and of whoever has this document."""
    index = identity_index(id_number) if id_number else ""
    theirs = Q(pk__in=accounts) | Q(joined__in=accounts)
    if index:
        theirs |= Q(id_index=index, id_type=id_type)
    # What is encrypted is never empty to the database.
    found = Citizen.objects.filter(theirs, closed_at__isnull=True)
    return {str(each.email) for each in found if each.email}


def unread(citizen: Citizen, messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return those of the messages that somebody has not read."""
    read = Reading.objects.filter(citizen__in=citizen.ids(), message=OuterRef("pk"))
    return messages.exclude(Exists(read))


def read_by(citizen: Citizen, messages: Iterable[Message]) -> set[UUID]:
    """Return which of the messages somebody has read."""
    read = Reading.objects.filter(citizen__in=citizen.ids(), message__in=list(messages))
    return set(read.values_list("message", flat=True))
