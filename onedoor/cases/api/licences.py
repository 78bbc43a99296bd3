"""The register of licences for programs: find and read them, end one on a ground of the law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import File, Form, Query, Router, Schema, UploadedFile

from onedoor.accounts.rules import Actor, Scope
from onedoor.cases import register
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import (
    AnnounceIn,
    EntrustEndIn,
    FetchEndIn,
    HandOutIn,
    In,
    LeaveIn,
    PostEndIn,
    Short,
    Text,
)
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import EndServing, Licence
from onedoor.cases.register import Sought
from onedoor.cases.rules.licences import CancellationGround, RevocationGround, Shown
from onedoor.cases.services.uploading import Upload, uploaded
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.papers import web

router = Router(tags=["licences"])


class LicenceOut(Schema):
    number: str
    identifier: str
    """In the shape of GB/T 36904; entered in no national directory."""
    case: str
    item: str
    item_name: str
    unit: str
    holder: str
    valid_from: date
    valid_to: date | None
    """The last day; none where it holds for good, or for a time that is said in words."""
    worded_term: str
    state: str
    standing: Shown
    """As it stands today: the state, and whether its last day is over."""
    verify_path: str
    ended_on: date | None
    follows: str
    certificate: str
    """Number of the certificate; empty while it is not made."""
    decision: str
    """Number of the paper that revoked or cancelled it."""
    delivery: str
    """Number of the proof that the decision was handed over; empty while it is not."""
    served_at: datetime | None
    served_by: str
    """By which way: window, post, online, cabinet, entrusted, left or notice."""
    served_on: date | None
    notice_due_on: date | None
    """Announced: from which day it counts as served."""


class RevokeIn(In):
    ground: RevocationGround
    reason: Text


class CancelIn(In):
    ground: CancellationGround
    reason: Text


class LicenceRow(Schema):
    number: str
    identifier: str
    item: str
    item_name: str
    unit: str
    holder: str
    valid_from: date
    valid_to: date | None
    standing: Shown


class LicenceList(Schema):
    licences: list[LicenceRow]
    more: bool
    """Whether there are more than the fifty latest: ask more narrowly then."""


class HolderIn(In):
    holder: Short
    """A name or a number of identity in full. Sent in the body: it belongs in no address."""


PAGE = 50


def _list(actor: Actor, sought: Sought) -> HttpResponse:
    today = clock.day_of(clock.now())
    found = list(register.found_by(actor, sought, on=today)[: PAGE + 1])
    rows = [
        {
            "number": each.number,
            "identifier": each.identifier,
            "item": each.item.code,
            "item_name": each.case.item_version.name,
            "unit": each.unit.name,
            "holder": each.applicant.shown_name,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
            "standing": each.shown_on(today).value,
        }
        for each in found[:PAGE]
    ]
    return respond({"licences": rows, "more": len(found) > PAGE})


@router.get("", response=LicenceList, operation_id="list_licences", summary="查证照台账")
def list_licences(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    standing: Shown | None = None,
) -> HttpResponse:
    """List the licences of the caller's units that number, identifier, item or state find."""
    return _list(actor_of(request, Scope.READ), Sought(q, standing))


@router.post(
    "/search", response=LicenceList, operation_id="search_licences", summary="按持有人查证照"
)
def search(request: HttpRequest, data: HolderIn) -> HttpResponse:
    """List the licences of a holder."""
    return _list(actor_of(request, Scope.READ), Sought(holder=data.holder))


def _body(licence: Licence) -> dict[str, Any]:
    decision, granted = register.decision_on(licence), register.grant_of(licence)
    proof, shown = register.delivery_of(licence), register.certificate_of(licence)
    serving = EndServing.objects.filter(licence=licence).first()
    return {
        "number": licence.number,
        "identifier": licence.identifier,
        "case": licence.case.number,
        "item": licence.item.code,
        "item_name": licence.case.item_version.name,
        "unit": licence.unit.name,
        "holder": licence.applicant.shown_name,
        "valid_from": licence.valid_from,
        "valid_to": licence.valid_to,
        "worded_term": licence.worded_term,
        "state": licence.state,
        "standing": licence.shown_on(clock.day_of(clock.now())).value,
        "verify_path": reverse("papers:verify", args=[(shown or granted).code]),
        "ended_on": licence.ended_on,
        "follows": licence.follows.number if licence.follows else "",
        "certificate": shown.number if shown else "",
        "decision": decision.number if decision else "",
        "delivery": proof.number if proof else "",
        "served_at": proof.issued_at if proof else None,
        "served_by": serving.way if serving else "",
        "served_on": serving.served_on if serving else None,
        "notice_due_on": serving.notice_due_on if serving else None,
    }


@router.get("/{number}", response=LicenceOut, operation_id="read_licence", summary="读证照")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a licence of the caller's units."""
    return respond(_body(register.licence_for(actor_of(request, Scope.READ), number)))


