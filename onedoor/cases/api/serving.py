"""Serving papers without a visit to the window, as operations."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile

from onedoor.accounts.rules import Scope
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, case_body, respond
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import (
    AnnounceIn,
    CaseOut,
    ConfirmEntrustedIn,
    DepositIn,
    EntrustIn,
    FetchIn,
    LeaveIn,
    ServingChoiceIn,
)
from onedoor.cases.api.steps import IfMatch, take_step
from onedoor.cases.inputs import Recipient
from onedoor.cases.services.uploading import uploaded
from onedoor.kernel import clock


@router.post("/{number}/leave", response=CaseOut, operation_id="leave_paper", summary="留置送达")
def leave(
    request: HttpRequest,
    number: str,
    data: Annotated[LeaveIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
    if_match: IfMatch = "",
) -> HttpResponse:
    """Leave the paper before two witnesses where it is refused (T17c); the file shows it."""
    step = partial(
        cases.leave,
        left_on=data.left_on,
        place=data.place,
        refusal=data.refusal,
        witnesses=data.witnesses.splitlines(),
        document=uploaded(file, at=clock.now()),
    )
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/announce", response=CaseOut, operation_id="announce_paper", summary="公告送达"
)
def announce(
    request: HttpRequest, number: str, data: AnnounceIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Announce the paper where no other way is left (T17d); it counts as served at its day."""
    step = partial(cases.announce, ground=data.ground, account=data.account)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/serve_online", response=CaseOut, operation_id="serve_online", summary="电子送达"
)
def serve_online(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Serve the paper on the applicant's progress page, where they agreed to it (T17f)."""
    return take_step(request, number, if_match, cases.serve_online)


@router.post("/{number}/entrust", response=CaseOut, operation_id="entrust", summary="委托送达")
def entrust(
    request: HttpRequest, number: str, data: EntrustIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Ask another body to hand the paper over (T17g)."""
    return take_step(request, number, if_match, partial(cases.entrust, body=data.body))


@router.post(
    "/{number}/confirm_entrusted",
    response=CaseOut,
    operation_id="confirm_entrusted",
    summary="确认受托送达",
)
def confirm_entrusted(
    request: HttpRequest,
    number: str,
    data: Annotated[ConfirmEntrustedIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
    if_match: IfMatch = "",
) -> HttpResponse:
    """Close a case whose paper another body handed over (T17h); the file is what was signed."""
    step = partial(
        cases.confirm_entrusted,
        recipient=Recipient(data.relation, data.recipient),
        served_on=data.served_on,
        document=uploaded(file, at=clock.now()),
    )
    return take_step(request, number, if_match, step)


@router.post("/{number}/deposit", response=CaseOut, operation_id="deposit", summary="放进自助柜")
def deposit(
    request: HttpRequest, number: str, data: DepositIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Put the paper into a self-service cabinet (T17i)."""
    step = partial(cases.deposit, cabinet=data.cabinet, compartment=data.compartment)
    return take_step(request, number, if_match, step)


@router.post("/{number}/fetch", response=CaseOut, operation_id="fetch", summary="从自助柜取走")
def fetch(request: HttpRequest, number: str, data: FetchIn, if_match: IfMatch = "") -> HttpResponse:
    """Close a case whose paper was taken out of its cabinet with the one-time code (T17j)."""
    step = partial(cases.fetch, code=data.code, fetched_at=data.fetched_at)
    return take_step(request, number, if_match, step)


@router.put(
    "/{number}/serving", response=CaseOut, operation_id="choose_serving", summary="改送达方式"
)
def choose_serving(request: HttpRequest, number: str, data: ServingChoiceIn) -> HttpResponse:
    """Note whether the applicant, who is at the window, agrees to be served electronically."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    case = queries.case_for(actor, number)
    cases.choose_serving(case, **data.model_dump(), by=actor, at=now)
    return respond(case_body(case, on=clock.day_of(now)))
