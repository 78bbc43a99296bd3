"""The road of a case for programs: operations, not tables. The same services as the pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Query, Router, Schema, UploadedFile
from pydantic import Field, StringConstraints

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Actor, Scope
from onedoor.accounts.services import answer_once
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.inputs import ApplicantData, Demand, Handed
from onedoor.cases.models import NO_DATE, Case
from onedoor.cases.rules.lifecycle import open_actions
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState, SpecialKind
from onedoor.cases.services.intake import Receipt
from onedoor.kernel import clock, masking
from onedoor.kernel.errors import NotValid

router = Router(tags=["cases"])

Text = Annotated[str, StringConstraints(max_length=2000)]
Short = Annotated[str, StringConstraints(max_length=200)]
Count = Annotated[int, Field(ge=0, le=999)]
PAGE = 50


# --- What comes in ----------------------------------------------------------------------------


class ApplicantIn(Schema):
    kind: ApplicantKind
    name: Short
    id_type: IdType
    id_number: Short
    phone: Short
    address: Short = ""
    agent: Short = ""


class MaterialIn(Schema):
    order: int
    state: MaterialState
    originals: Count = 0
    copies: Count = 0


class ReceiveIn(Schema):
    item: Annotated[str, StringConstraints(max_length=64)]
    applicant: ApplicantIn
    materials: Annotated[list[MaterialIn], Field(max_length=200)]
    identity_checked: bool
    finish: bool = False
    """即办件: receive, decide and hand out in one action."""


class GapIn(Schema):
    order: int
    problem: MaterialState
    demand: Text = ""


class CorrectionIn(Schema):
    gaps: Annotated[list[GapIn], Field(max_length=200)]
    reason: Text = ""


class SupplyIn(Schema):
    materials: Annotated[list[MaterialIn], Field(max_length=200)]
    identity_checked: bool


class ReasonIn(Schema):
    reason: Text
    basis: Text


class OpinionIn(Schema):
    opinion: Text


class SuspendIn(Schema):
    kind: SpecialKind
    planned_days: int
    reason: Text


class ResumeIn(Schema):
    result: Text


class HandOutIn(Schema):
    recipient: Text
    identity_checked: bool


class WithdrawIn(Schema):
    identity_checked: bool
    reason: Text = ""


# --- What goes out ----------------------------------------------------------------------------


class MaterialOut(Schema):
    order: int
    name: str
    necessity: str
    state: MaterialState
    originals: int
    copies: int


class StepOut(Schema):
    version: int
    step: str
    action: str
    status: str
    at: datetime
    by: str
    note: str
    basis: str
    paper: str


class CaseOut(Schema):
    number: str
    alias: str
    status: str
    status_zh: str
    outcome: str
    light: str
    item: str
    item_name: str
    item_version: int
    unit: str
    applicant: str
    id_number: str
    fee_fen: int
    received_at: datetime
    accepted_at: datetime | None
    is_deemed: bool
    decided_at: datetime | None
    ended_at: datetime | None
    receipt_due_on: date
    correction_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    due_provisional: bool
    urgent_on: date | None
    version: int
    actions: list[str]
    materials: list[MaterialOut] = []


class ReceiptOut(CaseOut):
    query_code: str
    track_path: str


class CaseList(Schema):
    cases: list[CaseOut]
    next: str | None


class AttachmentOut(Schema):
    digest: str
    size: int
    media_type: str


def _case(case: Case, actor: Actor, *, on: date) -> dict[str, Any]:
    version = case.item_version
    return {
        "number": case.number,
        "alias": case.alias,
        "status": case.status,
        "status_zh": case.state.zh,
        "outcome": case.outcome,
        "light": queries.light_of(case, on=on).value,
        "item": case.item.code,
        "item_name": version.name,
        "item_version": version.number,
        "unit": case.unit.name,
        "applicant": masking.name(case.applicant.name),
        "id_number": masking.id_number(case.applicant.id_number),
        "fee_fen": version.fee_fen,
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "is_deemed": case.is_deemed,
        "decided_at": case.decided_at,
        "ended_at": case.ended_at,
        "receipt_due_on": case.receipt_due_on,
        "correction_due_on": case.correction_due_on,
        "promised_due_on": case.promised_due_on,
        "statutory_due_on": case.statutory_due_on,
        "delivery_due_on": case.delivery_due_on,
        "due_provisional": case.due_provisional,
        "urgent_on": None if case.urgent_on == NO_DATE else case.urgent_on,
        "version": case.version,
        "actions": [a.value for a in open_actions(case.state, roles=actor.roles_in(case.unit_id))],
    }


def _materials(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "order": row.order,
            "name": row.material.name,
            "necessity": row.material.necessity,
            "state": row.state,
            "originals": row.originals,
            "copies": row.copies,
        }
        for row in case.materials.select_related("material").order_by("order")
    ]


def _json(body: Any, *, status: int = 200, version: int | None = None) -> HttpResponse:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=_plain)
    response = HttpResponse(text, status=status, content_type="application/json")
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response


def _plain(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _actor(request: HttpRequest, scope: Scope) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the API's door
    require_scope(actor, scope)
    return actor


# --- Operations -------------------------------------------------------------------------------


@router.post("", response={201: ReceiptOut}, operation_id="receive_case", summary="收件")
def receive(
    request: HttpRequest,
    data: ReceiveIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")],
) -> HttpResponse:
    """Take an application (T2); with ``finish`` also decide and hand out a 即办件 (T19).

    The same Idempotency-Key with the same body gets the same receipt again, for seven days.
    """
    actor, now = _actor(request, Scope.RECEIVE), clock.now()
    slot = cases.reserve(data.item, at=now)
    take = cases.receive_and_finish if data.finish else cases.receive
    made: list[Receipt] = []

    def answer() -> str:
        receipt = take(
            slot,
            applicant=ApplicantData(**data.applicant.dict()),
            materials=_handed(data.materials),
            identity_checked=data.identity_checked,
            by=actor,
            at=now,
        )
        made.append(receipt)
        given = {m.order: m for m in data.materials}
        body = _case(receipt.case, actor, on=clock.day_of(now)) | {
            "materials": [
                {
                    "order": m.order,
                    "name": m.name,
                    "necessity": m.necessity,
                    "state": given[m.order].state.value,
                    "originals": given[m.order].originals,
                    "copies": given[m.order].copies,
                }
                for m in slot.version.materials
            ],
            "query_code": receipt.query_code,
            "track_path": f"/c/{receipt.track_token}/",
        }
        return json.dumps(body, ensure_ascii=False, default=_plain)

    text = answer_once(answer, actor=actor, key=idempotency_key, body=request.body, at=now)
    response = _json(text, status=201)
    if not made:
        response["Idempotent-Replay"] = "true"
    return response


def _handed(materials: list[MaterialIn]) -> list[Handed]:
    return [Handed(m.order, m.state, m.originals, m.copies) for m in materials]


@router.get("", response=CaseList, operation_id="list_cases", summary="在办件，最急的在前")
def list_cases(
    request: HttpRequest,
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> HttpResponse:
    """List open cases the caller may see, most urgent first, fifty at a time."""
    actor, on = _actor(request, Scope.READ), clock.day_of(clock.now())
    found = queries.open_cases(actor, unit=queries.unit_id(unit) if unit else None)
    if cursor:
        found = queries.after(found, _read_cursor(cursor))
    page = list(found[: PAGE + 1])
    more = len(page) > PAGE
    body = {
        "cases": [_case(case, actor, on=on) for case in page[:PAGE]],
        "next": _cursor(page[PAGE - 1]) if more else None,
    }
    return _json(body)


def _cursor(case: Case) -> str:
    return base64.urlsafe_b64encode(f"{case.urgent_on} {case.number}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[date, str]:
    try:
        day, number = base64.urlsafe_b64decode(cursor).decode().split(" ")
        return date.fromisoformat(day), number
    except ValueError:
        raise NotValid(
            "page.bad_cursor", "翻页标记不对，请从第一页重新读。", field="cursor"
        ) from None


@router.get("/{number}", response=CaseOut, operation_id="read_case", summary="读一件")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a case with its materials; ETag is its version."""
    actor = _actor(request, Scope.READ)
    case = queries.case_for(actor, number)
    body = _case(case, actor, on=clock.day_of(clock.now()))
    return _json(body | {"materials": _materials(case)}, version=case.version)


