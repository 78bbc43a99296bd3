"""What the papers that end a licence must say: revocation and cancellation.

Basis: 许可法38, 69, 70; 行政复议法20; 行政诉讼法46.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.papers.rules.contents import Contents, said
from onedoor.papers.rules.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class Ending(Contents):
    """A licence that ends: whose, which, on what facts and ground, by which law; the remedies."""

    holder: str = said("被许可人", "阿普·木嘎示例")
    id_masked: str = said("证件号码", "532502********0001")
    licence_number: str = said("证照编号", "532502-002-20260306-00001-0")
    item: str = said("事项", "食品经营许可（示例）")
    granted_by: str = said("原决定文号", "开市监许准〔2026〕00001号")
    valid: str = said("原有效期限", "2026年3月10日至2031年3月9日")
    ground: str = said("法定情形", "被许可人以欺骗、贿赂等不正当手段取得")
    facts: str = said("事实和理由", "申请时提交的健康证明是伪造的，发证单位已书面确认。")
    law: str = said("依据", "《中华人民共和国行政许可法》第六十九条第二款")
    ended_on: date = said("失效日期", date(2026, 5, 20))
    review_body: str = said("复议机关", "开远市人民政府")
    review_limit: str = said("复议期限", "60 日")
    court: str = said("诉讼法院", "开远市人民法院")
    suit_limit: str = said("诉讼期限", "6 个月")
    decided_by: str = said("决定人", "局长示例")
    phone: str = said("咨询电话", "0873-0000202", required=False)


@dataclass(frozen=True, kw_only=True)
class Revocation(Ending):
    """撤销决定书. Basis: 许可法69."""

    kind: ClassVar[Kind] = Kind.REVOCATION

    consequence: str = said("后果", "您基于这项许可取得的利益不受保护。")


@dataclass(frozen=True, kw_only=True)
class Cancellation(Ending):
    """注销决定书. Basis: 许可法70."""

    kind: ClassVar[Kind] = Kind.CANCELLATION

    ground: str = said("法定情形", "法人或者其他组织依法终止")
    facts: str = said("事实和理由", "企业已于2026年5月11日办理注销登记。")
    law: str = said("依据", "《中华人民共和国行政许可法》第七十条第（三）项")
