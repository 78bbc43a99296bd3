"""Taking in for another place for programs: register, take in, and each step of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.cases import remote
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import ApplicantIn, In
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.remote import RemoteOutcome, RemotePaper, RemoteState
from onedoor.cases.services import remote as taking
from onedoor.cases.services.remote import RemoteData
from onedoor.kernel import clock

router = Router(tags=["remote"])
PAGE = 100
Words = Annotated[str, Field(max_length=200)]
Count = Annotated[int, Field(ge=0, le=999)]


class RemotePaperIn(In):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    originals: Count = 1
    copies: Count = 0


class RemoteIn(In):
    item: Words
    body: Words
    """The body that accepts and decides, with its place."""
    body_address: Words
    body_phone: Words = ""
    applicant: ApplicantIn
    materials: Annotated[list[RemotePaperIn], Field(max_length=60)]
    identity_checked: bool


class CountedIn(In):
    checked: bool


class SendIn(CountedIn):
    carrier: Words
    waybill: Words


class AcceptanceIn(In):
    home_number: Words
    accepted_on: date


class ResultIn(In):
    outcome: RemoteOutcome
    ended_on: date
    carrier: Words = ""
    waybill: Words = ""


class HandOverIn(In):
    identity_checked: bool


class RemotePaperOut(Schema):
    name: str
    originals: int
    copies: int


class RemoteOut(Schema):
    number: str
    item: str
    body: str
    body_address: str
    body_phone: str
    applicant: str
    materials: list[RemotePaperOut]
    state: RemoteState
    is_late: bool
    received_at: datetime
    send_due_on: date
    packed_at: datetime | None
    sent_at: datetime | None
    carrier: str
    waybill: str
    home_number: str
    accepted_on: date | None
    ended_on: date | None
    outcome: RemoteOutcome
    result_carrier: str
    result_waybill: str
    handed_at: datetime | None
    receipt: str
    verify_path: str


@router.get("", response=list[RemoteOut], operation_id="list_remote", summary="异地代收台账")
def list_remote(
    request: HttpRequest, state: Annotated[RemoteState | None, Query()] = None
) -> HttpResponse:
    """List the latest hundred taken in for other places, of one state where given."""
    found = remote.visible_to(actor_of(request, Scope.READ))
    if state is not None:
        found = found.filter(state=state.value)
    return respond([_body(row) for row in found[:PAGE]])


@router.post("", response={201: RemoteOut}, operation_id="take_remote", summary="异地代收")
def take(request: HttpRequest, data: RemoteIn, idempotency_key: Key) -> HttpResponse:
    """Take papers in for another place's body; its own acceptance starts its clock."""
    actor, now = actor_of(request, Scope.RECEIVE), clock.now()
    told = RemoteData(data.item, data.body, data.body_address, data.body_phone)

    def create(nothing: None) -> dict[str, Any]:
        made = taking.take_remote(
            told,
            applicant=ApplicantData(**data.applicant.model_dump()),
            materials=[RemotePaper(**each.model_dump()) for each in data.materials],
            identity_checked=data.identity_checked,
            by=actor,
            at=now,
        )
        return _body(made)

    return created_once(
        request,
        create,
        prepare=lambda: None,
        actor=actor,
        key=idempotency_key,
        at=now,
        address="remote-intakes/{number}",
    )


@router.get("/{number}", response=RemoteOut, operation_id="read_remote", summary="读一件代收")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read one with both signatures' times and both waybills."""
    return respond(_body(remote.remote_for(actor_of(request, Scope.READ), number)))


@router.post("/{number}/pack", response=RemoteOut, operation_id="pack_remote", summary="点清封装")
def pack(request: HttpRequest, number: str, data: CountedIn) -> HttpResponse:
    """Sign that the papers were counted against the list."""
    return _step(request, number, taking.pack, data)


@router.post("/{number}/send", response=RemoteOut, operation_id="send_remote", summary="核对寄出")
def send(request: HttpRequest, number: str, data: SendIn) -> HttpResponse:
    """Sign as the second, and send under a number; refused (409) to whoever counted."""
    return _step(request, number, taking.send, data)


@router.post(
    "/{number}/accepted",
    response=RemoteOut,
    operation_id="note_remote_acceptance",
    summary="登记对方受理",
)
def accepted(request: HttpRequest, number: str, data: AcceptanceIn) -> HttpResponse:
    """Note when the home body accepted, and under which number."""
    return _step(request, number, taking.note_acceptance, data)


@router.post(
    "/{number}/result",
    response=RemoteOut,
    operation_id="note_remote_result",
    summary="登记对方结果",
)
def result(request: HttpRequest, number: str, data: ResultIn) -> HttpResponse:
    """Note what came of it, and how the result travels back."""
    return _step(request, number, taking.note_result, data)


@router.post(
    "/{number}/hand_over",
    response=RemoteOut,
    operation_id="hand_over_remote",
    summary="交给申请人",
)
def hand_over(request: HttpRequest, number: str, data: HandOverIn) -> HttpResponse:
    """Hand the result to the applicant."""
    return _step(request, number, taking.hand_over_remote, data)


def _step(request: HttpRequest, number: str, step: Any, data: In) -> HttpResponse:
    actor = actor_of(request, Scope.WORK)
    found = remote.remote_for(actor, number)
    return respond(_body(step(found, **data.model_dump(), by=actor, at=clock.now())))


def _body(row: RemoteIntake) -> dict[str, Any]:
    names = [
        *("number", "item", "body", "body_address", "body_phone", "materials", "state"),
        *("received_at", "send_due_on", "packed_at", "sent_at", "carrier", "waybill"),
        *("home_number", "accepted_on", "ended_on", "outcome", "result_carrier"),
        *("result_waybill", "handed_at"),
    ]
    paper = remote.receipt_of(row)
    return {name: getattr(row, name) for name in names} | {
        "applicant": row.applicant.shown_name,
        "is_late": remote.is_late(row, on=clock.day_of(clock.now())),
        "receipt": paper.number,
        "verify_path": reverse("papers:verify", args=[paper.code]),
    }
