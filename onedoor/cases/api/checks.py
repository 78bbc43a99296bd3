"""The checks of commitments (核查), for programs: list, read, record, object, answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, UploadedFile

from onedoor.accounts.rules import Scope
from onedoor.cases import commitments
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In, Text
from onedoor.cases.models import Verification
from onedoor.cases.rules.commitment import Box, Checked
from onedoor.cases.services.uploading import uploaded
from onedoor.catalogue.rules.commitments import Way
from onedoor.kernel import clock

router = Router(tags=["checks"])
MOST = 200


class CheckOut(Schema):
    case: str
    alias: str
    place: int
    """Of the matter in the list of the case's version of the item."""
    matter: str
    content: str
    way: Way
    unit: str
    due_on: date
    is_overdue: bool
    outcome: Checked
    findings: str
    checked_at: datetime | None
    object_by: date | None
    barred_until: date | None
    objected_at: datetime | None
    is_upheld: bool | None
    stands: bool
    """Found false, and final: nobody objected in time, or the objection was turned down."""


class ChecksOut(Schema):
    checks: list[CheckOut]


class VerifyIn(In):
    outcome: Checked
    findings: Text


class ObjectIn(In):
    text: Text
    identity_checked: bool


class AnswerIn(In):
    is_upheld: bool
    text: Text


def _body(check: Verification, on: date) -> dict[str, Any]:
    one = check.commitment
    return {
        "case": check.case.number,
        "alias": check.case.alias,
        "place": check.place,
        "matter": one.matter,
        "content": one.content,
        "way": one.way.value,
        "unit": check.case.unit.name,
        "due_on": check.due_on,
        "is_overdue": check.result is Checked.NONE and on > check.due_on,
        "outcome": check.outcome,
        "findings": str(check.findings),
        "checked_at": check.checked_at,
        "object_by": check.object_by,
        "barred_until": check.barred_until,
        "objected_at": check.objected_at,
        "is_upheld": check.is_upheld,
        "stands": commitments.stands(check, on=on),
    }


@router.get("", response=ChecksOut, operation_id="list_checks", summary="核查任务")
def listed(request: HttpRequest, box: Annotated[Box, Query()] = Box.OPEN) -> HttpResponse:
    """List the checks of the caller's units in a box, the earliest due first; 200 at most."""
    actor, on = actor_of(request, Scope.READ), clock.day_of(clock.now())
    found = commitments.checks_in(actor, box, on=on)[:MOST]
    return respond({"checks": [_body(check, on) for check in found]})


@router.get("/{number}/{place}", response=CheckOut, operation_id="read_check", summary="读一项核查")
def read(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """Read one check of a case of the caller's units."""
    actor, on = actor_of(request, Scope.READ), clock.day_of(clock.now())
    return respond(_body(commitments.check_for(actor, number, place), on))


@router.post(
    "/{number}/{place}/verify",
    response=CheckOut,
    operation_id="verify_commitment",
    summary="填写核查结果",
)
def verify(
    request: HttpRequest,
    number: str,
    place: int,
    data: Annotated[VerifyIn, Form()],
    document: Annotated[UploadedFile | None, File()] = None,
) -> HttpResponse:
    """Record what a check found, with its evidence as a file."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    check = commitments.check_for(actor, number, place)
    kept = uploaded(document, at=now)
    done = cases.verify(check, **data.model_dump(), document=kept, by=actor, at=now)
    return respond(_body(done, clock.day_of(now)))


@router.post(
    "/{number}/{place}/objection",
    response=CheckOut,
    operation_id="object_to_check",
    summary="登记异议",
)
def objection(request: HttpRequest, number: str, place: int, data: ObjectIn) -> HttpResponse:
    """Take down the applicant's objection to a finding, within the days told."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    check = commitments.check_for(actor, number, place)
    done = cases.object_to(check, **data.model_dump(), by=actor, at=now)
    return respond(_body(done, clock.day_of(now)))


@router.post(
    "/{number}/{place}/answer",
    response=CheckOut,
    operation_id="answer_objection",
    summary="答复异议",
)
def answer(request: HttpRequest, number: str, place: int, data: AnswerIn) -> HttpResponse:
    """Uphold an objection or turn it down, by the head."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    check = commitments.check_for(actor, number, place)
    done = cases.answer_objection(check, **data.model_dump(), by=actor, at=now)
    return respond(_body(done, clock.day_of(now)))
