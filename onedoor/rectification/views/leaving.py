"""What leaves the house: ledgers as CSV and XLSX, letters and reports as PDF and docx."""

from __future__ import annotations

from django.http import HttpResponse

from onedoor.accounts.web import Request, for_roles, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.sheets import XLSX
from onedoor.kernel.web import csv_file
from onedoor.papers import services as papers
from onedoor.papers.rules.official import Document
from onedoor.rectification import ledgers, notices
from onedoor.rectification import summary as summaries
from onedoor.rectification.queries import advice, lists
from onedoor.rectification.views.pages import asked_of, finding_for

MOST = 10_000


@public
def ledger_file(request: Request) -> HttpResponse:
    """Send the same rows as CSV."""
    on = clock.day_of(clock.now())
    found = lists.ledger(request.actor, on=on, **asked_of(request))[:MOST]
    lines = ((each.project.title, *ledgers.ledger_row(each, on)) for each in found)
    return csv_file(f"rectification-{on}.csv", (("来源", *ledgers.LEDGER), *lines))


@for_roles(*lists.STAFF)
def workbook(request: Request) -> HttpResponse:
    """Send every ledger as one XLSX."""
    now = clock.now()
    found = lists.ledger(request.actor, on=clock.day_of(now), **asked_of(request))
    response = HttpResponse(
        ledgers.workbook(found, advice.visible(request.actor), actor=request.actor, at=now),
        content_type=XLSX,
    )
    response["Content-Disposition"] = 'attachment; filename="rectification.xlsx"'
    return response


@for_roles(*lists.STAFF)
def paper(request: Request) -> HttpResponse:
    """Show the ledger as an official document, to be printed."""
    now = clock.now()
    found = lists.ledger(request.actor, on=clock.day_of(now), **asked_of(request))
    told = ledgers.paper(found, unit=lists.office(request.actor), at=now)
    return _set(request, told, "rectification", "pdf")


@for_roles(*lists.SIDE)
def summary(request: Request, form: str) -> HttpResponse:
    """Send the report on all findings to the government and the congress, as PDF or docx."""
    _known(form)
    now, actor = clock.now(), request.actor
    found = lists.ledger(actor, on=clock.day_of(now), **asked_of(request))
    told = summaries.document(found, advice.visible(actor), unit=lists.office(actor), at=now)
    return _set(request, told, "rectification-summary", form)


@for_roles(*lists.STAFF)
def letter(request: Request, number: str, kind: str, place: int, form: str) -> HttpResponse:
    """Send a letter of a finding as PDF or docx, to those who handle or supervise it."""
    found = finding_for(request, number)
    _known(form)
    if not lists.is_inside(found, request.actor):
        raise NotFound("finding.no_letter", "没有这份文书。")
    told = notices.letter_with(found, kind, place)
    on, unit = clock.day_of(clock.now()), lists.sender(found, request.actor)
    document = notices.document_of(found, told, unit=unit, on=on)
    return _set(request, document, f"{found.number}-{kind}-{place}", form)


def _known(form: str) -> None:
    if form not in papers.WAYS:
        raise NotFound("finding.no_letter", "没有这份文书。")


def _set(request: Request, document: Document, name: str, form: str) -> HttpResponse:
    """Send a document, set once as long as it says the same."""
    made = papers.file_of(document, form, at=clock.now(), by=request.actor.ref)
    response = HttpResponse(made, content_type=papers.WAYS[form].media_type)
    response["Content-Disposition"] = f'inline; filename="{name}.{form}"'
    return response
