"""The published reports for everybody; taking in, confirming, breaking down for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, asking, for_roles, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.reports import official, queries
from onedoor.reports import services as reports
from onedoor.reports.forms import CorrectionForm, FileForm, LiveForm, TaskForm
from onedoor.reports.models import Reading
from onedoor.reports.rules import rendering
from onedoor.reports.rules.document import said
from onedoor.reports.rules.figures import figures_of
from onedoor.reports.rules.reading.marking import Part

KEEPERS = (Role.AUDITOR, Role.LEAD_OFFICE)
PAGE, FORM = 50, 422


@public
def listed(request: Request) -> HttpResponse:
    """List the published reports; who keeps reports sees all, the drafts, and takes one in."""
    return list_page(request)


def list_page(
    request: Request, form: FileForm | None = None, live: LiveForm | None = None
) -> HttpResponse:
    """Return the list with a form that was not filled in right, where there is one."""
    actor = request.actor
    is_keeper, is_reader = actor.holds_any(*KEEPERS), actor.holds_any(*queries.READERS)
    found = queries.reports() if is_reader else queries.published()
    context = {
        "reports": found[:PAGE],
        "readings": queries.waiting()[:PAGE] if is_keeper else [],
        "form": form or FileForm(),
        "live": (live or LiveForm(auto_id="live_%s")) if is_keeper else None,
        "is_live_open": live is not None,
        "is_keeper": is_keeper,
        "base": "base_staff.html" if is_reader else "base.html",
    }
    status = FORM if form or live else 200
    return render(request, "reports/list.html", context, status=status)


@require_POST
@for_roles(*KEEPERS)
def take_in(request: Request) -> HttpResponse:
    """Take a report in: JSON at once, text and docx as a draft to be confirmed."""
    form, now = FileForm(request.POST, request.FILES), clock.now()
    if not form.is_valid():
        return list_page(request, form)
    file = form.cleaned_data["file"]
    data = file.read()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        kept = reports.import_report(data, by=request.actor, at=now)
        return redirect("reports:report", kept.report.number)
    reading = reports.read_report(data, name=file.name, by=request.actor, at=now)
    return redirect("reports:reading", reading.number)


@public
def report(request: Request, number: str) -> HttpResponse:
    """Show a report as it is published: its fields, its text, what became of its findings."""
    found = queries.visible_with(number, request.actor)
    content, is_keeper = found.content, request.actor.holds_any(*KEEPERS)
    is_reader = request.actor.holds_any(*queries.READERS)
    names = (
        "column",
        "index_no",
        "publisher",
        "doc_no",
        "written_date",
        "publish_date",
        "validity",
    )
    context = {
        "report": found,
        "fields": {name: said(content, "disclosure", name) for name in names},
        "lines": [(line.style.value, line.text) for line in rendering.body(content)],
        "findings": queries.findings_of(found),
        "tasks": found.tasks.select_related("unit").order_by("place"),
        "remarks": found.remarks.order_by("place") if is_keeper else [],
        "figures": figures_of(content),
        "earlier": queries.earlier(found, request.actor)[:PAGE],
        "later": queries.later(found, request.actor),
        "is_keeper": is_keeper,
        "form": TaskForm(auto_id=False),
        "base": "base_staff.html" if is_reader else "base.html",
    }
    return render(request, "reports/report.html", context)


@public
def file(request: Request, number: str, form: str) -> HttpResponse:
    """Send a report as text, docx or PDF."""
    found = queries.visible_with(number, request.actor)
    kind, made = official.file_of(found, form, at=clock.now(), by=asking(request))
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    return response


@require_POST
@for_roles(*KEEPERS)
def break_down(request: Request, number: str, order: int) -> HttpResponse:
    """Give a task of a report a unit and a date."""
    found = queries.report_with(number)
    task = found.tasks.filter(place=order).first()
    form = TaskForm(request.POST)
    if task is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    if form.is_valid():
        told = form.cleaned_data
        reports.break_down(
            task,
            unit=told["unit"],
            due_on=form.until,
            goal=told["goal"],
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, gettext("已分解。"))
    else:
        messages.warning(request, gettext("请选责任单位，并写完成日期。"))
    return redirect("reports:report", number)


@for_roles(*KEEPERS)
def reading(request: Request, number: str) -> HttpResponse:
    """Show a draft beside its source, and keep the report as a person confirms it."""
    found = queries.reading_with(number)
    issues = found.content["issues"]
    forms = [_correction(request, n, issue) for n, issue in enumerate(issues, 1)]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        changes = {n: form.cleaned_data for n, form in enumerate(forms, 1)}
        made = reports.confirm_reading(found, changes, by=request.actor, at=clock.now())
        messages.success(request, gettext("已确认，登记了这份报告的问题。"))
        return redirect("reports:report", made.number)
    context = {
        "reading": found,
        "title": said(found.content, "document", "title"),
        "rows": _beside(found),
        "drafts": list(zip(issues, forms, strict=True)),
        "notes": found.content["data_quality"],
        "steps": found.content["next_steps"],
    }
    status = FORM if request.method == "POST" else 200
    return render(request, "reports/reading.html", context, status=status)


def _correction(request: Request, n: int, issue: dict[str, Any]) -> CorrectionForm:
    initial = {
        "keep": True,
        "title": issue["title"],
        "claimed": issue["status"]["claimed"],
        "unit": issue["responsible"]["lead_unit"],
        "deadline": issue["responsible"]["deadline"],
    }
    data = request.POST if request.method == "POST" else None
    return CorrectionForm(data, prefix=f"i{n}", initial=initial)


def _beside(found: Reading) -> list[tuple[int, str, Part | None]]:
    """Return every line of the source with what it was read as."""
    parts = {line: Part(part) for line, part, _ in found.marks}
    return [
        (n, " | ".join(line) if isinstance(line, list) else line, parts.get(n))
        for n, line in enumerate(found.lines, 1)
        if line
    ]


@require_POST
@for_roles(*KEEPERS)
def drop(request: Request, number: str) -> HttpResponse:
    """Say that a draft is not wanted."""
    reports.drop_reading(queries.reading_with(number), by=request.actor, at=clock.now())
    return redirect("reports:list")
