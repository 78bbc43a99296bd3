"""What the desk does with an application sent online, as operations."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from onedoor.cases import services as cases
from onedoor.cases.api.answers import handed
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import CaseOut, PreReturnIn, ReceiveSubmittedIn
from onedoor.cases.api.steps import IfMatch, take_step
from onedoor.cases.inputs import Demand
from onedoor.cases.rules.words import MaterialState


@router.post(
    "/{number}/pre_pass", response=CaseOut, operation_id="pre_pass", summary="预审通过，等原件"
)
def pre_pass(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Say that what was sent will do and the originals can be brought (T21a)."""
    return take_step(request, number, if_match, cases.pre_pass)


@router.post(
    "/{number}/pre_return", response=CaseOut, operation_id="pre_return", summary="退回修改"
)
def pre_return(
    request: HttpRequest, number: str, data: PreReturnIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Send an application back to be mended, everything at once (T21)."""
    demands = [Demand(d.order, MaterialState.DEFECTIVE, d.demand) for d in data.demands]
    return take_step(request, number, if_match, partial(cases.pre_return, demands=demands))


@router.post(
    "/{number}/receive",
    response=CaseOut,
    operation_id="receive_submitted",
    summary="收下网上申请",
)
def receive_submitted(
    request: HttpRequest, number: str, data: ReceiveSubmittedIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Receive what was sent online, every material judged (T2d, T2e)."""
    step = partial(
        cases.receive_submitted,
        materials=handed(data.materials),
        identity_checked=data.identity_checked,
    )
    return take_step(request, number, if_match, step)
