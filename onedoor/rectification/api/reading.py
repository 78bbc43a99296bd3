"""Reading findings: the ledger by deadline, one finding, its history, its steps, its proof."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from onedoor.accounts.rules import Actor, Scope
from onedoor.accounts.steps import open_actions
from onedoor.cases.api.answers import actor_of, mark_after, proof_of, read_cursor, respond
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.papers import services as issued
from onedoor.rectification import notices
from onedoor.rectification.api.door import finding_for, router
from onedoor.rectification.api.schemas import (
    EntryOut,
    FindingList,
    PaperOut,
    ProvenOut,
    WayOut,
    WholeFindingOut,
)
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import lists, telling
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.lifecycle import LIFECYCLE

PAGE = 50


def body_of(f: Finding, *, on: date) -> dict[str, Any]:
    """Return what a program is told of a finding in a list."""
    plain = ("number", "title", "state", "outcome", "claimed", "claim_label", "severity")
    dated = ("rectification_class", "served_on", "reopened_count", "is_public", "submitted_at")
    return {name: getattr(f, name) for name in (*plain, *dated, "closed_at", "version")} | {
        "project": f.project.title,
        "state_zh": f.standing.zh,
        "unit": f.unit.code if f.unit else None,
        "deadline_on": f.due_on,
        "days_late": f.days_late(on),
    }


def whole(f: Finding, actor: Actor, *, on: date) -> dict[str, Any]:
    """Return a finding with all that belongs to it; what is internal to those inside alone."""
    measures = f.measures.select_related("unit").prefetch_related("milestones__moves")
    evidence = f.evidence.select_related("measure").prefetch_related("revisions__file")
    is_inside = lists.is_inside(f, actor)
    earlier, later = lists.related(f, actor)
    return body_of(f, on=on) | {
        "repeats": earlier.number if earlier else None,
        "repeated_by": [row.number for row in later],
        "heading": f.heading,
        "detail": f.detail,
        "basis": f.basis,
        "gaps": [g.kind for g in f.gaps.filter(filled_at=None).order_by("kind", "place")],
        "measures": [
            {"unit": m.unit.code if m.unit else None, "milestones": _stones(m)}
            | {name: getattr(m, name) for name in ("sequence", "text", "goal", "due_on")}
            | {"progress": m.progress}
            for m in measures.order_by("sequence")
        ],
        "evidence": [
            {
                "measure": e.measure.sequence if e.measure else None,
                "digests": [
                    r.file.digest for r in sorted(e.revisions.all(), key=lambda r: r.number)
                ],
            }
            | {name: getattr(e, name) for name in ("sequence", "kind", "title", "state")}
            for e in evidence.order_by("sequence")
        ],
        "amounts": list(f.amounts.order_by("kind").values("kind", "due_fen", "done_fen")),
        "letters": [_row(r, _LETTER) for r in f.upward.order_by("sent_on", "addressee")],
        "rechecks": [_row(r, _RECHECK) for r in f.rechecks.order_by("due_on")],
        "supervisions": [_row(r, _RUNG) for r in f.supervisions.order_by("taken_on", "number")]
        if is_inside
        else [],
        "signals": [_row(r, _SIGNAL) for r in f.signals.order_by("at")] if is_inside else [],
    }


_LETTER = ("id", "addressee", "basis", "request", "sent_on", "answer_due_on", "answer")
_RECHECK = ("due_on", "months", "state", "done_on")
_RUNG = (
    *("number", "rung", "taken_on", "reply_due_on", "issued_by", "reply", "replied_on"),
    *("addressee", "clue", "result", "persons", "concluded_on"),
)
_SIGNAL = ("id", "kind", "about", "basis", "at", "settled_at", "explanation")


def _row(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in names}
    return told | ({"id": str(row.pk)} if "id" in told else {})


def _stones(measure: Any) -> list[dict[str, Any]]:
    rows = sorted(measure.milestones.all(), key=lambda s: (s.due_on, s.text))
    return [
        _row(s, ("id", "due_on", "text", "done_on"))
        | {"moves": [_row(m, ("due_on", "at")) for m in sorted(s.moves.all(), key=_at)]}
        for s in rows
    ]


def _at(row: Any) -> Any:
    return row.at


@router.get("", response=FindingList, operation_id="list_findings", summary="整改台账")
def list_findings(
    request: HttpRequest,
    shown: Shown = Shown.ALL,
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> HttpResponse:
    """List the findings the caller may see, the nearest deadline first, fifty at a time."""
    actor, on = actor_of(request, Scope.READ), clock.day_of(clock.now())
    found = lists.ledger(actor, shown=shown, on=on, unit=unit)
    if cursor:
        found = lists.after(found, *read_cursor(cursor))
    page = list(found[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    body = {
        "findings": [body_of(f, on=on) for f in page[:PAGE]],
        "next": mark_after(last.deadline_on, last.number) if last else None,
    }
    return respond(body)


@router.get(
    "/{number}", response=WholeFindingOut, operation_id="read_finding", summary="读一个问题"
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a finding with its measures, evidence, money and letters; ETag is its version."""
    actor = actor_of(request, Scope.READ)
    found = finding_for(actor, number)
    body = whole(found, actor, on=clock.day_of(clock.now()))
    return respond(body, version=found.version)


