"""Disclosure for programs: the public list, the count, and withholding by two persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In, Text
from onedoor.disclosure import queries
from onedoor.disclosure import services as disclosure
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.columns import DICTIONARY
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.kernel import clock

router = Router(tags=["decisions"])
PAGE = 50


class DecisionList(Schema):
    columns: list[dict[str, str]]
    decisions: list[dict[str, str]]
    more: bool


class CountOut(Schema):
    decided: int
    published: int
    withheld: int
    waiting: int
    late: int
    forgotten: int


class PublicationOut(Schema):
    licence: str
    state: PublicState
    publish_on: date
    due_on: date
    published_at: datetime | None
    ground: str


class ProposeIn(In):
    ground: Ground
    reason: Text


class AnswerIn(In):
    is_withheld: bool


def _body(publication: Publication) -> dict[str, Any]:
    return {
        "licence": publication.licence.number,
        "state": publication.state,
        "publish_on": publication.publish_on,
        "due_on": publication.due_on,
        "published_at": publication.published_at,
        "ground": publication.ground,
    }


@router.get("", response=DecisionList, operation_id="list_decisions", summary="双公示清单")
def list_decisions(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HttpResponse:
    """Read the public list, fifty at a time, the latest first, with what its columns mean."""
    actor_of(request, Scope.READ)
    first = (page - 1) * PAGE
    found = list(queries.public(q)[first : first + PAGE + 1])
    body = {
        "columns": DICTIONARY,
        "decisions": queries.rows_of(found[:PAGE], on=clock.day_of(clock.now())),
        "more": len(found) > PAGE,
    }
    return respond(body)


@router.get("/count", response=CountOut, operation_id="count_decisions", summary="公示核对")
def count(request: HttpRequest) -> HttpResponse:
    """Count decisions = published + withheld + waiting + forgotten, for the caller's units."""
    actor = actor_of(request, Scope.READ)
    found = queries.count(actor, on=clock.day_of(clock.now()))
    return respond(vars(found) | {"forgotten": found.forgotten})


@router.get(
    "/{number}", response=PublicationOut, operation_id="read_publication", summary="公示状态"
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read how far the decision of a licence is on its way to the list."""
    return respond(_body(queries.publication_for(actor_of(request, Scope.READ), number)))


@router.post(
    "/{number}/withhold",
    response=PublicationOut,
    operation_id="propose_withholding",
    summary="提出不予公开",
)
def withhold(request: HttpRequest, number: str, data: ProposeIn) -> HttpResponse:
    """Ask that a decision be kept off the list (许可法5)."""
    actor = actor_of(request, Scope.WORK)
    found = queries.publication_for(actor, number)
    asked = disclosure.propose_withholding(found, **data.model_dump(), by=actor, at=clock.now())
    return respond(_body(asked))


@router.post(
    "/{number}/answer",
    response=PublicationOut,
    operation_id="answer_withholding",
    summary="批准不予公开",
)
def answer(request: HttpRequest, number: str, data: AnswerIn) -> HttpResponse:
    """Agree to keep a decision off the list, or not."""
    actor = actor_of(request, Scope.WORK)
    found = queries.publication_for(actor, number)
    done = disclosure.answer_withholding(found, **data.model_dump(), by=actor, at=clock.now())
    return respond(_body(done))
