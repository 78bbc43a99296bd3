"""The county pack as typed data: units, staff, items, phrases, applicants; checked when loaded."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from onedoor.accounts.rules import Role
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.catalogue.rules.limits import Limit, LimitUnit, is_within
from onedoor.kernel.codes import citizen_id, credit_code
from onedoor.kernel.errors import NotValid, Refusal

T = TypeVar("T")

PHRASE_KINDS = ("missing", "defect", "opinion", "grant", "not_accepted", "refused")
# Who receives or reviews does not decide: nobody holds both in one unit.
DUTIES = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)
_USERNAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
# After the unit's credit code: level 4 (county), then province, type, department, item, sub-item.
_ITEM_CODE = re.compile(r"4[0-9]{2}(?P<type>[0-9]{2})[0-9]{8}")


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
    """Return the pack in a file, or the one that comes with the product; refuse what is wrong.

    What an item may say is for the catalogue's import; here is only what concerns the whole pack.
    """
    source = path or resources.files("onedoor") / "packs" / county / "county.toml"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        dated = data["county"]["dated"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, KeyError, TypeError) as error:
        raise NotValid("pack.unreadable", "数据包读不出来：%(why)s。", why=str(error)) from None
    if type(dated) is not date:
        raise _wrong("county", 1, "dated 应是日期")
    pack = CountyPack(
        dated=dated,
        units=_rows(data, "unit", Unit),
        staff=_rows(data, "staff", Staff),
        items=tuple(_table(data, "item")),
        phrases=_rows(data, "phrase", Phrase),
        applicants=_rows(data, "applicant", Applicant),
    )
    _check_units(pack)
    _check_staff(pack)
    _check_items(pack)
    _check_duties(pack)
    _check_phrases(pack)
    _check_applicants(pack)
    return pack


def _table(data: Mapping[str, Any], table: str) -> Sequence[Mapping[str, Any]]:
    rows = data.get(table)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(table, 1, "没有这张表，或不是一条一条写的")
    return rows


def _rows(data: Mapping[str, Any], table: str, kind: type[T]) -> tuple[T, ...]:
    columns = fields(kind)  # type: ignore[arg-type]  # a dataclass
    hints = get_type_hints(kind)
    needed = {f.name for f in columns if f.default is MISSING}
    found = []
    for number, row in enumerate(_table(data, table), start=1):
        if not needed <= row.keys() <= hints.keys():
            wrong = "、".join(sorted((needed - row.keys()) | (row.keys() - hints.keys())))
            raise _wrong(table, number, f"字段多了或少了：{wrong}")
        for name, value in row.items():
            if not _is_of(hints[name], value):
                raise _wrong(table, number, f"{name} 的值写法不对")
        found.append(kind(**row))
    return tuple(found)


def _is_of(hint: object, value: object) -> bool:
    if hint in (str, int):
        return type(value) is hint
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _wrong(table: str, number: int, why: str) -> NotValid:
    return NotValid(
        "pack.wrong_row",
        "数据包 [[%(table)s]] 第 %(number)s 条有误：%(why)s。",
        table=table,
        number=number,
        why=why,
    )


def _check_units(pack: CountyPack) -> None:
    _unique("unit", [u.code for u in pack.units])
    _unique("unit", [u.short_name for u in pack.units])
    _unique("unit", [str(u.sequence) for u in pack.units])
    for number, unit in enumerate(pack.units, start=1):
        _parsed("unit", number, credit_code.parse, unit.code)


def _check_staff(pack: CountyPack) -> None:
    units, roles = {u.short_name for u in pack.units}, {r.value for r in Role}
    _unique("staff", [s.username for s in pack.staff])
    for number, s in enumerate(pack.staff, start=1):
        if not _USERNAME.fullmatch(s.username):
            raise _wrong("staff", number, f"用户名 {s.username} 只能用小写字母、数字和短横")
        if s.unit not in units:
            raise _wrong("staff", number, f"没有单位 {s.unit}")
        if unknown := {*s.centre_roles, *s.unit_roles} - roles:
            raise _wrong("staff", number, f"没有角色 {'、'.join(sorted(unknown))}")
        held = {*s.centre_roles, *s.unit_roles}
        if Role.DECIDER in held and held & {Role.ACCEPTOR, Role.REVIEWER}:
            raise _wrong("staff", number, "受理或审查的人不能同时是决定岗")


def _check_items(pack: CountyPack) -> None:
    units = {u.short_name: u for u in pack.units}
    _unique("item", [str(i.get("code")) for i in pack.items])
    for number, item in enumerate(pack.items, start=1):
        unit, code = units.get(str(item.get("unit"))), str(item.get("code"))
        if unit is None:
            raise _wrong("item", number, f"没有单位 {item.get('unit')}")
        tail = _ITEM_CODE.fullmatch(code.removeprefix(unit.code))
        if not code.startswith(unit.code) or not tail or tail["type"] != item.get("item_type"):
            raise _wrong("item", number, f"编码 {code} 应是单位代码、4、基本编码，类型一致")
        promised, statutory = _limit(item, "promised"), _limit(item, "statutory")
        if promised is None:
            raise _wrong("item", number, "没有写承诺时限，或单位不认识")
        if statutory and not is_within(promised, statutory):
            raise _wrong("item", number, "承诺时限比法定时限长，或单位不同不能比")


def _limit(item: Mapping[str, Any], name: str) -> Limit | None:
    count, unit = item.get(f"{name}_limit"), item.get(f"{name}_unit")
    known = type(count) is int and count >= 0 and unit in {u.value for u in LimitUnit}
    return Limit(int(count or 0), LimitUnit(str(unit))) if known else None


def _check_duties(pack: CountyPack) -> None:
    """Refuse a pack in which an item's unit has nobody to accept, review, decide or head it."""
    held = {(s.unit, role) for s in pack.staff for role in s.unit_roles}
    for number, item in enumerate(pack.items, start=1):
        if vacant := [r.zh for r in DUTIES if (item["unit"], r.value) not in held]:
            raise _wrong("item", number, f"{item['unit']}没有人担任{'、'.join(vacant)}")


def _check_phrases(pack: CountyPack) -> None:
    _unique("phrase", [p.code for p in pack.phrases])
    for number, phrase in enumerate(pack.phrases, start=1):
        if phrase.kind not in PHRASE_KINDS:
            raise _wrong("phrase", number, f"没有用语种类 {phrase.kind}")


def _check_applicants(pack: CountyPack) -> None:
    kinds = {k.value for k in ApplicantKind}
    _unique("applicant", [a.id_number for a in pack.applicants])
    for number, a in enumerate(pack.applicants, start=1):
        if a.kind not in kinds:
            raise _wrong("applicant", number, f"没有申请人类型 {a.kind}")
        match a.id_type:
            case IdType.CITIZEN_ID:
                _parsed("applicant", number, citizen_id.parse, a.id_number, on=pack.dated)
            case IdType.CREDIT_CODE:
                _parsed("applicant", number, credit_code.parse, a.id_number)
            case _:
                raise _wrong("applicant", number, f"没有证件类型 {a.id_type}")


def _unique(table: str, values: Sequence[str]) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            raise _wrong(table, number, f"{value} 重复")


def _parsed(
    table: str, number: int, parse: Callable[..., object], written: str, **facts: date
) -> None:
    try:
        parse(written, **facts)
    except Refusal as refusal:
        raise _wrong(table, number, str(refusal).rstrip("。")) from None
