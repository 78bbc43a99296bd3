"""Who acts for whom, noted, listed and ended by a window's own programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Query, Router, Schema

from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.cases.api.answers import actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.cases.queries import mine
from onedoor.citizens import mandates as queries
from onedoor.citizens import services as citizens
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Mandate
from onedoor.citizens.rules.mandates import Ended, Kind, State
from onedoor.citizens.rules.mandates import Scope as Reach
from onedoor.kernel import clock, masking
from onedoor.kernel.errors import NotAllowed

router = Router(tags=["mandates"])
Text = Annotated[str, Field(max_length=100)]
Number = Annotated[str, Field(max_length=40)]


class MandateIn(In):
    kind: Kind
    party_name: Text
    party_number: Number
    party_phone: Annotated[str, Field(max_length=20)] = ""
    agent_name: Text
    agent_number: Number
    scope: Reach
    months: int = 12


class MandateOut(Schema):
    code: str
    kind: Kind
    scope: Reach
    state: State
    agent: str
    party: str
    first_on: date
    last_on: date | None


def _body(mandate: Mandate) -> dict[str, Any]:
    party = str(mandate.party_name)
    return {
        "code": mandate.code,
        "kind": mandate.kind,
        "scope": mandate.scope,
        "state": mandate.state,
        "agent": masking.name(str(mandate.agent_name)),
        "party": masking.name(party) if mandate.is_family else party,
        "first_on": mandate.first_on,
        "last_on": mandate.last_on,
    }


def _at_a_window(request: HttpRequest, scope: Scope) -> Actor:
    actor = actor_of(request, scope)
    if not actor.holds_any(Role.DESK):
        raise NotAllowed("mandate.window_only", "登记代办要有窗口收件的岗位。")
    return actor


@router.post("", response={201: MandateOut}, operation_id="give_mandate", summary="登记代办")
def give(
    request: HttpRequest,
    data: MandateIn,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=80)],
) -> HttpResponse:
    """Note an authority both came with; their documents and the letter were looked at."""
    actor, now = _at_a_window(request, Scope.SUBMIT), clock.now()

    def create(_: None) -> dict[str, Any]:
        made = citizens.give_at_window(
            Identity(data.agent_name, "", data.agent_number),
            Identity(data.party_name, "", data.party_number, data.party_phone),
            kind=data.kind,
            scope=data.scope,
            months=data.months,
            by=actor,
            at=now,
            known_phone=mine.known_phone(data.party_number),
        )
        return _body(made)

    return created_once(request, create, prepare=lambda: None, actor=actor, key=key, at=now)


@router.get("", response=list[MandateOut], operation_id="list_mandates", summary="谁替他办")
def listed(request: HttpRequest, number: Annotated[str, Query(max_length=40)]) -> HttpResponse:
    """List who acts for whoever has this document, or asks to; names are masked."""
    _at_a_window(request, Scope.READ)
    return respond([_body(each) for each in queries.of_party(number.strip().upper())])


@router.post("/{code}/end", response=MandateOut, operation_id="end_mandate", summary="收回代办")
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End an authority that is taken back at a window."""
    actor, now = _at_a_window(request, Scope.SUBMIT), clock.now()
    mandate = queries.open_mandate(code)
    citizens.end(mandate, Ended.AT_WINDOW, by=actor.ref, at=now)
    mandate.refresh_from_db()
    return respond(_body(mandate))
