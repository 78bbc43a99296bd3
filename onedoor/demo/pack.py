"""The county pack as typed data: units, staff, items, phrases, applicants; checked when loaded."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from onedoor.accounts.rules import Role
from onedoor.kernel.codes import citizen_id, credit_code
from onedoor.kernel.errors import NotValid, Refusal

T = TypeVar("T")


@dataclass(frozen=True)
class Unit:
    sequence: int
    code: str
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True)
class Staff:
    username: str
    name: str
    unit: str
    title: str
    unit_roles: Sequence[str]
    centre_roles: Sequence[str]


@dataclass(frozen=True)
class Phrase:
    code: str
    kind: str
    text: str
    basis: str


@dataclass(frozen=True)
class Applicant:
    kind: str
    name: str
    id_type: str
    id_number: str
    phone: str
    address: str
    contact_name: str = ""


@dataclass(frozen=True)
class CountyPack:
    """One county's demo: who and what there is; items stay as rows for the catalogue's import."""

    dated: date
    units: tuple[Unit, ...]
    staff: tuple[Staff, ...]
    items: tuple[Mapping[str, Any], ...]
    phrases: tuple[Phrase, ...]
    applicants: tuple[Applicant, ...]

    def first_with(self, role: str) -> Staff:
        """Return the first of the staff who holds the role anywhere."""
        return next(s for s in self.staff if role in (*s.centre_roles, *s.unit_roles))

    def items_as_json(self) -> bytes:
        """Return the items as the catalogue imports them."""
        return json.dumps({"items": self.items}, ensure_ascii=False).encode()


def load(path: Path | None = None, *, county: str = "532502") -> CountyPack:
    """Return the pack in a file, or the one that comes with the product; refuse what is wrong."""
    source = path or resources.files("onedoor") / "packs" / county / "county.toml"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        dated = data["county"]["dated"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise NotValid("pack.unreadable", "数据包读不出来：%(why)s。", why=str(error)) from None
    pack = CountyPack(
        dated=dated,
        units=_rows(data, "unit", Unit),
        staff=_rows(data, "staff", Staff),
        items=tuple(data.get("item", ())),
        phrases=_rows(data, "phrase", Phrase),
        applicants=_rows(data, "applicant", Applicant),
    )
    _check(pack)
    return pack


def _rows(data: Mapping[str, Any], table: str, kind: type[T]) -> tuple[T, ...]:
    columns = fields(kind)  # type: ignore[arg-type]  # a dataclass
    names = {f.name for f in columns}
    needed = {f.name for f in columns if f.default is MISSING}
    found = []
    for number, row in enumerate(data.get(table, ()), start=1):
        if not needed <= row.keys() <= names:
            wrong = "、".join(sorted((needed - row.keys()) | (row.keys() - names)))
            raise _wrong(table, number, f"字段多了或少了：{wrong}")
        found.append(kind(**row))
    return tuple(found)


def _wrong(table: str, number: int, why: str) -> NotValid:
    return NotValid(
        "pack.wrong_row",
        "数据包 [[%(table)s]] 第 %(number)s 条有误：%(why)s。",
        table=table,
        number=number,
        why=why,
    )


def _check(pack: CountyPack) -> None:
    units = {u.short_name for u in pack.units}
    roles = {r.value for r in Role}
    _unique("unit", [u.code for u in pack.units])
    _unique("unit", [u.short_name for u in pack.units])
    _unique("unit", [str(u.sequence) for u in pack.units])
    _unique("staff", [s.username for s in pack.staff])
    _unique("item", [str(i.get("code")) for i in pack.items])
    _unique("phrase", [p.code for p in pack.phrases])
    for number, unit in enumerate(pack.units, start=1):
        _parsed("unit", number, lambda code=unit.code: credit_code.parse(code))
    for number, s in enumerate(pack.staff, start=1):
        if s.unit not in units:
            raise _wrong("staff", number, f"没有单位 {s.unit}")
        if unknown := {*s.centre_roles, *s.unit_roles} - roles:
            raise _wrong("staff", number, f"没有角色 {'、'.join(sorted(unknown))}")
    for number, item in enumerate(pack.items, start=1):
        if item.get("unit") not in units:
            raise _wrong("item", number, f"没有单位 {item.get('unit')}")
    for number, a in enumerate(pack.applicants, start=1):
        if a.id_type == "111":
            _parsed("applicant", number, lambda a=a: citizen_id.parse(a.id_number, on=pack.dated))
        elif a.id_type == "001":
            _parsed("applicant", number, lambda a=a: credit_code.parse(a.id_number))


def _unique(table: str, values: Sequence[str]) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            raise _wrong(table, number, f"{value} 重复")


def _parsed(table: str, number: int, parse: Any) -> None:
    try:
        parse()
    except Refusal as refusal:
        raise _wrong(table, number, str(refusal)) from None