@router.get(
    "/{number}/timeline", response=list[StepOut], operation_id="read_timeline", summary="办理过程"
)
def timeline(request: HttpRequest, number: str) -> Any:
    """Read what happened to a case, oldest first."""
    case = queries.case_for(_actor(request, Scope.READ), number)
    return [
        {
            "version": s.version,
            "step": s.step,
            "action": s.action.value,
            "status": s.status.value,
            "at": s.at,
            "by": s.actor_name,
            "note": s.note,
            "basis": s.basis,
            "paper": s.paper,
        }
        for s in queries.timeline(case)
    ]


@router.get("/{number}/clocks", operation_id="read_clocks", summary="期限怎么算的")
def clocks(request: HttpRequest, number: str) -> HttpResponse:
    """Read every clock of a case with each day accounted for."""
    case = queries.case_for(_actor(request, Scope.READ), number)
    rows = [
        {
            "clock": e.clock,
            "start_on": e.start_on,
            "limit": e.limit.count,
            "unit": e.limit.unit.value,
            "due_on": e.due_on,
            "provisional": e.provisional,
            "basis": e.basis,
            "days": [
                {"day": d.day, "counted": d.counted, "count": d.count, "why": d.why.value}
                for d in e.days
            ],
        }
        for e in queries.explanations(case, on=clock.day_of(clock.now()))
    ]
    return _json(rows)


