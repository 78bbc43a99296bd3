"""The form of a rectification report (``onedoor.rectification-report/1``): what it must have.

Only a title, or one finding, has to be there: reports of other places leave out whole sections,
and what is missing becomes a gap for a person, never a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from onedoor.kernel.errors import NotValid

SCHEMA = "onedoor.rectification-report/1"
LARGEST = 10 * 1024 * 1024
MOST_FINDINGS = 2000
DEEPEST = 40
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Content = Mapping[str, Any]


def parse(data: bytes) -> dict[str, Any]:
    """Return the content of a report file, or refuse with what is wrong and where."""
    if len(data) > LARGEST:
        raise NotValid(
            "report.too_large", "报告文件超过 %(most)s MB。", field="file", most=LARGEST // 2**20
        )
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotValid("report.not_json", "这不是 UTF-8 的 JSON 文件。", field="file") from error
    check(content)
    assert isinstance(content, dict)
    return content


def check(content: Any) -> None:
    """Refuse what is no report of this form; what is merely missing passes."""
    if not isinstance(content, dict):
        raise NotValid("report.not_object", "报告应是一个 JSON 对象。", field="file")
    schema = content.get("schema")
    if schema != SCHEMA:
        raise NotValid(
            "report.schema",
            "报告的 schema 应是 %(wanted)s，这里是 %(found)s。",
            field="schema",
            wanted=SCHEMA,
            found=str(schema)[:80],
        )
    _walk(content, "", 0)
    for name, kind in _SHAPES.items():
        if content.get(name) is not None and not isinstance(content[name], kind):
            raise _shape(f"/{name}")
    issues = content.get("issues") or []
    if len(issues) > MOST_FINDINGS:
        raise NotValid(
            "report.too_many", "一份报告最多 %(most)s 个问题。", field="issues", most=MOST_FINDINGS
        )
    for n, issue in enumerate(issues):
        _check_issue(issue, f"/issues/{n}")
    for n, step in enumerate(content.get("next_steps") or []):
        if not isinstance(step, dict):
            raise _shape(f"/next_steps/{n}")
    if not title_of(content) and not issues:
        raise NotValid("report.empty", "报告里既没有标题，也没有问题。", field="document")


_SHAPES: dict[str, type] = {
    "source": dict,
    "disclosure": dict,
    "document": dict,
    "issues": list,
    "next_steps": list,
    "render": dict,
    "data_quality": list,
    "organisations": list,
    "figures": list,
    "tables": list,
}


def _check_issue(issue: Any, place: str) -> None:
    if not isinstance(issue, dict):
        raise _shape(place)
    for name in ("finding", "response", "responsible", "status", "rectification_type"):
        if issue.get(name) is not None and not isinstance(issue[name], dict):
            raise _shape(f"{place}/{name}")
    measures = part(issue, "response").get("measures")
    if measures is not None and (
        not isinstance(measures, list) or not all(isinstance(m, dict) for m in measures)
    ):
        raise _shape(f"{place}/response/measures")


def _shape(place: str) -> NotValid:
    return NotValid("report.shape", "报告里 %(place)s 的写法不对。", field=place, place=place)


def _walk(value: Any, place: str, depth: int) -> None:
    """Refuse what could not be kept or printed: control characters, endless nesting."""
    if depth > DEEPEST:
        raise NotValid("report.too_deep", "报告的层次太深：%(place)s。", place=place[:80])
    if isinstance(value, str) and _CONTROL.search(value):
        raise NotValid(
            "report.characters", "报告里 %(place)s 有不能保存的控制字符。", field=place, place=place
        )
    if isinstance(value, dict):
        for key, each in value.items():
            _walk(key, f"{place}/{key}"[:200], depth + 1)
            _walk(each, f"{place}/{key}"[:200], depth + 1)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            _walk(each, f"{place}/{n}", depth + 1)


def part(content: Content, name: str) -> Mapping[str, Any]:
    """Return a part that is an object, or nothing where it is missing."""
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def said(content: Content, *path: str) -> str:
    """Return a text by its path; empty where it is missing or null.

    >>> said({"document": {"title": "甲", "doc_no": None}}, "document", "title")
    '甲'
    >>> said({"document": {"doc_no": None}}, "document", "doc_no")
    ''
    """
    value: Any = content
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else "" if value is None else str(value)


def title_of(content: Content) -> str:
    return said(content, "document", "title")


def name_of(content: Content, code: str) -> str:
    """Return the name of an organisation of the report by its id; the id itself if it has none."""
    for each in content.get("organisations") or []:
        if isinstance(each, dict) and each.get("id") == code:
            return str(each.get("name") or code)
    return code
