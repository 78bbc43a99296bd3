"""What every paper of a case says, and those with which one can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onedoor.papers.rules.contents import Contents, said

EXAMPLE_AT = datetime.fromisoformat("2026-03-06T10:05:00+08:00")


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
class Following(OfCase):
    """A paper with which its holder can follow the case."""

    alias: str = said("短号", "A1B2C3D4")
    query_code: str = said("查询码", "123456")
    progress: str = said("进度网址", "https://example.invalid/c/0/")
