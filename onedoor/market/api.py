"""The market for programs: the rules of a day, and through which channel one must buy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.market import queries
from onedoor.market import services as market
from onedoor.market.models import Draw
from onedoor.market.rules.drawing import Action, Party, State
from onedoor.market.rules.routing import Purchase
from onedoor.market.rules.words import (
    Channel,
    Exemption,
    Funding,
    ProjectKind,
    ServiceClass,
    UnitKind,
)
from onedoor.market.web import spoken

router = Router(tags=["market"])
MOST = 10**14
Fen = Annotated[int, Field(ge=0, le=MOST)]


class PurchaseIn(In):
    """What is known of a purchase, amounts in fen; what is left out is unknown."""

    on: date | None = None
    purchaser: Annotated[str, Field(max_length=20)] = ""
    kind: UnitKind | None = None
    item: Annotated[str, Field(max_length=20)] = ""
    what: ServiceClass | None = None
    amount_fen: Fen | None = None
    earlier_fen: Fen = 0
    funding: Funding | None = None
    project: ProjectKind | None = None
    exempt: Exemption | None = None
    exempt_by: Annotated[str, Field(max_length=200)] = ""


class StepOut(Schema):
    rule: str
    holds: bool | None


class RouteOut(Schema):
    channel: Channel
    channel_zh: str
    rule: str
    sentence: str
    basis: str
    total_fen: int | None
    missing: list[str]
    steps: list[StepOut]
    pack: str
    inputs_digest: str


class ItemOut(Schema):
    code: str
    name: str
    what: ServiceClass
    must_use_market: bool
    central_list: bool
    basis: str


class UnitOut(Schema):
    code: str
    name: str
    kind: UnitKind
    signed: bool


class RulesOut(Schema):
    number: str
    title: str
    document: str
    first_on: date
    last_on: date
    digest: str
    items: list[ItemOut]
    units: list[UnitOut]


@router.post("/route", response=RouteOut, operation_id="route_purchase", summary="该走哪条渠道")
def route(request: HttpRequest, data: PurchaseIn) -> HttpResponse:
    """Say through which channel a purchase must go; nothing is kept of the question."""
    actor_of(request, Scope.READ)
    on = data.on or clock.day_of(clock.now())
    pack = queries.pack_on(on)
    listed = queries.book_of(pack).unit(data.purchaser, on=on) if pack else None
    purchase = Purchase(
        on=on,
        purchaser=data.purchaser,
        kind=listed.kind if listed else data.kind,
        item=data.item,
        what=data.what,
        amount=data.amount_fen,
        earlier=data.earlier_fen,
        funding=data.funding,
        project=data.project,
        exempt=data.exempt,
        exempt_by=data.exempt_by,
    )
    found = queries.decided(purchase)
    return respond(
        {
            "channel": found.channel.value,
            "channel_zh": found.channel.zh,
            "rule": found.rule,
            "sentence": spoken(found),
            "basis": found.basis,
            "total_fen": found.total,
            "missing": list(found.missing),
            "steps": [{"rule": rule, "holds": holds} for rule, holds in found.steps],
            "pack": found.pack,
            "inputs_digest": found.digest,
        }
    )


@router.get("/rules", response=RulesOut, operation_id="market_rules", summary="中介超市规则")
def rules(request: HttpRequest, on: date | None = None) -> HttpResponse:
    """Return what must be bought through the market on a day, by whom, and who has signed."""
    actor_of(request, Scope.READ)
    pack = queries.pack_on(on or clock.day_of(clock.now()))
    if pack is None:
        raise NotFound("market.no_rules", "这一天没有生效的中介超市规则。")
    book = queries.book_of(pack)
    return respond(
        {
            "number": pack.number,
            "title": pack.title,
            "document": pack.document,
            "first_on": pack.first_on,
            "last_on": pack.last_on,
            "digest": pack.digest,
            "items": [
                {
                    "code": item.code,
                    "name": item.name,
                    "what": item.what.value,
                    "must_use_market": item.is_scope,
                    "central_list": item.is_central,
                    "basis": item.basis,
                }
                for item in book.items
            ],
            "units": [
                {
                    "code": bound.unit.code,
                    "name": bound.unit.name,
                    "kind": bound.unit.kind.value,
                    "signed": bound.signed_at is not None,
                }
                for bound in queries.bound_units(pack)
            ],
        }
    )


# --- Draws ----------------------------------------------------------------------------------------


class DrawOut(Schema):
    number: str
    version: int
    state: State
    title: str
    notice: str
    purchaser: str
    draw_id: str
    freeze_hash: str
    commit_deadline: datetime | None
    open_deadline: datetime | None
    event: str
    winners: list[str]
    alternates: list[str]
    void_reason: str


class DrawList(Schema):
    draws: list[DrawOut]
    more: bool


class MoveIn(In):
    """One step of a draw; each step reads what it asks for."""

    seen: int
    party: Party | None = None
    commit: Annotated[str, Field(max_length=64)] = ""
    sealed: Annotated[str, Field(max_length=100)] = ""
    digits: Annotated[str, Field(max_length=100)] = ""
    witness: Annotated[str, Field(max_length=100)] = ""
    secret: Annotated[str, Field(max_length=128)] = ""
    reason: Annotated[str, Field(max_length=300)] = ""
    entrants: Annotated[str, Field(max_length=2_000_000)] = ""
    commit_deadline: AwareDatetime | None = None
    open_deadline: AwareDatetime | None = None


PAGE = 50


@router.get("/draws", response=DrawList, operation_id="list_draws", summary="抽签")
def draws(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> HttpResponse:
    """List the draws, the latest first, fifty at a time."""
    actor_of(request, Scope.READ)
    first = (page - 1) * PAGE
    found = list(queries.draws()[first : first + PAGE + 1])
    return respond({"draws": [_draw(each) for each in found[:PAGE]], "more": len(found) > PAGE})


@router.get("/draws/{number}", response=DrawOut, operation_id="read_draw", summary="一次抽签")
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """Return what is public of a draw; its record is at ``/market/draws/{number}/record.json``."""
    actor_of(request, Scope.READ)
    found = queries.draw_named(number)
    return respond(_draw(found), version=found.version)


@router.post(
    "/draws/{number}/{action}", response=DrawOut, operation_id="move_draw", summary="办抽签的一步"
)
def move(request: HttpRequest, number: str, action: Action, data: MoveIn) -> HttpResponse:
    """Take one step of a draw; a redraw answers with the new one."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = queries.draw_for(actor, number)
    told = market.Told(**data.model_dump(exclude={"seen"}))
    done = market.move_draw(found, action, told, seen=data.seen, by=actor, at=now)
    return respond(_draw(done), version=done.version)


def _draw(found: Draw) -> dict[str, object]:
    told = queries.state_of(found)
    return {name: told[name] for name in DrawOut.model_fields}
