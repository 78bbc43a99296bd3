"""What one set of rules says otherwise than another."""

from __future__ import annotations

from typing import Any, NamedTuple

from onedoor.kernel import money
from onedoor.kernel.terms import Term
from onedoor.market.rules.rulebook import Rulebook


class Change(NamedTuple):
    """What one set of rules says otherwise than another; empty where it has none."""

    what: str
    key: str
    before: str
    after: str


_COMPARED = ("items", "units", "thresholds", "methods", "limits", "weights", "articles")


def diff(old: Rulebook | None, new: Rulebook) -> list[Change]:
    """Return what would change: the head, then table by table in the order of keys."""
    found = []
    for name in ("title", "document", "first_on", "last_on", "procurement_limit"):
        before = _cell(getattr(old, name), name) if old else ""
        after = _cell(getattr(new, name), name)
        if before != after:
            found.append(Change("book", name, before, after))
    for name in _COMPARED:
        had = {row.key: row for row in getattr(old, name)} if old else {}
        has = {row.key: row for row in getattr(new, name)}
        for key in sorted(had.keys() | has.keys()):
            if had.get(key) != has.get(key):
                found.append(Change(name, key, _line(had.get(key)), _line(has.get(key))))
    return found


def _cell(value: object, name: str = "") -> str:
    if name in ("amount", "most", "procurement_limit") and isinstance(value, int):
        return money.yuan(value)
    if isinstance(value, tuple):
        return "、".join(_cell(each) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Term):
        return value.zh
    return "" if value is None else str(value)


def _line(row: Any) -> str:
    if row is None:
        return ""
    told = [_cell(getattr(row, name), name) for name in row._fields]
    return "；".join(each for each in told if each)
