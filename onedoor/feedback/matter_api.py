"""Matters for programs: the hall's terminals send them, supervision and units answer them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Query, Router, Schema

from onedoor.accounts.rules import Role, Scope
from onedoor.cases import queries as cases
from onedoor.cases.api.answers import actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.feedback import matters as queries
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Matter
from onedoor.feedback.rules.matters import Action, Kind, Outcome, Source, State
from onedoor.feedback.rules.words import Way
from onedoor.feedback.services import Move, Sent
from onedoor.feedback.services.matters import NAME, TEXT, WORDS, follow_token
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed

router = Router(tags=["matters"])
PAGE = 50


class MatterIn(In):
    kind: Kind
    source: Source
    text: Annotated[str, Field(max_length=TEXT)]
    place: Annotated[str, Field(max_length=WORDS)] = ""
    name: Annotated[str, Field(max_length=NAME)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    token: Annotated[str, Field(max_length=64)] = ""
    """Of the receipt of the case it is about."""


class MatterOut(Schema):
    number: str
    kind: Kind
    source: Source
    state: State
    version: int
    case: str
    unit: str
    outcome: str
    sent_at: datetime
    due_on: date
    answered_at: datetime | None
    is_late: bool
    actions: list[Action]


class SentOut(MatterOut):
    follow: str


class MatterList(Schema):
    matters: list[MatterOut]
    more: bool


class MoveIn(In):
    seen: int
    text: Annotated[str, Field(max_length=2000)] = ""
    unit: Annotated[str, Field(max_length=64)] = ""
    outcome: Outcome | None = None
    way: Way | None = None


class KindFigures(Schema):
    kind: Kind
    sent: int
    answered: int
    in_time: int
    reopened: int
    waiting: int


class MatterFigures(Schema):
    first: date
    last: date
    kinds: list[KindFigures]


def _body(matter: Matter, actions: list[Action]) -> dict[str, Any]:
    return {
        "number": matter.number,
        "kind": matter.kind,
        "source": matter.source,
        "state": matter.state,
        "version": matter.version,
        "case": matter.case.number if matter.case else "",
        "unit": matter.unit.code if matter.unit else "",
        "outcome": matter.outcome,
        "sent_at": matter.sent_at,
        "due_on": matter.due_on,
        "answered_at": matter.answered_at,
        "is_late": matter.is_late(clock.day_of(clock.now())),
        "actions": actions,
    }


@router.post("", response={201: SentOut}, operation_id="send_matter", summary="反映")
def send(
    request: HttpRequest,
    data: MatterIn,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=80)],
) -> HttpResponse:
    """Send what somebody said at a terminal; ``follow`` is the code of the page for them."""
    actor, now = actor_of(request, Scope.SUBMIT), clock.now()

    def prepare() -> Sent:
        case = cases.tracked(data.token) if data.token else None
        return Sent(data.kind, data.text, data.source, data.place, data.name, data.phone, case)

    def create(sent: Sent) -> dict[str, Any]:
        made = feedback.send(sent, by=actor, at=now)
        return _body(made, []) | {"follow": follow_token(made.pk, made.code_key)}

    return created_once(request, create, prepare=prepare, actor=actor, key=key, at=now)


@router.get("", response=MatterList, operation_id="list_matters", summary="待办的反映")
def listed(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> HttpResponse:
    """List the matters that are not filed away, what is due first, fifty at a time."""
    actor = actor_of(request, Scope.READ)
    if not actor.holds_any(Role.SUPERVISOR, Role.HEAD):
        raise NotAllowed("matter.office_only", "反映由督查和单位负责人处理。")
    first = (page - 1) * PAGE
    found = list(queries.open_matters(actor)[first : first + PAGE + 1])
    body = [_body(each, queries.actions_of(each, actor)) for each in found[:PAGE]]
    return respond({"matters": body, "more": len(found) > PAGE})


@router.get("/figures", response=MatterFigures, operation_id="matter_figures", summary="答复统计")
def figures(request: HttpRequest, first: date, last: date) -> HttpResponse:
    """Count what was sent on these days and how it was answered, by kind."""
    actor_of(request, Scope.READ)
    rows = queries.figures(first=first, last=last)
    kinds = [row._asdict() | {"waiting": row.waiting} for row in rows]
    return respond({"first": first, "last": last, "kinds": kinds})


@router.post(
    "/{number}/{action}", response=MatterOut, operation_id="move_matter", summary="处理反映"
)
def move(request: HttpRequest, number: str, action: Action, data: MoveIn) -> HttpResponse:
    """Take one step about a matter."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = queries.matter_for(actor, number)
    said = Move(data.text, queries.unit_with(data.unit), data.outcome, data.way)
    done = feedback.move_matter(found, action, said, seen=data.seen, by=actor, at=now)
    return respond(_body(done, queries.actions_of(done, actor)))
