"""JSON as a list of objects, and their values as cells."""

from __future__ import annotations

import codecs
import json
from typing import Any

from onedoor.catalogue.rules.cells import Cell, Damaged
from onedoor.catalogue.services.sheets import SPREADSHEET_DIGITS, number_cell
from onedoor.kernel.errors import NotValid

_JSON_LISTS = ("items", "data", "result", "rows", "records", "list")
MOST_WRAPPED = 3
"""An interface's answer wraps its list: data, and in it rows."""


def json_list(content: bytes) -> list[Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise NotValid("file.encoding_json", "JSON 文件应是 UTF-8 编码。") from None
    except (ValueError, RecursionError) as error:
        if _is_by_line(content):
            raise NotValid(
                "file.json_lines",
                "这是一行一项的 JSON（JSON Lines）。请改成一个列表：开头写 [，项和项之间加逗号，"
                "结尾写 ]；或者另存为 CSV 再导入。",
            ) from None
        raise NotValid(
            "file.broken_json", "JSON 文件读不出来：%(why)s。", why=str(error)[:100]
        ) from None
    for _ in range(MOST_WRAPPED):
        if isinstance(found, dict):
            found = next((found[key] for key in _JSON_LISTS if key in found), None)
    if not isinstance(found, list):
        raise NotValid("catalogue.no_items", "JSON 里应有一个事项列表，或 items 这一项。")
    return found


def _is_by_line(content: bytes) -> bool:
    """Say whether each of the first lines is an object of its own, which no JSON file may be."""
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n", 50)[:50]
    first = [line for line in lines if line.strip()][:2]
    try:
        return len(first) == 2 and all(isinstance(json.loads(line), dict) for line in first)
    except (ValueError, RecursionError):
        return False


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def joined(value: object) -> object:
    """Return a list of texts as one text, as a sheet would state it."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "；".join(value)
    return value


def plain(value: object) -> Cell:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return number_cell(value, digits=SPREADSHEET_DIGITS)
    return Damaged.SHAPE


def plain_rows(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [
        {key: plain(cell) for key, cell in one.items()} if isinstance(one, dict) else one
        for one in value
    ]
