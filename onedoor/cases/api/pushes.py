"""Pushes to the supervising department for programs: list, sign for, answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.cases import pushes
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.kernel import clock

router = Router(tags=["pushes"])
PAGE = 100


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


class FeedbackIn(In):
    feedback: Feedback
    text: Annotated[str, Field(max_length=1000)] = ""


@router.get("", response=list[PushOut], operation_id="list_pushes", summary="审管推送")
def list_pushes(
    request: HttpRequest, state: Annotated[PushState | None, Query()] = None
) -> HttpResponse:
    """List the latest hundred pushes of the caller's units, of one state where given."""
    found = pushes.visible_to(actor_of(request, Scope.READ))
    if state is not None:
        found = found.filter(state=state.value)
    return respond([_body(row) for row in found[:PAGE]])


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
