"""The book of the seal of rubber for programs: what is entered, what is not yet, entering it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Role, Scope
from onedoor.cases import pressing
from onedoor.cases.api.answers import respond
from onedoor.cases.api.schemas import In, Short
from onedoor.cases.api.seal_registers import Offset, Text, actor_for
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import SEALS
from onedoor.seals import queries
from onedoor.seals.models import HandUse
from onedoor.seals.registers import READING
from onedoor.seals.rules.words import SealKind

router = Router(tags=["seals"])
PAGE = 100


class HandUseOut(Schema):
    number: str
    paper: str
    paper_kind: Kind
    about: str
    unit: str
    seal: str
    digest: str
    copies: int
    approver: str
    used_by: str
    used_at: datetime


class HandUsesOut(Schema):
    uses: list[HandUseOut]
    more: bool


class UnpressedOut(Schema):
    paper: str
    paper_kind: Kind
    seal: SealKind
    unit: str
    issued_on: date


class PressIn(In):
    paper: Short
    copies: Annotated[int, Field(ge=1, le=99)] = 1


def _told(use: HandUse) -> dict[str, Any]:
    same = (
        *("number", "paper", "paper_kind", "digest", "copies", "approver", "used_by", "used_at"),
    )
    return {name: getattr(use, name) for name in same} | {
        "about": use.subject,
        "unit": use.unit.name,
        "seal": use.seal.code,
    }


@router.get("/hand", response=HandUsesOut, operation_id="list_hand_uses", summary="实物用印登记")
def listed(
    request: HttpRequest, q: Annotated[Text, Query()] = "", offset: Offset = 0
) -> HttpResponse:
    """List what seals of rubber were pressed on, the latest first, a hundred at a time."""
    actor_for(request, Scope.READ, *READING)
    found = list(queries.hand_uses(q.strip())[offset : offset + PAGE + 1])
    return respond({"uses": [_told(use) for use in found[:PAGE]], "more": len(found) > PAGE})


@router.get(
    "/hand/waiting",
    response=list[UnpressedOut],
    operation_id="list_unpressed",
    summary="等登记的实物用印",
)
def waiting(request: HttpRequest) -> HttpResponse:
    """List the first hundred papers under a seal of rubber that are not in its book."""
    actor_for(request, Scope.READ, Role.KEEPER)
    return respond(
        [
            {
                "paper": paper.number,
                "paper_kind": paper.kind,
                "seal": SEALS[paper.what],
                "unit": paper.unit.name,
                "issued_on": day_of(paper.issued_at),
            }
            for paper in islice(pressing.unpressed(), PAGE)
        ]
    )


@router.post("/hand", response=HandUseOut, operation_id="enter_hand_use", summary="登记实物用印")
def enter(request: HttpRequest, data: PressIn) -> HttpResponse:
    """Enter that a seal of rubber was pressed on a paper; once for each."""
    actor = actor_for(request, Scope.WORK, Role.KEEPER)
    made = pressing.enter(data.paper, copies=data.copies, by=actor, at=clock.now())
    return respond(_told(made), status=201)
