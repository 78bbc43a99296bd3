"""C7: somebody rates a finished errand, on a phone, without an account; a bad one is followed."""

from __future__ import annotations

import pytest

from tests.journeys.test_accessibility import faults
from tests.journeys.test_errands import fill_applicant, follow, judge, read_receipt
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 640}


def done_at_once(clerk) -> dict[str, str]:
    """Finish an errand at the window and return what its receipt says."""
    clerk.go("/desk/")
    clerk.page.get_by_label("事项名称或编码").fill("借阅证")
    clerk.page.get_by_label("事项名称或编码").press("Enter")
    clerk.page.locator("li", has_text="即办件").get_by_role("link").first.click()
    fill_applicant(clerk)
    judge(clerk)
    clerk.button("当场办结").click()
    clerk.page.get_by_role("heading", name="收件受理决定合并回执").wait_for()
    return read_receipt(clerk)


def test_c7_a_rating_is_two_clicks_and_a_bad_one_is_called_back(visitor):
    receipt = done_at_once(visitor("clerk"))
    citizen = visitor(viewport=PHONE)
    follow(citizen, receipt)
    citizen.page.get_by_role("link", name="评价这次办事").click()
    citizen.page.get_by_role("heading", name="这次办得怎么样").wait_for()
    assert faults(citizen.page) == []
    citizen.begin()

    citizen.click(citizen.page.get_by_text("非常满意", exact=True))
    citizen.click(citizen.button("提交评价"))
    citizen.page.get_by_role("heading", name="您的评价：非常满意").wait_for()

    within(citizen, clicks=2, entries=0, screens=1)
    citizen.page.get_by_role("link", name="改一次评价").click()
    citizen.page.get_by_text("不满意", exact=True).click()
    citizen.page.get_by_label("服务态度生硬").check()
    citizen.button("提交评价").click()
    citizen.page.get_by_role("heading", name="处理到哪了：待核实").wait_for()
    watcher = visitor("supervisor", viewport={"width": 1366, "height": 768})
    watcher.go("/ratings/")
    assert faults(watcher.page) == []
    watcher.go(f"/ratings/{receipt['number']}/")
    assert faults(watcher.page) == []
    watcher.page.get_by_label("电话", exact=True).check()
    watcher.page.get_by_label("情况", exact=True).fill("电话里说了经过，情况属实。")
    watcher.button("回访核实").click()
    watcher.page.get_by_text("已记下。").wait_for()
    citizen.page.reload()
    citizen.page.get_by_role("heading", name="处理到哪了：已回访").wait_for()
