"""Where the title of a document is broken: never inside a word, its lines of several lengths.

Basis: GB/T 9704-2012, 7.3.1: whole words, and a trapezoid or a diamond.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

WORDS = [
    "关于",
    "印发",
    "转发",
    "开展",
    "进一步",
    "加强",
    "做好",
    "推进",
    "落实",
    "实施",
    "深化",
    "优化",
    "提升",
    "规范",
    "调整",
    "公布",
    "整改",
    "审计",
    "调查",
    "发现",
    "问题",
    "情况",
    "报告",
    "通知",
    "通报",
    "意见",
    "决定",
    "方案",
    "办法",
    "规定",
    "公告",
    "批复",
    "请示",
    "清单",
    "台账",
    "工作",
    "任务",
    "措施",
    "计划",
    "总结",
    "年度",
    "季度",
    "人民",
    "政府",
    "人大",
    "常委会",
    "委员会",
    "领导小组",
    "办公室",
    "管理局",
    "服务局",
    "监督",
    "管理",
    "服务",
    "政务",
    "事项",
    "审批",
    "行政",
    "许可",
    "营商",
    "环境",
    "中心",
    "改革",
    "效能",
    "考核",
    "评价",
    "推进会",
    "专项",
    "行动",
    "建设",
    "项目",
    "信息",
    "公开",
    "数据",
    "共享",
    "系统",
    "平台",
    "材料",
    "流程",
    "企业",
    "群众",
    "市场",
    "中介",
    "超市",
    "网上",
    "窗口",
    "受理",
    "办理",
    "办结",
    "统计",
    "分析",
    "监察",
    "督查",
    "整治",
    "试行",
    "暂行",
    "有关",
    "部门",
    "单位",
    "县市",
    "全市",
    "全省",
    "全国",
]
"""What stays together; a word that is not here may be broken, but dearly."""

_TOKEN = re.compile(
    "《[^》]{1,14}》|“[^”]{1,10}”|（[^）]{1,14}）"
    r"|[A-Za-z0-9.%]+(?:[年月日号度届次个项件]+)?"
    "|" + "|".join(sorted(WORDS, key=len, reverse=True)) + "|.",
    re.DOTALL,
)
_NOT_FIRST = set("，。、；：？！》”’）〕—-·的了和与及等")
_NOT_LAST = set("《“‘（〔—-·")
_GOOD_BEFORE, _GOOD_AFTER = ("关于",), ("关于", "的", "和", "与", "及", "、", "，", "》", "”")
_KNOWN = frozenset(WORDS)
NARROW = 20
DEAR, FORBIDDEN = 6.0, 1e6


def lines(title: str, most: int = NARROW) -> list[str]:
    """Return the lines of a title, at most so many characters each.

    What its author broke stays as it was broken.

    >>> lines("开远市人民政府关于印发《开远市政投资审批中介超市服务管理制度（试行）》的通知")
    ['开远市人民政府关于印发《开远市政投资审批', '中介超市服务管理制度（试行）》的通知']
    """
    found: list[str] = []
    for part in title.split("\n"):
        found += [part] if width(part) <= most else _broken(part.strip(), most)
    return found


def width(text: str) -> float:
    """Return how many characters wide a text is; digits and letters are half of one."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def _broken(title: str, most: int) -> list[str]:
    tokens = [t for token in _TOKEN.findall(title) for t in _within(token, most)]
    wanted = -(-width(title) // most)
    even = width(title) / wanted

    @cache
    def best(start: int) -> tuple[float, tuple[int, ...]]:
        if start == len(tokens):
            return 0.0, ()
        options = []
        for end in range(start + 1, len(tokens) + 1):
            wide = width("".join(tokens[start:end]))
            if wide > most and end > start + 1:
                break
            cost, rest = best(end)
            here = (wide - even) ** 2 / 4 + _price(tokens, end) + even
            options.append((here + cost, (end, *rest)))
        return min(options)

    ends = (0, *best(0)[1])
    return ["".join(tokens[a:b]) for a, b in pairwise(ends)]


def _within(token: str, most: int) -> list[str]:
    """Return a token whole, or by its characters where no line could hold it."""
    return [token] if width(token) <= most else list(token)


def _price(tokens: list[str], end: int) -> float:
    if end == len(tokens):
        return 0.0
    before, after = tokens[end - 1], tokens[end]
    if after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return FORBIDDEN
    if after in _GOOD_BEFORE:
        return -6.0
    if before.endswith(_GOOD_AFTER):
        return 1.0
    known = before in _KNOWN or len(before) > 1, after in _KNOWN or len(after) > 1
    return DEAR * (2 - sum(known)) / 2 + 1.0
