"""The papers of surveys and hearings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from onedoor.accounts.queries import card_of
from onedoor.accounts.rules import Actor
from onedoor.cases.contents.parts import about, law_of
from onedoor.cases.models import Case, Hearing, Survey
from onedoor.cases.rules.lifecycle import Step
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import procedures
from onedoor.papers.rules.contents import worded


def survey(
    case: Case, step: Step, *, survey: Survey, findings: str, by: Actor
) -> procedures.Survey:
    """勘验记录: who went, when and where, what they saw, signed by both."""
    assert survey.surveyed_at is not None
    on = day_of(survey.surveyed_at)
    return procedures.Survey(
        **about(case, step, by),
        surveyors=tuple(
            procedures.SurveyorRow(name=person.name, card=card_of(person, on=on))
            for person in (survey.first, survey.second)
        ),
        surveyed_at=survey.surveyed_at,
        place=str(survey.place),
        findings=findings,
        opinion="符合条件。" if survey.passed else "不符合条件。",
    )


def hearing_right(
    case: Case, step: Step, *, reason: str, ask_by: date, by: Actor
) -> procedures.HearingRight:
    """听证告知书: that a hearing may be asked for, where and until when."""
    return procedures.HearingRight(
        **about(case, step, by),
        addressee="申请人、利害关系人",
        matter=reason,
        ask_within=f"五个工作日（到{worded(ask_by)}）",
        where=case.item_version.place or "政务服务大厅任一综合窗口",
        law=law_of(case, "第四十六条、第四十七条"),
    )


def hearing_notice(
    case: Case, step: Step, *, held_at: datetime, place: str, chair: str, by: Actor
) -> procedures.HearingNotice:
    """听证通知书: when, where and before whom it is held."""
    return procedures.HearingNotice(
        **about(case, step, by),
        addressee="申请人、利害关系人",
        matter=case.item_version.name,
        held_at=held_at,
        place=place,
        chair=chair,
        rights="您可以申辩、质证、委托代理人；认为主持人有直接利害关系的，可以申请回避。",
    )


def hearing_record(
    case: Case,
    step: Step,
    *,
    hearing: Hearing,
    attendants: Sequence[tuple[str, str]],
    course: str,
    by: Actor,
) -> procedures.HearingRecord:
    """听证笔录: who came and what was said, to be signed by all of them."""
    assert hearing.held_at is not None
    assert hearing.chair is not None
    return procedures.HearingRecord(
        **about(case, step, by),
        held_at=hearing.held_at,
        place=str(hearing.place),
        chair=hearing.chair.name,
        attendants=tuple(procedures.AttendantRow(role=r, name=n) for r, n in attendants),
        course=course,
    )
