"""Ratings for programs: the hall's pads send what a citizen pressed, supervision follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from onedoor.accounts.rules import Role, Scope
from onedoor.cases import queries as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In
from onedoor.feedback import queries
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Order, Rating
from onedoor.feedback.rules.lifecycle import Action, State
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed

router = Router(tags=["ratings"])
PAGE = 50


class RatingIn(In):
    token: Annotated[str, Field(max_length=64)]
    level: Level
    channel: Channel
    indicators: Annotated[list[Annotated[str, Field(max_length=3)]], Field(max_length=20)] = []
    text: Annotated[str, Field(max_length=500)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""


class RatingOut(Schema):
    case: str
    level: Level
    national_level: int
    channel: Channel
    national_channel: int
    indicators: list[str]
    rated_at: datetime
    changed_at: datetime | None


class OrderOut(Schema):
    case: str
    unit: str
    level: Level
    state: State
    version: int
    call_by: date
    answer_by: date
    is_late: bool
    actions: list[Action]


class OrderList(Schema):
    orders: list[OrderOut]
    more: bool


class StepIn(In):
    seen: int
    text: Annotated[str, Field(max_length=2000)] = ""
    way: Way | None = None
    level: Level | None = None
    is_complex: bool = False


class UnitFigures(Schema):
    unit: str
    finished: int
    levels: dict[str, int]
    unrated: int
    void: int
    orders: int
    called_in_time: int
    archived: int


class FiguresOut(Schema):
    first: date
    last: date
    units: list[UnitFigures]


def rating_body(rating: Rating) -> dict[str, Any]:
    return {
        "case": rating.number,
        "level": rating.level,
        "national_level": rating.grade.national,
        "channel": rating.channel,
        "national_channel": rating.through.national,
        "indicators": rating.indicators,
        "rated_at": rating.rated_at,
        "changed_at": rating.changed_at,
    }


@router.post("", response={201: RatingOut}, operation_id="rate_case", summary="评价")
def rate(request: HttpRequest, data: RatingIn) -> HttpResponse:
    """Keep what a citizen pressed: the receipt's token shows that it is theirs to say."""
    actor_of(request, Scope.SUBMIT)
    case = cases.tracked(data.token)
    told = feedback.Told(data.level, data.channel, tuple(data.indicators), data.text, data.phone)
    return respond(rating_body(feedback.rate(case, told, at=clock.now())), status=201)


@router.get("/figures", response=FiguresOut, operation_id="rating_figures", summary="评价统计")
def figures(request: HttpRequest, first: date, last: date) -> HttpResponse:
    """Count ratings by unit for cases that ended on these days; silence is a figure of its own."""
    actor_of(request, Scope.READ)
    rows = queries.figures(first=first, last=last)
    told = [
        {
            "unit": row.unit.code,
            "finished": row.finished,
            "levels": {level.value: n for level, n in row.levels.items()},
            "unrated": row.unrated,
            "void": row.void,
            "orders": row.orders,
            "called_in_time": row.called_in_time,
            "archived": row.archived,
        }
        for row in rows
    ]
    return respond({"first": first, "last": last, "units": told})


@router.get("/orders", response=OrderList, operation_id="list_rating_orders", summary="差评工单")
def orders(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> HttpResponse:
    """List the bad ratings that are not over, what is due first, fifty at a time."""
    actor, now = actor_of(request, Scope.READ), clock.now()
    if not actor.holds_any(Role.SUPERVISOR, Role.HEAD):
        raise NotAllowed("feedback.office_only", "差评由督查和单位负责人处理。")
    first = (page - 1) * PAGE
    found = list(queries.open_orders(actor, at=now)[first : first + PAGE + 1])
    shown = found[:PAGE]
    actions = queries.actions_of(shown, actor)
    body = [_order(*each) for each in zip(shown, actions, strict=True)]
    return respond({"orders": body, "more": len(found) > PAGE})


def _order(order: Order, actions: list[Action]) -> dict[str, Any]:
    return {
        "case": order.rating.number,
        "unit": order.rating.unit.code,
        "level": order.rating.level,
        "state": order.state,
        "version": order.version,
        "call_by": order.call_by,
        "answer_by": order.answer_by,
        "is_late": order.is_late(clock.day_of(clock.now())),
        "actions": actions,
    }


@router.post(
    "/orders/{number}/{action}",
    response=OrderOut,
    operation_id="follow_rating_order",
    summary="处理差评",
)
def follow(request: HttpRequest, number: str, action: Action, data: StepIn) -> HttpResponse:
    """Take one step about the bad rating of a case."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = queries.order_for(actor, number, at=now)
    said = feedback.Said(data.text, data.way, data.level, data.is_complex)
    done = feedback.follow(found, action, said, seen=data.seen, by=actor, at=now)
    return respond(_order(done, queries.actions_of([done], actor)[0]))
