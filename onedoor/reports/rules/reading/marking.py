"""What was made of each line: its part and where in the draft it went, or that it was not read."""

from __future__ import annotations

from typing import NamedTuple

from onedoor.kernel.terms import Term


class Part(Term):
    """What a line of the source was read as (识读结果)."""

    FIELD = "field", "公开信息"
    TITLE = "title", "标题"
    HEADING = "heading", "段落标题"
    OVERVIEW = "overview", "总体情况"
    CATEGORY = "category", "问题类别"
    FINDING = "finding", "问题"
    DETAIL = "detail", "问题描述"
    RESPONSE = "response", "整改情况"
    INFERRED = "inferred", "按语句推断，请核对"
    ASIDE = "aside", "责任、时限等"
    TABLE = "table", "表格"
    NEXT_STEP = "next_step", "下一步"
    END = "end", "落款、附件"
    FURNITURE = "furniture", "页眉页码、网页导航"
    UNCLEAR = "unclear", "没有读懂"


class Place(NamedTuple):
    """One line and where it went (a pointer into the draft; empty where it was not read)."""

    line: int
    part: Part
    where: str = ""
