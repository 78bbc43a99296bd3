"""Exports with proofs for programs: ask, see how far, take a part out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.archive.web import sent
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.rectification import services as rectification
from onedoor.rectification.models import ProofExport
from onedoor.rectification.queries import exports
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.words import ProofUse

router = Router(tags=["finding-exports"])


class ExportIn(In):
    purpose: ProofUse
    shown: Shown = Shown.ALL
    unit: Annotated[str, Field(max_length=64)] = ""


class PartOut(Schema):
    place: int
    is_made: bool
    fault: str
    """Why it is not made yet; empty while it only waits its turn."""
    sha256: str | None
    size: int | None
    files: int


class ExportOut(Schema):
    number: str
    purpose: ProofUse
    findings: int
    asked_at: datetime
    made: int
    parts: list[PartOut]


def _body(row: ProofExport) -> dict[str, Any]:
    [told] = exports.told([row])
    parts = [
        {
            "place": p.place,
            "is_made": p.package is not None,
            "fault": p.fault,
            "sha256": p.package.digest if p.package else None,
            "size": p.package.size if p.package else None,
            "files": p.file_count,
        }
        for p in told.parts
    ]
    return {
        "number": row.number,
        "purpose": row.purpose,
        "findings": row.finding_count,
        "asked_at": row.asked_at,
        "made": told.made,
        "parts": parts,
    }


@router.post(
    "", response={201: ExportOut}, operation_id="ask_finding_export", summary="要一份带存证的导出"
)
def ask(request: HttpRequest, data: ExportIn, idempotency_key: Key) -> HttpResponse:
    """Ask for findings with evidence and proofs; the worker makes them in parts."""
    actor, now = actor_of(request, Scope.READ), clock.now()

    def create(given: ExportIn) -> dict[str, Any]:
        return _body(rectification.ask_export(**given.model_dump(), by=actor, at=now))

    return created_once(
        request,
        create,
        prepare=lambda: data,
        actor=actor,
        key=idempotency_key,
        at=now,
        address="finding-exports/{number}",
    )


@router.get(
    "/{number}", response=ExportOut, operation_id="read_finding_export", summary="导出做到哪里了"
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read how far an export is, and the digest of each part."""
    found = exports.exports(actor_of(request, Scope.READ)).filter(number=number).first()
    if found is None:
        raise NotFound("proofs.no_part", "没有这份导出，或者还没有做好。")
    return respond(_body(found))


@router.get(
    "/{number}/parts/{place}",
    operation_id="take_finding_export_part",
    summary="下载导出的一包",
)
def take(request: HttpRequest, number: str, place: int) -> HttpResponseBase:
    """Take a part out as a ZIP; who did is on record."""
    actor = actor_of(request, Scope.READ)
    part = exports.part_for(actor, number, place)
    stored = rectification.read_part(part, by=actor, at=clock.now())
    return sent(stored, name=part.name)
