"""Change the keys of an installation: a new one encrypts, then everything is moved to it.

Killed half-way, both may simply be done again: a row tells which key encrypted it, and until
the index is whole the program does not start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import BinaryField, F, Func, Model, Value

from onedoor.kernel import crypto
from onedoor.kernel.errors import Refusal
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField
from onedoor.ledger import installation, leases
from onedoor.ledger import services as ledger
from onedoor.ledger.events import KeysMoved, KeysRotated
from onedoor.ledger.models import Installation

BATCH = 500
Progress = Callable[[str, int, int], None]


def rotate(*, by: str, at: datetime) -> int:
    """Add a key that encrypts from now on, and return its version; the old ones still read."""
    installation.check_key(installation.current())
    version = crypto.add_key()
    _note(KeysRotated, version, by=by, at=at)
    return version


def reindex(
    *,
    by: str,
    at: datetime,
    progress: Progress,
    stores: Mapping[str, Callable[[Progress], int]],
) -> dict[str, int]:
    """Encrypt every row with the active key and make its index again; return rows by model.

    ``stores`` keep something encrypted outside the database, and move it when they are called.
    Refused while a worker runs: what is written meanwhile would be found by neither key.
    """
    current = installation.current()
    installation.check_key_of(current.key_fingerprint, current.key_version)
    if leases.is_held("worker", at=at):
        raise Refusal("key.in_use", "后台还在运行。请先停掉网页和后台，再换密钥。")
    version = crypto.begin_reindexing()
    done = {
        model._meta.label: _move(model, encrypted, indexes, version, progress)
        for model, encrypted, indexes in _models()
    } | {name: move(progress) for name, move in stores.items()}
    crypto.finish_reindexing()
    _note(KeysMoved, version, by=by, at=at)
    return done


@ledger.recorded
def _note(
    event: type[KeysRotated] | type[KeysMoved], version: int, *, by: str, at: datetime
) -> None:
    Installation.objects.update(key_version=version)
    installation.forget()
    subject = f"installation:{installation.current().pk}"
    ledger.record(event(subject=subject, version=version), by=by, at=at)


def _models() -> Iterator[tuple[type[Model], list[EncryptedTextField], list[EqualityIndexField]]]:
    """Yield every model that keeps something encrypted."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        encrypted = [f for f in fields if isinstance(f, EncryptedTextField)]
        if encrypted:
            yield model, encrypted, [f for f in fields if isinstance(f, EqualityIndexField)]


def _move(
    model: type[Model],
    encrypted: list[EncryptedTextField],
    indexes: list[EqualityIndexField],
    version: int,
    progress: Progress,
) -> int:
    rows = model._default_manager.order_by("pk")
    whole, seen, moved, after = rows.count(), 0, 0, None
    names = [f.name for f in encrypted]
    purposes = {f.name: f.purpose for f in encrypted}
    while batch := _batch(rows if after is None else rows.filter(pk__gt=after), names):
        changed = [row for row in batch if _needs(row, names, indexes, purposes, version)]
        with transaction.atomic():
            model._default_manager.bulk_update(
                changed, [*names, *(f.name for f in indexes)], batch_size=100
            )
        seen, moved, after = seen + len(batch), moved + len(changed), batch[-1].pk
        progress(model._meta.label, seen, whole)
    return moved


def _batch(rows: Any, names: list[str]) -> list[Any]:
    """Return the next rows, each with the first bytes of what it keeps: they name the key."""
    heads = {
        f"head_of_{name}": Func(
            F(name), Value(1), Value(3), function="substr", output_field=BinaryField()
        )
        for name in names
    }
    return list(rows.annotate(**heads)[:BATCH])


def _needs(
    row: Any,
    names: list[str],
    indexes: list[EqualityIndexField],
    purposes: dict[str, str],
    version: int,
) -> bool:
    """Say whether a row has to be written again, and set its index as it should be."""
    heads = (getattr(row, f"head_of_{name}") for name in names)
    old = any(head and crypto.version_of(bytes(head)) != version for head in heads)
    for field in indexes:
        value = getattr(row, field.of)
        made = crypto.index_of(value, purpose=purposes[field.of], version=version) if value else ""
        old = old or getattr(row, field.name) != made
        setattr(row, field.name, made)
    return old
