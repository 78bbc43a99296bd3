"""What may be asked about reports: the list, one by its number, its findings, its text."""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import Finding
from onedoor.reports.models import Reading, Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.words import ReadingState

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


def published() -> QuerySet[Report]:
    """Return the reports that are published and hold: none that a later one follows."""
    return reports().filter(published_on__isnull=False, superseded_by=None)


def waiting() -> QuerySet[Reading]:
    """Return the drafts nobody confirmed yet, the oldest first."""
    return Reading.objects.filter(state=ReadingState.WAITING.value).order_by("read_at")


def reading_with(number: str) -> Reading:
    """Return the draft with this number, or refuse."""
    found = Reading.objects.select_related("report").filter(number=number).first()
    if found is None:
        raise NotFound("report.no_reading", "没有编号为 %(number)s 的草稿。", number=number[:40])
    return found


def text_of(report: Report) -> bytes:
    """Return the text of a report, made from its structure."""
    return rendering.text(report.content).encode()
