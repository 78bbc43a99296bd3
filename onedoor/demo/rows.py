"""Tables of a pack's files as typed rows; what is wrong is refused by table, row and reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_origin, get_type_hints

from onedoor.kernel.errors import NotValid

T = TypeVar("T")
Table = Mapping[str, Any]


def read(file: Traversable) -> Table:
    """Return what a file says, or refuse."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        why = f"{file.name}：{error}"
        raise NotValid("pack.unreadable", "数据包读不出来：%(why)s。", why=why) from None


def wrong(table: str, number: int, why: str) -> NotValid:
    return NotValid(
        "pack.wrong_row",
        "数据包 [[%(table)s]] 第 %(number)s 条有误：%(why)s。",
        table=table,
        number=number,
        why=why,
    )


def table(data: Table, name: str) -> Sequence[Table]:
    """Return a table's rows; a table that is not there, or is none, is refused."""
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise wrong(name, 1, "没有这张表，或不是一条一条写的")
    return rows


def keys(
    name: str, number: int, row: Table, *, needed: Iterable[str], known: Iterable[str]
) -> None:
    """Refuse a row that lacks a field, or has one nobody reads."""
    lacking, strange = set(needed) - row.keys(), row.keys() - set(known)
    if odd := lacking | strange:
        raise wrong(name, number, f"字段多了或少了：{'、'.join(sorted(odd))}")


def typed(name: str, rows: Sequence[Table], kind: type[T]) -> tuple[T, ...]:
    """Return the rows as what they are; every field must be known, present and of its type."""
    columns = fields(kind)  # type: ignore[arg-type]  # a dataclass
    hints = get_type_hints(kind)
    needed = {f.name for f in columns if f.default is MISSING and f.default_factory is MISSING}
    found = []
    for number, row in enumerate(rows, start=1):
        keys(name, number, row, needed=needed, known=hints)
        for field, value in row.items():
            if not _is_of(hints[field], value):
                raise wrong(name, number, f"{field} 的值写法不对")
        found.append(kind(**row))
    return tuple(found)


def _is_of(hint: Any, value: object) -> bool:
    if hint in (str, int, bool):
        return type(value) is hint
    if get_origin(hint) is Mapping:
        return isinstance(value, dict) and all(type(each) is int for each in value.values())
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
