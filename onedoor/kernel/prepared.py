"""Queries whose SQL is written once.

Writing the SQL of a row of a hundred columns costs Django more than finding the row costs the
database. What every request asks for by one value is therefore written on first use and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import local
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model, QuerySet

from onedoor.kernel.rows import Shape

M = TypeVar("M", bound=Model)


class _Written(NamedTuple):
    """A query as the database gets it, and how its rows become objects."""

    sql: str
    fields: tuple[Field[Any, Any], ...]
    compiler: Any
    shape: Shape[Any]
    converters: dict[int, Any]


class Prepared(Generic[M]):
    """The rows of a query whose fields ``by`` have the values asked for, in their order.

    Reads as ``query().filter(**{by: value})`` would, with all that ``select_related`` brings along;
    the query may have no other value in it.
    """

    def __init__(self, query: Callable[[], QuerySet[M]], *, by: str | tuple[str, ...]) -> None:
        self._query, self._by = query, (by,) if isinstance(by, str) else by
        self._kept = local()

    def first(self, *values: object) -> M | None:
        """Return the first of the rows, if there is one; one statement."""
        return next(self._rows(values), None)

    def all(self, *values: object) -> list[M]:
        """Return all rows; one statement."""
        return list(self._rows(values))

    def _rows(self, values: tuple[object, ...]) -> Iterator[M]:
        # Once a thread: what turns a row into objects belongs to the thread's connection.
        kept: _Written | None = getattr(self._kept, "written", None)
        if kept is None:
            kept = self._kept.written = self._write(values)
        given = [
            field.get_db_prep_value(value, connection, prepared=False)
            for field, value in zip(kept.fields, values, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, given)
            rows = cursor.fetchall()
        if kept.converters:
            rows = kept.compiler.apply_converters(rows, kept.converters)
        for row in rows:
            yield kept.shape.made(row)

    def _write(self, values: tuple[object, ...]) -> _Written:
        query = self._query()
        for name, value in zip(self._by, values, strict=True):
            query = query.filter(**{name: value})
        compiler = query.query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        assert len(params) == len(values), "A prepared query has no values of its own."
        select, info = compiler.select, compiler.klass_info
        return _Written(
            sql,
            tuple(cast("Field[Any, Any]", query.model._meta.get_field(n)) for n in self._by),
            compiler,
            Shape(select, info),
            compiler.get_converters([column[0] for column in select[: compiler.col_count or None]]),
        )
