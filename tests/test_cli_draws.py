"""``onedoor draw verify``: records in files without a database, and the draws of a year."""

import json

import pytest

from onedoor import cli
from onedoor.market.tests import given
from onedoor.market.tests.test_draws import completed


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


@pytest.mark.django_db
def test_the_draws_of_a_year_are_verified_with_the_ledger(capsys):
    draw = completed()

    assert cli.main(["draw", "verify", "--year", "2026"]) == 0
    draw.value = "9876543210"
    draw.save(update_fields=["value"])

    assert cli.main(["draw", "verify", "--year", "2026"]) == 1
    said = capsys.readouterr().out
    assert f"{draw.draw_id} 不一致：" in said
    assert "draws=1 faults=0" in said
