"""The papers of a joint application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from onedoor.accounts.queries import window_of
from onedoor.accounts.rules import Actor, Role
from onedoor.cases import codes
from onedoor.cases.contents.parts import LICENCE_LAW, material_rows
from onedoor.cases.joint import Child, Whole
from onedoor.cases.models import Application, ApplicationMaterial
from onedoor.cases.rules import numbers
from onedoor.cases.rules.joint import Leg
from onedoor.cases.rules.words import MaterialState
from onedoor.kernel import masking
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import arriving, procedures
from onedoor.papers.rules.contents import worded


def joint_receipt(
    whole: Whole,
    materials: Iterable[ApplicationMaterial],
    *,
    clerk: str,
    answer_by: date,
    by: Actor,
    brought_at: datetime | None = None,
) -> arriving.JointReceipt:
    """联合申请收件凭证: every member and every material, and how to follow all of it."""
    application, rows = whole.application, list(materials)
    person = application.applicant
    token = codes.track_token(application.pk, application.code_key)
    phones = [c.case.item_version.phone for c in whole.children if c.case]
    return arriving.JointReceipt(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        number=numbers.grouped(application.number),
        package=application.name,
        received_at=brought_at or application.received_at,
        entered_at=application.received_at if brought_at else "",
        window=window_of(by.person_id, on=day_of(application.received_at)),
        clerk=clerk,
        phone=next(iter(phones), ""),
        agent=str(person.agent),
        members=tuple(_member(child, leg) for child, leg in whole.legs),
        materials=material_rows((r.name, r.found, r.originals, r.copies) for r in rows),
        missing="、".join(r.name for r in rows if r.found is MaterialState.MISSING),
        answer_by=answer_by,
        done_by=worded(whole.road.due_on),
        alias=application.alias,
        query_code=codes.query_code(application.pk, application.code_key),
        progress=settings.PUBLIC_URL + reverse("cases:joint_progress", args=[token]),
    )


def _member(child: Child, leg: Leg | None) -> arriving.MemberRow:
    before = child.member.after
    due = leg.due_on if leg else None
    return arriving.MemberRow(
        name=child.name,
        unit=child.member.item.unit.name,
        handling=f"第 {before.order} 项办好后自动开始" if before else "已收件",
        due=f"最晚{worded(due)}有结果" if due else "",
        case_number=numbers.grouped(child.case.number) if child.case else "",
    )


def joint_extension(
    application: Application, *, reason: str, was: date, due: date, by: Actor
) -> procedures.Extension:
    """延期告知书 for all cases of a joint application, approved by the head of the government."""
    person = application.applicant
    return procedures.Extension(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        case_number=numbers.grouped(application.number),
        item=application.name,
        item_version=f"{application.members.count()} 项联合办理",
        clerk=by.name,
        reason=reason,
        days=f"{application.extended_days} 个工作日",
        was_due_on=was,
        due_on=due,
        approver=f"{Role.GOVERNMENT.zh}{by.name}",
        law=f"{LICENCE_LAW}第四十二条第二款",
    )
