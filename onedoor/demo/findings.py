"""The demo county's audit: an invented finding in every state, got there by the people who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import Actor, Role
from onedoor.demo.pack import CountyPack, Staff
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.rectification import services as rectification
from onedoor.rectification.inputs import FindingTold, ProjectTold
from onedoor.rectification.models import Finding, Project
from onedoor.rectification.rules.words import (
    EvidenceKind,
    Outcome,
    RecheckWay,
    RectificationClass,
)
from onedoor.rectification.services import Upload

AUDIT = ProjectTold(
    key="demo-audit",
    title="开远市2025年度政务服务专项审计（演示）",
    kind="专项审计调查",
    audit_body="演示审计组",
)
TOLD = (
    ("draft", "部分事项办事指南没有及时更新"),
    ("registered", "个别窗口没有公示投诉电话"),
    ("issued", "3个事项要求提交指南以外的材料"),
    ("plan_review", "预约通道利用率低"),
    ("in_progress", "食品经营许可现场核查超过承诺时限"),
    ("upstream", "部门业务系统和省级平台没有对接"),
    ("submitted", "部分档案没有按时移交"),
    ("review", "容缺受理后补材料没有逐件登记"),
    ("returned", "窗口考勤记录不完整"),
    ("recognised", "2台自助终端长期停用"),
    ("closed", "综合窗口没有执行一次性告知"),
    ("recheck", "延时服务没有对外公布"),
    ("reopened", "收费项目公示不全"),
    ("void", "已取消事项仍在清单中"),
)
MEASURE = "逐件核对，补齐记录，每月抽查20件。"


@dataclass
class _Stage:
    lead: Actor
    auditor: Actor
    second: Actor
    officer: Actor
    head: Actor
    unit: Organisation
    today: date
    now: datetime

    def at(self, ago: int) -> datetime:
        """Return ten o'clock of that day, or now where that is still to come."""
        return min(clock.at_local(self.today - timedelta(days=ago), 10), self.now)

    def step(
        self, service: Callable[..., Finding], row: Finding, by: Actor, ago: int, **told: Any
    ) -> Finding:
        now = Finding.objects.select_related("unit", "project").get(pk=row.pk)
        return service(now, seen=now.version, by=by, at=self.at(ago), **told)


def play(pack: CountyPack, *, today: date, at: datetime) -> None:
    """Make the demo's findings where there are none."""
    if Project.objects.filter(key=AUDIT.key).exists():
        return
    stage = _stage(pack, today, at)
    told = [
        FindingTold(
            code=state, title=title, heading=f"{title}。", category="政务服务", is_public=n > 1
        )
        for n, (state, title) in enumerate(TOLD)
    ]
    rows = rectification.open_findings(AUDIT, told, by=stage.lead, at=stage.at(110))
    for row, (state, _) in zip(rows, TOLD, strict=True):
        _ROADS[state](stage, row)


def _stage(pack: CountyPack, today: date, now: datetime) -> _Stage:
    def who(staff: Staff) -> Actor:
        return actor_named(staff.username, on=today)

    officer = pack.first_with(Role.OFFICER.value)
    head = next(s for s in pack.staff if s.unit == officer.unit and "head" in s.unit_roles)
    return _Stage(
        who(pack.first_with(Role.LEAD_OFFICE.value)),
        who(pack.first_with(Role.AUDITOR.value)),
        who(pack.first_with(Role.AUDIT_SUPERVISOR.value)),
        who(officer),
        who(head),
        Organisation.objects.get(short_name=officer.unit),
        today,
        now,
    )


def _registered(s: _Stage, row: Finding, *, days: int = 60, ago: int = 105) -> Finding:
    row = s.step(
        rectification.complete,
        row,
        s.lead,
        ago,
        unit=s.unit,
        rectification_class=RectificationClass.AT_ONCE,
        deadline_on=s.today - timedelta(days=ago - days),
        leader="演示领导",
        officer=s.officer.name,
    )
    return s.step(rectification.register, row, s.lead, ago)


def _issued(s: _Stage, row: Finding, **more: int) -> Finding:
    row = _registered(s, row, **more)
    return s.step(rectification.issue, row, s.lead, more.get("ago", 105))


