"""Lines of a report and what stands at their beginning: numbers of headings, names of fields."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    """What a line is numbered by; the lower, the higher it stands."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class Line(NamedTuple):
    """One line of the source; ``cells`` are those of a table's row."""

    number: int
    text: str
    cells: tuple[str, ...] = ()


_HAN = "一二三四五六七八九十百"
_NUMBERED = (
    (Level.FIRST, re.compile(rf"^(?:[{_HAN}]+、|第[{_HAN}]+(?:部分|章)[、:：\s]*)")),
    (Level.SECOND, re.compile(rf"^[（(〔]\s*[{_HAN}]+\s*[）)〕][、.]?")),
    (
        Level.THIRD,
        re.compile(rf"^(?:\d{{1,3}}\s*[.．、](?!\d)|问题\s*(?:\d+|[{_HAN}]+)\s*[、:：.])"),
    ),
    (Level.FOURTH, re.compile(r"^(?:[（(]\s*\d{1,3}\s*[）)]|\d{1,3}[）)]|[①-⑳])")),
)


def level_of(text: str) -> tuple[Level, str]:
    """Return the level of a line and its mark; a year or a decimal is none.

    >>> level_of("（二）中介超市")
    (<Level.SECOND: 2>, '（二）')
    >>> level_of("2.5万元已收回")[0], level_of("2021.03.31")[0], level_of("问题3：超标")[0]
    (<Level.NONE: 0>, <Level.NONE: 0>, <Level.THIRD: 3>)
    """
    for level, form in _NUMBERED:
        if match := form.match(text):
            return level, match[0]
    return Level.NONE, ""


FIELDS = {
    "index_no": ("索引号", "索 引 号", "索引"),
    "publisher": ("发布机构", "公开机构", "发文机关", "发文单位", "信息来源", "来源"),
    "doc_no": ("文号", "发文字号", "文 号"),
    "publish_date": ("发布日期", "公开日期", "发布时间", "公开时间"),
    "written_date": ("成文日期", "生成日期", "发文日期"),
    "validity": ("时效性", "有效性", "信息时效"),
    "topic_category": ("主题分类", "信息类别", "公开类别"),
    "title": ("标题", "信息名称", "名称"),
}
"""What stands on a disclosure page before the report, as sites name it."""

_FIELD = re.compile(
    r"^-?\s*(?P<name>"
    + "|".join(sorted((re.escape(n) for names in FIELDS.values() for n in names), key=len)[::-1])
    + r")\s*[:：]?\s*(?P<value>.*)$"
)
_NAMES = {name: field for field, names in FIELDS.items() for name in names}


def field_of(text: str) -> tuple[str, str] | None:
    """Return a field of the disclosure page with its value.

    >>> field_of("索引号000014348/2021-01295"), field_of("文号"), field_of("来源于财政的资金")
    (('index_no', '000014348/2021-01295'), ('doc_no', ''), None)
    """
    match = _FIELD.match(text)
    if match is None or len(text) > 120:
        return None
    name, value = match["name"], match["value"].strip()
    field = _NAMES[name]
    is_told = ":" in text or "：" in text or not value
    if not is_told and not (_LOOKS.get(field) and _LOOKS[field].search(value)):
        return None
    return field, value


_LOOKS = {
    "index_no": re.compile(r"^[0-9A-Z]"),
    "publisher": re.compile(r"(局|办|府|委|厅|署|中心|院|会)(公室)?$"),
    "publish_date": re.compile(r"^\d{4}"),
    "written_date": re.compile(r"^\d{4}"),
    "doc_no": re.compile(r"号$"),
    "validity": re.compile(r"^(有效|失效|废止|已修改|现行有效)$"),
}

ASIDE = re.compile(
    r"^(?P<name>责任单位|整改责任单位|牵头单位|责任部门|主要责任单位|配合单位|责任领导|分管领导|"
    r"责任人|整改责任人|整改时限|完成时限|整改期限|完成时间|整改完成时间|整改类型|整改类别|问题类别|涉及金额|"
    r"整改结果|整改状态|完成情况|整改目标)\s*[:：]\s*(?P<value>.+)$"
)
"""A line beside a finding that says one thing of it."""

UNIT_NAMES = ("责任单位", "整改责任单位", "牵头单位", "责任部门", "主要责任单位")
LEADER_NAMES = ("责任领导", "分管领导")
OFFICER_NAMES = ("责任人", "整改责任人")
DEADLINE_NAMES = ("整改时限", "完成时限", "整改期限", "完成时间", "整改完成时间")
RESULT_NAMES = ("整改结果", "整改状态", "完成情况")
CLASS_NAMES = ("整改类型", "整改类别")

RESPONSE = re.compile(
    r"^[【\[]?(?:\d+[.、]|[（(][一二三四五六七八九十]+[）)])?"
    r"(?:整改(?:落实|完成|推进|进展)?(?:情况|措施|进展|成效|举措)(?:及(?:成效|结果|进展))?|"
    r"落实情况|采取的?(?:整改)?措施|处理情况|办理情况)[】\]]?\s*[:：。]?"
)
"""How the answer to a finding begins."""

PROBLEM = re.compile(
    r"^[【\[]?(?:存在(?:的)?问题|问题描述|问题表现|审计发现|具体问题|问题)[】\]]?\s*[:：]"
)
