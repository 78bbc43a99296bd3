"""The seal for programs: what waits, a seal put on, the reconciliation, the figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Role, Scope
from onedoor.cases import one_seal_figures, queries
from onedoor.cases.api.answers import respond
from onedoor.cases.api.pressing import router as pressing
from onedoor.cases.api.reissuing import router as reissues
from onedoor.cases.api.schemas import In
from onedoor.cases.api.seal_registers import UseOut, actor_for, use_told
from onedoor.cases.api.seal_registers import router as registers
from onedoor.cases.differences import SETTLING, open_differences, settle_difference
from onedoor.cases.models import Case, SealDifference
from onedoor.cases.reconciling import Period, reconcile
from onedoor.cases.rules.words import DifferenceState
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal
from onedoor.kernel.web import problem
from onedoor.papers import sealing
from onedoor.seals import queries as seals
from onedoor.seals.models import SealRequest
from onedoor.seals.rules.words import SealKind

router = Router(tags=["seals"])
router.add_router("", registers)
router.add_router("", reissues)
router.add_router("", pressing)
PAGE = 100


class RequestOut(Schema):
    paper: str
    paper_kind: str
    digest: str
    about: str
    unit: str
    kind: SealKind
    approver: str
    asked_at: datetime
    state: str
    reason: str


class WaitingOut(Schema):
    waiting: int
    requests: list[RequestOut]


class StepOut(Schema):
    at: datetime
    action: str
    by: str


class PaperOut(RequestOut):
    code: str
    """Of what stands against sealing it; empty where it is, to the letter, as it was approved."""
    detail: str
    chain: list[StepOut]
    """The steps of the case up to the one that approved it."""


class PinIn(In):
    pin: Annotated[str, Field(max_length=200)] = ""
    """Of a seal whose key is a file; nowhere else."""


class BatchIn(PinIn):
    kind: SealKind
    papers: Annotated[list[str], Field(max_length=sealing.AT_ONCE)] = []
    """Numbers; none for the next that wait, the oldest first."""


class BatchOut(Schema):
    sealed: list[UseOut]
    set_aside: list[RequestOut]
    left: int


class DifferenceOut(Schema):
    subject: str
    code: str
    detail: str


class ReconciliationOut(Schema):
    decisions: int
    papers: int
    uses: int
    waiting: int
    differences: list[DifferenceOut]


def _request(asked: SealRequest) -> dict[str, Any]:
    return {
        "paper": asked.paper,
        "paper_kind": asked.paper_kind,
        "digest": asked.digest,
        "about": asked.subject,
        "unit": asked.unit.name,
        "kind": asked.kind,
        "approver": asked.approver,
        "asked_at": asked.asked_at,
        "state": asked.state,
        "reason": asked.reason,
    }


@router.get("/waiting", response=WaitingOut, operation_id="list_waiting", summary="等用印的文书")
def waiting(request: HttpRequest, kind: SealKind) -> HttpResponse:
    """List what waits for a seal of a kind, the oldest first, a hundred at most."""
    actor_for(request, Scope.READ, Role.KEEPER)
    found = seals.waiting(kind)
    return respond(
        {"waiting": found.count(), "requests": [_request(asked) for asked in found[:PAGE]]}
    )


@router.get("/papers/{number}", response=PaperOut, operation_id="check_paper", summary="用印前核对")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Say who approved a paper, step by step, and whether it is as it was approved."""
    actor_for(request, Scope.READ, Role.KEEPER)
    asked = seals.request_for(number)
    against: dict[str, Any] = {"code": "", "detail": ""}
    try:
        sealing.check(asked, sealing.paper_of(asked))
    except Refusal as refusal:
        against = problem(refusal)
    case = Case.objects.filter(number=asked.subject).first()
    chain = queries.timeline_until(case, asked.step) if case else []
    steps = [{"at": s.at, "action": s.action, "by": s.actor_name} for s in chain]
    told = {name: against[name] for name in ("code", "detail")}
    return respond(_request(asked) | told | {"chain": steps})


@router.post("/batch", response=BatchOut, operation_id="seal_batch", summary="批量用印")
def batch(request: HttpRequest, data: BatchIn) -> HttpResponse:
    """Seal up to twenty papers of a kind; those that do not match are set aside with the reason.

    Of the next that wait, a decision and its certificate are taken together.
    """
    actor = actor_for(request, Scope.WORK, Role.KEEPER)
    waiting = seals.waiting(data.kind)
    wanted = waiting.filter(paper__in=data.papers) if data.papers else waiting
    rows = list(wanted[: sealing.AT_ONCE])
    if not data.papers:
        rows = sealing.together(rows, most=sealing.AT_ONCE)
    outcome = sealing.seal_all(rows, by=actor, at=clock.now(), pin=data.pin)
    made = seals.uses_of([use.request.paper for use in outcome.sealed])
    return respond(
        {
            "sealed": [use_told(use) for use in made],
            "set_aside": [_request(asked) for asked in outcome.set_aside],
            "left": waiting.count(),
        }
    )


