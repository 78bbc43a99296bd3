"""What may be asked about accounts."""

from __future__ import annotations

from uuid import UUID

from onedoor.citizens.models import Citizen
from onedoor.kernel import crypto


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
