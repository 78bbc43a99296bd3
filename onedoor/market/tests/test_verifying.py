"""Verifying where the public and an auditor do: the page, the file it gives, the command."""

import json
from pathlib import Path

import pytest

from onedoor import cli
from onedoor.market.rules import draw
from onedoor.market.tests import given


@pytest.mark.django_db
def test_the_page_and_the_program_are_there_for_everybody(client):
    page = client.get("/open/draws/verify/")
    program = client.get("/open/draws/draw.py")

    assert "核验抽签记录" in page.content.decode()
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert program.content == Path(draw.__file__).read_bytes()
    assert program["Content-Disposition"] == 'attachment; filename="draw.py"'


@pytest.mark.parametrize(("winner", "status"), [(None, 0), ("91532502MA0000000X", 1)])
def test_the_command_needs_no_database(tmp_path, capsys, winner, status):
    record = given.record(given.freeze())
    path = tmp_path / "record.json"
    path.write_text(json.dumps({**record, "winners": [winner or record["winners"][0]]}))

    assert cli.main(["draw", "verify", str(path)]) == status

    said = capsys.readouterr().out
    assert ("不一致" in said, "[winners]" in said) == (status == 1, status == 1)


def test_a_file_that_is_no_record_is_wrong_usage(tmp_path, capsys):
    path = tmp_path / "record.json"
    path.write_bytes(b"\xff\x1b[2K")

    assert cli.main(["draw", "verify", str(path)]) == 2
    assert "\x1b" not in capsys.readouterr().out
