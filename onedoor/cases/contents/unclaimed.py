"""The notice of a paper that nobody takes, of a case or of a licence that ended (送达公告)."""

from __future__ import annotations

from datetime import date

from onedoor.cases.contents.deciding import served_papers
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules import numbers
from onedoor.cases.rules.delivery import Unserved
from onedoor.cases.rules.lifecycle import Outcome, Step
from onedoor.papers.models import Paper
from onedoor.papers.rules import road

LAW = "《中华人民共和国民事诉讼法》第九十五条"
REMEDIES = "不服的，可以自视为送达之日起 60 日内申请行政复议，或者在 6 个月内提起行政诉讼。"


def announcement(case: Case, step: Step, *, ground: Unserved) -> road.Announcement:
    """送达公告: whom it concerns by name alone, what it is, and when it counts as served."""
    assert case.announced_on is not None
    assert case.notice_due_on is not None
    return _notice(
        case,
        served_papers(case),
        ground=ground,
        since=case.announced_on,
        until=case.notice_due_on,
        remedies=REMEDIES if case.result is Outcome.REFUSED else "",
    )


def announcement_of_end(
    licence: Licence, decision: Paper, *, ground: Unserved, since: date, until: date
) -> road.Announcement:
    """送达公告 of the decision that ended a licence."""
    rows = (road.DeliveryRow(name=decision.what.zh, number=decision.number),)
    return _notice(licence.case, rows, ground=ground, since=since, until=until, remedies=REMEDIES)


def _notice(
    case: Case,
    rows: tuple[road.DeliveryRow, ...],
    *,
    ground: Unserved,
    since: date,
    until: date,
    remedies: str,
) -> road.Announcement:
    return road.Announcement(
        applicant=case.applicant.name,
        case_number=numbers.grouped(case.number),
        item=case.item_version.name,
        papers=rows,
        ground=ground.zh,
        announced_on=since,
        served_on=until,
        place="政务服务大厅出件窗口",
        remedies=remedies,
        law=LAW,
        phone=case.item_version.phone,
    )
