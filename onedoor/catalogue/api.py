"""Items for programs: the list of what is applied for, and one item with its materials."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Scope
from onedoor.catalogue import queries
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.queries import MaterialFacts, VersionFacts
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import Form, ItemState, Kind, Necessity
from onedoor.kernel.errors import NotValid, Refusal

router = Router(tags=["items"])
PAGE = 50


class UnitOut(Schema):
    code: str
    name: str


class LimitOut(Schema):
    count: int
    unit: LimitUnit


class ItemLineOut(Schema):
    code: str
    name: str
    state: ItemState
    version: int
    unit: UnitOut
    item_type: str
    kind: Kind
    statutory: LimitOut | None
    promised: LimitOut | None
    fee_fen: int


class ItemsOut(Schema):
    items: list[ItemLineOut]
    next: str | None


class ItemMaterialOut(Schema):
    order: int
    name: str
    necessity: Necessity
    form: Form
    originals: int
    copies: int
    source: str
    basis: str
    standard: str


class ItemOut(ItemLineOut):
    main_item: str
    deemed_acceptance: bool
    instant_authorised: bool
    legal_basis: str
    limit_basis: str
    conditions: str
    place: str
    hours: str
    phone: str
    complaint_phone: str
    fee_basis: str
    visits: int | None
    is_online: bool | None
    result_name: str
    effective_at: datetime | None
    materials: list[ItemMaterialOut]


@router.get("", response=ItemsOut, operation_id="list_items", summary="事项目录")
def list_items(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> ItemsOut:
    """List published items by code, fifty at a time; ``unit`` is the code of a unit."""
    _require_read(request)
    found = queries.published(q, unit).order_by("item__code")
    if cursor:
        found = found.filter(item__code__gt=_read_cursor(cursor))
    page = list(found[: PAGE + 1])
    is_last = len(page) <= PAGE
    return ItemsOut(
        items=[_line(version) for version in page[:PAGE]],
        next=None if is_last else _cursor(page[PAGE - 1].item.code),
    )


@router.get("/{path:code}", response=ItemOut, operation_id="read_item", summary="读一个事项")
def read_item(request: HttpRequest, code: str) -> ItemOut:
    """Read an item as it is in force, with its materials."""
    _require_read(request)
    item = queries.item_named(code)
    facts = queries.facts_of(item)
    if facts is None:
        raise Refusal("catalogue.not_published", "事项 %(item)s 还没有发布。", item=code)
    return _item(facts, ItemState(item.state))


def _require_read(request: HttpRequest) -> None:
    require_scope(request.actor, Scope.READ)  # type: ignore[attr-defined]  # set by the API's door


def _line(version: ItemVersion) -> ItemLineOut:
    return ItemLineOut(
        code=version.item.code,
        name=version.name,
        state=ItemState(version.item.state),
        version=version.number,
        unit=UnitOut(code=version.unit.code, name=version.unit.name),
        item_type=version.item_type,
        kind=Kind(version.kind),
        statutory=_limit(version.statutory),
        promised=_limit(version.promised),
        fee_fen=version.fee_fen,
    )


def _item(facts: VersionFacts, state: ItemState) -> ItemOut:
    return ItemOut(
        code=facts.code,
        name=facts.name,
        state=state,
        version=facts.number,
        unit=UnitOut(code=facts.unit_code, name=facts.unit_name),
        item_type=facts.item_type,
        kind=Kind(facts.kind),
        statutory=_limit(facts.statutory),
        promised=_limit(facts.promised),
        fee_fen=facts.fee_fen,
        main_item=facts.main_item,
        deemed_acceptance=facts.deemed_acceptance,
        instant_authorised=facts.instant_authorised,
        legal_basis=facts.legal_basis,
        limit_basis=facts.limit_basis,
        conditions=facts.conditions,
        place=facts.place,
        hours=facts.hours,
        phone=facts.phone,
        complaint_phone=facts.complaint_phone,
        fee_basis=facts.fee_basis,
        visits=facts.visits,
        is_online=facts.is_online,
        result_name=facts.result_name,
        effective_at=facts.effective_at,
        materials=[_material(m) for m in facts.materials],
    )


def _material(material: MaterialFacts) -> ItemMaterialOut:
    return ItemMaterialOut(
        order=material.order,
        name=material.name,
        necessity=Necessity(material.necessity),
        form=Form(material.form),
        originals=material.originals,
        copies=material.copies,
        source=material.source,
        basis=material.basis,
        standard=material.standard,
    )


def _limit(limit: Limit | None) -> LimitOut | None:
    return LimitOut(count=limit.count, unit=limit.unit) if limit else None


def _cursor(code: str) -> str:
    return base64.urlsafe_b64encode(code.encode()).decode()


def _read_cursor(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor).decode()
    except ValueError:
        raise NotValid(
            "page.bad_cursor", "翻页标记不对，请从第一页重新读。", field="cursor"
        ) from None
