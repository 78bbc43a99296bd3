"""A row of an item list: from cells to a checked ``ItemRow``, or every reason why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from onedoor.catalogue.rules.aliases import read_aliases
from onedoor.catalogue.rules.cells import Cell, Row, half_width
from onedoor.catalogue.rules.code_sets import CodeSets
from onedoor.catalogue.rules.columns import LOCAL, LOCAL_NAMES
from onedoor.catalogue.rules.content import CHILDREN, Content, Extra, flow_of
from onedoor.catalogue.rules.item_children import NAME_LIMIT, read_list
from onedoor.catalogue.rules.item_types import ItemTypes
from onedoor.catalogue.rules.limits import (
    DEEMED_ACCEPTANCE,
    Limit,
    LimitUnit,
    is_within,
    national_limit,
)
from onedoor.catalogue.rules.spellings import KINDS
from onedoor.catalogue.rules.words import Kind, Necessity
from onedoor.kernel.errors import NotValid

CODE_LIMIT, UNIT_NAME_LIMIT, ENGLISH_LIMIT = 64, 200, 300

# A code is part of an address: no space, and no step up.
_CODE = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[^\s/?#%\\]+(?:/[^\s/?#%\\]+)*")
_DIVISION = re.compile(r"\d{6}(?:\d{3})?(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the file states it; ``number`` is the row people see in their table."""

    number: int
    code: str
    parent_code: str
    unit_name: str
    unit_code: str
    division_code: str
    effective_on: date | None
    aliases: tuple[str, ...]
    content: Content
    stated: frozenset[str]
    """The fields the file has a column or a table for; of the others it says nothing."""


class RowFault(NamedTuple):
    """A row that cannot be taken, every reason, and what could be read of it all the same."""

    number: int
    reasons: tuple[NotValid, ...]
    content: Content


def read_row(
    number: int,
    cells: Mapping[str, Cell],
    *,
    names: Mapping[str, str],
    types: ItemTypes,
    sets: CodeSets,
    on: date,
    lists: Mapping[str, object] | None = None,
) -> ItemRow | RowFault:
    """Return the item one row states, or what is wrong with the row.

    Where the row is silent, the law in force ``on`` that day speaks: the limit of a licence, and
    that silence of the office counts as acceptance.

    Basis: 许可法32(四), 42, 82.
    """
    row = Row(cells, names)
    code, parent_code = _codes(row)
    item = ItemRow(
        number=number,
        code=code,
        parent_code=parent_code,
        unit_name=row.required("unit_name", UNIT_NAME_LIMIT),
        unit_code=row.plain("unit_code", CODE_LIMIT),
        division_code=_division(row, "division_code"),
        effective_on=row.day("effective_on"),
        aliases=_aliases(row),
        content=_content(row, types, sets, on=on, lists=lists or {}),
        stated=frozenset(names) | frozenset(lists or ()),
    )
    return RowFault(number, tuple(row.faults), item.content) if row.faults else item


def _aliases(row: Row) -> tuple[str, ...]:
    """Return what people call the item; not a part of what it says."""
    try:
        return read_aliases(row.long_text("aliases"))
    except NotValid as fault:
        row.faults.append(fault)
        return ()


def _codes(row: Row) -> tuple[str, str]:
    """Return the item's own code, and of which it is a handling item (业务办理项), if it is one."""
    code = half_width(row.required("code", CODE_LIMIT))
    handling = row.plain("handling_code", CODE_LIMIT)
    for field, value in (("code", code), ("handling_code", handling)):
        if value and not _CODE.fullmatch(value):
            row.fault(
                "bad_code", "“%(column)s”里有空格或不能用的符号：%(value)s。", field, value=value
            )
    return (handling, code) if handling and handling != code else (code, "")


