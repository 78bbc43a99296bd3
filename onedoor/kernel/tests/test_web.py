"""What leaves as a file for a spreadsheet."""

from datetime import UTC, datetime
from io import BytesIO

from openpyxl import load_workbook

from onedoor.kernel.web import csv_file, xlsx_file


def test_no_text_of_a_csv_file_is_taken_for_a_formula():
    response = csv_file("list.csv", [("名称", "数"), ("=1+1", -3), ("@x", None), ("－示例", "")])

    assert response.content.decode() == "\ufeff名称,数\r\n'=1+1,-3\r\n'@x,\r\n'－示例,\r\n"
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_no_text_of_a_workbook_is_a_formula_and_a_moment_is_read_as_here():
    at = datetime(2026, 3, 6, 3, 0, 0, 9, tzinfo=UTC)
    rows = [("名称", "时间"), ("＝1+1", at), ("=HYPERLINK(1)", None), ("坏\x00字\x0b", 3)]

    response = xlsx_file("list.xlsx", "表", rows)

    sheet = load_workbook(BytesIO(response.content))["表"]
    told = [tuple(str(cell.value) for cell in row) for row in sheet.rows]
    assert told == [
        ("名称", "时间"),
        ("'＝1+1", "2026-03-06 11:00:00"),
        ("'=HYPERLINK(1)", "None"),
        ("坏字", "3"),
    ]
    assert response["Content-Disposition"] == 'attachment; filename="list.xlsx"'