@router.get(
    "/{number}/certificate",
    operation_id="read_certificate",
    summary="下载证照",
)
def certificate(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take the PDF of a certificate: the sealed one as soon as there is one."""
    actor = actor_of(request, Scope.READ)
    made = register.certificate_of(register.licence_for(actor, number))
    if made is None:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return web.pdf(made, by=actor.ref, at=clock.now())


@router.post(
    "/{number}/revoke", response=LicenceOut, operation_id="revoke_licence", summary="撤销证照"
)
def revoke(request: HttpRequest, number: str, data: RevokeIn) -> HttpResponse:
    """Revoke a licence on a ground of the law (许可法69)."""
    actor = actor_of(request, Scope.WORK)
    licence = register.licence_for(actor, number)
    return respond(_body(cases.revoke(licence, **data.model_dump(), by=actor, at=clock.now())))


@router.post(
    "/{number}/cancel", response=LicenceOut, operation_id="cancel_licence", summary="注销证照"
)
def cancel(request: HttpRequest, number: str, data: CancelIn) -> HttpResponse:
    """Take a licence out of the register (许可法70)."""
    actor = actor_of(request, Scope.WORK)
    licence = register.licence_for(actor, number)
    return respond(_body(cases.cancel(licence, **data.model_dump(), by=actor, at=clock.now())))


@router.post(
    "/{number}/serve", response=LicenceOut, operation_id="serve_licence_end", summary="送达决定书"
)
def serve(request: HttpRequest, number: str, data: HandOutIn) -> HttpResponse:
    """Hand the decision that ended a licence over, with a proof of delivery (许可法44)."""
    taker = Recipient(data.relation, data.recipient, data.id_type, data.id_number, data.authority)
    checked = data.identity_checked
    return _serve(request, number, cases.serve, recipient=taker, identity_checked=checked)


@router.post(
    "/{number}/serve/post", response=LicenceOut, operation_id="post_licence_end", summary="邮寄送达"
)
def post_end(request: HttpRequest, number: str, data: PostEndIn) -> HttpResponse:
    """Enter that the decision that ended a licence went by post and was signed for."""
    given = data.model_dump(exclude={"relation", "recipient"})
    taker = Recipient(data.relation, data.recipient)
    return _serve(request, number, cases.post_end, recipient=taker, **given)


@router.post(
    "/{number}/serve/online",
    response=LicenceOut,
    operation_id="serve_licence_end_online",
    summary="电子送达",
)
def serve_end_online(request: HttpRequest, number: str) -> HttpResponse:
    """Serve it on the holder's progress page, where they agreed to it (民事诉讼法90)."""
    return _serve(request, number, cases.serve_end_online)


@router.post(
    "/{number}/serve/left",
    response=LicenceOut,
    operation_id="leave_licence_end",
    summary="留置送达",
)
def leave_end(
    request: HttpRequest,
    number: str,
    data: Annotated[LeaveIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> HttpResponse:
    """Enter that it was left before two witnesses where it was refused; the file shows it."""
    given = data.model_dump() | {"witnesses": data.witnesses.splitlines()}
    return _serve(request, number, cases.leave_end, document=_kept(file), **given)


@router.post(
    "/{number}/serve/entrusted",
    response=LicenceOut,
    operation_id="entrust_licence_end",
    summary="委托送达",
)
def entrust_end(
    request: HttpRequest,
    number: str,
    data: Annotated[EntrustEndIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> HttpResponse:
    """Enter that another body handed it over; the file is what the taker signed."""
    given = data.model_dump(exclude={"relation", "recipient"})
    taker = Recipient(data.relation, data.recipient)
    return _serve(
        request, number, cases.entrust_end, recipient=taker, document=_kept(file), **given
    )


@router.post(
    "/{number}/serve/cabinet",
    response=LicenceOut,
    operation_id="fetch_licence_end",
    summary="自助柜领取",
)
def fetch_end(
    request: HttpRequest,
    number: str,
    data: Annotated[FetchEndIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> HttpResponse:
    """Enter that the holder took it out of a cabinet; the file is the cabinet's record."""
    return _serve(request, number, cases.fetch_end, document=_kept(file), **data.model_dump())


@router.post(
    "/{number}/serve/notice",
    response=LicenceOut,
    operation_id="announce_licence_end",
    summary="公告送达",
)
def announce_end(request: HttpRequest, number: str, data: AnnounceIn) -> HttpResponse:
    """Announce it where no other way is left; it counts as served at the day of the notice."""
    return _serve(request, number, cases.announce_end, **data.model_dump())


def _kept(file: UploadedFile | None) -> Upload | None:
    return uploaded(file, at=clock.now())


def _serve(
    request: HttpRequest, number: str, do: Callable[..., Licence], **given: Any
) -> HttpResponse:
    actor = actor_of(request, Scope.WORK)
    licence = register.licence_for(actor, number)
    return respond(_body(do(licence, **given, by=actor, at=clock.now())))
