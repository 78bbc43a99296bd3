"""The steps that leave the straight road, as operations."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from onedoor.cases import services as cases
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import CaseOut, ExtendIn, LinkLicenceIn
from onedoor.cases.api.steps import IfMatch, take_step


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
