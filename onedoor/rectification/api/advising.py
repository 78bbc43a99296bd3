"""Recommendations for programs: the list, one with its answers, entering and answering."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, proof_of, respond
from onedoor.cases.api.schemas import In, Ref, Text
from onedoor.cases.api.steps import IfMatch, version_seen
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.rectification import services as rectification
from onedoor.rectification.api.schemas import ProvenOut
from onedoor.rectification.models import Project, Recommendation
from onedoor.rectification.queries import advice
from onedoor.rectification.rules.words import Adoption
from onedoor.rectification.web import unit_coded

router = Router(tags=["recommendations"])
PAGE = 50


class AdviseIn(In):
    project: Annotated[str, Field(min_length=1, max_length=71)]
    """The key of an audit that is known."""
    unit: Ref
    text: Text


class AdoptIn(In):
    """The fields of an answer, beside its file."""

    adoption: Adoption
    text: Text = ""
    made: Annotated[str, Field(max_length=300)] = ""
    made_number: Annotated[str, Field(max_length=100)] = ""
    made_on: date | None = None


class RecommendationOut(Schema):
    number: str
    project: str
    text: str
    unit: str
    adoption: Adoption
    reason: str
    made: str
    made_number: str
    made_on: date | None
    answered_at: datetime | None
    version: int


class AnswerOut(Schema):
    version: int
    adoption: Adoption
    reason: str
    made: str
    made_number: str
    made_on: date | None
    file: str | None
    """The digest of what shows it."""
    by: str
    at: datetime


class WholeRecommendationOut(RecommendationOut):
    answers: list[AnswerOut]
    """The latest first."""


class RecommendationList(Schema):
    recommendations: list[RecommendationOut]
    next: str | None


def _body(row: Any) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("number", "text", "adoption", "version")}
    last = {
        name: getattr(row, f"last_{name}") for name in ("reason", "made", "made_number", "made_on")
    }
    texts = {name: value or "" for name, value in last.items() if name != "made_on"}
    return (
        told
        | texts
        | {
            "made_on": last["made_on"],
            "project": row.project.title,
            "unit": row.unit.code,
            "answered_at": row.last_at,
        }
    )


def _whole(row: Recommendation) -> dict[str, Any]:
    whole = advice.with_answer(Recommendation.objects.select_related("project", "unit"))
    names = ("version", "adoption", "reason", "made", "made_number", "made_on", "at")
    return _body(whole.get(pk=row.pk)) | {
        "answers": [
            {name: getattr(each.answer, name) for name in names}
            | {"by": each.who, "file": each.answer.file.digest if each.answer.file else None}
            for each in advice.answers(row)
        ]
    }


@router.get(
    "", response=RecommendationList, operation_id="list_recommendations", summary="审计建议清单"
)
def list_recommendations(
    request: HttpRequest,
    adoption: Adoption | None = None,
    unit: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str, Query(max_length=20)] = "",
) -> HttpResponse:
    """List the recommendations the caller may see, by number, fifty at a time."""
    actor = actor_of(request, Scope.READ)
    page = list(advice.listed(actor, adoption=adoption, unit=unit, after=cursor)[: PAGE + 1])
    rows = [_body(row) for row in page[:PAGE]]
    following = page[PAGE - 1].number if len(page) > PAGE else None
    return respond({"recommendations": rows, "next": following})


@router.get(
    "/{number}",
    response=WholeRecommendationOut,
    operation_id="read_recommendation",
    summary="读一条建议",
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a recommendation with every answer; ETag is its version."""
    found = advice.recommendation_for(actor_of(request, Scope.READ), number)
    return respond(_whole(found), version=found.version)


@router.get(
    "/{number}/proof",
    response=ProvenOut,
    operation_id="read_recommendation_proof",
    summary="存证证明",
)
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Read what of the recommendation is under a signed tree head, and what is not yet."""
    found = advice.recommendation_for(actor_of(request, Scope.READ), number)
    return proof_of(found.subject, at=clock.now())


@router.post(
    "",
    response={201: WholeRecommendationOut},
    operation_id="add_recommendation",
    summary="登记一条建议",
)
def add(request: HttpRequest, data: AdviseIn, idempotency_key: Key) -> HttpResponse:
    """Enter what the auditors of a known audit advised a unit."""
    actor, now = actor_of(request, Scope.WORK), clock.now()

    def create(project: Project) -> dict[str, Any]:
        unit = unit_coded(data.unit)
        made = rectification.advise(project, text=data.text, unit=unit, by=actor, at=now)
        return _whole(made)

    return created_once(
        request,
        create,
        prepare=lambda: _project(data.project),
        actor=actor,
        key=idempotency_key,
        at=now,
        address="recommendations/{number}",
    )


def _project(key: str) -> Project:
    found = Project.objects.filter(key=key).first()
    if found is None:
        raise NotFound("recommendation.no_project", "没有这个审计项目。")
    return found


@router.post(
    "/{number}/adopt",
    response=WholeRecommendationOut,
    operation_id="adopt_recommendation",
    summary="填写采纳情况",
)
def adopt(
    request: HttpRequest,
    number: str,
    data: Annotated[AdoptIn, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
    if_match: IfMatch = "",
) -> HttpResponse:
    """Say what became of it on the version that If-Match names, as a multipart form."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = advice.recommendation_for(actor, number)
    seen = version_seen(if_match, found)
    kept = files.store(file, at=now) if file else None
    if kept:
        files.try_to_open(kept)
    made = rectification.Made(
        data.made, data.made_number, data.made_on, kept, (file.name or "") if file else ""
    )
    after = rectification.adopt(
        found, adoption=data.adoption, text=data.text, made=made, seen=seen, by=actor, at=now
    )
    return respond(_whole(after), version=after.version)
