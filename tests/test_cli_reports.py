"""``onedoor report``: in as JSON, out as text."""

from __future__ import annotations

import re

import pytest

from onedoor import cli
from onedoor.reports.rules import rendering
from onedoor.reports.tests import given

pytestmark = pytest.mark.django_db


def test_the_command_prints_the_number_last_and_gives_the_bytes(tmp_path, capsysbinary):
    file = tmp_path / "report.json"
    file.write_bytes(given.as_bytes(given.invented()))

    assert cli.main(["report", "import", str(file)]) == 0
    number = capsysbinary.readouterr().out.decode().splitlines()[-1]
    assert re.fullmatch(r"BG\d{4}-\d{4}", number)
    assert cli.main(["report", "render", number, "--format", "txt"]) == 0
    assert capsysbinary.readouterr().out == rendering.text(given.invented()).encode()
    assert cli.main(["report", "import", str(tmp_path / "none.json")]) == 1


def test_what_is_due_and_the_open_data_are_printed(capsysbinary):
    report = given.kept()

    assert cli.main(["report", "due"]) == 0
    printed = capsysbinary.readouterr().out.decode()
    assert f"{report.number} 没有登记 {report.title}" in printed
    assert cli.main(["report", "data", "findings"]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("\ufeffnumber,project,title")
