"""The steps that leave the straight road, as operations."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile

from onedoor.cases import services as cases
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import (
    CaseOut,
    ExtendIn,
    ForwardIn,
    LinkLicenceIn,
    ProposeSpecialIn,
    ReplyIn,
    ResumeIn,
    TurnDownIn,
)
from onedoor.cases.api.steps import IfMatch, take_step
from onedoor.cases.services.uploading import uploaded
from onedoor.kernel import clock


@router.post(
    "/{number}/link_licence",
    response=CaseOut,
    operation_id="link_licence",
    summary="关联要延续的证照",
)
def link_licence(
    request: HttpRequest, number: str, data: LinkLicenceIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Say which licence the case is to renew (T2a)."""
    step = partial(cases.link_licence, number=data.number)
    return take_step(request, number, if_match, step)


@router.post("/{number}/extend", response=CaseOut, operation_id="extend_case", summary="延期")
def extend(
    request: HttpRequest, number: str, data: ExtendIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Add working days to the limit, once and before it is over (T11)."""
    step = partial(cases.extend, days=data.days, reason=data.reason)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/put_off",
    response=CaseOut,
    operation_id="put_off_supplement",
    summary="顺延容缺补交期限",
)
def put_off(
    request: HttpRequest, number: str, data: ExtendIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Put off by working days until when a promised material may follow (T5i): force majeure."""
    step = partial(cases.put_off, days=data.days, reason=data.reason)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/propose_special",
    response=CaseOut,
    operation_id="propose_special",
    summary="提出特别程序",
)
def propose_special(
    request: HttpRequest, number: str, data: ProposeSpecialIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Propose to stop the clock for a procedure the item lists; until it is approved it runs (T9a).

    Refused (409) when the item does not list the kind, (422) when it lists fewer days.
    """
    step = partial(
        cases.propose_special, kind=data.kind, planned_days=data.planned_days, reason=data.reason
    )
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/suspend", response=CaseOut, operation_id="suspend_case", summary="批准特别程序"
)
def suspend(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Approve what was proposed: the clock stops, and the notice is issued (T9)."""
    return take_step(request, number, if_match, cases.suspend)


@router.post(
    "/{number}/turn_down_special",
    response=CaseOut,
    operation_id="turn_down_special",
    summary="不同意特别程序",
)
def turn_down_special(
    request: HttpRequest, number: str, data: TurnDownIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Turn down what was proposed, with the reason (T9b)."""
    step = partial(cases.turn_down_special, reason=data.reason)
    return take_step(request, number, if_match, step)


@router.post("/{number}/resume", response=CaseOut, operation_id="resume_case", summary="恢复计时")
def resume(
    request: HttpRequest,
    number: str,
    data: Annotated[ResumeIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
    if_match: IfMatch = "",
) -> HttpResponse:
    """End a procedure with its result document; after the last one the clock runs again (T10)."""
    step = partial(
        cases.resume, kind=data.kind, result=data.result, document=uploaded(file, at=clock.now())
    )
    return take_step(request, number, if_match, step)


@router.post("/{number}/forward", response=CaseOut, operation_id="forward_case", summary="转报上级")
def forward(
    request: HttpRequest, number: str, data: ForwardIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Send the first opinion with all materials to the body that decides (T18)."""
    step = partial(cases.forward, body=data.body, expected_on=data.expected_on)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/record_reply",
    response=CaseOut,
    operation_id="record_reply",
    summary="登记上级结果",
)
def record_reply(
    request: HttpRequest,
    number: str,
    data: Annotated[ReplyIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
    if_match: IfMatch = "",
) -> HttpResponse:
    """Record what the upper body answered (T22), with its paper as a file where there is one;
    ``grant`` or ``refuse`` then passes it on."""
    step = partial(cases.record_reply, **data.model_dump(), document=uploaded(file, at=clock.now()))
    return take_step(request, number, if_match, step)
