"""What may be asked about reports: the list, one by its number, its findings, its text."""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import Finding, Project
from onedoor.rectification.queries import lists
from onedoor.reports.models import Reading, Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.figures import Figure, figures_of
from onedoor.reports.rules.words import ReadingState

LATEST = "latest"
READERS = (
    Role.AUDITOR,
    Role.AUDIT_SUPERVISOR,
    Role.LEAD_OFFICE,
    Role.SUPERVISOR,
    Role.AUDIT_ADMIN,
)
"""Who reads reports before they are published."""


def reports() -> QuerySet[Report]:
    """Return the reports, the latest first."""
    return Report.objects.order_by("-made_at", "-number")


def report_with(number: str) -> Report:
    """Return the report with this number, or the latest; or refuse."""
    found = reports().first() if number == LATEST else reports().filter(number=number).first()
    if found is None:
        raise NotFound("report.not_found", "没有编号为 %(number)s 的报告。", number=number[:40])
    return found


def visible(actor: Actor) -> QuerySet[Report]:
    """Return the reports somebody may read: everybody the published ones."""
    return reports() if actor.holds_any(*READERS) else reports().filter(published_on__isnull=False)


def visible_with(number: str, actor: Actor) -> Report:
    """Return a report somebody may read, or refuse as if there were none."""
    found = visible(actor)
    row = found.first() if number == LATEST else found.filter(number=number).first()
    if row is None:
        raise NotFound("report.not_found", "没有编号为 %(number)s 的报告。", number=number[:40])
    return row


def earlier(report: Report, actor: Actor) -> QuerySet[Report]:
    """Return the reports of the same series made before, the latest first."""
    if not report.series:
        return visible(actor).filter(superseded_by=report)
    return visible(actor).filter(series=report.series, made_at__lt=report.made_at)


def later(report: Report, actor: Actor) -> Report | None:
    """Return the report that follows this one, if somebody may read it."""
    return visible(actor).filter(supersedes=report).first()


def figure_with(report: Report, code: str) -> Figure:
    """Return a figure of a report, or refuse."""
    found = next((f for f in figures_of(report.content) if f.code == code), None)
    if found is None:
        raise NotFound("report.no_figure", "报告里没有这个数字。")
    return found


def rows_of(figure: Figure, actor: Actor) -> QuerySet[Finding]:
    """Return the findings a figure was counted from, as far as somebody may see them."""
    return lists.visible(actor).filter(number__in=figure.rows).order_by("deadline_on", "number")


def projects() -> QuerySet[Project]:
    """Return the audits there are findings of."""
    return Project.objects.order_by("title")


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
