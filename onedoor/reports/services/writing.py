"""Writing a report down: its number, its digests, the findings it tells of, the entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from onedoor.accounts.rules import Actor
from onedoor.kernel.errors import Refusal
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.rectification.models import Finding
from onedoor.reports.events import ReportKept
from onedoor.reports.models import Report, ReportFinding
from onedoor.reports.rules import rendering
from onedoor.reports.rules.document import Content


def canonical(content: Content) -> bytes:
    """Return the one spelling of a content, by which it is known again."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def write(
    report: Report, findings: Sequence[Finding], *, tasks: int, by: Actor, at: datetime
) -> Report:
    """Number and keep a report inside another service's transaction, and announce it.

    Refused where somebody has followed the same earlier report meanwhile.
    """
    report.number = numbers.take_yearly("report", Report.objects.all(), stem="BG", width=4, at=at)
    report.content_digest = digest(canonical(report.content))
    report.text_digest = digest(rendering.text(report.content).encode())
    report.made_at, report.made_by = at, by.ref
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        raise Refusal("report.made_meanwhile", "别人刚做好同一份报告，请看最新的一份。") from None
    ReportFinding.objects.bulk_create(
        [ReportFinding(report=report, finding=f, place=n) for n, f in enumerate(findings, 1)]
    )
    event = ReportKept(
        subject=report.subject,
        origin=report.origin,
        content=report.content_digest,
        text=report.text_digest,
        findings=len(findings),
        tasks=tasks,
        supersedes=report.supersedes.number if report.supersedes else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return report
