"""Verifying where the public does: the page, and the file it gives."""

from pathlib import Path

import pytest

from onedoor.market.rules import draw


@pytest.mark.django_db
def test_the_page_and_the_program_are_there_for_everybody(client):
    page = client.get("/open/draws/verify/")
    program = client.get("/open/draws/draw.py")

    assert "核验抽签记录" in page.content.decode()
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert program.content == Path(draw.__file__).read_bytes()
    assert program["Content-Disposition"] == 'attachment; filename="draw.py"'
