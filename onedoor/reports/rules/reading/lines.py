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
    (
        Level.FIRST,
        re.compile(
            rf"^(?:[{_HAN}]+[、．.]|第[{_HAN}]+(?:部分|章)[、:：\s]*|"
            # 1 and a short heading, where what stands below is 1.1
            r"\d{1,2}[ \u3000]+(?=[\u4e00-\u9fff]{3,18}$)(?![个项名家所件条份万亿元月日年])|"
            r"[IVX\u2160-\u216b]{1,4}[、．.\u3000 ]\s*(?=[\u4e00-\u9fff]))"
        ),
    ),
    (
        Level.SECOND,
        re.compile(
            rf"^(?:[（(〔]\s*[{_HAN}]+\s*[）)〕][、.]?|"
            r"\d{1,2}[.．]\d{1,2}[ \u3000]+(?=\S)(?![个项名家所件条份万亿元月日年%％]))"
        ),
    ),
    (
        Level.THIRD,
        re.compile(
            rf"^(?:\d{{1,3}}\s*[.．、](?!\d)|问题\s*(?:\d+|[{_HAN}]+|[（(]\s*(?:\d+|[{_HAN}]+)\s*[）)])\s*(?:[、:：.]|$))"
        ),
    ),
    (
        Level.FOURTH,
        re.compile(rf"^(?:[（(]\s*\d{{1,3}}\s*[）)]|\d{{1,3}}[）)]|[①-⑳]|第[{_HAN}]+[，,、])"),
    ),
)


