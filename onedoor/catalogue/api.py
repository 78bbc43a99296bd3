"""Items for programs: the list of what is applied for, and one item with its materials."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from ninja import Query, Router, Schema

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Scope
from onedoor.accounts.web import Request
from onedoor.catalogue import queries
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.commitments import Extent, Way
from onedoor.catalogue.rules.content import CHILDREN
from onedoor.catalogue.rules.life_events import By
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import Form, ItemState, Kind, Necessity, Source, SpecialKind
from onedoor.catalogue.search import find
from onedoor.catalogue.services import note_miss
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid, Refusal

router = Router(tags=["items"])
PAGE = 50


class UnitOut(Schema):
    code: str
    name: str
    english_name: str = ""


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
    similar: bool = False
    nearest: list[ItemLineOut] = []


class ItemMaterialOut(Schema):
    order: int
    name: str
    necessity: Necessity
    form: Form
    originals: int
    copies: int
    source_kind: Source
    source: str
    basis: str
    standard: str
    fill_note: str
    form_file: str
    sample_file: str


class StepOut(Schema):
    name: str
    who: str
    days: int | None
    unit: LimitUnit
    standard: str
    result: str


class FeeOut(Schema):
    name: str
    amount_fen: int | None
    standard: str
    basis: str
    is_waivable: bool
    waiver_basis: str


class ResultOut(Schema):
    name: str
    kind: str
    note: str
    validity: str
    sample_file: str


class QuestionOut(Schema):
    question: str
    answer: str


class IntermediaryOut(Schema):
    name: str
    basis: str
    payer: str
    result: str


class SpecialProcedureOut(Schema):
    kind: SpecialKind
    days: int
    unit: LimitUnit
    basis: str


class SituationOut(Schema):
    """One question of the guide (情形引导)."""

    question: str
    why: str
    answers: str
    """One a line: the answer｜papers then not needed；…｜the number of the next question."""


class ExtraOut(Schema):
    """A field of the county's own (地方字段)."""

    name: str
    value: str


class CommitmentOut(Schema):
    matter: str
    extent: Extent
    replaces: str
    basis: str
    conditions: str
    content: str
    liability: str
    way: Way
    days: int | None
    unit: LimitUnit
    is_open_to_broken: bool


class ItemOut(ItemLineOut):
    """An item as it is in force; national codes (``use_level`` …) are those of the exchange."""

    parent_code: str
    english_name: str
    main_item: str
    basic_code: str
    deemed_acceptance: bool
    instant_authorised: bool
    legal_basis: str
    limit_basis: str
    conditions: str
    use_level: str
    unit_kind: str
    power_source: str
    serves: str
    flow: str
    channels: str
    place: str
    hours: str
    phone: str
    complaint_phone: str
    fee_basis: str
    visits: int | None
    visits_reason: str
    is_online: bool | None
    online_url: str
    link_url: str
    mobile_url: str
    is_in_centre: bool | None
    is_bookable: bool | None
    is_posted: bool | None
    result_name: str
    quantity: int | None
    is_tolerant: bool
    tolerance_days: int | None
    is_on_promise: bool
    is_forwarded: bool
    checked_on: date | None
    effective_at: datetime | None
    materials: list[ItemMaterialOut]
    steps: list[StepOut]
    fees: list[FeeOut]
    results: list[ResultOut]
    questions: list[QuestionOut]
    intermediaries: list[IntermediaryOut]
    special_procedures: list[SpecialProcedureOut]
    commitments: list[CommitmentOut]
    situations: list[SituationOut]
    extras: list[ExtraOut]
    successor: str
    """The code of the item that takes the place of a cancelled one."""


@router.get("", response=ItemsOut, operation_id="list_items", summary="事项目录")
def list_items(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    by: By | None = None,
    key: Annotated[str, Query(max_length=40)] = "",
) -> ItemsOut:
    """List published items by code, fifty at a time; ``unit`` is the code of a unit.

    ``by`` and ``key`` name a place of the public's lists, as ``list_places`` tells them.

    With ``q`` they are searched for instead, and the best come first.
    ``similar`` says that none answers in full; where nothing does, ``nearest`` comes near.
    """
    _require_read(request)
    if q.strip():
        return _search(q, unit, cursor)
    listed = queries.standing(by, key, unit_code=unit) if by else queries.published(unit)
    found = listed.order_by("item__code")
    if cursor:
        found = found.filter(item__code__gt=_read_cursor(cursor))
    page = list(found[: PAGE + 1])
    is_last = len(page) <= PAGE
    return ItemsOut(
        items=[_line(version) for version in page[:PAGE]],
        next=None if is_last else _cursor(page[PAGE - 1].item.code),
    )


@router.get("/{path:code}", response=ItemOut, operation_id="read_item", summary="读一个事项")
def read_item(request: Request, code: str) -> ItemOut:
    """Read an item as it is in force, with its materials."""
    _require_read(request)
    item, now = queries.item_named(code), clock.now()
    facts = queries.facts_of(item, at=now)
    if facts is None:
        raise Refusal("catalogue.not_published", "事项 %(item)s 还没有发布。", item=code)
    state = queries.state_of(item, at=now)
    notice = queries.notice_of(item) if state is ItemState.CANCELLED else None
    successor = notice.successor.code if notice and notice.successor else ""
    return _item(facts, state, successor)


def _require_read(request: Request) -> None:
    require_scope(request.actor, Scope.READ)


def _search(text: str, unit: str, cursor: str) -> ItemsOut:
    """Return fifty answers; the cursor is how many were read before."""
    read = _read_cursor(cursor) if cursor else "0"
    if not (read.isascii() and read.isdigit() and len(read) < 5):
        raise _bad_cursor()
    first = int(read)
    answer = find(text, unit_code=unit)
    if not answer.count and not unit:
        note_miss(answer.question, on=clock.day_of(clock.now()))
    return ItemsOut(
        items=[_line(hit.version) for hit in answer.hits(first, first + PAGE)],
        next=_cursor(str(first + PAGE)) if answer.count > first + PAGE else None,
        similar=answer.is_similar,
        nearest=[_line(hit.version) for hit in answer.nearest_hits()],
    )


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


def _item(facts: VersionFacts, state: ItemState, successor: str) -> ItemOut:
    own = {name: getattr(facts, name) for name in ItemOut.model_fields if hasattr(facts, name)}
    return ItemOut(
        **own
        | {
            "state": state,
            "successor": successor,
            "version": facts.number,
            "unit": UnitOut(
                code=facts.unit_code, name=facts.unit_name, english_name=facts.unit_english
            ),
            "statutory": _limit(facts.statutory),
            "promised": _limit(facts.promised),
            **{name: [asdict(row) for row in getattr(facts, name)] for name in CHILDREN},
        }
    )


def _limit(limit: Limit | None) -> LimitOut | None:
    return LimitOut(count=limit.count, unit=limit.unit) if limit else None


def _cursor(code: str) -> str:
    return base64.urlsafe_b64encode(code.encode()).decode()


def _read_cursor(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor).decode()
    except ValueError:
        raise _bad_cursor() from None


def _bad_cursor() -> NotValid:
    return NotValid("page.bad_cursor", "翻页标记不对，请从第一页重新读。", field="cursor")
