"""A text read into a draft, and the draft confirmed by a person, who may put it right."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.rectification import pack
from onedoor.reports import sources
from onedoor.reports.events import ReportRead
from onedoor.reports.models import Reading, Report
from onedoor.reports.rules.reading import draft
from onedoor.reports.rules.words import Origin, ReadingState
from onedoor.reports.services.importing import KEEPING, keep


@ledger.recorded
def read_report(data: bytes, *, name: str, by: Actor, at: datetime) -> Reading:
    """Read a report written as text or docx into a draft; the same file again is the same draft."""
    if not by.holds_any(*KEEPING):
        raise NotAllowed("report.not_keeper", "报告由审计人员或整改牵头单位来导入。")
    source = digest(data)
    if there := Reading.objects.filter(digest=source).first():
        return there
    lines = sources.lines_of(data)
    found = draft.read(lines, pack.rulebook(day_of(at)).outcome_of)
    if not found.content["issues"] and not found.content["document"]["title"]:
        raise NotFound(
            "report.nothing_read", "没有读到标题，也没有读到问题。这个文件可能不是整改报告。"
        )
    reading = Reading(
        number=numbers.take_yearly("reading", Reading.objects.all(), stem="SD", width=4, at=at),
        name=name[:200],
        digest=source,
        lines=[line.text if not line.cells else list(line.cells) for line in lines],
        content=found.content,
        marks=[[place.line, place.part.value, place.where] for place in found.marks],
        state=ReadingState.WAITING.value,
        read_at=at,
        read_by=by.ref,
    )
    reading.save(force_insert=True)
    _record(reading, unclear=len(found.unclear), by=by, at=at)
    return reading


@ledger.recorded
def confirm_reading(
    reading: Reading, changes: Mapping[int, Mapping[str, Any]], *, by: Actor, at: datetime
) -> Report:
    """Keep the report as a person confirmed it: for each finding its title, unit, date and claim.

    A finding that is no finding is left out by ``{"keep": False}``.
    """
    mine = Reading.objects.filter(pk=reading.pk, state=ReadingState.WAITING.value)
    if not mine.update(state=ReadingState.CONFIRMED.value):
        raise Refusal("report.reading_done", "这份草稿已经确认过，或者不要了。")
    content = corrected(reading.content, changes)
    kept = keep(content, origin=Origin.READ, by=by, at=at)
    reading.state, reading.report = ReadingState.CONFIRMED.value, kept.report
    Reading.objects.filter(pk=reading.pk).update(report=kept.report)
    _record(reading, unclear=len(content.get("unread", [])), by=by, at=at)
    return kept.report


def corrected(
    content: Mapping[str, Any], changes: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the content with what a person put right, by the place of each finding from 1."""
    found = copy.deepcopy(dict(content))
    kept = []
    for n, issue in enumerate(found["issues"], 1):
        told = changes.get(n, {})
        if not told.get("keep", True):
            continue
        issue["title"] = told.get("title") or issue["title"]
        responsible = issue["responsible"]
        if "unit" in told:
            responsible["lead_unit"] = told["unit"] or None
        if "deadline" in told:
            responsible["deadline"] = told["deadline"] or None
        if "claimed" in told:
            issue["status"]["claimed"] = told["claimed"] or "未明确"
        kept.append(issue)
    found["issues"] = kept
    return found


@ledger.recorded
def drop_reading(reading: Reading, *, by: Actor, at: datetime) -> Reading:
    """Say that a draft is not wanted; the source stays."""
    if not by.holds_any(*KEEPING):
        raise NotAllowed("report.not_keeper", "报告由审计人员或整改牵头单位来导入。")
    mine = Reading.objects.filter(pk=reading.pk, state=ReadingState.WAITING.value)
    if not mine.update(state=ReadingState.DROPPED.value):
        raise Refusal("report.reading_done", "这份草稿已经确认过，或者不要了。")
    reading.state = ReadingState.DROPPED.value
    _record(reading, unclear=0, by=by, at=at)
    return reading


def _record(reading: Reading, *, unclear: int, by: Actor, at: datetime) -> None:
    event = ReportRead(
        subject=f"reading:{reading.number}",
        source=reading.digest,
        state=reading.state,
        findings=len(reading.content["issues"]),
        unclear=unclear,
    )
    ledger.record(event, by=by.ref, at=at)
