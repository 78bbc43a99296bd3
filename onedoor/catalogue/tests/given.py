"""Builders: files as districts send them, and the two people every item passes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.services import ImportReport

AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
EDITOR = Actor("person:editor", "编辑示例", holdings=(Holding(Role.EDITOR, None),))
PUBLISHER = Actor("person:publisher", "发布示例", holdings=(Holding(Role.PUBLISHER, None),))
BOTH = Actor(
    "person:both", "一人示例", holdings=(Holding(Role.EDITOR, None), Holding(Role.PUBLISHER, None))
)
STRANGER = Actor("person:stranger", "外人示例")

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
REAL = SHARED / "service-items-511602.csv"

HEADINGS = [
    "department",
    "main_item",
    "name",
    "implementation_code",
    "item_type_code",
    "department_code",
    "division_code",
]


def row(number: int, **changes: str) -> list[str]:
    """Return one row of a district's list."""
    cells = {
        "department": "县水务局",
        "main_item": "未分类",
        "name": f"取水许可（第{number}种）",
        "implementation_code": f"TEST-{number:06d}",
        "item_type_code": "1",
        "department_code": "DEM0000001",
        "division_code": "532599000000",
    } | changes
    return [cells[heading] for heading in HEADINGS]


def csv_file(rows: list[list[str]], *, encoding: str = "utf-8", headings: Any = HEADINGS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(rows: list[list[Any]], *, above: tuple[list[Any], ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for cells in (*above, HEADINGS, *rows):
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def json_file(*items: dict[str, Any]) -> bytes:
    return json.dumps({"items": items}, ensure_ascii=False).encode()


def item(**changes: Any) -> dict[str, Any]:
    """Return an item as a county pack states it."""
    return {
        "code": "TEST-JSON-1",
        "name": "河道采砂许可",
        "unit": "水务局",
        "item_type": "01",
        "kind": "promised",
        "promised_limit": 8,
        "promised_unit": "WD",
        "fee_fen": 1250,
        "fee_basis": "《收费管理办法（示例）》第三条",
        "visits": 1,
        "is_online": False,
        "aliases": ["挖沙"],
        "materials": [
            {
                "name": "申请书",
                "form": "either",
                "originals": 1,
                "copies": 2,
                "basis": "《河道管理条例》第二十五条",
            },
            {"name": "河段图", "necessity": "tolerant", "basis": "《河道管理条例》第二十五条"},
        ],
    } | changes


def imported(content: bytes | Path, *, by: Actor = EDITOR, at: datetime = AT) -> ImportReport:
    return catalogue.import_items(content, filename="list", by=by, at=at)


def turned(code: str, turn: Turn, *, at: datetime = AT, **more: Any) -> None:
    """Suspend, resume or cancel an item, as two people do."""
    said = {"reason": "演示原因", "basis": "演示依据", "notice": "演示公告"} | more
    order = catalogue.ask_turn(code, turn, by=EDITOR, at=at, **said)
    catalogue.confirm_turn(order.pk, by=PUBLISHER, at=at)
