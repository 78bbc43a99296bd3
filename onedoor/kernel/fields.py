"""Model fields of our own: an encrypted text, and the key every own table has."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

import uuid_utils
from django.db import models

from onedoor.kernel import crypto


def new_id() -> uuid.UUID:
    """Return a UUIDv7 made here: retries and offline devices need no database for a key."""
    return uuid.UUID(int=uuid_utils.uuid7().int)


def new_short() -> str:
    """Return a code for a short address, on paper and in QR codes: 50 random bits, ten letters."""
    number = secrets.randbits(50)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(45, -1, -5))


_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # generic only in stubs
    """Text that is encrypted at rest under a key of its own (see ``kernel.crypto``)."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = crypto.encrypt(value, purpose=self.purpose)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        # Empty bytes are what was erased: no key is needed to say so.
        return crypto.decrypt(bytes(value), purpose=self.purpose) if len(value) else ""

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else ""

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value


class EqualityIndexField(models.CharField):  # type: ignore[type-arg]  # generic only in stubs
    """The keyed index by which an encrypted field of the same row is found (等值索引).

    The service fills it with ``crypto.index_of``; ``onedoor keys reindex`` makes it again.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}


def changed_columns(before: models.Model, after: models.Model) -> dict[str, Any]:
    """Return the columns in which a row differs from what it was, as an UPDATE takes them."""
    return {
        f.attname: getattr(after, f.attname)
        for f in after._meta.concrete_fields
        if getattr(after, f.attname) != getattr(before, f.attname)
    }
