"""Rows written by statements whose SQL is written once.

Writing the SQL of an INSERT or UPDATE costs Django about as much as sending it. What every request
writes to the same tables is therefore worded on first use and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from onedoor.kernel.fields import changed_columns

ROWS = 100
"""So many rows go into one statement; more follow in the next."""

WIDE = 40
"""From so many columns on, a statement says itself what is empty: psycopg reads a statement of
more than 50 values anew each time, and most of a new case is empty."""


class _Column(NamedTuple):
    name: str
    plain: type[Any]
    """Whose values the database takes as they are; ``NoneType`` where only None is."""
    prepared: Callable[..., Any]
    words: dict[object, str]
    """Values that stand in the statement itself; the keys are never what a person wrote."""

    def sent(self, value: Any, database: BaseDatabaseWrapper) -> Any:
        return value if value.__class__ is self.plain else self.prepared(value, database)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements inside on, without waiting for the answer to each: PostgreSQL then works
    while the next is worded, and BEGIN goes along with the first.

    An error comes up at the end at the latest, as Django's own. What is read inside is waited for;
    how many rows a plain UPDATE or DELETE of Django's touched is not known here: ``update`` is.
    """
    database = connections[connection.alias]
    if database.vendor != "postgresql":
        yield
        return
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, in the transaction that runs; nothing comes back from it.

    As ``bulk_create`` does where every key is made here: a row that is there already is an
    ``IntegrityError``. What the database itself computes is not read back.
    """
    database = connections[connection.alias]
    for first in range(0, len(rows), ROWS):
        sql, values = _inserting(rows[first : first + ROWS], database)
        with database.cursor() as cursor:
            cursor.execute(sql, values)
    for row in rows:
        row._state.adding, row._state.db = False, database.alias


def _inserting(rows: Sequence[Model], database: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    model = type(rows[0])
    columns = _columns(model)
    said = [(column, getattr(row, column.name)) for row in rows for column in columns]
    if len(columns) < WIDE:
        values = [column.sent(value, database) for column, value in said]
        return _insert(model, ("%s",) * len(said), database.vendor), values
    words = tuple(column.words.get(value, "%s") if column.words else "%s" for column, value in said)
    values = [
        column.sent(value, database)
        for (column, value), word in zip(said, words, strict=True)
        if word == "%s"
    ]
    return _insert(model, words, database.vendor), values


def update(before: Model, after: Model) -> bool:
    """Write what differs between two states of one row, and say whether it was written: not when
    its version is no longer the first one's.

    A conditional UPDATE instead of a lock: of two who change a row at once, the second is refused.
    """
    database = connections[connection.alias]
    changed = changed_columns(before, after)
    fields = {field.attname: field for field in after._meta.concrete_fields}
    wanted = [after._meta.pk, fields["version"]]
    values = [fields[name].get_db_prep_save(value, database) for name, value in changed.items()]
    values += [f.get_db_prep_save(f.value_from_object(before), database) for f in wanted if f]
    with database.cursor() as cursor:
        cursor.execute(_update(type(after), tuple(changed), database.vendor), values)
        return cursor.fetchone() is not None


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> tuple[_Column, ...]:
    return tuple(
        _Column(field.attname, _plain(field), field.get_db_prep_save, _words(field))
        for field in model._meta.concrete_fields
        if not field.generated
    )


def _plain(field: Field[Any, Any]) -> type[Any]:
    """Return the type whose values Django hands on unchanged, after asking each at length how."""
    if type(field).get_db_prep_value is not Field.get_db_prep_value:
        return type(None)
    kinds = {models.CharField: str, models.TextField: str, models.BooleanField: bool}
    return next((kind for base, kind in kinds.items() if isinstance(field, base)), type(None))


def _words(field: Field[Any, Any]) -> dict[object, str]:
    """Return how a field's commonest values stand in a statement; none where they are changed on
    the way to the database, as those of an encrypted field are."""
    if isinstance(field, models.JSONField | models.BinaryField):
        return {}
    words: dict[object, str] = {None: "NULL"}
    if isinstance(field, models.CharField | models.TextField):
        words[""] = "''"
    elif isinstance(field, models.BooleanField):
        words |= {False: "FALSE", True: "TRUE"}
    elif isinstance(field, models.IntegerField):
        words[0] = "0"
    return words


@lru_cache(maxsize=512)
def _insert(model: type[Model], words: tuple[str, ...], vendor: str) -> str:
    quote = connection.ops.quote_name
    columns = [quote(str(f.column)) for f in model._meta.concrete_fields if not f.generated]
    wide = len(columns)
    rows = [f"({', '.join(words[n : n + wide])})" for n in range(0, len(words), wide)]
    into = f"{quote(model._meta.db_table)} ({', '.join(columns)})"
    return f"INSERT INTO {into} VALUES {', '.join(rows)}"


@lru_cache(maxsize=512)
def _update(model: type[Model], names: tuple[str, ...], vendor: str) -> str:
    quote = connection.ops.quote_name
    columns = {f.attname: quote(str(f.column)) for f in model._meta.concrete_fields}
    key = next(f.attname for f in model._meta.concrete_fields if f.primary_key)
    sets = ", ".join(f"{columns[name]} = %s" for name in names)
    unmoved = f"{columns[key]} = %s AND {columns['version']} = %s"
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {unmoved} RETURNING 1"
