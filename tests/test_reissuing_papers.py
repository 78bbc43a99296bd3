"""``onedoor paper reissue``: what was issued before the seal, given out again with it."""

from datetime import date

import pytest

from onedoor.cli import main
from onedoor.kernel import clock
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import issue

pytestmark = pytest.mark.django_db


def test_the_command_says_how_far_it_is_and_does_nothing_twice(capsys, monkeypatch):
    for _ in range(3):
        issue()
    given_seals.under_one_seal(monkeypatch)
    given_seals.seal()
    monkeypatch.setattr(clock, "now", lambda: clock.at_local(date(2026, 6, 1), 11))

    statuses = [main(["paper", "reissue", "--by", "keeper"]) for _ in range(2)]

    said = capsys.readouterr().out
    assert statuses == [0, 0]
    for words in ("没有电子印章的旧文书 3 份", "已办 3 份", "没有电子印章的旧文书 0 份"):
        assert words in said
