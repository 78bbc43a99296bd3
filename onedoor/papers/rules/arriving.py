"""What the papers must say until a case is accepted: receipts, notices, acceptance.

Basis: 许可法32; service-centre appendix A.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from onedoor.papers.rules.contents import Contents, said
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.of_case import EXAMPLE_AT, Following, OfCase


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """A material as it was found and taken."""

    name: str = said("名称", "申请书")
    found: str = said("判断", "齐")
    taken: str = said("份数", "原件 1 份，复印件 0 份", required=False)


MATERIALS = (
    MaterialRow(name="申请书", found="齐", taken="原件 1 份，复印件 0 份"),
    MaterialRow(name="经营场所布局图", found="缺", taken=""),
)


@dataclass(frozen=True, kw_only=True)
class SentRow:
    """A material as the applicant sent or announced it."""

    name: str = said("名称", "申请书")
    way: str = said("方式", "网上上传")
    files: str = said("文件", "2 个文件", required=False)


@dataclass(frozen=True, kw_only=True)
class Submission(Following):
    """申请回执: that an application arrived online; no receipt, and no limit runs from it."""

    kind: ClassVar[Kind] = Kind.SUBMISSION

    sent_at: datetime = said("提交时间", EXAMPLE_AT)
    materials: tuple[SentRow, ...] = said(
        "材料",
        (
            SentRow(name="申请书", way="网上上传", files="2 个文件"),
            SentRow(name="经营场所布局图", way="到窗口交原件", files=""),
        ),
    )
    look_by: date = said("预审期限", date(2026, 3, 9))


@dataclass(frozen=True, kw_only=True)
class Receipt(Following):
    """材料接收单. Basis: 许可法32(六): a dated paper for what was received."""

    kind: ClassVar[Kind] = Kind.RECEIPT

    received_at: datetime = said("收件时间", EXAMPLE_AT)
    entered_at: datetime | str = said("补录时间", "", required=False)
    materials: tuple[MaterialRow, ...] = said("材料", MATERIALS)
    missing: str = said("缺件", "经营场所布局图", required=False)
    answer_by: date = said("答复期限", date(2026, 3, 13))
    deeming: str = said(
        "视为受理", "到期没有告知的，从收到材料那天起就算受理（许可法32）。", required=False
    )
    window: str = said("窗口", "A区5号综合窗口", required=False)
    agent: str = said("代办人", "", required=False)


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """One of the matters applied for together: whose, begun or waiting for what, until when."""

    name: str = said("名称", "食品经营许可（示例）")
    unit: str = said("承办单位", "市监局")
    handling: str = said("办理", "已收件")
    due: str = said("最晚", "最晚2026年3月20日有结果", required=False)
    case_number: str = said("编号", "532502-002-20260306-00001-0", required=False)


@dataclass(frozen=True, kw_only=True)
class JointReceipt(Contents):
    """联合申请收件凭证: one paper for all applied for together. Basis: 许可法26, 32(六)."""

    kind: ClassVar[Kind] = Kind.JOINT_RECEIPT

    applicant: str = said("申请人", "阿普·木嘎示例")
    id_masked: str = said("证件号码", "532502********0001")
    number: str = said("申请编号", "532502-002-20260306-00003-1")
    package: str = said("一起办的事", "开小餐馆（示例）")
    received_at: datetime = said("收件时间", EXAMPLE_AT)
    entered_at: datetime | str = said("补录时间", "", required=False)
    window: str = said("窗口", "A区5号综合窗口", required=False)
    clerk: str = said("经办", "综窗示例")
    phone: str = said("咨询电话", "0873-0000202", required=False)
    agent: str = said("代办人", "", required=False)
    members: tuple[MemberRow, ...] = said(
        "事项",
        (
            MemberRow(
                name="食品经营许可（示例）",
                unit="市监局",
                handling="已收件",
                due="最晚2026年3月20日有结果",
                case_number="532502-002-20260306-00001-0",
            ),
            MemberRow(
                name="户外招牌设置（示例）",
                unit="城管局",
                handling="第 1 项办好后自动开始",
                due="",
                case_number="",
            ),
        ),
    )
    materials: tuple[MaterialRow, ...] = said("材料", MATERIALS)
    missing: str = said("缺件", "经营场所布局图", required=False)
    answer_by: date = said("答复期限", date(2026, 3, 13))
    done_by: str = said("全部结果", "2026年4月10日", required=False)
    alias: str = said("短号", "A1B2C3D4")
    query_code: str = said("查询码", "123456")
    progress: str = said("进度网址", "https://example.invalid/a/0/")


@dataclass(frozen=True, kw_only=True)
class RemoteReceipt(Contents):
    """代收凭证: taken in for another place, which alone accepts and decides (收受分离)."""

    kind: ClassVar[Kind] = Kind.REMOTE_RECEIPT

    applicant: str = said("申请人", "阿普·木嘎示例")
    id_masked: str = said("证件号码", "532502********0001")
    number: str = said("代收编号", "YD2026-00001")
    item: str = said("事项", "异地就医备案（示例）")
    body: str = said("受理机关", "示例市医疗保障局")
    body_address: str = said("受理机关地址", "示例市演示路1号")
    body_phone: str = said("受理机关电话", "0000-0000000", required=False)
    received_at: datetime = said("收件时间", EXAMPLE_AT)
    materials: tuple[MaterialRow, ...] = said("材料", MATERIALS[:1])
    send_by: date = said("寄出期限", date(2026, 3, 9))
    window: str = said("窗口", "A区8号跨省通办窗口", required=False)
    clerk: str = said("经办", "综窗示例")
    phone: str = said("咨询电话", "0873-0000202", required=False)


@dataclass(frozen=True, kw_only=True)
class CorrectionReceipt(Receipt):
    """补正收件凭证: what was supplied, and the new day by which to answer."""

    kind: ClassVar[Kind] = Kind.CORRECTION_RECEIPT


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """Something to be supplied: which, what is wrong, what to bring, why."""

    name: str = said("名称", "经营场所布局图")
    problem: str = said("问题", "缺")
    demand: str = said("要求", "请补 1 份，标明出入口和操作间")
    basis: str = said("依据", "《食品经营许可和备案管理办法》", required=False)


@dataclass(frozen=True, kw_only=True)
class Correction(OfCase):
    """一次性补正告知书. Basis: 许可法32(四): everything, once."""

    kind: ClassVar[Kind] = Kind.CORRECTION

    gaps: tuple[GapRow, ...] = said(
        "补正内容",
        (
            GapRow(
                name="经营场所布局图",
                problem="缺",
                demand="请补 1 份，标明出入口和操作间",
                basis="《食品经营许可和备案管理办法》",
            ),
        ),
    )
    supply_by: date = said("补正期限", date(2026, 4, 20))
    place: str = said("补正地点", "市民之家任一综合窗口")
    consequence: str = said("逾期后果", "到期没有补齐的，我们把材料退还给您，您可以重新申请。")
    again: str = said("再次告知理由", "", required=False)


@dataclass(frozen=True, kw_only=True)
class PromisedRow:
    """A material that may follow: its form."""

    name: str = said("名称", "房屋租赁合同")
    form: str = said("形式", "纸质，复印件 1 份", required=False)


PROMISED = (PromisedRow(name="房屋租赁合同", form="纸质，复印件 1 份"),)


@dataclass(frozen=True, kw_only=True)
class SupplementReceipt(OfCase):
    """容缺补交收件凭证: what came of what was promised at acceptance, and what is still awaited."""

    kind: ClassVar[Kind] = Kind.SUPPLEMENT_RECEIPT

    received_at: datetime = said("收件时间", EXAMPLE_AT)
    materials: tuple[MaterialRow, ...] = said("材料", MATERIALS[:1])
    awaited: str = said("还没有补齐", "", required=False)


@dataclass(frozen=True, kw_only=True)
class Acceptance(OfCase):
    """受理通知书. Basis: 许可法32(五), 42."""

    kind: ClassVar[Kind] = Kind.ACCEPTANCE

    accepted_on: date = said("受理日期", date(2026, 3, 6))
    statutory: str = said("法定期限", "20 个工作日，到2026年4月3日", required=False)
    promised: str = said("承诺期限", "5 个工作日，到2026年3月13日", required=False)
    due_on: str = said("办结日期", "2026年3月13日")
    foreseen: str = said("特别程序", "可能要现场核查，核查不停止计时。", required=False)
    fee: str = said("收费", "不收费")
    deemed: str = said(
        "视为受理", "五个工作日内没有告知补正，依法从收到材料之日起视为受理。", required=False
    )
    promised_materials: tuple[PromisedRow, ...] = said("容缺材料", PROMISED, required=False)
    supply_by: date | str = said("补交期限", date(2026, 3, 13), required=False)
    consequence: str = said(
        "逾期后果", "到期没有补齐的，作退件处理，材料退还给您。", required=False
    )
    basis: str = said("受理依据", "《中华人民共和国行政许可法》第三十二条", required=False)
