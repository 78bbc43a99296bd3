"""The registers of seals and of their uses for programs: searched as on the page."""

from __future__ import annotations

from base64 import b64decode
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, Field, StringConstraints

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import keepers
from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.seals import queries, registers
from onedoor.seals import services as keeping
from onedoor.seals.forms import LARGEST
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


def _decoded(text: object) -> bytes:
    return b64decode(str(text), validate=True)


class SealIn(In):
    """A seal to take into the register; an electronic one without a file is a demo seal."""

    kind: SealKind
    medium: Medium
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    unit: Text
    """Its code."""
    keeper: Text
    """A username, as ``deputy``."""
    deputy: Text = ""
    valid_from: date
    valid_to: date
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    file: Annotated[bytes, BeforeValidator(_decoded), Field(max_length=LARGEST)] = b""
    """What an authority gave out (PKCS#12), in base64; opened once with its PIN."""
    pin: Annotated[str, StringConstraints(max_length=200)] = ""


class HandOverIn(In):
    to: Text
    """The username of who keeps it from now on."""
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DestroyIn(In):
    witness: Text
    """The username of the other person who saw it."""


@router.post("/register", response=SealOut, operation_id="register_seal", summary="登记一枚印章")
def register(request: HttpRequest, data: SealIn) -> HttpResponse:
    """Take a seal into the register and give it to its keeper."""
    actor = actor_for(request, Scope.WORK, Role.ADMIN)
    unit = Organisation.objects.filter(code=data.unit, is_active=True).first()
    if unit is None:
        raise NotValid("seal.no_unit", "没有代码为 %(unit)s 的单位。", field="unit", unit=data.unit)
    made = keeping.register(
        data.kind,
        unit=unit,
        keeper=_keeper(data.keeper, field="keeper"),
        deputy=_keeper(data.deputy, field="deputy") if data.deputy else None,
        **data.model_dump(exclude={"kind", "unit", "keeper", "deputy"}),
        by=actor,
        at=clock.now(),
    )
    return respond(_seal(made), status=201)


def _keeper(username: str, *, field: str) -> Person:
    found = keepers(on=clock.day_of(clock.now())).filter(username=username).first()
    if found is None:
        raise NotValid(
            "seal.no_keeper", "%(name)s 现在不是印章管理员。", field=field, name=username
        )
    return found


@router.post(
    "/register/{code}/hand-over", response=SealOut, operation_id="hand_over_seal", summary="交接"
)
def hand_over(request: HttpRequest, code: str, data: HandOverIn) -> HttpResponse:
    """Give a seal to another keeper."""
    actor = actor_for(request, Scope.WORK, Role.ADMIN)
    to = _keeper(data.to, field="to")
    done = keeping.hand_over(
        queries.seal_with(code), to=to, basis=data.basis, by=actor, at=clock.now()
    )
    return respond(_seal(done))


@router.post("/register/{code}/stop", response=SealOut, operation_id="stop_seal", summary="停用")
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Take a seal out of use for good; what it sealed stays as it is."""
    actor = actor_for(request, Scope.WORK, Role.ADMIN)
    return respond(_seal(keeping.stop(queries.seal_with(code), by=actor, at=clock.now())))


@router.post(
    "/register/{code}/destroy", response=SealOut, operation_id="destroy_seal", summary="销毁"
)
def destroy(request: HttpRequest, code: str, data: DestroyIn) -> HttpResponse:
    """Record that a stopped seal was destroyed by two people; its keys go too."""
    actor = actor_for(request, Scope.WORK, Role.ADMIN)
    witness = _keeper(data.witness, field="witness")
    seal = queries.seal_with(code)
    return respond(_seal(keeping.destroy(seal, witness=witness, by=actor, at=clock.now())))


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
