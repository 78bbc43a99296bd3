"""What readers say is wrong in a guide (报错): from everybody, answered by an editor in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from onedoor.accounts.rules import Actor, Role
from onedoor.calendar.queries import working_days
from onedoor.catalogue.events import GuideAnswered, GuideReported
from onedoor.catalogue.models import GuideReport, Item
from onedoor.catalogue.rules.words import ReportStatus
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal, TooOften
from onedoor.ledger import services as ledger

ANSWER_WITHIN = 5
"""Working days for an answer, as the guide promises."""
MOST_A_DAY = 30
"""So many reports of one item are taken in a day; a real fault is known by then."""


@ledger.recorded
def report_guide(
    item: Item, *, number: int, text: str, contact: str, by: Actor, at: datetime
) -> GuideReport:
    """Take a report of a fault in an item's guide; it is an order for the item's editors."""
    if not text.strip():
        raise NotValid("catalogue.report_empty", "请写明哪里不对。", field="text")
    recent = GuideReport.objects.filter(item=item, reported_at__gt=at - timedelta(days=1))
    if recent.count() >= MOST_A_DAY:
        raise TooOften(
            "catalogue.reported_enough",
            "这件事今天已收到很多反映，正在核对。着急请打电话。",
            retry_after=3600,
        )
    calendar = working_days()
    report = GuideReport.objects.create(
        item=item,
        version_number=number,
        text=text.strip(),
        contact=contact.strip(),
        reported_at=at,
        answer_by=calendar.day_with_ordinal(calendar.ordinal(day_of(at)) + ANSWER_WITHIN),
    )
    event = GuideReported(subject=f"item:{item.code}", number=number)
    ledger.record(event, by=by.ref or "public", at=at)
    return report


@ledger.recorded
def answer_report(
    report_id: UUID, *, outcome: ReportStatus, answer: str, by: Actor, at: datetime
) -> GuideReport:
    """Say what came of a report: the guide was mended, or was found right."""
    found = GuideReport.objects.select_for_update(of=("self",)).select_related("item")
    report = found.filter(pk=report_id).first()
    if report is None:
        raise NotFound("catalogue.no_such_report", "没有这条反映。")
    if not by.holds(Role.EDITOR, report.item.unit_id):
        raise NotAllowed("catalogue.not_editor", "这件事由“事项编辑”岗位做。请找系统管理员开通。")
    if report.status != ReportStatus.OPEN.value:
        raise Refusal("catalogue.report_settled", "这条反映已经有人处理过了。")
    report.status, report.answer = outcome.value, answer.strip()
    report.answered_by, report.answered_at = by.ref, at
    report.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    event = GuideAnswered(subject=f"item:{report.item.code}", outcome=outcome.value)
    ledger.record(event, by=by.ref, at=at)
    return report
