"""What must hold in a whole pack before anything is built from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from onedoor.accounts.rules import Role
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.catalogue.rules.limits import Limit, LimitUnit, is_within
from onedoor.demo.pack import CountyPack
from onedoor.demo.rows import wrong
from onedoor.kernel.codes import citizen_id, credit_code
from onedoor.kernel.errors import Refusal

PHRASE_KINDS = ("missing", "defect", "opinion", "grant", "not_accepted", "refused")
# Who receives or reviews does not decide: nobody holds both in one unit.
DUTIES = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)
_USERNAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
# After the unit's credit code: level 4 (county), then province, type, department, item, sub-item.
_ITEM_CODE = re.compile(r"4[0-9]{2}(?P<type>[0-9]{2})[0-9]{8}")


def check(pack: CountyPack) -> None:
    """Refuse a pack whose tables do not fit each other, naming table and row."""
    _check_divisions(pack)
    _check_units(pack)
    _check_staff(pack)
    _check_items(pack)
    _check_duties(pack)
    _check_phrases(pack)
    _check_applicants(pack)
    _check_packages(pack)


def _check_divisions(pack: CountyPack) -> None:
    _unique("division", [d.code for d in pack.divisions])
    known = {d.code for d in pack.divisions}
    for number, division in enumerate(pack.divisions, start=1):
        if division.parent and division.parent not in known:
            raise wrong("division", number, f"没有上级区划 {division.parent}")


def _check_units(pack: CountyPack) -> None:
    _unique("unit", [u.code for u in pack.units])
    _unique("unit", [u.short_name for u in pack.units])
    _unique("unit", [str(u.sequence) for u in pack.units])
    _unique("unit", [u.key for u in pack.units])
    for number, unit in enumerate(pack.units, start=1):
        _parsed("unit", number, credit_code.parse, unit.code)


def _check_staff(pack: CountyPack) -> None:
    roles = {r.value for r in Role}
    _unique("staff", [s.username for s in pack.staff])
    for number, s in enumerate(pack.staff, start=1):
        if not _USERNAME.fullmatch(s.username):
            raise wrong("staff", number, f"用户名 {s.username} 只能用小写字母、数字和短横")
        if unknown := {*s.centre_roles, *s.unit_roles} - roles:
            raise wrong("staff", number, f"没有角色 {'、'.join(sorted(unknown))}")
        held = {*s.centre_roles, *s.unit_roles}
        if Role.DECIDER in held and held & {Role.ACCEPTOR, Role.REVIEWER}:
            raise wrong("staff", number, "受理或审查的人不能同时是决定岗")


def _check_items(pack: CountyPack) -> None:
    codes = {u.short_name: u.code for u in pack.units}
    _unique("item", [str(i["code"]) for i in pack.items])
    for number, item in enumerate(pack.items, start=1):
        code = str(item["code"])
        tail = _ITEM_CODE.fullmatch(code.removeprefix(codes[str(item["unit"])]))
        if not tail or tail["type"] != item["item_type"]:
            raise wrong("item", number, f"编码 {code} 应是单位代码、4、基本编码")
        promised, statutory = _limit(item, "promised"), _limit(item, "statutory")
        if promised is None:
            raise wrong("item", number, f"{item['name']}没有写承诺时限，或单位不认识")
        if statutory and not is_within(promised, statutory):
            raise wrong("item", number, f"{item['name']}的承诺时限比法定时限长，或单位不同不能比")


def _limit(item: Mapping[str, Any], name: str) -> Limit | None:
    count, unit = item[f"{name}_limit"], item[f"{name}_unit"]
    known = type(count) is int and count >= 0 and unit in {u.value for u in LimitUnit}
    return Limit(int(count or 0), LimitUnit(str(unit))) if known else None


def _check_duties(pack: CountyPack) -> None:
    """Refuse a pack in which an item's unit has nobody to accept, review, decide or head it."""
    held = {(s.unit, role) for s in pack.staff for role in s.unit_roles}
    for number, item in enumerate(pack.items, start=1):
        if vacant := [r.zh for r in DUTIES if (item["unit"], r.value) not in held]:
            raise wrong("item", number, f"{item['unit']}没有人担任{'、'.join(vacant)}")


def _check_phrases(pack: CountyPack) -> None:
    _unique("phrase", [p.code for p in pack.phrases])
    for number, phrase in enumerate(pack.phrases, start=1):
        if phrase.kind not in PHRASE_KINDS:
            raise wrong("phrase", number, f"没有用语种类 {phrase.kind}")


def _check_applicants(pack: CountyPack) -> None:
    kinds = {k.value for k in ApplicantKind}
    _unique("applicant", [a.id_number for a in pack.applicants])
    for number, a in enumerate(pack.applicants, start=1):
        if a.kind not in kinds:
            raise wrong("applicant", number, f"没有申请人类型 {a.kind}")
        match a.id_type:
            case IdType.CITIZEN_ID:
                _parsed("applicant", number, citizen_id.parse, a.id_number, on=pack.dated)
            case IdType.CREDIT_CODE:
                _parsed("applicant", number, credit_code.parse, a.id_number)
            case _:
                raise wrong("applicant", number, f"没有证件类型 {a.id_type}")


def _check_packages(pack: CountyPack) -> None:
    """Refuse a joint package of items that the pack does not have, or has twice under one name."""
    _unique("package", [p.code for p in pack.packages])
    units = {u.short_name for u in pack.units}
    counts = Counter(str(item["name"]) for item in pack.items)
    for number, p in enumerate(pack.packages, start=1):
        if p.unit not in units:
            raise wrong("package", number, f"没有单位 {p.unit}")
        if odd := [name for name in {*p.members, *p.after} if counts[name] != 1]:
            raise wrong("package", number, f"没有事项，或同名的不止一个：{'、'.join(sorted(odd))}")
        if odd := [name for name, place in p.after.items() if not 1 <= place <= len(p.members)]:
            raise wrong("package", number, f"{'、'.join(sorted(odd))}要等的那一项不在表里")


def _unique(table: str, values: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, value in enumerate(values, start=1):
        if value in seen:
            raise wrong(table, number, f"{value} 重复")
        seen.add(value)


def _parsed(
    table: str, number: int, parse: Callable[..., object], written: str, **facts: date
) -> None:
    try:
        parse(written, **facts)
    except Refusal as refusal:
        raise wrong(table, number, str(refusal).rstrip("。")) from None