def _content(
    row: Row, types: ItemTypes, sets: CodeSets, *, on: date, lists: Mapping[str, object]
) -> Content:
    item_type = _item_type(row, types, sets)
    unit = LimitUnit.WD if item_type == "01" else None  # 许可法82: its days are working days
    kind = row.word("kind", KINDS, Kind.PROMISED)
    statutory = row.limit("statutory", "statutory_unit", default=unit)
    promised = row.limit("promised", "promised_unit", default=unit)
    limit_basis = row.long_text("limit_basis")
    if statutory is None and (law := national_limit(item_type, on=on)):
        statutory, limit_basis = replace(law, basis=""), limit_basis or law.basis
    deemed = row.flag("deemed_acceptance")
    if promised is None and kind is Kind.INSTANT:
        promised = Limit(0, LimitUnit.WD)
    if promised and statutory and is_within(promised, statutory) is False:
        row.faults.append(promise_exceeds_law(promised, statutory))
    tolerant, on_promise = row.flag("is_tolerant"), row.flag("is_on_promise")
    children = {name: read_list(row, name, lists.get(name), sets) for name in CHILDREN}
    children["extras"] += _local(row)
    flow = row.long_text("flow")
    fee = _fee(row, sum(one.amount_fen or 0 for one in children["fees"]))
    return Content(
        name=row.required("name", NAME_LIMIT),
        item_type=item_type,
        english_name=_english(row),
        main_item=row.text("main_item", NAME_LIMIT),
        basic_code=row.text("basic_code", CODE_LIMIT),
        local_code=row.text("local_code", CODE_LIMIT),
        local_basic_code=row.text("local_basic_code", CODE_LIMIT),
        legal_basis=row.long_text("legal_basis"),
        conditions=row.long_text("conditions"),
        use_level=row.codes("use_level", sets),
        unit_kind=row.codes("unit_kind", sets),
        entrusted_by=row.text("entrusted_by", 200),
        power_source=row.codes("power_source", sets),
        serves=row.codes("serves", sets),
        kind=kind,
        statutory=statutory,
        limit_basis=limit_basis,
        promised=promised,
        promised_note=row.long_text("promised_note"),
        deemed_acceptance=item_type in DEEMED_ACCEPTANCE if deemed is None else deemed,
        instant_authorised=row.flag("instant_authorised") or False,
        flow="" if flow == flow_of(children["steps"]) else flow,
        channels=row.codes("channels", sets),
        visits=row.count("visits", 99),
        visits_reason=row.long_text("visits_reason"),
        is_online=_flag(row, "is_online", sets),
        online_url=row.text("online_url", 256),
        link_url=row.text("link_url", 256),
        mobile_url=row.text("mobile_url", 500),
        online_depth=row.codes("online_depth", sets),
        area=row.codes("area", sets),
        is_in_centre=_flag(row, "is_in_centre", sets),
        is_bookable=_flag(row, "is_bookable", sets),
        is_posted=_flag(row, "is_posted", sets),
        is_paid_online=_flag(row, "is_paid_online", sets),
        at_terminal=_flag(row, "at_terminal", sets),
        is_single_login=_flag(row, "is_single_login", sets),
        app_is_single_login=_flag(row, "app_is_single_login", sets),
        place=row.long_text("place"),
        hours=row.long_text("hours"),
        phone=row.long_text("phone"),
        complaint_phone=row.long_text("complaint_phone"),
        quantity=row.count("quantity", 999_999_999),
        quantity_note=row.long_text("quantity_note"),
        fee_fen=fee,
        fee_basis=row.long_text("fee_basis"),
        result_kind=row.codes("result_kind", sets),
        result_name=row.text("result_name", NAME_LIMIT),
        other_units=row.long_text("other_units"),
        person_topics=row.text("person_topics", 200),
        company_topics=row.text("company_topics", 200),
        town_code=row.text("town_code", 18),
        village_code=row.text("village_code", 18),
        is_tolerant=any(m.necessity is Necessity.TOLERANT for m in children["materials"])
        if tolerant is None
        else tolerant,
        tolerance_days=row.count("tolerance_days", 365),
        is_on_promise=bool(children["commitments"]) if on_promise is None else on_promise,
        is_forwarded=row.flag("is_forwarded") or False,
        review_office=row.long_text("review_office"),
        lawsuit_office=row.long_text("lawsuit_office"),
        checked_on=row.day("checked_on"),
        **children,
    )


def _local(row: Row) -> tuple[Extra, ...]:
    """Return what the file says in columns of the county's own; an empty cell says nothing."""
    said = [(name, row.text(f"{LOCAL}{name}", NAME_LIMIT)) for name in LOCAL_NAMES]
    return tuple(Extra(name=name, value=value) for name, value in said if value)


def _english(row: Row) -> str:
    """Return the English name; one in Chinese characters is a fault."""
    said = row.text("english_name", ENGLISH_LIMIT)
    if any(letter >= "\u2e80" for letter in said):
        row.fault("english_name", "“%(column)s”里不能有汉字和全角符号。", "english_name")
    return said


def promise_exceeds_law(promised: Limit, statutory: Limit) -> NotValid:
    """Return the refusal of a promise that is longer than the law allows."""
    return NotValid(
        "catalogue.promise_exceeds_law",
        "承诺时限 %(promised)s%(unit)s超过了法定时限 %(statutory)s%(unit)s。",
        field="promised",
        promised=promised.count,
        statutory=statutory.count,
        unit=statutory.unit,
    )


def _flag(row: Row, field: str, sets: CodeSets) -> bool | None:
    """Return a yes or no in the codes of the place the file is from."""
    if isinstance(said := row.cells.get(field), str | int) and not isinstance(said, bool):
        row.cells = {**row.cells, field: sets.translated("flag", half_width(str(said).strip()))}
    return row.flag(field)


def _item_type(row: Row, types: ItemTypes, sets: CodeSets) -> str:
    text = sets.translated("item_type", half_width(row.required("item_type", 100)))
    if not text:
        return ""
    found = types.find(text)
    if found is None:
        row.fault(
            "unknown_type",
            "事项类型“%(value)s”不认识。认识的有：%(known)s。",
            "item_type",
            value=text[:20],
            known=types.listed(only_at_window=True),
        )
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
    text = row.plain(field, 100)
    if text and not _DIVISION.fullmatch(text):
        row.fault(
            "bad_division",
            "区划代码应是 6、9 或 12 位数字，现在是“%(value)s”。",
            field,
            value=text[:20],
        )
    return text[:12]


def _fee(row: Row, listed: int) -> int:
    """Return what is charged in fen: as written, else the sum of the listed charges."""
    charged, amount = row.flag("is_fee"), row.amount("fee")
    if amount is None:
        amount = row.count("fee_fen", 999_999_999)
    if amount is None:
        amount = listed
    if charged and not amount:
        row.fault("fee_missing", "写明了收费，但没有写金额。", "fee")
    if charged is False and amount:
        row.fault("fee_contradicts", "写明了不收费，却又写了金额。", "fee")
    return amount
