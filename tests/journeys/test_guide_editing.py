"""A new version of a guide, from its editor to its publisher, within the count of the task."""

from __future__ import annotations

import pytest

from onedoor.files.tests import samples
from tests.journeys.conftest import Visitor
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey


def opened(visitor, item: str) -> Visitor:
    """Return an editor who opened the item from the list; counted from the list on."""
    editor: Visitor = visitor("editor")
    editor.go(f"/catalogue/mine/?q={item}")
    editor.begin()
    editor.go_by(editor.page.get_by_role("link", name=item, exact=True))
    editor.page.get_by_role("heading", name=item).wait_for()
    return editor


def test_d1_publish_a_new_version_of_an_item_guide(visitor):
    item = "小餐饮备案"
    editor, publisher = opened(visitor, item), visitor("publisher")

    editor.type(editor.page.get_by_role("textbox", name="在哪办"), "三楼 C 区")
    editor.go_by(editor.button("保存并提交发布"))
    publisher.go("/catalogue/")
    publisher.begin()
    waiting = publisher.page.locator("section", has=publisher.page.get_by_role("link", name=item))
    publisher.click(waiting.locator("summary"))
    changed = waiting.get_by_role("row", name="在哪办").inner_text()
    publisher.go_by(waiting.get_by_role("button", name="看过了，发布"))
    publisher.page.get_by_text(f"已发布“{item}”").first.wait_for()

    assert "三楼 C 区" in changed
    # Two people, each counted from their own list on.
    editor.count.clicks += publisher.count.clicks
    editor.count.screens += publisher.count.screens
    within(editor, clicks=6, entries=1, screens=3)
    reader = visitor()
    reader.go(f"/search/?q={item}")
    reader.go_by(reader.page.get_by_role("link", name=item, exact=True).first)
    assert reader.sees("三楼 C 区")


def test_what_stands_against_a_guide_is_told_while_it_is_written(visitor):
    editor = opened(visitor, "食品经营许可（新办）")
    page = editor.page
    told = page.locator("#gates")
    assert not told.get_by_role("heading", name="提交前要改的").is_visible()

    page.get_by_label("咨询电话").fill("7123456")
    page.get_by_label("要跑几次").fill("很多")
    page.get_by_label("咨询电话").blur()
    told.get_by_text("打不通").wait_for()
    told.get_by_text("应是 0 到 99 的整数").wait_for()
    assert page.get_by_role("status").get_by_text("提交前要改的 2").is_visible()
    editor.go_by(editor.button("保存并提交发布"))
    page.get_by_role("heading", name="请改正下面的地方").wait_for()

    assert told.get_by_text("打不通").is_visible()
    assert page.get_by_label("咨询电话").input_value() == "7123456"


def test_a_file_chosen_stays_chosen_when_something_else_is_wrong(visitor):
    editor = opened(visitor, "食品经营许可（新办）")
    page = editor.page
    page.get_by_label("要跑几次").fill("很多")
    where = "#materials-1-form_file_upload"
    page.set_input_files(
        where, {"name": "空表.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
    )
    before = page.locator("#materials-1-form_file").input_value()

    editor.go_by(editor.button("保存草稿"))
    page.get_by_role("heading", name="请改正下面的地方").wait_for()

    kept = page.locator("#materials-1-form_file").input_value()
    assert kept.startswith("sha256:")
    assert kept != before
