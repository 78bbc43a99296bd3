"""A content as cells of text (单元格), the inverse of reading a row: for forms and for export.

Reading what ``as_cells`` and ``as_lists`` give makes the same content again; a test proves it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from onedoor.catalogue.rules.content import CHILDREN, Content
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel.terms import Term


def as_cells(content: Content) -> dict[str, str]:
    """Return every field that is not a list, as text; what is not stated is empty.

    >>> cells = as_cells(Content(name="甲", item_type="01", visits=0, is_online=False))
    >>> cells["name"], cells["visits"], cells["is_online"], cells["statutory"]
    ('甲', '0', '0', '')
    """
    found: dict[str, str] = {}
    for field in fields(Content):
        if field.name in CHILDREN:
            continue
        value = getattr(content, field.name)
        found[field.name] = text_of(value.count if isinstance(value, Limit) else value)
        if field.name in ("statutory", "promised"):
            found[f"{field.name}_unit"] = value.unit.value if isinstance(value, Limit) else ""
    return found


def as_lists(content: Content) -> dict[str, list[dict[str, str]]]:
    """Return every list as rows of text."""
    return {
        name: [
            {f.name: text_of(getattr(row, f.name)) for f in fields(made_of)}
            for row in getattr(content, name)
        ]
        for name, made_of in CHILDREN.items()
    }


def text_of(value: Any) -> str:
    """Return one value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Term):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
