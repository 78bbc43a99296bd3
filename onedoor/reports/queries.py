"""What may be asked about reports: the list, one by its number, its findings, its text."""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import Finding
from onedoor.reports.models import Report
from onedoor.reports.rules import rendering

LATEST = "latest"


def reports() -> QuerySet[Report]:
    """Return the reports, the latest first."""
    return Report.objects.order_by("-made_at", "-number")


def report_with(number: str) -> Report:
    """Return the report with this number, or the latest; or refuse."""
    found = reports().first() if number == LATEST else reports().filter(number=number).first()
    if found is None:
        raise NotFound("report.not_found", "没有编号为 %(number)s 的报告。", number=number[:40])
    return found


def findings_of(report: Report) -> QuerySet[Finding]:
    """Return the findings a report tells of, in its order."""
    return Finding.objects.filter(told_in__report=report).order_by("told_in__place")


def text_of(report: Report) -> bytes:
    """Return the text of a report, made from its structure."""
    return rendering.text(report.content).encode()
