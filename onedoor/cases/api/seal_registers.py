"""The registers of seals and of their uses for programs: searched as on the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.cases.api.answers import actor_of, respond
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed
from onedoor.seals import queries, registers
from onedoor.seals import services as keeping
from onedoor.seals.models import Seal, SealUse
from onedoor.seals.registers import READING, SEEING, Sought
from onedoor.seals.rules.words import Medium, SealKind, SealState

router = Router(tags=["seals"])
PAGE = 100

Text = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Offset = Annotated[int, Query(ge=0, le=registers.MOST)]


class SoughtIn(Schema):
    """What narrows either register, as on its page."""

    q: Text = ""
    unit: Text = ""
    kind: SealKind | None = None
    state: SealState | None = None
    keeper: Text = ""
    first: date | None = None
    last: date | None = None

    def read(self) -> Sought:
        text = self.q.strip()
        return Sought(text, self.unit, self.kind, self.state, self.keeper, self.first, self.last)


class UseOut(Schema):
    number: str
    paper: str
    about: str
    unit: str
    kind: SealKind
    seal: str
    approved: str
    sealed: str
    approver: str
    used_by: str
    used_at: datetime


class UsesOut(Schema):
    uses: list[UseOut]
    more: bool
    """Whether there are more: ask for those after ``offset`` + 100, or more narrowly."""


class SealOut(Schema):
    code: str
    name: str
    kind: SealKind
    medium: Medium
    unit: str
    keeper: str
    deputy: str
    valid_from: date
    valid_to: date
    state: SealState
    fingerprint: str


class SealsOut(Schema):
    seals: list[SealOut]


def actor_for(request: HttpRequest, scope: Scope, *roles: Role) -> Actor:
    """Return who asks, or refuse whoever holds none of the roles."""
    actor = actor_of(request, scope)
    if not actor.holds_any(*roles):
        raise NotAllowed(
            "page.not_allowed",
            "这一页只给%(roles)s看。需要的话请找系统管理员开通。",
            roles=roles,
        )
    return actor


def use_told(use: SealUse) -> dict[str, Any]:
    """Return a use as programs are told of it."""
    return {
        "number": use.number,
        "paper": use.request.paper,
        "about": use.request.subject,
        "unit": use.request.unit.name,
        "kind": use.request.kind,
        "seal": use.seal.code,
        "approved": use.approved,
        "sealed": use.file.digest,
        "approver": use.request.approver,
        "used_by": use.used_by,
        "used_at": use.used_at,
    }


def _seal(seal: Seal) -> dict[str, Any]:
    same = ("code", "name", "kind", "medium", "valid_from", "valid_to", "state", "fingerprint")
    return {name: getattr(seal, name) for name in same} | {
        "unit": seal.unit.name,
        "keeper": seal.keeper.ref,
        "deputy": seal.deputy.ref if seal.deputy else "",
    }


@router.get("/uses", response=UsesOut, operation_id="list_uses", summary="用印台账")
def uses(
    request: HttpRequest, sought: Annotated[SoughtIn, Query()], offset: Offset = 0
) -> HttpResponse:
    """List uses of seals, the latest first, a hundred at a time.

    ``unit`` is a unit's code, ``keeper`` the username of who put the seal on, ``state`` the seal's.
    """
    actor_for(request, Scope.READ, *READING)
    found = list(registers.uses(sought.read())[offset : offset + PAGE + 1])
    return respond({"uses": [use_told(use) for use in found[:PAGE]], "more": len(found) > PAGE})


@router.get("/register", response=SealsOut, operation_id="list_seals", summary="印章登记簿")
def seals(request: HttpRequest, sought: Annotated[SoughtIn, Query()]) -> HttpResponse:
    """List the seals in force on a day of the period; ``keeper`` keeps one or stands in."""
    actor_for(request, Scope.READ, *SEEING)
    return respond({"seals": [_seal(seal) for seal in registers.seals(sought.read())]})


DOINGS = {
    "lock": keeping.lock,
    "ask-unlock": keeping.ask_unlock,
    "unlock": keeping.confirm_unlock,
}


@router.post(
    "/register/{code}/{action}",
    response=SealOut,
    operation_id="lock_seal",
    summary="紧急锁定、提出解锁、确认解锁",
)
def lock(
    request: HttpRequest, code: str, action: Literal["lock", "ask-unlock", "unlock"]
) -> HttpResponse:
    """Lock a seal at once; to let it be used again, one asks and another confirms."""
    actor = actor_for(request, Scope.WORK, *queries.LOCKING)
    return respond(_seal(DOINGS[action](queries.seal_with(code), by=actor, at=clock.now())))
