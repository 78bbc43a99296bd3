"""A report made public in a browser: written, checked, published, corrected, taken as open data."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

PHONE = "联系电话：0873-0000307。"


def press(who: Visitor, name: str) -> None:
    who.go_by(who.page.get_by_role("button", name=name, exact=True))


def write(who: Visitor, text: str) -> None:
    """Put a sentence at the end of the draft, and send it to the check."""
    field = who.page.get_by_label("正文（一行一段）")
    who.type(field, f"{field.input_value()}\n{text}")
    press(who, "保存草稿")
    press(who, "送审")


def check(who: Visitor, desk: str) -> None:
    """Settle what was found, one by one, and let it pass."""
    who.go(desk)
    waiting = who.page.locator("section[aria-labelledby=hits] details[open] form")
    assert waiting.count(), "the telephone number is found"
    while waiting.count():
        form = waiting.first
        who.click(form.get_by_label("可以公开", exact=True))
        who.type(form.get_by_label("理由"), "办公电话，可以公开。")
        who.go_by(form.get_by_role("button", name="记下"))
    press(who, "审查通过")


def publish(who: Visitor, desk: str) -> None:
    who.go(desk)
    press(who, "发布")


def opened(who: Visitor, number: str) -> dict[str, Any]:
    """Return the row of the open data about this information."""
    told = who.page.request.get(f"{who.url}/open/data/information.csv").text()
    rows = csv.DictReader(io.StringIO(told.removeprefix("\ufeff")))
    return next((row for row in rows if number in row["address"]), {})


def test_written_checked_published_corrected_and_taken_as_open_data(visitor):
    lead, checker, publisher, public = map(visitor, ("lead", "checker", "publisher", ""))
    lead.go("/publishing/")
    waiting = lead.page.locator("section[aria-labelledby=waiting] tbody a")
    lead.go_by(waiting.first)
    desk = lead.page.url.removeprefix(lead.url)
    number = desk.strip("/").split("/")[-1]
    assert opened(public, number) == {}

    write(lead, PHONE)
    check(checker, desk)
    publish(publisher, desk)

    first = opened(public, number)
    assert (first["edition"], bool(first["index_number"])) == ("1", True)
    public.go(f"/open/information/{number}/")
    assert public.sees(PHONE)

    lead.go(desk)
    lead.click(lead.page.locator("summary", has_text="更正").first)
    lead.type(lead.page.locator("details[open]").get_by_label("理由"), "电话变了。")
    press(lead, "更正")
    write(lead, "现在改为联系电话：0873-0000308。")
    public.go(f"/open/information/{number}/")
    assert not public.page.get_by_text("0873-0000308").count(), "a draft is for nobody outside"
    check(checker, desk)
    publish(publisher, desk)

    second = opened(public, number)
    assert (second["edition"], second["index_number"]) == ("2", first["index_number"])
    assert second["digest"] != first["digest"]
    public.go(f"/open/information/{number}/")
    assert public.sees("0873-0000308")
    assert public.sees("电话变了。")
    public.go(f"/open/information/{number}/1/")
    assert public.sees(PHONE)
    assert not public.page.get_by_text("0873-0000308").count()
