"""What the papers of a case's ordinary road must say, from receipt to proof of delivery.

Basis: 许可法32, 38, 39, 44; service-centre appendix A.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from onedoor.papers.rules.contents import Contents, said
from onedoor.papers.rules.kinds import Kind

_AT = datetime.fromisoformat("2026-03-06T10:05:00+08:00")


@dataclass(frozen=True, kw_only=True)
class OfCase(Contents):
    """What every paper of a case says: whose, which, what about, by whom, whom to ask."""

    applicant: str = said("申请人", "阿普·木嘎示例")
    id_masked: str = said("证件号码", "532502********0001")
    case_number: str = said("办件编号", "532502-002-20260306-00001-0")
    item: str = said("事项", "食品经营许可（示例）")
    item_version: str = said("事项版本", "第 3 版")
    clerk: str = said("经办", "综窗示例")
    phone: str = said("咨询电话", "0873-0000202", required=False)


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """A material as it was found and taken."""

    name: str = said("名称", "申请书")
    found: str = said("判断", "齐")
    taken: str = said("份数", "原件 1 份，复印件 0 份", required=False)


_MATERIALS = (
    MaterialRow(name="申请书", found="齐", taken="原件 1 份，复印件 0 份"),
    MaterialRow(name="经营场所布局图", found="缺", taken=""),
)


@dataclass(frozen=True, kw_only=True)
class Following(OfCase):
    """A paper with which its holder can follow the case."""

    alias: str = said("短号", "A1B2C3D4")
    query_code: str = said("查询码", "123456")
    progress: str = said("进度网址", "https://example.invalid/c/0/")


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

    sent_at: datetime = said("提交时间", _AT)
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

    received_at: datetime = said("收件时间", _AT)
    entered_at: datetime | str = said("补录时间", "", required=False)
    materials: tuple[MaterialRow, ...] = said("材料", _MATERIALS)
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
    received_at: datetime = said("收件时间", _AT)
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
    materials: tuple[MaterialRow, ...] = said("材料", _MATERIALS)
    missing: str = said("缺件", "经营场所布局图", required=False)
    answer_by: date = said("答复期限", date(2026, 3, 13))
    done_by: str = said("全部结果", "2026年4月10日", required=False)
    alias: str = said("短号", "A1B2C3D4")
    query_code: str = said("查询码", "123456")
    progress: str = said("进度网址", "https://example.invalid/a/0/")


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

    received_at: datetime = said("收件时间", _AT)
    materials: tuple[MaterialRow, ...] = said("材料", _MATERIALS[:1])
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


@dataclass(frozen=True, kw_only=True)
class Refusing(OfCase):
    """A no: facts, reason, law, and where to turn against it, by when.

    Basis: 许可法38; 行政复议法20 (60 days); 行政诉讼法46 (6 months).
    """

    item_type: str = said("事项类型", "行政许可")
    reason: str = said("理由", "经营场所与申请书所写地址不一致。")
    law: str = said("依据", "《食品经营许可和备案管理办法》第十二条")
    review_body: str = said("复议机关", "开远市人民政府")
    review_limit: str = said("复议期限", "60 日")
    court: str = said("诉讼法院", "开远市人民法院")
    suit_limit: str = said("诉讼期限", "6 个月")


@dataclass(frozen=True, kw_only=True)
class Rejection(Refusing):
    """不予受理决定书. Basis: 许可法32(一)(二)."""

    kind: ClassVar[Kind] = Kind.REJECTION

    competent: str = said("有权机关", "", required=False)


@dataclass(frozen=True, kw_only=True)
class NotGranted(Refusing):
    """不予许可决定书. Basis: 许可法38."""

    kind: ClassVar[Kind] = Kind.REFUSAL

    facts: str = said("事实", "2026年3月6日收到申请，2026年3月9日受理并完成审查。")
    upper: str = said("上级决定", "", required=False)


@dataclass(frozen=True, kw_only=True)
class Grant(OfCase):
    """准予许可决定书. Basis: 许可法34, 38, 39."""

    kind: ClassVar[Kind] = Kind.GRANT

    item_type: str = said("事项类型", "行政许可")
    content: str = said("准予内容", "食品经营许可（示例）")
    upper: str = said("上级决定", "", required=False)
    result: str = said("结果证件", "食品经营许可证", required=False)
    validity: str = said("有效期限", "", required=False)
    conditions: str = said("附加条件", "", required=False)
    deemed: str = said("视为准予", "", required=False)
    deliver_by: str = said("送达期限", "2026年3月20日", required=False)
    law: str = said("依据", "《中华人民共和国行政许可法》第三十八条第一款", required=False)


@dataclass(frozen=True, kw_only=True)
class ReturnList(OfCase):
    """材料退还清单, after a withdrawal. Basis: 许可法29."""

    kind: ClassVar[Kind] = Kind.RETURN_LIST

    reason: str = said("原因", "申请人撤回申请")
    materials: tuple[MaterialRow, ...] = said("退还材料", _MATERIALS[:1], required=False)


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """A paper that is handed over."""

    name: str = said("名称", "准予决定书")
    number: str = said("文号", "开市监许准〔2026〕00001号", required=False)


@dataclass(frozen=True, kw_only=True)
class Delivery(OfCase):
    """送达回证: what was handed over, how, to whom, when. Basis: 许可法44."""

    kind: ClassVar[Kind] = Kind.DELIVERY

    papers: tuple[DeliveryRow, ...] = said(
        "送达文书", (DeliveryRow(name="准予决定书", number="开市监许准〔2026〕00001号"),)
    )
    way: str = said("送达方式", "窗口领取")
    recipient: str = said("领取人", "阿普·木嘎示例", required=False)
    relation: str = said("与申请人关系", "本人", required=False)
    recipient_id: str = said("领取人证件", "居民身份证 532502********0001", required=False)
    authority: str = said("看过的授权文件", "", required=False)
    waybill: str = said("物流单号", "", required=False)
    place: str = said("送达地点", "", required=False)
    refused: str = said("拒收情况", "", required=False)
    witnesses: str = said("见证人", "", required=False)
    evidence: str = said("照片或文件", "", required=False)
    announced: str = said("公告情况", "", required=False)
    delivered_at: date = said("送达时间", _AT)


@dataclass(frozen=True, kw_only=True)
class Announcement(Contents):
    """送达公告: to whom, which paper, why so, and when it counts as served. Basis: 民事诉讼法95."""

    kind: ClassVar[Kind] = Kind.ANNOUNCEMENT

    applicant: str = said("受送达人", "阿普·木嘎示例")
    case_number: str = said("办件编号", "532502-002-20260306-00001-0")
    item: str = said("事项", "食品经营许可（示例）")
    papers: tuple[DeliveryRow, ...] = said(
        "送达文书", (DeliveryRow(name="准予决定书", number="开市监许准〔2026〕00001号"),)
    )
    ground: str = said("公告原因", "用其他方式送不到")
    announced_on: date = said("公告日期", date(2026, 3, 30))
    served_on: date = said("视为送达日期", date(2026, 4, 29))
    place: str = said("领取地点", "市民之家出件窗口")
    remedies: str = said("救济", "不服的，可以依法申请行政复议或者提起行政诉讼。", required=False)
    law: str = said("依据", "《中华人民共和国民事诉讼法》第九十五条")
    phone: str = said("咨询电话", "0873-0000202", required=False)


@dataclass(frozen=True, kw_only=True)
class AtOnce(Following):
    """即办件的收件、受理、决定合并回执: one paper for one visit. Basis: 许可法34."""

    kind: ClassVar[Kind] = Kind.AT_ONCE

    done_at: datetime = said("办结时间", _AT)
    materials: tuple[MaterialRow, ...] = said("材料", _MATERIALS[:1])
    content: str = said("准予内容", "证明打印（示例）")
    result: str = said("结果证件", "", required=False)


@dataclass(frozen=True, kw_only=True)
class FlowSlip(OfCase):
    """流转单: from the receiving to the reviewing desk, inside the house."""

    kind: ClassVar[Kind] = Kind.FLOW_SLIP

    accepted_on: date = said("受理日期", date(2026, 3, 6))
    due_on: str = said("办结日期", "2026年3月13日")
    unit: str = said("承办单位", "开远市市场监督管理局")


@dataclass(frozen=True, kw_only=True)
class Special(OfCase):
    """特别程序告知书, at its beginning and at its end. Basis: 许可法45: told in writing."""

    kind: ClassVar[Kind] = Kind.SPECIAL

    procedure: str = said("程序", "专家评审")
    explanation: str = said("说明", "需要请专家评审设计方案。")
    law: str = said("依据", "《中华人民共和国行政许可法》第四十五条", required=False)
    planned: str = said("所需时间", "10 个工作日", required=False)
    stopped_on: str = said("停止计时", "2026年3月9日", required=False)
    resumed_on: str = said("恢复计时", "", required=False)
    due_on: str = said("新的办结日期", "", required=False)
