"""A table of findings: its columns by their names, a finding for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onedoor.reports.rules.reading import figures
from onedoor.reports.rules.reading.findings import Labels, made
from onedoor.reports.rules.reading.lines import Level, Line, level_of
from onedoor.reports.rules.reading.marking import Part, Place

_COLUMNS = (
    ("number", ("序号", "编号", "问题编号")),
    ("category", ("问题类别", "类别", "问题类型", "问题分类")),
    (
        "unit",
        ("责任单位", "牵头单位", "整改责任单位", "责任部门", "主责单位", "整改单位", "被审计单位"),
    ),
    ("co", ("配合单位", "配合部门", "协助单位")),
    ("officer", ("责任人", "整改责任人", "具体责任人", "经办人")),
    ("leader", ("责任领导", "分管领导", "牵头领导")),
    (
        "due",
        ("整改时限", "完成时限", "整改期限", "完成时间", "整改完成时间", "时限", "整改完成时限"),
    ),
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
    name = "".join(cell.split()).split("（")[0].split("(")[0].rstrip(":：")
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
    rows: Sequence[Line], first: int, labels: Labels, *, unit: str = ""
) -> tuple[list[dict[str, Any]], list[Place]]:
    """Return the findings of a table and the marks of its rows; one of another kind is unread.

    ``unit`` is that of the amounts, where a line above the table names it.
    """
    at = next((n for n, row in enumerate(rows[:4]) if columns_of(row.cells)), None)
    if at is None:
        return _upright(rows, first, labels)
    heads, columns = rows[at].cells, columns_of(rows[at].cells) or []
    marks = [Place(row.number, Part.TABLE) for row in rows[:at] if len(_filled(row)) <= 2]
    marks += [Place(row.number, Part.UNCLEAR) for row in rows[:at] if len(_filled(row)) > 2]
    marks.append(Place(rows[at].number, Part.TABLE, "/issues"))
    found: list[dict[str, Any]] = []
    category = ""
    for row in rows[at + 1 :]:
        told = dict(zip(columns, row.cells, strict=False))
        filled = _filled(row)
        if columns_of(row.cells) == columns or (filled and filled[0] in _SUMS):
            marks.append(Place(row.number, Part.TABLE))
        elif len(filled) == 1 and level_of(filled[0])[0] in (Level.FIRST, Level.SECOND):
            category = filled[0].removeprefix(level_of(filled[0])[1])[:100]
            marks.append(Place(row.number, Part.CATEGORY, "/issues/*/category_l1"))
        elif not told.get("problem", "").strip():
            marks.append(Place(row.number, Part.UNCLEAR))
        else:
            category = told.get("category", "").strip() or category
            number = first + len(found)
            marks.append(Place(row.number, Part.TABLE, f"/issues/{number - 1}"))
            told["notes"] = "\n".join(_others(heads, columns, row.cells))
            found.append(_row(told, heads, number, category, labels, unit))
    return found, marks


_SUMS = ("合计", "总计", "小计")


def _filled(row: Line) -> list[str]:
    return [cell.strip() for cell in row.cells if cell.strip()]


def _others(heads: Sequence[str], columns: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return what stands in columns nobody knows, and in a second one of the same kind."""
    seen: set[str] = set()
    found = []
    for head, key, cell in zip(heads, columns, cells, strict=False):
        if cell.strip() and (not key or key in seen):
            found.append(f"{''.join(head.split()) or '另有一栏'}：{' '.join(cell.split())}")
        seen.add(key)
    return found


def _upright(
    rows: Sequence[Line], first: int, labels: Labels
) -> tuple[list[dict[str, Any]], list[Place]]:
    """Read a table that is one finding: names of fields at the left, what they hold beside them."""
    told: dict[str, str] = {}
    marks = []
    for row in rows:
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        pairs = list(zip(cells[::2], cells[1::2], strict=False))
        known = [(_key(name), value) for name, value in pairs if _key(name)]
        marks.append(
            Place(row.number, Part.TABLE if known else Part.UNCLEAR, f"/issues/{first - 1}")
        )
        for key, value in known:
            told.setdefault(key, value)
    if "problem" not in told or len(told) < 3:
        return [], [Place(row.number, Part.UNCLEAR) for row in rows]
    return [_row(told, (), first, told.get("category", ""), labels)], marks


def _row(
    told: dict[str, str],
    heads: Sequence[str],
    number: int,
    category: str,
    labels: Labels,
    unit: str = "",
) -> dict[str, Any]:
    amount = _amount(told.get("amount", ""), heads, unit)
    notes = [note for note in told.get("notes", "").split("\n") if note]
    if amount is None and any(c.isdigit() for c in told.get("amount", "")):
        notes.append(f"涉及金额：{' '.join(told['amount'].split())}")  # nobody says of what unit
    problem = told["problem"].strip()
    stop = problem.find("。")
    title = problem[:stop] if 0 <= stop < 80 else problem[:80]
    given = told.get("answer", "").strip()
    answer = "\n".join(t for t in (told.get("measures", ""), given) if t.strip())
    is_word = labels(given.rstrip("。")) is not None
    aside = {
        "责任单位": told.get("unit", ""),
        "配合单位": told.get("co", ""),
        "责任人": told.get("officer", ""),
        "责任领导": told.get("leader", ""),
        "整改时限": told.get("due", ""),
        "整改类型": told.get("class", ""),
        "整改结果": told.get("result", "") or (given if is_word else ""),
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
        amount=amount,
        notes=notes,
    )


def _amount(cell: str, heads: Sequence[str], above: str) -> int | str | None:
    """Return an amount in yuan: its unit stands in the cell, in the heading, or above the table."""
    head = next((head for head in heads if _key(head) == "amount"), "")
    unit = next((unit for unit in ("亿元", "万元", "元") if unit in "".join(head.split())), above)
    text = cell.strip()
    found = figures.amounts(text) or figures.amounts(f"{text}{unit}" if unit else "")
    return found[0]["value"] if len(found) == 1 else None
