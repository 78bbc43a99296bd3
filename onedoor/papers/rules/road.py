"""What the papers of a decision must say, and those on its way out.

Basis: 许可法38, 39, 44; service-centre appendix A.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from onedoor.papers.rules.arriving import MATERIALS, MaterialRow
from onedoor.papers.rules.contents import Contents, said
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.of_case import EXAMPLE_AT, Following, OfCase


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
    materials: tuple[MaterialRow, ...] = said("退还材料", MATERIALS[:1], required=False)


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
    system: str = said("送达系统", "", required=False)
    body: str = said("受托送达单位", "", required=False)
    cabinet: str = said("自助柜", "", required=False)
    delivered_at: date = said("送达时间", EXAMPLE_AT)


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

    done_at: datetime = said("办结时间", EXAMPLE_AT)
    materials: tuple[MaterialRow, ...] = said("材料", MATERIALS[:1])
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