@router.post("/papers/{number}", response=UseOut, operation_id="seal_paper", summary="用印")
def seal(request: HttpRequest, number: str, data: PinIn | None = None) -> HttpResponse:
    """Seal one paper, by its number, if it is as it was approved."""
    actor = actor_for(request, Scope.WORK, Role.KEEPER)
    pin = data.pin if data else ""
    sealing.seal(seals.request_for(number), by=actor, at=clock.now(), pin=pin)
    made = seals.use_of(number)
    assert made is not None
    return respond(use_told(made), status=201)


@router.get(
    "/reconciliation",
    response=ReconciliationOut,
    operation_id="reconcile_seals",
    summary="用印对账",
)
def reconciliation(
    request: HttpRequest, first: date | None = None, last: date | None = None
) -> HttpResponse:
    """Compare decisions, papers and uses of the seal of a period, and list each difference."""
    actor_for(request, Scope.READ, Role.KEEPER, Role.SUPERVISOR, Role.AUDIT_ADMIN)
    found = reconcile(at=clock.now(), period=Period(first, last))
    told = [(each.subject, problem(each.why)) for each in found.differences]
    return respond(
        {
            "decisions": found.decisions,
            "papers": found.papers,
            "uses": found.uses,
            "waiting": found.waiting,
            "differences": [
                {"subject": subject, "code": why["code"], "detail": why["detail"]}
                for subject, why in told
            ],
        }
    )


class DifferenceItemOut(Schema):
    id: UUID
    about: str
    code: str
    detail: str
    found_at: datetime
    state: DifferenceState
    reason: str


class SettleIn(Schema):
    reason: Annotated[str, Field(max_length=300)]


@router.get(
    "/differences",
    response=list[DifferenceItemOut],
    operation_id="list_seal_differences",
    summary="用印差异",
)
def list_differences(request: HttpRequest) -> HttpResponse:
    """List what the evening's reconciliation left to be seen to."""
    actor_for(request, Scope.READ, Role.KEEPER, Role.ADMIN, Role.SUPERVISOR, Role.AUDIT_ADMIN)
    return respond([_item(row) for row in open_differences()[:PAGE]])


@router.post(
    "/differences/{item}",
    response=DifferenceItemOut,
    operation_id="settle_seal_difference",
    summary="处理用印差异",
)
def settle(request: HttpRequest, item: str, body: SettleIn) -> HttpResponse:
    """Say why a difference may stand, or how it was put right."""
    actor = actor_for(request, Scope.WORK, *SETTLING)
    return respond(_item(settle_difference(item, reason=body.reason, by=actor, at=clock.now())))


def _item(row: SealDifference) -> dict[str, Any]:
    names = ("about", "code", "found_at", "state", "reason")
    told = {name: getattr(row, name) for name in names}
    return {"id": str(row.pk), **told, "detail": gettext(row.text)}


class OneSealLineOut(Schema):
    unit: str
    item: str
    name: str
    cases: int
    granted: int
    statutory_each: float | None
    promised_each: float | None
    used_each: float | None
    before_each: float | None


class OneSealOut(Schema):
    cases: int
    granted: int
    licences: int
    """All licence decisions of the period, under the one seal or not."""
    share: float | None
    statutory_each: float | None
    promised_each: float | None
    used_each: float | None
    items: list[OneSealLineOut]


@router.get(
    "/figures", response=OneSealOut, operation_id="read_one_seal_figures", summary="一颗印章统计"
)
def figures(request: HttpRequest, first: date, last: date) -> HttpResponse:
    """Count what was decided under the one seal in a period, item by item; average working days."""
    actor = actor_for(request, Scope.READ, Role.SUPERVISOR, Role.HEAD, Role.KEEPER)
    found = one_seal_figures.report(actor, first=first, last=last)
    each = ("statutory_each", "promised_each", "used_each")
    total = found.total
    return respond(
        {name: getattr(total, name) for name in ("cases", "granted", *each)}
        | {
            "licences": found.licences,
            "share": found.share,
            "items": [
                {"unit": line.unit.name, "item": line.code, "name": line.name}
                | {
                    name: getattr(line.counted, name)
                    for name in ("cases", "granted", *each, "before_each")
                }
                for line in found.lines
            ],
        }
    )
