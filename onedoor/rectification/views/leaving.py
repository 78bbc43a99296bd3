"""What leaves the house: ledgers as CSV and XLSX, letters and reports as PDF and docx."""

from __future__ import annotations

from django.http import HttpResponse

from onedoor.accounts.web import Request, for_roles, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.sheets import XLSX
from onedoor.kernel.web import csv_file
from onedoor.rectification import ledgers, notices
from onedoor.rectification import summary as summaries
from onedoor.rectification.queries import advice, lists
from onedoor.rectification.views.pages import asked_of, finding_for

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    made = ledgers.paper(found, unit=lists.office(request.actor), at=now)
    return _shown(made, "rectification.pdf")


@for_roles(*lists.SIDE)
def summary(request: Request, form: str) -> HttpResponse:
    """Send the report on all findings to the government and the congress, as PDF or docx."""
    if form not in notices.FORMS:
        raise NotFound("finding.no_letter", "没有这份文书。")
    now, actor = clock.now(), request.actor
    found = lists.ledger(actor, on=clock.day_of(now), **asked_of(request))
    told = summaries.document(found, advice.visible(actor), unit=lists.office(actor), at=now)
    return _shown(notices.FORMS[form](told), f"rectification-summary.{form}")


def _shown(made: bytes, name: str) -> HttpResponse:
    media = "application/pdf" if name.endswith(".pdf") else DOCX
    response = HttpResponse(made, content_type=media)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@for_roles(*lists.STAFF)
def letter(request: Request, number: str, kind: str, place: int, form: str) -> HttpResponse:
    """Send a letter of a finding as PDF or docx, to those who handle or supervise it."""
    found = finding_for(request, number)
    if form not in notices.FORMS or not lists.is_inside(found, request.actor):
        raise NotFound("finding.no_letter", "没有这份文书。")
    on, unit = clock.day_of(clock.now()), lists.sender(found, request.actor)
    made = notices.FORMS[form](notices.letter_of(found, kind, place, unit=unit, on=on))
    return _shown(made, f"{found.number}-{kind}.{form}")
