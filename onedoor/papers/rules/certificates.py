"""What a certificate must say: what its holder shows for what a decision granted.

Basis: 许可法39.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.papers.rules.contents import Contents, said
from onedoor.papers.rules.kinds import Kind

LONGEST = "1.2.156.3005.2.11532502DEM0000149005.11532502DEM0000149.53250200120201217000017.001.0"
"""What a whole identifier looks like: the preview has to show that it fits."""


@dataclass(frozen=True, kw_only=True)
class Certificate(Contents):
    """证照 (许可证件): whose, what for, from when to when, and the decision it rests on."""

    kind: ClassVar[Kind] = Kind.CERTIFICATE

    name: str = said("证照名称", "食品经营许可证")
    holder: str = said("持有人", "阿普·木嘎示例")
    holder_id: str = said("持有人证件", "居民身份证 532502********0001")
    licence_number: str = said("证照编号", "532502-002-20260306-00001-0")
    identifier: str = said("电子证照标识", LONGEST, required=False)
    item: str = said("许可事项", "食品经营许可（示例）")
    valid: str = said("有效期限", "2026年3月10日至2031年3月9日")
    conditions: str = said("附加条件", "", required=False)
    granted_by: str = said("准予文书", "开市监许准〔2026〕00001号")
    follows: str = said("原证照编号", "", required=False)
    renew_before: str = said("申请延续的期限", "2031年2月7日", required=False)
    phone: str = said("咨询电话", "0873-0000202", required=False)
