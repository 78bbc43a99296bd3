"""A table of findings: its columns by their names, a finding for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onedoor.reports.rules.reading.findings import Labels, made
from onedoor.reports.rules.reading.lines import Line
from onedoor.reports.rules.reading.marking import Part, Place

_COLUMNS = (
    ("number", ("序号", "编号", "问题编号")),
    ("category", ("问题类别", "类别", "问题类型", "问题分类")),
    (
        "unit",
        ("责任单位", "牵头单位", "整改责任单位", "责任部门", "主责单位", "整改单位", "被审计单位"),
    ),
    ("officer", ("责任人", "整改责任人", "具体责任人", "经办人")),
    ("leader", ("责任领导", "分管领导", "牵头领导")),
    ("due", ("整改时限", "完成时限", "整改期限", "完成时间", "整改完成时间", "时限")),
    ("class", ("整改类型", "整改类别", "整改方式")),
    (
        "result",
        (
            "整改结果",
            "完成情况",
            "整改状态",
            "是否完成",
            "是否整改",
            "销号情况",
            "状态",
            "整改完成情况",
        ),
    ),
    (
        "answer",
        (
            "整改情况",
            "整改落实情况",
            "整改进展",
            "进展情况",
            "落实情况",
            "整改进展情况",
            "整改成效",
        ),
    ),
    ("measures", ("整改措施", "措施", "整改举措", "具体措施")),
    ("amount", ("涉及金额", "金额", "问题金额")),
    (
        "problem",
        (
            "问题",
            "存在问题",
            "主要问题",
            "问题描述",
            "审计发现问题",
            "审计发现的问题",
            "审计查出问题",
            "问题表现",
            "问题内容",
            "具体问题",
            "问题清单",
            "审计查出的主要问题",
        ),
    ),
)
_BY_NAME = {name: key for key, names in _COLUMNS for name in names}


def _key(cell: str) -> str:
    name = "".join(cell.split()).split("（")[0].split("(")[0]
    return _BY_NAME.get(name, "")


def columns_of(cells: Sequence[str]) -> list[str] | None:
    """Return what each column is, where the row heads a table of findings.

    >>> columns_of(["序号", "存在问题", "整改情况", "备注"])
    ['number', 'problem', 'answer', '']
    >>> columns_of(["项目", "金额"]) is None
    True
    """
    keys = [_key(cell) for cell in cells]
    known = {key for key in keys if key}
    return keys if "problem" in known and len(known) >= 2 else None


def issues(
    rows: Sequence[Line], first: int, labels: Labels
) -> tuple[list[dict[str, Any]], list[Place]]:
    """Return the findings of a table and the marks of its rows; one of another kind is unread."""
    columns = columns_of(rows[0].cells) if rows else None
    if columns is None:
        return [], [Place(row.number, Part.UNCLEAR) for row in rows]
    marks = [Place(rows[0].number, Part.TABLE, "/issues")]
    found: list[dict[str, Any]] = []
    above: dict[str, str] = {}
    for row in rows[1:]:
        told = dict(zip(columns, row.cells, strict=False))
        if not told.get("problem", "").strip():
            marks.append(Place(row.number, Part.UNCLEAR))
            continue
        category = told.get("category", "").strip() or above.get("category", "")
        above["category"] = category
        number = first + len(found)
        marks.append(Place(row.number, Part.TABLE, f"/issues/{number - 1}"))
        found.append(_row(told, number, category, labels))
    return found, marks


def _row(told: dict[str, str], number: int, category: str, labels: Labels) -> dict[str, Any]:
    problem = told["problem"].strip()
    stop = problem.find("。")
    title = problem[:stop] if 0 <= stop < 80 else problem[:80]
    answer = "\n".join(t for t in (told.get("measures", ""), told.get("answer", "")) if t.strip())
    aside = {
        "责任单位": told.get("unit", ""),
        "责任人": told.get("officer", ""),
        "责任领导": told.get("leader", ""),
        "整改时限": told.get("due", ""),
        "整改类型": told.get("class", ""),
        "整改结果": told.get("result", ""),
    }
    return made(
        number,
        label="",
        heading=problem if stop < 0 else problem[: stop + 1],
        title=title.rstrip("。"),
        detail="" if stop < 0 else problem[stop + 1 :],
        answer=answer,
        aside={name: " ".join(value.split()) for name, value in aside.items() if value.strip()},
        category=category,
        labels=labels,
    )
