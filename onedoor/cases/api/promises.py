"""Acceptance on a promise (容缺受理), as operations."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from onedoor.cases import services as cases
from onedoor.cases.api.answers import handed
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import CaseOut, PromiseIn, SupplyIn
from onedoor.cases.api.steps import IfMatch, take_step


@router.post(
    "/{number}/promise", response=CaseOut, operation_id="promise_materials", summary="签容缺承诺"
)
def promise(
    request: HttpRequest, number: str, data: PromiseIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take the promise to bring later what is missing, where the item lets all of it follow (T5a).

    Refused (409) for a joint application, or when anything else is missing or defective.
    """
    step = partial(cases.promise, identity_checked=data.identity_checked)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/accept_tolerant",
    response=CaseOut,
    operation_id="accept_tolerant",
    summary="容缺受理",
)
def accept_tolerant(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Accept what is whole but for what was promised; both clocks start today (T5b)."""
    return take_step(request, number, if_match, cases.accept_tolerant)


@router.post(
    "/{number}/supplement",
    response=CaseOut,
    operation_id="supplement_case",
    summary="容缺补交收件",
)
def supplement(
    request: HttpRequest, number: str, data: SupplyIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take what was promised; name each material still awaited, missing ones too (T5c)."""
    step = partial(
        cases.supplement,
        materials=handed(data.materials),
        identity_checked=data.identity_checked,
    )
    return take_step(request, number, if_match, step)
