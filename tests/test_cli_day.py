"""``onedoor day`` plays in a demo county only, and only what can be played."""

from __future__ import annotations

from datetime import date

import pytest

from onedoor.cli import main
from onedoor.kernel import clock
from onedoor.ledger import installation

pytestmark = pytest.mark.django_db


def test_no_day_is_played_where_people_are_real(capsys):
    assert main(["day", "--visitors", "10"]) == 1
    assert "clock.not_a_demo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--visitors", "0"], "day.visitors"),
        (["--day", "soon"], "form.date"),
        (["--day", "2026-03-06"], "day.past"),
    ],
)
def test_a_day_that_cannot_be_played_is_refused_before_anything_is_moved(
    asked, code, capsys, monkeypatch
):
    installation.mark_as_demo()
    monkeypatch.setattr(clock, "now", lambda: clock.at_local(date(2026, 3, 6), 10))

    assert main(["day", *asked]) == 1

    assert code in capsys.readouterr().err
    assert installation.current().clock_rate == 1
