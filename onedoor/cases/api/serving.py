"""Serving what nobody takes, as operations: left before witnesses, announced."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile

from onedoor.cases import services as cases
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import AnnounceIn, CaseOut, LeaveIn
from onedoor.cases.api.steps import IfMatch, take_step
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
