"""What leaves as a file for a spreadsheet."""

from onedoor.kernel.web import csv_file


def test_no_text_of_a_csv_file_is_taken_for_a_formula():
    response = csv_file("list.csv", [("名称", "数"), ("=1+1", -3), ("@x", None), ("－示例", "")])

    assert response.content.decode() == "\ufeff名称,数\r\n'=1+1,-3\r\n'@x,\r\n'－示例,\r\n"
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
