"""What the papers of a commitment (告知承诺) must say: what was told, and what came of it.

Basis: 国办发〔2020〕42号: obligation, content, liability and way of checking are told in writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onedoor.papers.rules.contents import said
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.of_case import OfCase


@dataclass(frozen=True, kw_only=True)
class MatterRow:
    """One matter vouched for: the papers it stands for, what was told of it, the check."""

    name: str = said("承诺事项", "经营场所使用权")
    replaces: str = said("代替材料", "经营场所使用证明")
    law: str = said("设定依据", "《食品经营许可和备案管理办法》第十二条")
    conditions: str = said("承诺条件", "没有在记录期内的不实承诺。", required=False)
    content: str = said("承诺内容", "所填的经营场所由申请人合法使用。")
    verification: str = said("核查方式", "现场核查，作出决定后 30 个工作日内")
    liability: str = said("法律责任", "承诺不实的，撤销许可，依法处罚，记入信用记录。")


@dataclass(frozen=True, kw_only=True)
class Commitment(OfCase):
    """告知承诺书: the notice, and the commitment the applicant signs or declares online."""

    kind: ClassVar[Kind] = Kind.COMMITMENT

    matters: tuple[MatterRow, ...] = said(
        "承诺事项",
        (
            MatterRow(
                name="经营场所使用权",
                replaces="经营场所使用证明",
                law="《食品经营许可和备案管理办法》第十二条",
                conditions="没有在记录期内的不实承诺。",
                content="所填的经营场所由申请人合法使用。",
                verification="现场核查，作出决定后 30 个工作日内",
                liability="承诺不实的，撤销许可，依法处罚，记入信用记录。",
            ),
        ),
    )
    bar: str = said("记录期", "承诺不实的，36 个月内不能再用承诺代替材料。")
    way: str = said("承诺方式", "申请人当面签名")


@dataclass(frozen=True, kw_only=True)
class Verification(OfCase):
    """核查结果告知书: that a commitment was found false, until when to object, and what follows."""

    kind: ClassVar[Kind] = Kind.VERIFICATION

    matter: str = said("承诺事项", "经营场所使用权")
    content: str = said("承诺内容", "所填的经营场所由申请人合法使用。")
    findings: str = said("核查情况", "现场没有所填的门牌号，产权人书面说明没有出租。")
    object_by: date = said("异议期限", date(2026, 5, 20))
    consequence: str = said("后果", "没有异议或者异议不成立的，撤销许可决定。")
    barred_until: date = said("记录到", date(2029, 5, 5))