def _working(s: _Stage, row: Finding, **more: int) -> Finding:
    ago = more.get("ago", 105)
    row = s.step(rectification.start, _issued(s, row, **more), s.officer, ago)
    return s.step(rectification.add_measure, row, s.officer, ago, text=MEASURE)


def _planned(s: _Stage, row: Finding) -> None:
    row = _issued(s, row, days=300)
    row = s.step(rectification.add_measure, row, s.officer, 100, text=MEASURE)
    s.step(rectification.submit_plan, row, s.officer, 99)


def _upstream(s: _Stage, row: Finding) -> None:
    row = _working(s, row, days=200)
    s.step(
        rectification.send_up,
        row,
        s.lead,
        60,
        addressee="演示上级主管部门",
        basis="政务数据共享的有关规定",
        text="请开放接口，或者定期回流数据。",
    )


def _claimed(s: _Stage, row: Finding, *, proven: bool) -> Finding:
    row = _working(s, row, days=115)
    if proven:
        stored = files.store(BytesIO(b"%PDF-1.4 " + row.number.encode() + b" %%EOF"), at=s.at(98))
        row = s.step(
            lambda now, **told: rectification.add_evidence(now, Upload(stored, "台账.pdf"), **told),
            row,
            s.officer,
            98,
            measure=row.measures.get(),
            kind=EvidenceKind.WRITTEN,
            title="核对台账",
        )
    return s.step(
        rectification.submit,
        row,
        s.head,
        97,
        claimed=Outcome.RECTIFIED,
        text="已经整改到位。",
    )


def _reviewed(s: _Stage, row: Finding, *, proven: bool = True) -> Finding:
    row = s.step(rectification.take, _claimed(s, row, proven=proven), s.auditor, 96)
    evidence = row.evidence.first()
    if evidence is None:
        return row
    return s.step(
        lambda now, **told: rectification.judge(_of(evidence, now), **told),
        row,
        s.auditor,
        95,
        approved=True,
    )


def _of(evidence: Any, finding: Finding) -> Any:
    evidence.finding = finding
    return evidence


def _recognised(s: _Stage, row: Finding) -> Finding:
    row = _reviewed(s, row)
    return s.step(rectification.recognise, row, s.auditor, 94, outcome=Outcome.RECTIFIED)


def _closed(s: _Stage, row: Finding) -> Finding:
    return s.step(rectification.close, _recognised(s, row), s.second, 93)


def _rechecked(s: _Stage, row: Finding, *, holds: bool) -> None:
    row = s.step(rectification.begin_recheck, _closed(s, row), s.auditor, 0)
    if holds:
        told: dict[str, Any] = {"way": RecheckWay.ON_SITE, "text": "现场看过，保持得住。"}
        s.step(rectification.confirm, row, s.auditor, 0, **told)


def _returned(s: _Stage, row: Finding) -> None:
    row = _claimed(s, row, proven=False)
    s.step(rectification.send_back, row, s.auditor, 2, text="没有佐证，请补考勤记录。")


def _reopened(s: _Stage, row: Finding) -> None:
    row = _closed(s, row)
    s.step(rectification.reopen, row, s.auditor, 10, text="现场又少了两项收费公示。")


def _void(s: _Stage, row: Finding) -> None:
    s.step(rectification.set_aside, _issued(s, row), s.second, 50, text="这一项已经取消。")


_ROADS: dict[str, Callable[[_Stage, Finding], object]] = {
    "draft": lambda s, row: None,
    "registered": lambda s, row: _registered(s, row, days=30, ago=5),
    "issued": lambda s, row: _issued(s, row, days=30, ago=5),
    "plan_review": _planned,
    "in_progress": lambda s, row: _working(s, row, days=60),
    "upstream": _upstream,
    "submitted": lambda s, row: _claimed(s, row, proven=False),
    "review": lambda s, row: _reviewed(s, row),
    "returned": _returned,
    "recognised": _recognised,
    "closed": lambda s, row: _rechecked(s, row, holds=True),
    "recheck": lambda s, row: _rechecked(s, row, holds=False),
    "reopened": _reopened,
    "void": _void,
}
