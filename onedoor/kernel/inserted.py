"""New rows, written by statements whose SQL is written once.

Writing the SQL of an INSERT costs Django about as much as sending it. What every request adds to
the same tables is therefore written on first use and kept, one statement for each number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Field, Model

ROWS = 100
"""So many rows go into one statement; more follow in the next."""


class _Statement(NamedTuple):
    sql: str
    fields: tuple[tuple[str, Callable[..., Any]], ...]


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, in the transaction that runs; nothing comes back from it.

    As ``bulk_create`` does where every key is made here: a row that is there already is an
    ``IntegrityError``. What the database itself computes is not read back.
    """
    for first in range(0, len(rows), ROWS):
        some = rows[first : first + ROWS]
        written = _written(type(some[0]), len(some), connection.vendor)
        values = [
            prepare(getattr(row, name), connection)
            for row in some
            for name, prepare in written.fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=512)
def _written(model: type[Model], count: int, vendor: str) -> _Statement:
    fields: list[Field[Any, Any]] = [
        field for field in model._meta.concrete_fields if not field.generated
    ]
    quote = connection.ops.quote_name
    row = ", ".join(["%s"] * len(fields))
    columns = ", ".join(quote(str(field.column)) for field in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES " + ", ".join(
        [f"({row})"] * count
    )
    return _Statement(sql, tuple((field.attname, field.get_db_prep_save) for field in fields))
