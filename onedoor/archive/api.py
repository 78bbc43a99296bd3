"""The archive for programs: find files, take a package out, hold, dispose of by two."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from onedoor.accounts.rules import Scope
from onedoor.archive import queries
from onedoor.archive import services as archive
from onedoor.archive.models import ArchiveFile, DisposalList
from onedoor.archive.rules.words import FileState, ListState, Retention, Use
from onedoor.archive.web import sent
from onedoor.cases.api.answers import actor_of, respond
from onedoor.cases.api.schemas import In, Short, Text
from onedoor.kernel import clock

router = Router(tags=["archive"])
PAGE = 50


class FileOut(Schema):
    number: str
    case: str
    item: str
    item_name: str
    unit: str
    applicant: str
    """Masked where it is a person."""
    closed_on: date
    retention: Retention
    kept_until: date | None
    state: FileState
    fault: str
    digest: str
    size: int
    files: int
    edition: int
    is_held: bool


class FileList(Schema):
    files: list[FileOut]
    more: bool


class PersonIn(In):
    person: Short
    """A name or a number of identity in full. Sent in the body: it belongs in no address."""


class PurposeIn(In):
    purpose: Use


class ReasonIn(In):
    reason: Text


class ProposeIn(In):
    files: list[Short]
    opinion: Text


class AnswerIn(In):
    is_approved: bool


class LineOut(Schema):
    file: str
    digest: str
    left_out: str


class ListOut(Schema):
    number: str
    state: ListState
    lines: list[LineOut]


def _body(file: ArchiveFile) -> dict[str, Any]:
    return {
        "number": file.number,
        "case": file.case.number,
        "item": file.case.item.code,
        "item_name": file.case.item_version.name,
        "unit": file.case.unit.name,
        "applicant": file.case.applicant.shown_name,
        "closed_on": file.closed_on,
        "retention": file.retention,
        "kept_until": file.kept_until,
        "state": file.state,
        "fault": file.fault,
        "digest": file.digest,
        "size": file.size,
        "files": file.file_count,
        "edition": file.edition,
        "is_held": queries.hold_on(file) is not None,
    }


def _list(found: Any) -> HttpResponse:
    rows = list(found[: PAGE + 1])
    return respond({"files": [_body(each) for each in rows[:PAGE]], "more": len(rows) > PAGE})


def _disposal(made: DisposalList) -> HttpResponse:
    lines = [
        {"file": line.file.number, "digest": line.digest, "left_out": line.left_out}
        for line in made.lines.select_related("file").order_by("file__number")
    ]
    return respond({"number": made.number, "state": made.state, "lines": lines})


@router.get("", response=FileList, operation_id="list_archive_files", summary="查电子档案")
def list_files(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    state: FileState | None = None,
) -> HttpResponse:
    """List the files that a number or an item finds, the latest first."""
    actor = actor_of(request, Scope.READ)
    return _list(queries.found_by(actor, text=q, state=state or ""))


@router.post(
    "/search", response=FileList, operation_id="search_archive_files", summary="按人查档案"
)
def search(request: HttpRequest, data: PersonIn) -> HttpResponse:
    """List the files of a person or an organisation."""
    return _list(queries.found_by(actor_of(request, Scope.READ), person=data.person))


@router.get("/{number}", response=FileOut, operation_id="read_archive_file", summary="读一份档案")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read what a file is; its package is taken out with a purpose."""
    return respond(_body(queries.file_for(actor_of(request, Scope.READ), number)))


@router.post("/{number}/package", operation_id="take_archive_package", summary="取出档案包")
def package(request: HttpRequest, number: str, data: PurposeIn) -> HttpResponseBase:
    """Download the package of a file as ZIP; who and what for goes on record."""
    actor = actor_of(request, Scope.READ)
    file = queries.file_for(actor, number)
    stored = archive.read(file, purpose=data.purpose.value, by=actor, at=clock.now())
    return sent(stored, name=file.number)


@router.post("/{number}/hold", response=FileOut, operation_id="hold_file", summary="暂缓销毁")
def hold(request: HttpRequest, number: str, data: ReasonIn) -> HttpResponse:
    """Keep a file from being disposed of."""
    actor = actor_of(request, Scope.WORK)
    file = queries.file_for(actor, number)
    archive.place_hold(file, reason=data.reason, by=actor, at=clock.now())
    return respond(_body(file))


@router.post(
    "/{number}/release", response=FileOut, operation_id="release_file", summary="解除暂缓销毁"
)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Let the ordinary time of a file count again."""
    actor = actor_of(request, Scope.WORK)
    file = queries.file_for(actor, number)
    archive.lift_hold(file, by=actor, at=clock.now())
    return respond(_body(file))


disposals = Router(tags=["archive"])


@disposals.post("", response=ListOut, operation_id="propose_disposal", summary="提出销毁清册")
def propose(request: HttpRequest, data: ProposeIn) -> HttpResponse:
    """List files whose time is over, to be disposed of once somebody else agrees."""
    actor = actor_of(request, Scope.WORK)
    made = archive.propose_disposal(data.files, opinion=data.opinion, by=actor, at=clock.now())
    return _disposal(made)


@disposals.post(
    "/{number}/answer", response=ListOut, operation_id="answer_disposal", summary="批准销毁清册"
)
def answer(request: HttpRequest, number: str, data: AnswerIn) -> HttpResponse:
    """Dispose of what is on a list, or let it be kept; never by whoever proposed it."""
    actor = actor_of(request, Scope.WORK)
    end = archive.approve_disposal if data.is_approved else archive.turn_down_disposal
    return _disposal(end(queries.list_for(actor, number), by=actor, at=clock.now()))
