"""Reports for programs: how rectification stands, the reports kept, their figures and files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import Field

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.kernel import clock
from onedoor.reports import official, queries, standing
from onedoor.reports import services as reports
from onedoor.reports.models import Report
from onedoor.reports.rules.figures import differences, figures_of
from onedoor.reports.rules.words import LiveKind, Origin

router = Router(tags=["reports"])
PAGE = 50


class FigureOut(Schema):
    code: str
    label: str
    value: str
    query: str
    at: str
    rows: list[str]
    """The findings it was counted from, as far as the caller may see them."""
    hidden: int


class ReportOut(Schema):
    number: str
    title: str
    origin: Origin
    index_number: str
    published_on: date | None
    made_at: datetime
    content_digest: str
    text_digest: str


class ReportList(Schema):
    reports: list[ReportOut]
    more: bool


class WholeReportOut(ReportOut):
    text: str
    figures: list[FigureOut]


class DifferenceOut(Schema):
    label: str
    before: str
    after: str
    gone: list[str]
    come: list[str]


class ClaimOut(Schema):
    number: str
    title: str
    unit: str
    deadline: str
    claimed: str
    verified: str


class StandingOut(Schema):
    at: datetime
    figures: list[dict[str, Any]]
    findings: list[ClaimOut]
    more: bool


class MakeIn(In):
    kind: LiveKind
    about: Annotated[str, Field(max_length=80)] = ""
    """A month (2026-11), a year (2026), or the number of a report or finding of the audit."""
    is_public: bool = False


def _body(report: Report) -> dict[str, Any]:
    plain = ("number", "title", "origin", "index_number", "published_on", "made_at")
    return {name: getattr(report, name) for name in (*plain, "content_digest", "text_digest")}


@router.get("/standing", response=StandingOut, operation_id="read_standing", summary="整改现况")
def stand(request: HttpRequest) -> HttpResponse:
    """Read the figures of what the caller may see, and the claims beside what was verified."""
    told = standing.standing(actor_of(request, Scope.READ), at=clock.now())
    names = ("number", "title", "unit", "deadline", "claimed", "verified")
    return respond(
        {
            "at": told.at,
            "figures": [
                {"shown": f.shown.value, "label": f.shown.zh, "count": f.count}
                for f in told.figures
            ],
            "findings": [dict(zip(names, row, strict=True)) for row in told.rows],
            "more": told.total > len(told.findings),
        }
    )


@router.get("", response=ReportList, operation_id="list_reports", summary="整改报告")
def listed(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> HttpResponse:
    """List the reports the caller may read, the latest first, fifty at a time."""
    found = queries.visible(actor_of(request, Scope.READ))
    rows = list(found[(page - 1) * PAGE : page * PAGE + 1])
    return respond({"reports": [_body(r) for r in rows[:PAGE]], "more": len(rows) > PAGE})


@router.post("", response={201: ReportOut}, operation_id="make_report", summary="由数据生成报告")
def make(
    request: HttpRequest,
    data: MakeIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")],
) -> HttpResponse:
    """Make a report from the ledger as it stands; nothing new that day is no new report."""
    actor, now = actor_of(request, Scope.WORK), clock.now()

    def create(wanted: Any) -> dict[str, Any]:
        return _body(reports.make_report(wanted, by=actor, at=now).report)

    return created_once(
        request,
        create,
        prepare=lambda: reports.wanted_of(data.kind, about=data.about, is_public=data.is_public),
        actor=actor,
        key=idempotency_key,
        at=now,
        address="reports/{number}",
    )


@router.get("/{number}", response=WholeReportOut, operation_id="read_report", summary="读一份报告")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a report: its text and its figures, each with its query, time and findings."""
    actor = actor_of(request, Scope.READ)
    report = queries.visible_with(number, actor)
    figures = []
    for figure in figures_of(report.content):
        rows = [f.number for f in queries.rows_of(figure, actor)]
        figures.append({**figure.told, "rows": rows, "hidden": len(figure.rows) - len(rows)})
    text = queries.text_of(report).decode()
    return respond({**_body(report), "text": text, "figures": figures})


@router.get(
    "/{number}/since/{earlier}",
    response=list[DifferenceOut],
    operation_id="compare_reports",
    summary="两份报告的差别",
)
def since(request: HttpRequest, number: str, earlier: str) -> HttpResponse:
    """Read what a report says and an earlier one does not."""
    actor = actor_of(request, Scope.READ)
    new, old = (queries.visible_with(each, actor) for each in (number, earlier))
    return respond([vars(each) for each in differences(old.content, new.content)])


@router.get("/{number}/file.{form}", operation_id="read_report_file", summary="报告的文件")
def file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Read a report as txt, docx or pdf."""
    actor = actor_of(request, Scope.READ)
    report = queries.visible_with(number, actor)
    kind, made = official.file_of(report, form, at=clock.now(), by=actor.ref)
    return HttpResponse(made, content_type=kind)
