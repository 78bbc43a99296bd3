"""Inspections on the spot and hearings, as operations."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from onedoor.accounts.queries import person_named
from onedoor.cases import services as cases
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import (
    AskHearingIn,
    CallHearingIn,
    CaseOut,
    OrderSurveyIn,
    RecordHearingIn,
    RecordSurveyIn,
    TellHearingIn,
)
from onedoor.cases.api.steps import IfMatch, take_step


@router.post(
    "/{number}/order_survey", response=CaseOut, operation_id="order_survey", summary="安排现场勘验"
)
def order_survey(
    request: HttpRequest, number: str, data: OrderSurveyIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Send two reviewers to inspect (T8b)."""
    step = partial(
        cases.order_survey,
        first=person_named(data.first),
        second=person_named(data.second),
        planned_on=data.planned_on,
        place=data.place,
    )
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/record_survey",
    response=CaseOut,
    operation_id="record_survey",
    summary="填写勘验记录",
)
def record_survey(
    request: HttpRequest, number: str, data: RecordSurveyIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Write down what was found, as one of the two (T8c)."""
    step = partial(cases.record_survey, **data.model_dump())
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/sign_survey", response=CaseOut, operation_id="sign_survey", summary="签认勘验记录"
)
def sign_survey(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Sign the record as the other of the two (T8d)."""
    return take_step(request, number, if_match, cases.sign_survey)


@router.post(
    "/{number}/tell_hearing", response=CaseOut, operation_id="tell_hearing", summary="告知听证权利"
)
def tell_hearing(
    request: HttpRequest, number: str, data: TellHearingIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Tell those concerned that they may ask for a hearing (H1)."""
    step = partial(cases.tell_hearing, reason=data.reason)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/ask_hearing", response=CaseOut, operation_id="ask_hearing", summary="登记听证申请"
)
def ask_hearing(
    request: HttpRequest, number: str, data: AskHearingIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Note that a hearing was asked for in time (H2)."""
    step = partial(cases.ask_hearing, asked_by=data.asked_by)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/call_hearing", response=CaseOut, operation_id="call_hearing", summary="通知听证"
)
def call_hearing(
    request: HttpRequest, number: str, data: CallHearingIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Announce when, where and before whom it is held (H3)."""
    chair = person_named(data.chair)
    step = partial(cases.call_hearing, held_at=data.held_at, place=data.place, chair=chair)
    return take_step(request, number, if_match, step)


@router.post(
    "/{number}/record_hearing", response=CaseOut, operation_id="record_hearing", summary="记录听证"
)
def record_hearing(
    request: HttpRequest, number: str, data: RecordHearingIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Keep the record of the hearing (H4)."""
    step = partial(cases.record_hearing, attendants=data.attendants, minutes=data.minutes)
    return take_step(request, number, if_match, step)
