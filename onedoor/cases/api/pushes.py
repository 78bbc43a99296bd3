"""Pushes to the supervising department for programs: list, sign for, answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.cases import pushes
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.licences import Shown
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.kernel import clock
from onedoor.papers import web

router = Router(tags=["pushes"])
PAGE = 100


class PromiseOut(Schema):
    what: str
    due_on: date | None
    """By when it is checked."""


class PushOut(Schema):
    licence: str
    item: str
    item_name: str
    holder: str
    valid_from: date
    valid_to: date | None
    unit: str
    granted_by: str
    state: PushState
    is_late: bool
    pushed_at: datetime
    sign_due_on: date
    signed_at: datetime | None
    answer_due_on: date | None
    answered_at: datetime | None
    feedback: str
    text: str
    reminded_at: datetime | None
    escalated_at: datetime | None


class PushToldOut(PushOut):
    """A push with what its supervision has to know."""

    identifier: str
    standing: Shown
    decision: str
    conditions: str
    promises: list[PromiseOut]
    kept_duties: str
    liaison: str


class FeedbackIn(In):
    feedback: Feedback
    text: Annotated[str, Field(max_length=1000)] = ""


@router.get("", response=list[PushOut], operation_id="list_pushes", summary="审管推送")
def list_pushes(
    request: HttpRequest,
    state: Annotated[PushState | None, Query()] = None,
    q: Annotated[str, Query(max_length=100)] = "",
) -> HttpResponse:
    """List the latest hundred pushes of the caller's units, of one state where given.

    ``q`` is the number of a licence or item, or part of the name of an item or department.
    """
    found = pushes.found_by(actor_of(request, Scope.READ), q)
    if state is not None:
        found = found.filter(state=state.value)
    return respond([_body(row) for row in found[:PAGE]])


@router.get("/{number}", response=PushToldOut, operation_id="read_push", summary="读一条推送")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a push by the number of the licence: decision, conditions, promises and their days."""
    found = pushes.push_for(actor_of(request, Scope.READ), number)
    told = pushes.carried(found)
    return respond(
        _body(found)
        | {
            "identifier": found.licence.identifier,
            "standing": found.licence.shown_on(clock.day_of(clock.now())),
            "decision": told.decision.number,
            "conditions": told.conditions,
            "promises": [each._asdict() for each in told.promises],
            "kept_duties": told.kept_duties,
            "liaison": told.liaison,
        }
    )


@router.get("/{number}/decision", operation_id="read_push_decision", summary="推送的决定书")
def decision(request: HttpRequest, number: str) -> HttpResponseBase:
    """Download the decision as PDF: the sealed one as soon as there is one."""
    actor = actor_of(request, Scope.READ)
    made = pushes.carried(pushes.push_for(actor, number)).decision
    return web.pdf(made, by=actor.ref, at=clock.now())


@router.post("/{number}/sign", response=PushOut, operation_id="sign_push", summary="签收推送")
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Sign for what was pushed, by the number of the licence."""
    actor = actor_of(request, Scope.WORK)
    found = pushes.push_for(actor, number)
    return respond(_body(cases.sign_for(found, by=actor, at=clock.now())))


@router.post("/{number}/answer", response=PushOut, operation_id="answer_push", summary="反馈推送")
def answer(request: HttpRequest, number: str, body: FeedbackIn) -> HttpResponse:
    """Answer what was signed for."""
    actor = actor_of(request, Scope.WORK)
    found = pushes.push_for(actor, number)
    done = cases.answer_push(
        found, feedback=body.feedback, text=body.text, by=actor, at=clock.now()
    )
    return respond(_body(done))


def _body(row: SupervisionPush) -> dict[str, Any]:
    licence = row.licence
    names = [
        *("state", "pushed_at", "sign_due_on", "signed_at", "answer_due_on", "answered_at"),
        *("feedback", "text", "reminded_at", "escalated_at"),
    ]
    return {name: getattr(row, name) for name in names} | {
        "licence": licence.number,
        "item": licence.case.item.code,
        "item_name": licence.case.item_version.name,
        "holder": licence.applicant.shown_name,
        "valid_from": licence.valid_from,
        "valid_to": licence.valid_to,
        "unit": row.unit.name,
        "granted_by": licence.unit.name,
        "is_late": pushes.is_late(row, on=clock.day_of(clock.now())),
    }
