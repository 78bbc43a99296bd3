"""Joint applications for programs: receive, read, supply. The same services as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from onedoor.accounts.rules import Scope
from onedoor.cases import joint, joint_gaps
from onedoor.cases import services as cases
from onedoor.cases.api.answers import Key, actor_of, created_once, handed, respond
from onedoor.cases.api.schemas import ApplicantIn, ExtendIn, In, LateIn, MaterialIn, Ref, SupplyIn
from onedoor.cases.inputs import ApplicantData, LateEntry
from onedoor.cases.models import Application
from onedoor.cases.services import JointSlot
from onedoor.kernel import clock
from onedoor.papers import queries as papers

router = Router(tags=["applications"])


class ApplicationIn(In):
    package: Ref
    applicant: ApplicantIn
    materials: Annotated[list[MaterialIn], Field(max_length=500)]
    """By their place in the package's merged list."""
    identity_checked: bool
    late: LateIn | None = None
    """补录: the papers were taken before and are entered only now; supervision counts it."""
    edition: Annotated[str, StringConstraints(max_length=16)] = ""
    """The edition whose materials were judged; refused (409) when the package changed since."""


class MemberOut(Schema):
    order: int
    item: str
    name: str
    unit: str
    after: int | None
    state: str
    case: str | None
    status: str | None
    outcome: str | None
    light: str | None
    due_on: date | None
    why: str | None


class OpenOut(Schema):
    order: int
    name: str
    demands: list[str]
    cases: list[str]
    due_on: date | None


class ApplicationOut(Schema):
    number: str
    alias: str
    package: str
    name: str
    unit: str
    applicant: str
    received_at: datetime
    stage: str
    due_on: date | None
    cap_on: date | None
    extended_days: int
    provisional: bool
    members: list[MemberOut]
    open: list[OpenOut]


class ApplicationReceiptOut(ApplicationOut):
    receipt: str
    """Number of the receipt, which ``/v/CODE/`` verifies."""
    verify_path: str
    query_code: str
    track_path: str


@router.post(
    "",
    response={201: ApplicationReceiptOut},
    operation_id="receive_application",
    summary="联合申请收件",
)
def receive(
    request: HttpRequest,
    data: ApplicationIn,
    idempotency_key: Key,
) -> HttpResponse:
    """Take an application for a package: all or nothing, with one number and one code."""
    actor, now = actor_of(request, Scope.RECEIVE), clock.now()

    def create(slot: JointSlot) -> dict[str, Any]:
        receipt = cases.receive_joint(
            slot,
            applicant=ApplicantData(**data.applicant.model_dump()),
            materials=handed(data.materials),
            identity_checked=data.identity_checked,
            late=LateEntry(**data.late.model_dump()) if data.late else None,
            by=actor,
            at=now,
        )
        paper = papers.of(receipt.application.number).get()
        return application_body(receipt.application, at=now) | {
            "receipt": paper.number,
            "verify_path": reverse("papers:verify", args=[paper.code]),
            "query_code": receipt.query_code,
            "track_path": f"/a/{receipt.track_token}/",
        }

    return created_once(
        request,
        create,
        prepare=lambda: cases.reserve_joint(data.package, at=now, seen=data.edition),
        actor=actor,
        key=idempotency_key,
        at=now,
        address="applications/{number}",
    )


@router.get(
    "/{number}", response=ApplicationOut, operation_id="read_application", summary="读联合申请"
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a joint application: its cases, what is open, by when all is decided and why."""
    now = clock.now()
    found = joint.application_for(actor_of(request, Scope.READ), number)
    cases.settle_joint(found, at=now)
    return respond(application_body(found, at=now))


@router.post(
    "/{number}/supply",
    response=ApplicationOut,
    operation_id="supply_application",
    summary="联合申请补正收件",
)
def supply(request: HttpRequest, number: str, data: SupplyIn) -> HttpResponse:
    """Take what was asked for, by its place in ``open``, for all cases that asked (T4)."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = joint.application_for(actor, number)
    cases.settle_joint(found, at=now)
    cases.supply_joint(
        found,
        materials=handed(data.materials),
        identity_checked=data.identity_checked,
        seen={},
        by=actor,
        at=now,
    )
    return respond(application_body(found, at=now))


@router.post(
    "/{number}/extend",
    response=ApplicationOut,
    operation_id="extend_application",
    summary="联合办理延期",
)
def extend(request: HttpRequest, number: str, data: ExtendIn) -> HttpResponse:
    """Add working days to the limit that all cases share, once and before it is over (T11)."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = joint.application_for(actor, number)
    cases.settle_joint(found, at=now)
    extended = cases.extend_joint(found, days=data.days, reason=data.reason, by=actor, at=now)
    return respond(application_body(extended, at=now))


def application_body(application: Application, *, at: datetime) -> dict[str, Any]:
    whole = joint.whole(application, at=at)
    return {
        "number": application.number,
        "alias": application.alias,
        "package": application.package.code,
        "name": application.name,
        "unit": application.unit.name,
        "applicant": application.applicant.shown_name,
        "received_at": application.received_at,
        "stage": whole.stage.value,
        "due_on": whole.road.due_on,
        "cap_on": whole.road.cap_on,
        "extended_days": application.extended_days,
        "provisional": whole.road.provisional,
        "members": [
            {
                "order": child.member.order,
                "item": child.member.item.code,
                "name": child.name,
                "unit": child.member.item.unit.name,
                "after": child.member.after.order if child.member.after else None,
                "state": child.member.state,
                "case": child.case.number if child.case else None,
                "status": child.case.status if child.case else None,
                "outcome": child.case.outcome if child.case else None,
                "light": child.light.value if child.light else None,
                "due_on": leg.due_on if leg else None,
                "why": leg.why.value if leg else None,
            }
            for child, leg in whole.legs
        ],
        "open": [
            {
                "order": gap.order,
                "name": gap.name,
                "demands": list(gap.demands),
                "cases": [case.number for case, _ in gap.rows],
                "due_on": gap.due_on,
            }
            for gap in joint_gaps.open_gaps(application)
        ],
    }
