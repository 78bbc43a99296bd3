"""``onedoor verify archive``: which file of a package is the first that was altered."""

import pytest

from onedoor.archive.tests import given
from onedoor.cli import main

pytestmark = pytest.mark.django_db


def test_the_command_names_the_first_fault_and_needs_no_database(tmp_path, capsys):
    content = given.package_of(given.kept())
    whole = given.written(content, tmp_path)

    good = main(["verify", "archive", str(whole)])
    said = capsys.readouterr().out
    bad = main(
        [
            "verify",
            "archive",
            str(given.written(given.altered(content, {"case.json": b""}), tmp_path)),
        ]
    )

    assert (good, bad) == (0, 1)
    assert "OK" in said
    told = capsys.readouterr()
    assert "FAULT case.json" in told.out
    assert "第一处是 case.json" in told.err
    assert main(["verify", "archive", str(tmp_path / "none.zip")]) == 1