@router.get(
    "/{number}/history",
    response=list[EntryOut],
    operation_id="read_finding_history",
    summary="问题的经过",
)
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Read what happened, the latest first; names and notes only for those inside."""
    actor = actor_of(request, Scope.READ)
    found = finding_for(actor, number)
    told = telling.history(found, public=not lists.is_inside(found, actor))
    return respond(
        [
            {
                "at": e.at,
                "what": e.what.value,
                "what_zh": e.what.zh,
                "by": e.who,
                "note": e.note,
                "digest": e.digest,
            }
            for e in told
        ]
    )


@router.get(
    "/{number}/actions",
    response=list[WayOut],
    operation_id="read_finding_actions",
    summary="现在能走哪些步骤",
)
def actions(request: HttpRequest, number: str) -> HttpResponse:
    """Read which steps of the table the caller's roles may try now."""
    actor = actor_of(request, Scope.READ)
    found = finding_for(actor, number)
    open_now = open_actions(LIFECYCLE, found.standing, roles=actor.roles_in(found.unit_id))
    return respond([{"action": a.value, "action_zh": a.zh} for a in open_now])


@router.get(
    "/{number}/proof",
    response=ProvenOut,
    operation_id="read_finding_proof",
    summary="存证证明",
)
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Read what of the finding is under a signed tree head, with its proof, and what is not yet.

    As for a case: ``sealed`` holds the digest of the step before it, so it proves all of them.
    """
    found = finding_for(actor_of(request, Scope.READ), number)
    return proof_of(found.subject, at=clock.now())


@router.get(
    "/{number}/papers",
    response=list[PaperOut],
    operation_id="list_finding_papers",
    summary="整改文书",
)
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """Read which letters went out and which are drafts; for those who handle or supervise it."""
    found = _inside(request, number)
    return respond(
        [
            {"kind": x.kind.value, "place": x.place, "title": x.title}
            | {name: getattr(x.sent, name, None) for name in _SENT}
            for x in notices.letters(found)
        ]
    )


_SENT = ("number", "recipient", "issued_at", "digest", "sm3")


@router.get(
    "/{number}/papers/{kind}/{place}.{form}",
    operation_id="read_finding_paper",
    summary="整改文书的文件",
)
def paper(request: HttpRequest, number: str, kind: str, place: int, form: str) -> HttpResponse:
    """Read a letter as pdf or docx, as it went out."""
    found, actor, now = _inside(request, number), actor_of(request, Scope.READ), clock.now()
    if form not in issued.WAYS:
        raise NotFound("finding.no_letter", "没有这份文书。")
    told = notices.letter_with(found, kind, place)
    unit = lists.sender(found, actor)
    document = notices.document_of(found, told, unit=unit, on=clock.day_of(now))
    made = issued.file_of(document, form, at=now, by=actor.ref)
    return HttpResponse(made, content_type=issued.WAYS[form].media_type)


def _inside(request: HttpRequest, number: str) -> Finding:
    actor = actor_of(request, Scope.READ)
    found = finding_for(actor, number)
    if not lists.is_inside(found, actor):
        raise NotFound("finding.no_letter", "没有这份文书。")
    return found
