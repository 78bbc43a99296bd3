"""How the content of a version is kept in the columns of its row, and read from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from onedoor.catalogue.rules.commitments import Commitment, Extent, Way
from onedoor.catalogue.rules.content import (
    CHILDREN,
    KEPT_TOGETHER,
    Content,
    MaterialContent,
    SpecialProcedure,
)
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import Form, Kind, Necessity, Source, SpecialKind

# Fields whose column has another shape than the field.
_OWN_SHAPE = ("statutory", "promised", "materials", "special_procedures", *KEPT_TOGETHER)


def columns(content: Content) -> dict[str, Any]:
    """Return the content as values of a version's columns; its materials are rows of their own."""
    said: dict[str, Any] = {
        f.name: getattr(content, f.name) for f in fields(Content) if f.name not in _OWN_SHAPE
    }
    for name in ("statutory", "promised"):
        limit: Limit | None = getattr(content, name)
        said[f"{name}_limit"] = limit.count if limit else None
        said[f"{name}_unit"] = limit.unit.value if limit else ""
    return said | {
        "kind": content.kind.value,
        "special_procedures": _stored(content.special_procedures),
        "details": {
            name: _stored(rows) for name in KEPT_TOGETHER if (rows := getattr(content, name))
        },
    }


def from_columns(
    said: Mapping[str, Any], *, materials: tuple[MaterialContent, ...]
) -> dict[str, Any]:
    """Return a content's fields from a version's columns, the inverse of ``columns``."""
    found = {f.name: said[f.name] for f in fields(Content) if f.name not in _OWN_SHAPE}
    for name in ("statutory", "promised"):
        count, unit = said[f"{name}_limit"], said[f"{name}_unit"]
        basis = said["limit_basis"] if name == "statutory" else ""
        found[name] = None if count is None else Limit(count, LimitUnit(unit), basis)
    for name in KEPT_TOGETHER:
        found[name] = tuple(_child(name, row) for row in said["details"].get(name, ()))
    return found | {
        "kind": Kind(found["kind"]),
        "special_procedures": procedures_from(said["special_procedures"]),
        "materials": materials,
    }


def procedures_from(rows: Iterable[Mapping[str, Any]]) -> tuple[SpecialProcedure, ...]:
    """Return the special procedures of a version from their column."""
    return tuple(_child("special_procedures", row) for row in rows)


def commitments_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Commitment, ...]:
    """Return what may be committed to from a version's ``details``."""
    return tuple(_child("commitments", row) for row in rows)


def material_from(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a material's fields from the columns of its row."""
    words = {"necessity": Necessity, "form": Form, "source_kind": Source}
    return {key: words[key](value) if key in words else value for key, value in said.items()}


def _stored(rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _child(name: str, row: Mapping[str, Any]) -> Any:
    words: dict[str, Any] = {"unit": LimitUnit, "extent": Extent, "way": Way}
    if name == "special_procedures":
        words["kind"] = SpecialKind
    return CHILDREN[name](**{k: words[k](v) if k in words else v for k, v in row.items()})
