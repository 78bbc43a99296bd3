"""Reading cases: the list by urgency, one case, what happened, how its dates were counted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from onedoor.accounts.rules import Actor, Scope
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import (
    actor_of,
    case_body,
    mark_after,
    materials_body,
    proof_of,
    read_cursor,
    respond,
)
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import ActionOut, CaseList, CaseOut, ProofOut, StepOut
from onedoor.cases.models import Case
from onedoor.kernel import clock, rows
from onedoor.kernel.web import problem

PAGE = 50


@router.get("", response=CaseList, operation_id="list_cases", summary="在办件，最急的在前")
def list_cases(
    request: HttpRequest,
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> HttpResponse:
    """List open cases the caller may see, most urgent first, fifty at a time."""
    actor, on = actor_of(request, Scope.READ), clock.day_of(clock.now())
    found = queries.open_cases(actor, unit=queries.unit_id(unit) if unit else None)
    if cursor:
        found = queries.after(found, read_cursor(cursor))
    page = rows.read(found[: PAGE + 1])
    more = len(page) > PAGE
    body = {
        "cases": [case_body(case, on=on) for case in page[:PAGE]],
        "next": mark_after(page[PAGE - 1].urgent_on, page[PAGE - 1].number) if more else None,
    }
    return respond(body)


def _settled(actor: Actor, number: str, *, at: datetime) -> Case:
    """Return the case as the law sees it now, as the pages do: silence may have accepted it."""
    return cases.settle(queries.case_for(actor, number), at=at)


@router.get("/{number}", response=CaseOut, operation_id="read_case", summary="读一件")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a case with its materials; ETag is its version."""
    actor, now = actor_of(request, Scope.READ), clock.now()
    case = _settled(actor, number, at=now)
    body = case_body(case, on=clock.day_of(now))
    return respond(body | {"materials": materials_body(case)}, version=case.version)


@router.get(
    "/{number}/timeline", response=list[StepOut], operation_id="read_timeline", summary="办理过程"
)
def timeline(request: HttpRequest, number: str) -> Any:
    """Read what happened to a case, oldest first."""
    case = _settled(actor_of(request, Scope.READ), number, at=clock.now())
    return [
        {
            "version": s.version,
            "step": s.step,
            "action": s.action.value,
            "status": s.status.value,
            "at": s.at,
            "by": s.actor_name,
            "acting_for": s.acting_for,
            "note": s.shown_note,
            "basis": s.basis,
            "paper": s.paper,
        }
        for s in queries.timeline(case)
    ]


@router.get("/{number}/clocks", operation_id="read_clocks", summary="期限怎么算的")
def clocks(request: HttpRequest, number: str) -> HttpResponse:
    """Read every clock of a case with each day accounted for."""
    now = clock.now()
    case = _settled(actor_of(request, Scope.READ), number, at=now)
    told = [
        {
            "clock": e.clock.value,
            "start_on": e.start_on,
            "limit": e.limit.count,
            "unit": e.limit.unit.value,
            "due_on": e.due_on,
            "ended_on": e.ended_on,
            "provisional": e.provisional,
            "basis": e.basis,
            "days": [
                {"day": d.day, "counted": d.counted, "count": d.count, "why": d.why.value}
                for d in e.days
            ],
        }
        for e in queries.explanations(case, on=clock.day_of(now))
    ]
    return respond(told)


@router.get(
    "/{number}/actions",
    response=list[ActionOut],
    operation_id="read_actions",
    summary="现在能办哪些步骤",
)
def actions(request: HttpRequest, number: str) -> HttpResponse:
    """Read which steps the caller may take now, and what those that are not open wait for.

    Steps that do not belong to the case at all are left out; what only the step's own body can
    meet (an opinion, a reason, the identity check) is taken as given.
    """
    actor, now = actor_of(request, Scope.READ), clock.now()
    case = _settled(actor, number, at=now)
    return respond(
        [
            {
                "action": way.action.value,
                "action_zh": way.action.zh,
                "possible": way.refusal is None,
                "why": problem(way.refusal) if way.refusal else None,
            }
            for way in queries.ways(case, actor, on=clock.day_of(now))
        ]
    )


@router.get("/{number}/proof", response=ProofOut, operation_id="read_proof", summary="存证证明")
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Read what of the case is under a signed tree head, with its proof, and what is not yet.

    ``sealed`` is the last step a head covers: its text hashes to ``digest``, and its leaf by
    ``path`` to the ``root`` that is signed; it holds the digest of the step before, so it proves
    all of them. ``waiting`` names the steps since; ask again after ``retry_after`` seconds.
    """
    case = queries.case_for(actor_of(request, Scope.READ), number)
    return proof_of(case.subject, at=clock.now())
