"""Commitment instead of a material (告知承诺), as operations."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from onedoor.cases import services as cases
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import CaseOut, CommitIn
from onedoor.cases.api.steps import IfMatch, take_step


@router.post(
    "/{number}/commit", response=CaseOut, operation_id="commit_case", summary="签告知承诺书"
)
def commit(
    request: HttpRequest, number: str, data: CommitIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take the applicant's commitment instead of materials the item lets be vouched for (T5h).

    Refused (409) for whoever has a broken promise on record, and for a joint application.
    """
    return take_step(request, number, if_match, partial(cases.commit, **data.model_dump()))
