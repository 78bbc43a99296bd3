"""What the papers of the special procedures must say: extension, return, forwarding, promises,
hearings, surveys.

Basis: 许可法34, 35, 42, 43, 46–48; service-centre appendix A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from onedoor.kernel.errors import NotValid
from onedoor.papers.rules.arriving import PROMISED, MaterialRow, PromisedRow
from onedoor.papers.rules.contents import said
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.of_case import OfCase

_AT = datetime.fromisoformat("2026-03-20T09:30:00+08:00")


@dataclass(frozen=True, kw_only=True)
class Extension(OfCase):
    """延期告知书. Basis: 许可法42: approved by the body's head, the reason told, once."""

    kind: ClassVar[Kind] = Kind.EXTENSION

    reason: str = said("理由", "申请材料涉及两处经营场所，需要补充核对。")
    days: str = said("延长天数", "10 个工作日")
    was_due_on: date = said("原办结日期", date(2026, 4, 3))
    due_on: date = said("新的办结日期", date(2026, 4, 20))
    approver: str = said("批准人", "局长示例")
    law: str = said("依据", "《中华人民共和国行政许可法》第四十二条第一款", required=False)


@dataclass(frozen=True, kw_only=True)
class Return(OfCase):
    """退件通知书: the applicant was silent past the notice's day, or a promise was not kept."""

    kind: ClassVar[Kind] = Kind.RETURN

    reason: str = said("理由", "2026年3月6日告知补正，到2026年4月20日没有收到补正材料。")
    materials: tuple[MaterialRow, ...] = said(
        "退还材料", (MaterialRow(name="申请书", found="齐", taken="原件 1 份"),), required=False
    )
    again: str = said("重新申请", "材料备齐后您可以重新申请，不影响您的权利。")


@dataclass(frozen=True, kw_only=True)
class Forward(OfCase):
    """转报函: the lower body sends its opinion with all materials up. Basis: 许可法35, 43."""

    kind: ClassVar[Kind] = Kind.FORWARD

    upper: str = said("上级机关", "红河州市场监督管理局")
    opinion: str = said("初审意见", "材料齐全，符合条件，建议准予。")
    materials: tuple[MaterialRow, ...] = said(
        "材料", (MaterialRow(name="申请书", found="齐", taken="原件 1 份"),)
    )
    accepted_on: date = said("受理日期", date(2026, 3, 6))


@dataclass(frozen=True, kw_only=True)
class ForwardNotice(OfCase):
    """转报告知书: the applicant is told who decides now. Basis: 许可法35, 43."""

    kind: ClassVar[Kind] = Kind.FORWARD_NOTICE

    upper: str = said("上级机关", "红河州市场监督管理局")
    forwarded_on: date = said("转报日期", date(2026, 3, 20))
    no_more: str = said("不再提交", "上级机关不会要求您重复提交材料。")


@dataclass(frozen=True, kw_only=True)
class Promise(OfCase):
    """容缺受理承诺书: what the applicant promises to bring, by when, and what if not."""

    kind: ClassVar[Kind] = Kind.PROMISE

    materials: tuple[PromisedRow, ...] = said("容缺材料", PROMISED)
    supply_by: str = said("补交期限", "受理之日起 5 个工作日内")
    consequence: str = said("逾期后果", "到期没有补齐的，作退件处理，材料退还给您。")


@dataclass(frozen=True, kw_only=True)
class HearingRight(OfCase):
    """听证告知书. Basis: 许可法47: the right, and five days to ask."""

    kind: ClassVar[Kind] = Kind.HEARING_RIGHT

    addressee: str = said("告知对象", "利害关系人示例")
    matter: str = said("听证事由", "许可直接涉及您与申请人之间的重大利益关系。")
    ask_within: str = said("申请期限", "五日")
    where: str = said("申请地点", "市民之家任一综合窗口")
    law: str = said("依据", "《中华人民共和国行政许可法》第四十七条")


@dataclass(frozen=True, kw_only=True)
class HearingNotice(OfCase):
    """听证通知书. Basis: 许可法48: time and place told seven days before; public."""

    kind: ClassVar[Kind] = Kind.HEARING_NOTICE

    addressee: str = said("通知对象", "利害关系人示例")
    matter: str = said("听证事由", "食品经营许可（示例）")
    held_at: datetime = said("听证时间", _AT)
    place: str = said("听证地点", "市民之家三楼会议室")
    chair: str = said("主持人", "主持示例")
    rights: str = said(
        "权利", "您可以申辩、质证、委托代理人；认为主持人有利害关系的，可以申请回避。"
    )


@dataclass(frozen=True, kw_only=True)
class AttendantRow:
    """Somebody who took part, and as what."""

    role: str = said("身份", "申请人")
    name: str = said("姓名", "阿普·木嘎示例")


@dataclass(frozen=True, kw_only=True)
class HearingRecord(OfCase):
    """听证笔录. Basis: 许可法48(五): signed by those who took part; the decision rests on it."""

    kind: ClassVar[Kind] = Kind.HEARING_RECORD

    held_at: datetime = said("听证时间", _AT)
    place: str = said("听证地点", "市民之家三楼会议室")
    chair: str = said("主持人", "主持示例")
    attendants: tuple[AttendantRow, ...] = said(
        "参加人",
        (
            AttendantRow(role="申请人", name="阿普·木嘎示例"),
            AttendantRow(role="利害关系人", name="利害关系人示例"),
        ),
    )
    course: str = said("听证经过", "审查人员陈述审查意见和理由，申请人、利害关系人申辩和质证。")


@dataclass(frozen=True, kw_only=True)
class SurveyorRow:
    """One of the two or more who went: name and number of the service card."""

    name: str = said("姓名", "核查示例")
    card: str = said("工作证号", "DEMO-001")


@dataclass(frozen=True, kw_only=True)
class Survey(OfCase):
    """现场勘验记录. Basis: 许可法34: two or more staff."""

    kind: ClassVar[Kind] = Kind.SURVEY

    surveyors: tuple[SurveyorRow, ...] = said(
        "勘验人员",
        (
            SurveyorRow(name="核查示例", card="DEMO-001"),
            SurveyorRow(name="核查样例", card="DEMO-002"),
        ),
    )
    surveyed_at: datetime = said("勘验时间", _AT)
    place: str = said("勘验地点", "开远市演示路1号")
    findings: str = said("勘验情况", "现场与申请材料一致。")
    opinion: str = said("勘验意见", "符合条件。")
    photos: str = said("照片", "3 张，存档", required=False)

    def words(self) -> dict[str, str | list[Mapping[str, str]]]:
        """Return what the record says, or refuse when one person alone went."""
        if len({row.card for row in self.surveyors}) < 2:
            raise NotValid(
                "paper.one_surveyor",
                "勘验记录要写两名以上工作人员，现在不够两名。",
                basis="许可法34",
                field="勘验人员",
            )
        return super().words()
