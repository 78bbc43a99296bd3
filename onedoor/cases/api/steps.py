"""Every action of the lifecycle table as one operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Protocol

from django.http import HttpRequest, HttpResponse
from ninja import Header

from onedoor.accounts.rules import Scope
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, case_body, handed, respond
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import (
    CaseOut,
    ConfirmIn,
    CorrectionIn,
    GrantIn,
    HandOutIn,
    OpinionIn,
    PostIn,
    RefuseIn,
    RejectIn,
    SupplyIn,
    WithdrawIn,
)
from onedoor.cases.inputs import Demand, Recipient
from onedoor.cases.models import Case
from onedoor.kernel import clock
from onedoor.kernel.errors import NotSeen, NotValid


def take_step(
    request: HttpRequest, number: str, if_match: str, step: Callable[..., Case]
) -> HttpResponse:
    """Read the case, take the step on the version the caller saw, answer with the case as it is."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    case = cases.settle(queries.case_for(actor, number), at=now)
    case = step(case, seen=version_seen(if_match, case), by=actor, at=now)
    return respond(case_body(case, on=clock.day_of(now)), version=case.version)


class Versioned(Protocol):
    """What a step is taken on: a case, a finding."""

    @property
    def version(self) -> int: ...


def version_seen(if_match: str, case: Versioned) -> int:
    """Return the version the caller saw, as If-Match says it; ``*`` is whatever there is.

    Required: a step on a case that somebody else moved meanwhile (a second opinion, other papers
    taken) would be allowed by the table and stand over what they did, unseen.
    """
    seen = if_match.strip()
    if not seen:
        raise NotSeen(
            "request.if_match_needed",
            "请带上 If-Match：读这一件时得到的 ETag，免得盖掉别人刚办的。",
            field="If-Match",
        )
    try:
        return case.version if seen == "*" else int(seen.removeprefix("W/").strip('"'))
    except ValueError:
        raise NotValid("request.bad_etag", "If-Match 应是读到的 ETag。", field="If-Match") from None


IfMatch = Annotated[str, Header(alias="If-Match")]


@router.post("/{number}/accept", response=CaseOut, operation_id="accept_case", summary="受理")
def accept(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Accept a complete application (T5)."""
    return take_step(request, number, if_match, cases.accept)


@router.post(
    "/{number}/ask_correction",
    response=CaseOut,
    operation_id="ask_correction",
    summary="一次性告知补正",
)
def ask_correction(
    request: HttpRequest, number: str, data: CorrectionIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Tell everything that is missing, once (T3)."""
    demands = [Demand(g.order, g.problem, g.demand, g.basis) for g in data.gaps]
    return take_step(
        request,
        number,
        if_match,
        partial(cases.ask_correction, demands=demands, reason=data.reason),
    )


@router.post(
    "/{number}/take_correction",
    response=CaseOut,
    operation_id="take_correction",
    summary="补正收件",
)
def take_correction(
    request: HttpRequest, number: str, data: SupplyIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take what is supplied after a notice (T4)."""
    return take_step(
        request,
        number,
        if_match,
        partial(
            cases.take_correction,
            materials=handed(data.materials),
            identity_checked=data.identity_checked,
        ),
    )


@router.post("/{number}/reject", response=CaseOut, operation_id="reject_case", summary="不予受理")
def reject(
    request: HttpRequest, number: str, data: RejectIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Refuse to accept (T7)."""
    return take_step(request, number, if_match, partial(cases.reject, **data.model_dump()))


@router.post("/{number}/review", response=CaseOut, operation_id="review_case", summary="初审")
def review(
    request: HttpRequest, number: str, data: OpinionIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Write the first opinion (T8a)."""
    return take_step(request, number, if_match, partial(cases.review, opinion=data.opinion))


@router.post("/{number}/grant", response=CaseOut, operation_id="grant_case", summary="准予")
def grant(request: HttpRequest, number: str, data: GrantIn, if_match: IfMatch = "") -> HttpResponse:
    """Grant (T12)."""
    return take_step(request, number, if_match, partial(cases.grant, **data.model_dump()))


@router.post("/{number}/refuse", response=CaseOut, operation_id="refuse_case", summary="不予")
def refuse(
    request: HttpRequest, number: str, data: RefuseIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Refuse with facts, reason and an article the item lists (T13)."""
    return take_step(request, number, if_match, partial(cases.refuse, **data.model_dump()))


@router.post("/{number}/make", response=CaseOut, operation_id="make_paper", summary="制证")
def make(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Make the paper (T16)."""
    return take_step(request, number, if_match, cases.make)


@router.post(
    "/{number}/make_ready", response=CaseOut, operation_id="make_ready", summary="交出件窗口"
)
def make_ready(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Bring the paper to the issuing window (T16)."""
    return take_step(request, number, if_match, cases.make_ready)


@router.post("/{number}/hand_out", response=CaseOut, operation_id="hand_out", summary="出件")
def hand_out(
    request: HttpRequest, number: str, data: HandOutIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Hand the paper over against identity (T17); somebody else needs document and authority."""
    taker = Recipient(data.relation, data.recipient, data.id_type, data.id_number, data.authority)
    return take_step(
        request,
        number,
        if_match,
        partial(cases.hand_out, recipient=taker, identity_checked=data.identity_checked),
    )


@router.post("/{number}/post", response=CaseOut, operation_id="post_paper", summary="寄出")
def post(request: HttpRequest, number: str, data: PostIn, if_match: IfMatch = "") -> HttpResponse:
    """Send the paper by post (T17a)."""
    return take_step(
        request, number, if_match, partial(cases.post, carrier=data.carrier, waybill=data.waybill)
    )


@router.post(
    "/{number}/confirm_delivery",
    response=CaseOut,
    operation_id="confirm_delivery",
    summary="确认签收",
)
def confirm_delivery(
    request: HttpRequest, number: str, data: ConfirmIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Close a case whose paper was signed for on the carrier's receipt (T17b)."""
    taker = Recipient(data.relation, data.recipient)
    return take_step(
        request,
        number,
        if_match,
        partial(cases.confirm_delivery, recipient=taker, signed_on=data.signed_on),
    )


@router.post("/{number}/withdraw", response=CaseOut, operation_id="withdraw_case", summary="撤回")
def withdraw(
    request: HttpRequest, number: str, data: WithdrawIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take the application back at the applicant's wish (T14)."""
    return take_step(
        request,
        number,
        if_match,
        partial(cases.withdraw, reason=data.reason, identity_checked=data.identity_checked),
    )


@router.post(
    "/{number}/finish_at_once", response=CaseOut, operation_id="finish_at_once", summary="当场办结"
)
def finish_at_once(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Decide and hand out a complete 即办件 on the spot (T19)."""
    return take_step(request, number, if_match, cases.finish_at_once)
