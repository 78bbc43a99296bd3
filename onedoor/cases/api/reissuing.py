"""Papers from before the seal, for programs: which there are, and given out again with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Role, Scope
from onedoor.cases.api.answers import respond
from onedoor.cases.api.schemas import In
from onedoor.cases.api.seal_registers import UseOut, actor_for, use_told
from onedoor.kernel import clock
from onedoor.papers import reissuing
from onedoor.seals import queries as seals

router = Router(tags=["seals"])
PAGE = 100


class UnsealedOut(Schema):
    paper: str
    paper_kind: str
    digest: str
    unit: str
    issued_at: datetime


class ReissueListOut(Schema):
    left: int
    """What the caller may still give out again; the hundred oldest are listed."""
    papers: list[UnsealedOut]


class ReissueIn(In):
    pin: Annotated[str, Field(max_length=200)] = ""
    """Of a seal whose key is a file; nowhere else."""
    papers: Annotated[list[str], Field(max_length=reissuing.BATCH)] = []
    """Numbers; none for the oldest. What was given out again before is told as it was."""


class SetAsideOut(Schema):
    paper: str
    reason: str


class ReissuedOut(Schema):
    sealed: list[UseOut]
    set_aside: list[SetAsideOut]
    left: int


@router.get(
    "/reissue", response=ReissueListOut, operation_id="list_unsealed", summary="要补盖的旧文书"
)
def unsealed(request: HttpRequest) -> HttpResponse:
    """List what units under the one seal issued before it, the oldest first."""
    actor = actor_for(request, Scope.READ, Role.KEEPER)
    rows = [
        {
            "paper": paper.number,
            "paper_kind": paper.kind,
            "digest": paper.digest,
            "unit": paper.unit.name,
            "issued_at": paper.issued_at,
        }
        for paper in reissuing.unsealed()[:PAGE]
    ]
    return respond({"left": reissuing.left_for(actor), "papers": rows})


@router.post(
    "/reissue", response=ReissuedOut, operation_id="reissue_papers", summary="补盖电子印章"
)
def reissue(request: HttpRequest, data: ReissueIn) -> HttpResponse:
    """Give up to twenty papers out again with the seal; each once, however often it is asked.

    A program that lost the answer names the same papers again and gets the same uses.
    """
    actor = actor_for(request, Scope.WORK, Role.KEEPER)
    outcome = reissuing.reissue_some(numbers=data.papers, by=actor, at=clock.now(), pin=data.pin)
    made = seals.uses_of(data.papers or [use.request.paper for use in outcome.sealed])
    return respond(
        {
            "sealed": [use_told(use) for use in made],
            "set_aside": [
                {"paper": asked.paper, "reason": asked.reason} for asked in outcome.set_aside
            ],
            "left": reissuing.left_for(actor),
        }
    )
