"""The register of licences for programs: read one, end one on a ground of the law."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from onedoor.accounts.rules import Scope
from onedoor.cases import register
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In, Text
from onedoor.cases.models import Licence
from onedoor.cases.rules.licences import CancellationGround, RevocationGround
from onedoor.kernel import clock

router = Router(tags=["licences"])


class LicenceOut(Schema):
    number: str
    case: str
    item: str
    item_name: str
    unit: str
    holder: str
    valid_from: date
    valid_to: date | None
    state: str
    ended_on: date | None
    follows: str
    decision: str
    """Number of the paper that revoked or cancelled it."""


class RevokeIn(In):
    ground: RevocationGround
    reason: Text


class CancelIn(In):
    ground: CancellationGround
    reason: Text


def _body(licence: Licence) -> dict[str, Any]:
    decision = register.decision_on(licence)
    return {
        "number": licence.number,
        "case": licence.case.number,
        "item": licence.item.code,
        "item_name": licence.case.item_version.name,
        "unit": licence.unit.name,
        "holder": licence.applicant.shown_name,
        "valid_from": licence.valid_from,
        "valid_to": licence.valid_to,
        "state": licence.state,
        "ended_on": licence.ended_on,
        "follows": licence.follows.number if licence.follows else "",
        "decision": decision.number if decision else "",
    }


@router.get("/{number}", response=LicenceOut, operation_id="read_licence", summary="读证照")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a licence of the caller's units."""
    return respond(_body(register.licence_for(actor_of(request, Scope.READ), number)))


@router.post(
    "/{number}/revoke", response=LicenceOut, operation_id="revoke_licence", summary="撤销证照"
)
def revoke(request: HttpRequest, number: str, data: RevokeIn) -> HttpResponse:
    """Revoke a licence on a ground of the law (许可法69)."""
    actor = actor_of(request, Scope.WORK)
    licence = register.licence_for(actor, number)
    return respond(_body(cases.revoke(licence, **data.dict(), by=actor, at=clock.now())))


@router.post(
    "/{number}/cancel", response=LicenceOut, operation_id="cancel_licence", summary="注销证照"
)
def cancel(request: HttpRequest, number: str, data: CancelIn) -> HttpResponse:
    """Take a licence out of the register (许可法70)."""
    actor = actor_of(request, Scope.WORK)
    licence = register.licence_for(actor, number)
    return respond(_body(cases.cancel(licence, **data.dict(), by=actor, at=clock.now())))
