"""The lists inside an item of the pack (申请材料、办理环节、办理结果): pure, from its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onedoor.demo.rows import Table

NECESSITY = {"*": "tolerant", "?": "optional"}
MATERIAL = {
    "necessity": "required",
    "form": "either",
    "originals": 1,
    "copies": 0,
    "source": "您自己准备",
    "standard": "内容完整，签名或盖章清楚。",
}
SOURCES = {"核发": "issued", "出具": "other"}
"""What the words of a source say about its kind; else it is the applicant's own."""

_TWICE = re.compile(r"(申请|备案|登记|变更|注销)\1")  # 法律援助申请 + 申请表

WORDS = {"1": "证照", "2": "批文", "3": "其他"}


def materials(
    asked: Sequence[str | Table], common: Table, facts: Table
) -> Iterator[dict[str, Any]]:
    """Return the materials, each with what all of its name have in common, none twice."""
    known = {material["name"]: material for material in common["material"]}
    form = {key: value for key, value in common["form"].items() if key != "endings"}
    endings = tuple(common["form"]["endings"])
    seen = set()
    for each in asked:
        given = {"name": each} if isinstance(each, str) else dict(each)
        pattern, mark = given["name"], given["name"][-1:]
        if mark in NECESSITY:
            pattern, given["necessity"] = pattern[:-1], NECESSITY[mark]
        name = _TWICE.sub(r"\1", pattern.format(**facts))
        if name in seen:
            continue
        seen.add(name)
        shared = known.get(name) or known.get(pattern, {})
        is_form = name.endswith(endings)
        told = MATERIAL | {"basis": facts["law"]} | (form if is_form else {}) | {**shared, **given}
        yield {"source_kind": _source_kind(told["source"]), **told, "name": name}


def _source_kind(source: str) -> str:
    return next((kind for word, kind in SOURCES.items() if word in source), "own")


def steps(known: Sequence[Table], promised: Sequence[Any], facts: Table) -> list[dict[str, Any]]:
    """Return the steps and how long each takes: together no longer than the promise.

    A step that ``takes`` -1 has what the others leave.
    """
    count, unit = promised
    days: list[int] = []
    for step in known:
        taken = max(0, min(step["takes"], count - sum(days)))
        days.append(taken)
    rest = count - sum(days)
    return [
        {
            "name": step["name"],
            "who": step["who"].format(**facts),
            "days": rest if step["takes"] < 0 else taken,
            "unit": unit,
            "standard": step["standard"],
            "result": step["result"].format(**facts),
        }
        for step, taken in zip(known, days, strict=True)
    ]


def result_kind(name: str, endings: Mapping[str, Sequence[str]]) -> str:
    """Return the national code of the kind of a result, by how it is called.

    >>> result_kind("食品经营许可证", {"1": ["证", "证书"], "2": ["书"]})
    '1'
    """
    for code, words in endings.items():
        if name.endswith(tuple(words)):
            return code
    return "3"


def tolerance(listed: Sequence[Table], promised: Sequence[Any]) -> int | None:
    """Return within how many working days what may come later (容缺后补) must be there."""
    if not any(material["necessity"] == "tolerant" for material in listed):
        return None
    return min(5, promised[0]) if promised[1] == "WD" else 5
