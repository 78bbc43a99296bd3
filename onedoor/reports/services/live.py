"""A report made from the ledger and kept: what it says never changes, a later one follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid
from onedoor.ledger import services as ledger
from onedoor.rectification.models import Finding, Project
from onedoor.rectification.queries import lists
from onedoor.reports import composing, queries
from onedoor.reports.composing import Wanted
from onedoor.reports.models import Report
from onedoor.reports.rules.periods import period_of
from onedoor.reports.rules.words import LiveKind, Origin
from onedoor.reports.services.importing import KEEPING, Kept
from onedoor.reports.services.writing import write


def wanted_of(kind: LiveKind, *, about: str = "", is_public: bool = False) -> Wanted:
    """Return what a report is to tell of: ``about`` is a period, or names an audit."""
    if kind in (LiveKind.MONTHLY, LiveKind.YEARLY):
        period = period_of(about, is_month=kind is LiveKind.MONTHLY)
        return Wanted(kind, period=period, is_public=is_public)
    if kind is LiveKind.COMPARISON and not about:
        return Wanted(kind, is_public=is_public)
    return Wanted(kind, project=project_named(about), is_public=is_public)


def project_named(text: str) -> Project:
    """Return the audit by the number of a report or of a finding that tells of it; or refuse."""
    text = text.strip()
    found = Finding.objects.select_related("project").filter(number=text).first()
    if found is None and text.startswith("sha256:"):
        found = Finding.objects.select_related("project").filter(project__key=text).first()
    if found is None and (text == queries.LATEST or text.startswith("BG")):
        found = queries.findings_of(queries.report_with(text)).select_related("project").first()
    if found is None:
        raise NotFound(
            "report.no_project",
            "没有和“%(text)s”有关的审计项目。请写报告编号或问题编号。",
            field="about",
            text=text[:40],
        )
    return found.project


@ledger.recorded
def make_report(wanted: Wanted, *, by: Actor, at: datetime) -> Kept:
    """Make a report from the ledger and keep it; nothing new that day is no new report."""
    if not by.holds_any(*KEEPING):
        raise NotAllowed("report.not_keeper", "报告由审计人员或整改牵头单位来导入。")
    if wanted.period and wanted.period.first > day_of(at):
        raise NotValid("report.period_future", "这个期间还没有开始。", field="period")
    content = composing.compose(wanted, issuer=lists.office(by), at=at)
    before = Report.objects.filter(series=wanted.series, superseded_by=None).first()
    if before and _says(before, content, at):
        return Kept(before, is_new=False)
    numbered = [issue["id"] for issue in content["issues"]]
    found = Finding.objects.filter(number__in=numbered).in_bulk(field_name="number")
    report = write(
        Report(
            origin=Origin.LIVE.value,
            title=content["document"]["title"],
            series=wanted.series,
            content=content,
            supersedes=before,
        ),
        [found[number] for number in numbered],
        tasks=0,
        by=by,
        at=at,
    )
    return Kept(report, is_new=True)


def _says(report: Report, content: dict[str, Any], at: datetime) -> bool:
    """Say whether a report of the same day already says this."""
    is_today = day_of(report.made_at) == day_of(at)
    return is_today and _timeless(report.content) == _timeless(content)


def _timeless(content: dict[str, Any]) -> dict[str, Any]:
    """Return a content without the moments at which it was counted."""
    figures = [{k: v for k, v in f.items() if k != "at"} for f in content.get("figures") or []]
    tables = [t for t in content.get("tables") or [] if "统计时间" not in t["head"]]
    live = {k: v for k, v in content["live"].items() if k != "at"}
    return {**content, "figures": figures, "tables": tables, "live": live}