def level_of(text: str) -> tuple[Level, str]:
    """Return the level of a line and its mark; a year or a decimal is none.

    >>> level_of("（二）中介超市")
    (<Level.SECOND: 2>, '（二）')
    >>> level_of("2.5万元已收回")[0], level_of("2021.03.31")[0], level_of("问题3：超标")[0]
    (<Level.NONE: 0>, <Level.NONE: 0>, <Level.THIRD: 3>)
    >>> told = ("1　财政管理方面", "1.1　超标", "2.5 万元", "第一，超标", "12 名学生")
    >>> [level_of(text)[0].value for text in told]
    [1, 2, 0, 4, 0]
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

_NAMES = {name.replace(" ", ""): field for field, names in FIELDS.items() for name in names}


def _spaced(name: str) -> str:
    """Return a form of a name whose characters may stand apart, as sites set them flush."""
    return "[ \u3000]{0,4}".join(map(re.escape, name))


_FIELD = re.compile(
    r"^-?\s*(?P<name>"
    + "|".join(_spaced(n) for n in sorted(_NAMES, key=len, reverse=True))
    + r")\s*[:：]?\s*(?P<value>.*)$"
)


def field_of(text: str) -> tuple[str, str] | None:
    """Return a field of the disclosure page with its value.

    >>> field_of("索引号000014348/2021-01295"), field_of("文号"), field_of("来源于财政的资金")
    (('index_no', '000014348/2021-01295'), ('doc_no', ''), None)
    """
    match = _FIELD.match(text)
    if match is None or len(text) > 120:
        return None
    name, value = "".join(match["name"].split()), match["value"].strip()
    field = _NAMES[name]
    is_told = ":" in text or "：" in text or not value
    if not is_told and not (_LOOKS.get(field) and _LOOKS[field].search(value)):
        return None
    return field, value


_APART = re.compile(
    r"(?<=\S)\s*(?=(?:发布(?:日期|时间|机构)|公开日期|成文日期|发文日期|信息来源|来源|索\s*引\s*号|文\s*号|"
    r"有\s*效\s*性|时\s*效\s*性|主题分类|浏览次数|访问量|阅读|点击|字号|字体|作者)\s*[:：])"
)
_WITH_TIME = re.compile(r"^(\d{4}\D\d{1,2}\D\d{1,2}日?)\s+\d{1,2}:\d{2}(?::\d{2})?$")


def fields_of(text: str) -> list[tuple[str, str]]:
    """Return the fields of a page on one line, as sites put several; days without their hour.

    >>> fields_of("发布日期:2023-01-06 11:16 信息来源:甲局 浏览次数: 3")
    [('publish_date', '2023-01-06'), ('publisher', '甲局')]
    >>> fields_of("资金来源：财政")
    []
    """
    if field_of(text) is None:
        return []
    told = [each for part in _APART.split(text) if (each := field_of(part.strip()))]
    told = [(name, value) for name, value in told if name != "title" or value]
    return [(name, _WITH_TIME.sub(r"\1", value)) for name, value in told]


_LOOKS = {
    "index_no": re.compile(r"^[0-9A-Z]"),
    "publisher": re.compile(r"(局|办|府|委|厅|署|中心|院|会)(公室)?$"),
    "publish_date": re.compile(r"^\d{4}"),
    "written_date": re.compile(r"^\d{4}"),
    "doc_no": re.compile(r"号$"),
    "validity": re.compile(r"^(有效|失效|废止|已修改|现行有效)$"),
}

_ASIDES = (
    r"(?:整改责任单位|主要责任单位|责任单位|牵头单位|责任部门|配合单位|配合部门|协助单位|"
    r"责任领导|分管领导|整改责任人|责任人|责任科室|责任股室|责任站所|责任处室|承办科室|"
    r"整改时限|完成时限|整改期限|整改完成时间|完成时间|"
    r"整改类型|整改类别|问题类别|涉及金额|问题金额|金额|整改结果|整改状态|完成情况|状态|整改目标)"
)
ASIDE = re.compile(
    rf"^(?:\d{{1,2}}[.．、]\s*)?[【\[]?(?P<name>{_ASIDES})[】\]]?\s*[:：]\s*(?P<value>.+)$"
)
"""A line beside a finding that says one thing of it."""

UNIT_NAMES = ("责任单位", "整改责任单位", "牵头单位", "责任部门", "主要责任单位")
LEADER_NAMES = ("责任领导", "分管领导")
OFFICER_NAMES = ("责任人", "整改责任人")
DEADLINE_NAMES = ("整改时限", "完成时限", "整改期限", "完成时间", "整改完成时间")
RESULT_NAMES = ("整改结果", "整改状态", "完成情况", "状态")
SECTION_NAMES = ("责任科室", "责任股室", "责任站所", "责任处室", "承办科室")
AMOUNT_NAMES = ("涉及金额", "问题金额", "金额")
CO_NAMES = ("配合单位", "配合部门", "协助单位")
CLASS_NAMES = ("整改类型", "整改类别")

RESPONSE = re.compile(
    r"^[【\[]?(?:\d+[.、]|[（(](?:\d+|[一二三四五六七八九十]+)[）)]|[①-⑳])?\s*"
    r"(?:整改(?:落实|完成|推进|进展)?(?:情况|措施|进展|成效|举措)(?:及(?:成效|结果|进展))?|"
    r"整改(?:落实)?(?=\s*[:：])|落实情况|采取的?(?:整改)?措施|措施(?=\s*[:：])|处理情况|办理情况)[】\]]?\s*[:：。]?"
)
"""How the answer to a finding begins."""

PROBLEM = re.compile(
    r"^[【\[]?(?:存在(?:的)?问题|问题描述|(?:问题)?表现|审计发现|具体问题|问题)[】\]]?\s*[:：]"
)

_PIECES = re.compile(
    rf"(?:(?<=[。；;])|(?<=[\t　 ]))\s*(?={_ASIDES}\s*[:：]|"
    r"整改(?:落实|完成|推进|进展)?(?:情况|措施)(?:及(?:成效|结果))?[:：])|"
    # Several fields on a line, apart by spaces, whatever they are called.
    r"(?<=[  \t　])(?<=\S[  \t　]{2})(?=[\u4e00-\u9fff]{2,8}[:：])"
)


def pieces(text: str) -> list[str]:
    """Return what one paragraph says of a finding, field by field; together they are its text.

    >>> pieces("1.超收。责任单位：甲局。整改情况：已退。")
    ['1.超收。', '责任单位：甲局。', '整改情况：已退。']
    """
    return [piece for piece in _PIECES.split(text) if piece]


_FURNITURE = re.compile(
    r"^(?:[—–－-]\s*\d{1,3}\s*[—–－-]|\d{1,3}|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|"
    r"\d{1,3}\s*/\s*\d{1,3}|附件?\s*\d*\s*[:：]?|"
    r"(?:您?(?:当前|现在)?所?在?的?位置\s*[:：].*)|首页.*[>＞›/].*|"
    r"(?>(?:关怀版|无障碍|访问量|浏览次数|点击次数|阅读次数|字号|字体|打印|关闭|分享|收藏|"
    r"返回顶部|下载|视力保护色|扫一扫|上一篇|下一篇|责任编辑)(?>\s*[:：]\s*(?:(?!字|打印|关闭|分享)[^\s:：]{0,20})?)?"
    r"[\s\d\[\]【】大中小|]*)++)$"
)


def is_furniture(text: str) -> bool:
    """Say whether a line belongs to the sheet or the web page, and not to the report.

    >>> [is_furniture(t) for t in ("— 2 —", "首页 > 审计公开", "访问量: 318", "2.超标准接待")]
    [True, True, True, False]
    """
    return len(text) < _LONGEST_FURNITURE and bool(_FURNITURE.match(text))


_LONGEST_FURNITURE = 80
