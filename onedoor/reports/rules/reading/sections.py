"""How a report is parted: its sections by their headings, how far a numbered line reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from onedoor.reports.rules.reading import figures
from onedoor.reports.rules.reading.lines import (
    ASIDE,
    PROBLEM,
    RESPONSE,
    RESULT_NAMES,
    Level,
    Line,
    level_of,
)

LONGEST = 60


class Section(StrEnum):
    OVERVIEW = "overview"
    ISSUES = "issues"
    NEXT = "next"
    UNKNOWN = "unknown"


_SECTIONS = (
    (Section.NEXT, re.compile("下一步|下步|今后|后续|下阶段|下一阶段|努力方向|打算")),
    (Section.ISSUES, re.compile("尚未|未完成|未整改|正在整改|持续整改|需要?持续")),
    (
        Section.OVERVIEW,
        re.compile(
            "总体|基本情况|推进情况|工作开展|部署|组织|主要做法|工作措施|推动|认识|领导|重视"
        ),
    ),
    (Section.ISSUES, re.compile("问题|整改|落实情况|发现|审计查出")),
)


_PART = re.compile(r"^第[一二三四五六七八九十百]+(?:部分|章)")
_BRACKETED = re.compile(r"^【[^】]{2,20}】$")


def heads_of(lines: Iterable[Line]) -> set[int]:
    """Return the numbers of the lines that head sections.

    Where the parts are told by the word (第一部分), only they do; where nothing is numbered 一、,
    headings in brackets do.
    """
    told = [(line, line.text.strip()) for line in lines if not line.cells]
    told = [(line, text) for line, text in told if len(text) <= LONGEST]
    if parts := {line.number for line, text in told if _PART.match(text)}:
        return parts
    if firsts := {line.number for line, text in told if level_of(text)[0] is Level.FIRST}:
        return firsts
    fields = (PROBLEM, RESPONSE, ASIDE)
    return {
        line.number
        for line, text in told
        if _BRACKETED.match(text) and not any(form.match(text) for form in fields)
    }


_ITSELF_HEAD = re.compile(r"(?:关于|针对|对).{2,40}问题(?:[（(].{2,80}[）)])?[。:：]?$")


def themselves(lines: list[Line]) -> set[int]:
    """Return the numbers of first-level lines that are findings, as short letters number them.

    一、关于……问题 with its answer right below; one that parts findings below it is a heading.
    """
    levels = [Level.NONE if line.cells else level_of(line.text.strip())[0] for line in lines]
    firsts = [n for n, level in enumerate(levels) if level is Level.FIRST]
    found = set()
    for start, stop in zip(firsts, [*firsts, len(lines)][1:], strict=True):
        inner = range(start + 1, stop)
        is_answered = any(RESPONSE.match(lines[n].text.strip()) for n in inner)
        is_parted = any(
            levels[n] is Level.SECOND or (levels[n] is Level.THIRD and not is_answered)
            for n in inner
        )
        if _ITSELF_HEAD.search(lines[start].text.strip()) and not is_parted and inner:
            found.add(lines[start].number)
    return found if len(found) > 1 else set()


def kind(text: str) -> Section:
    return next((kind for kind, form in _SECTIONS if form.search(text)), Section.UNKNOWN)


def reach(lines: list[Line], level: Level) -> int:
    """Return how far a numbered line reaches: to the next of its level or above, or a table."""
    for n, line in enumerate(lines[1:], 1):
        other = level_of(line.text.strip())[0]
        if line.cells or (other is not Level.NONE and other <= level):
            return n
    return len(lines)


def to_next_answered(lines: list[Line], most: int) -> int:
    """Return where, after a finding's own result, another begins that is answered as it was."""
    is_over = False
    for n, line in enumerate(lines[:most]):
        text = line.text.strip()
        told = ASIDE.match(text)
        is_over |= bool(told and told["name"] in RESULT_NAMES)
        is_numbered = level_of(text)[0] is not Level.NONE and not told and not RESPONSE.match(text)
        if is_over and is_numbered and n + 1 < most and RESPONSE.match(lines[n + 1].text.strip()):
            return n
    return most


def to_next_problem(lines: list[Line]) -> int:
    for n, line in enumerate(lines[1:], 1):
        if line.cells or PROBLEM.match(line.text.strip()):
            return n
    return len(lines)


_LIST = re.compile(r"(?:清单|目录|如下)[。:：]?$")
_REASON = re.compile(r"^(?:(?:尚)?未(?:能)?(?:完成)?整改(?:到位)?)?的?(?:主要)?原因")


def is_reason(text: str) -> bool:
    """Say whether a numbered line tells why things are not done: it is no finding itself.

    >>> is_reason("未整改原因：1项涉诉。"), is_reason("原因不明的支出3万元")
    (True, False)
    """
    return bool(_REASON.match(text)) and bool(re.match(r"[^:：。]{0,12}[:：。]", text))


_PROBLEM_ITSELF = re.compile(r"(?:关于|针对).{2,60}问题[。:：]?$")


def holds_findings(heading: str, inner: list[Line], level: Level) -> bool:
    """Say whether the numbered lines inside are findings themselves, and not measures.

    They are if they stand before any answer and half of them say what was wrong, or answer it.
    """
    levels = [Level.NONE if line.cells else level_of(line.text.strip())[0] for line in inner]
    next_ = level + 1
    if level is Level.FIRST and Level.SECOND not in levels:
        next_ = Level.THIRD  # 一、 and at once 1.
    below = [n for n, each in enumerate(levels) if each == next_]
    if not below:
        return False
    if _LIST.search(heading):
        return True
    if any(RESPONSE.match(line.text.strip()) for line in inner[: below[0]]):
        return False
    if any(RESPONSE.match(inner[n].text.strip()) for n in below):
        return False
    ends = [*below[1:], len(inner)]
    wrong, is_one = 0, bool(_PROBLEM_ITSELF.search(heading))
    for start, stop in zip(below, ends, strict=True):
        text = inner[start].text
        told = any(RESPONSE.match(x.text.strip()) for x in inner[start + 1 : stop])
        said = "问题" in text[:LONGEST] or (
            not is_one and any(figures.claim_of(s) for s in figures.sentences(text))
        )
        wrong += said if is_one else told or said
    return wrong * 2 >= len(below)
