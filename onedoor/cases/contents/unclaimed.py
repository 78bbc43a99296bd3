"""The papers of serving what nobody takes: left before witnesses, announced."""

from __future__ import annotations

from onedoor.accounts.rules import Actor
from onedoor.cases.contents.deciding import served_papers
from onedoor.cases.contents.parts import about
from onedoor.cases.models import Case, Leaving
from onedoor.cases.rules import numbers
from onedoor.cases.rules.delivery import Unserved, Way
from onedoor.cases.rules.lifecycle import Outcome, Step
from onedoor.papers import queries as papers
from onedoor.papers.rules import road
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.kinds import Kind

LAW = "《中华人民共和国民事诉讼法》第九十五条"


def left(
    case: Case, step: Step, *, leaving: Leaving, refusal: str, digest: str, by: Actor
) -> road.Delivery:
    """送达回证 of a paper left: where, how it was refused, before whom, and what shows it."""
    return road.Delivery(
        **about(case, step, by),
        papers=served_papers(case),
        way=Way.LEFT.zh,
        place=str(leaving.place),
        refused=refusal,
        witnesses=str(leaving.witnesses),
        evidence=f"{leaving.document_name}（{digest[:23]}…）",
        delivered_at=leaving.left_on,
    )


def announcement(case: Case, step: Step, *, ground: Unserved) -> road.Announcement:
    """送达公告: whom it concerns by name alone, what it is, and when it counts as served."""
    assert case.announced_on is not None
    assert case.notice_due_on is not None
    remedies = "不服的，可以自视为送达之日起 60 日内申请行政复议，或者在 6 个月内提起行政诉讼。"
    return road.Announcement(
        applicant=case.applicant.name,
        case_number=numbers.grouped(case.number),
        item=case.item_version.name,
        papers=served_papers(case),
        ground=ground.zh,
        announced_on=case.announced_on,
        served_on=case.notice_due_on,
        place="政务服务大厅出件窗口",
        remedies=remedies if case.result is Outcome.REFUSED else "",
        law=LAW,
        phone=case.item_version.phone,
    )


def announced(case: Case, step: Step, *, by: Actor) -> road.Delivery:
    """送达回证 of an announced paper: by which notice, from when to when."""
    assert case.announced_on is not None
    assert case.notice_due_on is not None
    notice = papers.of(case.number).get(kind=Kind.ANNOUNCEMENT.value)
    return road.Delivery(
        **about(case, step, by),
        papers=served_papers(case),
        way=Way.NOTICE.zh,
        announced=f"{notice.number}，{worded(case.announced_on)}公告，期满没有人领取",
        delivered_at=case.notice_due_on,
    )
