"""A row of an item list: from cells to a checked ``ItemRow``, or every reason why not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import NamedTuple, TypeVar

from onedoor.catalogue.rules.cells import Cell, Row
from onedoor.catalogue.rules.columns import MATERIAL_COLUMNS, normal
from onedoor.catalogue.rules.item_types import ItemTypes
from onedoor.catalogue.rules.limits import (
    DEEMED_ACCEPTANCE,
    Limit,
    LimitUnit,
    is_within,
    national_limit,
)
from onedoor.catalogue.rules.words import Form, Kind, Necessity
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

CODE_LIMIT, NAME_LIMIT, UNIT_NAME_LIMIT = 64, 1000, 200
MATERIALS_LIMIT = 200

T = TypeVar("T", bound=Term)


def _spelled(words: type[T], spellings: str) -> dict[str, T]:
    found = {spelling: word for word in words for spelling in (word.zh, word.value)}
    for group in spellings.split(" · "):
        number, value, *more = group.split()
        found.update(dict.fromkeys((number, *more), words(value)))
    return found


# The numbers are those of the national exchange; words may stand there as well.
_KINDS = _spelled(Kind, "1 instant 即办 · 2 promised")
_NECESSITIES = _spelled(Necessity, "1 required · 2 optional · 3 tolerant")
_FORMS = _spelled(Form, "1 paper · 2 electronic 电子化 · 3 either 纸质/电子 纸质/电子化")
# A code is part of an address: no space, and no step up.
_CODE = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[^\s/?#%\\]+(?:/[^\s/?#%\\]+)*")
_DIVISION = re.compile(r"\d{6}(?:\d{3})?(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material as the file states it."""

    name: str
    necessity: Necessity
    form: Form
    originals: int
    copies: int
    source: str
    basis: str
    standard: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the file states it; ``number`` is the row people see in their table."""

    number: int
    code: str
    name: str
    unit_name: str
    unit_code: str
    division_code: str
    item_type: str
    main_item: str
    basic_code: str
    kind: Kind
    statutory: Limit | None
    limit_basis: str
    promised: Limit | None
    legal_basis: str
    conditions: str
    place: str
    hours: str
    phone: str
    complaint_phone: str
    fee_fen: int
    fee_basis: str
    visits: int | None
    is_online: bool | None
    result_name: str
    instant_authorised: bool
    deemed_acceptance: bool
    materials: tuple[MaterialRow, ...]

    def content_digest(self) -> str:
        """Return the digest of all the row says; the same content in another place is the same."""
        content = asdict(self)
        del content["number"]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return "sha256:" + sha256(text.encode()).hexdigest()


class RowFault(NamedTuple):
    """A row that cannot be taken, and every reason."""

    number: int
    reasons: tuple[NotValid, ...]


def read_row(
    number: int,
    cells: Mapping[str, Cell],
    *,
    names: Mapping[str, str],
    types: ItemTypes,
    on: date,
    materials: object = None,
) -> ItemRow | RowFault:
    """Return the item one row states, or what is wrong with the row.

    Where the row is silent, the law in force ``on`` that day speaks: the limit of a licence, and
    that silence of the office counts as acceptance.

    Basis: 许可法32(四), 42, 82.
    """
    row = Row(cells, names)
    code = row.required("code", CODE_LIMIT)
    if code and not _CODE.fullmatch(code):
        row.fault("bad_code", "“%(column)s”里有空格或不能用的符号：%(value)s。", "code", value=code)
    item_type = _item_type(row, types)
    unit = LimitUnit.WD if item_type == "01" else None  # 许可法82: its days are working days
    kind = row.word("kind", _KINDS, Kind.PROMISED)
    statutory = row.limit("statutory", "statutory_unit", default=unit)
    promised = row.limit("promised", "promised_unit", default=unit)
    limit_basis = row.long_text("limit_basis")
    if statutory is None and (law := national_limit(item_type, on=on)):
        statutory, limit_basis = replace(law, basis=""), limit_basis or law.basis
    deemed = row.flag("deemed_acceptance")
    if promised is None and kind is Kind.INSTANT:
        promised = Limit(0, LimitUnit.WD)
    if promised and statutory and is_within(promised, statutory) is False:
        row.fault(
            "promise_exceeds_law",
            "承诺时限 %(promised)s%(unit)s超过了法定时限 %(statutory)s%(unit)s。",
            "promised",
            promised=promised.count,
            statutory=statutory.count,
            unit=statutory.unit,
        )
    item = ItemRow(
        number=number,
        code=code,
        name=row.required("name", NAME_LIMIT),
        unit_name=row.required("unit_name", UNIT_NAME_LIMIT),
        unit_code=row.text("unit_code", CODE_LIMIT),
        division_code=_division(row, "division_code"),
        item_type=item_type,
        main_item=row.text("main_item", NAME_LIMIT),
        basic_code=row.text("basic_code", CODE_LIMIT),
        kind=kind,
        statutory=statutory,
        limit_basis=limit_basis,
        promised=promised,
        legal_basis=row.long_text("legal_basis"),
        conditions=row.long_text("conditions"),
        place=row.long_text("place"),
        hours=row.long_text("hours"),
        phone=row.long_text("phone"),
        complaint_phone=row.long_text("complaint_phone"),
        fee_fen=_fee(row),
        fee_basis=row.long_text("fee_basis"),
        visits=row.count("visits", 99),
        is_online=row.flag("is_online"),
        result_name=row.text("result_name", NAME_LIMIT),
        instant_authorised=row.flag("instant_authorised") or False,
        deemed_acceptance=item_type in DEEMED_ACCEPTANCE if deemed is None else deemed,
        materials=_materials(row, materials),
    )
    return RowFault(number, tuple(row.faults)) if row.faults else item


def _item_type(row: Row, types: ItemTypes) -> str:
    text = row.required("item_type", 100)
    if not text:
        return ""
    found = types.find(text)
    if found is None:
        row.fault("unknown_type", "事项类型“%(value)s”不认识。", "item_type", value=text[:20])
        return ""
    if not found.at_window:
        row.fault(
            "not_on_request",
            "%(type)s由机关依职权进行，不能在窗口申请，不收进事项目录。",
            "item_type",
            type=found.name,
        )
    return found.code


def _division(row: Row, field: str) -> str:
    text = row.text(field, 100)
    if text and not _DIVISION.fullmatch(text):
        row.fault(
            "bad_division",
            "区划代码应是 6、9 或 12 位数字，现在是“%(value)s”。",
            field,
            value=text[:20],
        )
    return text[:12]


def _fee(row: Row) -> int:
    charged, amount = row.flag("is_fee"), row.amount("fee")
    if amount is None:
        amount = row.count("fee_fen", 999_999_999)
    if charged and not amount:
        row.fault("fee_missing", "写明了收费，但没有写金额。", "fee")
    if charged is False and amount:
        row.fault("fee_contradicts", "写明了不收费，却又写了金额。", "fee")
    return amount or 0


def _materials(row: Row, listed: object) -> tuple[MaterialRow, ...]:
    if listed is None:
        return ()
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        row.fault("materials_shape", "“申请材料”应是一个列表。", "materials")
        return ()
    if len(listed) > MATERIALS_LIMIT:
        row.fault(
            "too_many_materials",
            "申请材料太多：最多 %(limit)s 项。",
            "materials",
            limit=MATERIALS_LIMIT,
        )
        return ()
    materials = [_material(row, position, one) for position, one in enumerate(listed, start=1)]
    return tuple(m for _, m in sorted(materials, key=lambda pair: pair[0]))


def _material(row: Row, position: int, given: object) -> tuple[int, MaterialRow]:
    if not isinstance(given, Mapping):
        row.fault("materials_shape", "“申请材料”应是一个列表。", "materials")
        given = {"name": "?"}
    cells: dict[str, Cell] = {}
    names: dict[str, str] = {}
    for heading, value in given.items():
        field = MATERIAL_COLUMNS.get(normal(str(heading)))
        if field is None:
            row.fault(
                "material_column",
                "第 %(position)s 项材料里的“%(heading)s”不认识。",
                "materials",
                position=position,
                heading=str(heading)[:40],
            )
            continue
        cells[field], names[field] = value, f"{heading}[{position}]"
    inner = Row(cells, {"name": f"name[{position}]", **names})
    originals, copies = inner.count("originals", 999), inner.count("copies", 999)
    material = MaterialRow(
        name=inner.required("name", NAME_LIMIT),
        necessity=inner.word("necessity", _NECESSITIES, Necessity.REQUIRED),
        form=inner.word("form", _FORMS, Form.PAPER),
        originals=(0 if copies else 1) if originals is None else originals,
        copies=copies or 0,
        source=inner.long_text("source"),
        basis=inner.long_text("basis"),
        standard=inner.long_text("standard"),
    )
    order = inner.count("order", 9999)
    row.faults.extend(inner.faults)
    return (position if order is None else order), material