@router.get("/{number}/proof", operation_id="read_proof", summary="存证证明")
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Read the proof that the last step is under a signed tree head; empty until it is."""
    case = queries.case_for(_actor(request, Scope.READ), number)
    return _json(queries.proof_of(case) or {})


def _step(
    request: HttpRequest, number: str, if_match: str, step: Callable[..., Case]
) -> HttpResponse:
    """Read the case, take the step on the version the caller saw, answer with the case as it is."""
    actor, now = _actor(request, Scope.WORK), clock.now()
    case = cases.settle(queries.case_for(actor, number), at=now)
    seen = _version(if_match) if if_match else case.version
    case = step(case, seen=seen, by=actor, at=now)
    return _json(_case(case, actor, on=clock.day_of(now)), version=case.version)


def _version(if_match: str) -> int:
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise NotValid("request.bad_etag", "If-Match 应是读到的 ETag。", field="If-Match") from None


IfMatch = Annotated[str, Header(alias="If-Match")]


@router.post("/{number}/accept", response=CaseOut, operation_id="accept_case", summary="受理")
def accept(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Accept a complete application (T5)."""
    return _step(request, number, if_match, cases.accept)


@router.post(
    "/{number}/ask_correction",
    response=CaseOut,
    operation_id="ask_correction",
    summary="一次性告知补正",
)
def ask_correction(
    request: HttpRequest, number: str, data: CorrectionIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Tell everything that is missing, once (T3)."""
    demands = [Demand(g.order, g.problem, g.demand) for g in data.gaps]
    return _step(
        request,
        number,
        if_match,
        partial(cases.ask_correction, demands=demands, reason=data.reason),
    )


@router.post(
    "/{number}/take_correction",
    response=CaseOut,
    operation_id="take_correction",
    summary="补正收件",
)
def take_correction(
    request: HttpRequest, number: str, data: SupplyIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take what is supplied after a notice (T4)."""
    return _step(
        request,
        number,
        if_match,
        partial(
            cases.take_correction,
            materials=_handed(data.materials),
            identity_checked=data.identity_checked,
        ),
    )


@router.post("/{number}/reject", response=CaseOut, operation_id="reject_case", summary="不予受理")
def reject(
    request: HttpRequest, number: str, data: ReasonIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Refuse to accept (T7)."""
    return _step(
        request, number, if_match, partial(cases.reject, reason=data.reason, basis=data.basis)
    )


@router.post("/{number}/review", response=CaseOut, operation_id="review_case", summary="初审")
def review(
    request: HttpRequest, number: str, data: OpinionIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Write the first opinion (T8a)."""
    return _step(request, number, if_match, partial(cases.review, opinion=data.opinion))


@router.post(
    "/{number}/suspend", response=CaseOut, operation_id="suspend_case", summary="启动特别程序"
)
def suspend(
    request: HttpRequest, number: str, data: SuspendIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Stop the handling clock for a procedure the law names (T9)."""
    return _step(
        request,
        number,
        if_match,
        partial(cases.suspend, kind=data.kind, planned_days=data.planned_days, reason=data.reason),
    )


@router.post("/{number}/resume", response=CaseOut, operation_id="resume_case", summary="恢复计时")
def resume(
    request: HttpRequest, number: str, data: ResumeIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Let the clock run again (T10)."""
    return _step(request, number, if_match, partial(cases.resume, result=data.result))


@router.post("/{number}/grant", response=CaseOut, operation_id="grant_case", summary="准予")
def grant(
    request: HttpRequest, number: str, data: OpinionIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Grant (T12)."""
    return _step(request, number, if_match, partial(cases.grant, opinion=data.opinion))


@router.post("/{number}/refuse", response=CaseOut, operation_id="refuse_case", summary="不予")
def refuse(
    request: HttpRequest, number: str, data: ReasonIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Refuse with reason and article (T13)."""
    return _step(
        request, number, if_match, partial(cases.refuse, reason=data.reason, basis=data.basis)
    )


@router.post("/{number}/make", response=CaseOut, operation_id="make_paper", summary="制证")
def make(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Make the paper (T16)."""
    return _step(request, number, if_match, cases.make)


@router.post(
    "/{number}/make_ready", response=CaseOut, operation_id="make_ready", summary="交出件窗口"
)
def make_ready(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Bring the paper to the issuing window (T16)."""
    return _step(request, number, if_match, cases.make_ready)


@router.post("/{number}/hand_out", response=CaseOut, operation_id="hand_out", summary="出件")
def hand_out(
    request: HttpRequest, number: str, data: HandOutIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Hand the paper over against identity (T17)."""
    return _step(
        request,
        number,
        if_match,
        partial(cases.hand_out, recipient=data.recipient, identity_checked=data.identity_checked),
    )


@router.post("/{number}/withdraw", response=CaseOut, operation_id="withdraw_case", summary="撤回")
def withdraw(
    request: HttpRequest, number: str, data: WithdrawIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Take the application back at the applicant's wish (T14)."""
    return _step(
        request,
        number,
        if_match,
        partial(cases.withdraw, reason=data.reason, identity_checked=data.identity_checked),
    )


@router.post(
    "/{number}/finish_at_once", response=CaseOut, operation_id="finish_at_once", summary="当场办结"
)
def finish_at_once(request: HttpRequest, number: str, if_match: IfMatch = "") -> HttpResponse:
    """Decide and hand out a complete 即办件 on the spot (T19)."""
    return _step(request, number, if_match, cases.finish_at_once)


@router.post(
    "/{number}/materials/{order}/files",
    response={201: AttachmentOut},
    operation_id="attach_file",
    summary="上传材料",
)
def attach(
    request: HttpRequest, number: str, order: int, file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Keep a scan of a material with the case."""
    actor, now = _actor(request, Scope.WORK), clock.now()
    case = queries.case_for(actor, number)
    assert file.file is not None
    made = cases.attach(
        case, order=order, name=file.name or "", content=file.file, by=actor, at=now
    )
    stored = made.file
    body = {"digest": stored.digest, "size": stored.size, "media_type": stored.media_type}
    return _json(body, status=201)
