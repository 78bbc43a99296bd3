"""Rows made into objects, and objects that become rows, without a walk over every field.

Django sets an object's values one by one and then sends signals nobody here listens to. Of a page
of fifty cases, each with what it is read with, that was most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


class Shape(Generic[M]):
    """How a row of a compiled query becomes an object, with the related ones read along."""

    def __init__(self, select: Any, info: dict[str, Any]) -> None:
        self.model: type[M] = info["model"]
        self.begin, self.end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in select[self.begin : self.end]]
        self.key = self.begin + self.names.index(self.model._meta.pk.attname)
        self.beside = [
            (Shape[Model](select, each), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ]

    def made(self, row: Any) -> M:
        """Return the object of a row. What the query left out is read when it is asked for."""
        made = self.model.__new__(self.model)
        made.__dict__.update(zip(self.names, row[self.begin : self.end], strict=True))
        made._state = ModelState()
        made._state.adding, made._state.db = False, connection.alias
        for shape, set_here, set_there in self.beside:
            other = None if row[shape.key] is None else shape.made(row)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made


def read(query: QuerySet[M]) -> list[M]:
    """Return the objects of a query that annotates nothing; nothing is fetched beforehand."""
    compiler = query.query.get_compiler(connection.alias)
    rows = compiler.results_iter(compiler.execute_sql(chunked_fetch=False))
    assert not compiler.annotation_col_map
    shape: Shape[M] = Shape(compiler.select, compiler.klass_info)
    return [shape.made(row) for row in rows]


def new(model: type[M], **values: Any) -> M:
    """Return a row that is not written yet, as ``model(**values)`` would, at a third of the cost.

    The defaults are worked out beforehand; signals, and what a model's own ``__init__`` would do,
    are left out: no model here has any.
    """
    made = model.__new__(model)
    made._state = ModelState()
    plain, asked = _defaults(model)
    columns = made.__dict__
    columns.update(plain)
    for name, default in asked:
        if name not in values:
            columns[name] = default()
    for name, value in values.items():
        if name in plain:
            columns[name] = value
        else:
            setattr(made, name, value)
    return made


def altered(row: M, changes: Mapping[str, Any]) -> M:
    """Return a row as these changes would make it; the row itself stays as it was read."""
    after = copy(row)
    for name, value in changes.items():
        setattr(after, name, value)
    return after


@lru_cache(maxsize=64)
def _defaults(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    plain, asked = {}, []
    for field in model._meta.concrete_fields:
        if callable(field.default):
            asked.append((field.attname, field.get_default))
        else:
            plain[field.attname] = field.get_default()
    return plain, asked
