"""The approver's tasks within their counts of clicks, typed entries and screens."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_errands import accept_and_review, do, receive

pytestmark = pytest.mark.journey


def opened(visitor, username: str, number: str) -> Visitor:
    """Return somebody who has the case open, with the count at nought."""
    who: Visitor = visitor(username)
    who.go(f"/inbox/{number}/")
    who.begin()
    return who


def within(who: Visitor, *, clicks: int, entries: int, screens: int) -> None:
    count = who.count
    assert (count.clicks <= clicks, count.entries <= entries, count.screens <= screens) == (
        True,
        True,
        True,
    ), count


def test_a1_open_the_most_urgent_case(visitor):
    decider = visitor("decider")
    decider.go("/inbox/")
    first = decider.page.locator("tbody tr").first.get_by_role("link")
    decider.begin()

    decider.go_by(first)
    decider.page.get_by_role("heading", name="期限").wait_for()

    within(decider, clicks=1, entries=0, screens=1)
    dates = decider.page.locator("header.casehead b").last.inner_text()
    assert dates


def test_the_inbox_is_in_the_order_of_urgency(visitor):
    worker = visitor("sc-jiedan")
    worker.go("/inbox/")

    dates = [
        text[:10]
        for text in worker.page.locator("tbody td.nowrap").all_inner_texts()
        if text[:2] == "20"
    ]

    assert dates == sorted(dates)
    assert len(dates) > 3


def test_a2_approve_with_an_opinion(visitor):
    receipt = receive(visitor("clerk"))
    accept_and_review(visitor, receipt)
    decider = opened(visitor, "decider", receipt["number"])

    decider.click(decider.page.get_by_role("group", name="常用意见").get_by_role("radio").first)
    decider.click(decider.page.get_by_label("我看过材料和初审意见，决定准予"))
    decider.go_by(decider.button("准予"))

    within(decider, clicks=3, entries=0, screens=1)
    assert decider.sees("已准予")


def test_a3_refuse_with_legal_basis(visitor):
    receipt = receive(visitor("clerk"))
    accept_and_review(visitor, receipt)
    decider = opened(visitor, "decider", receipt["number"])

    decider.click(decider.page.locator("summary", has_text="不予"))
    decider.click(decider.page.get_by_role("group", name="依据条款").get_by_role("radio").first)
    decider.type(decider.page.get_by_label("查明的事实"), "场所和污染源没有隔开。")
    decider.type(decider.page.get_by_label("理由", exact=True), "不符合卫生要求。")
    decider.click(decider.page.get_by_label("我看过材料和初审意见，决定不予"))
    decider.go_by(decider.button("不予"))

    # Facts and reason are two things the decision has to state (许可法38).
    within(decider, clicks=6, entries=2, screens=2)
    assert decider.sees("已不予")


def test_a4_suspend_the_clock(visitor):
    receipt = receive(visitor("clerk"))
    do(visitor("acceptor"), receipt, "受理")
    reviewer = opened(visitor, "reviewer", receipt["number"])

    reviewer.click(reviewer.page.locator("summary", has_text="提出特别程序"))
    reviewer.click(reviewer.page.get_by_role("group", name="特别程序").get_by_role("radio").first)
    reviewer.type(reviewer.page.get_by_label("为什么需要"), "样品送检，等检测结果。")
    reviewer.go_by(reviewer.button("提出特别程序"))
    within(reviewer, clicks=3, entries=1, screens=1)
    head = opened(visitor, "head", receipt["number"])
    head.go_by(head.button("批准特别程序"))

    within(head, clicks=1, entries=0, screens=1)
    citizen = visitor()
    citizen.go("/track/")
    citizen.page.get_by_label("办件编号，或凭证上的 8 位短号").fill(receipt["alias"])
    citizen.page.get_by_label("6 位查询码").fill(receipt["code"])
    citizen.go_by(citizen.button("查看进度"))
    citizen.page.wait_for_url("**/c/**")
    assert citizen.sees("暂停计时")


def test_the_keyboard_alone_receives_a_case(visitor):
    clerk = visitor("clerk")
    clerk.go("/desk/")
    keys = clerk.page.keyboard
    clerk.page.get_by_label("事项名称或编码").focus()
    keys.type("食品经营许可（新办）")
    keys.press("Enter")
    clerk.page.wait_for_url("**q=**")
    clerk.page.get_by_role("link", name="食品经营许可（新办）", exact=True).focus()
    keys.press("Enter")
    clerk.page.wait_for_url("**/receive/**")

    boxes = clerk.page.locator("fieldset.checker")
    for number in range(boxes.count()):
        boxes.nth(number).get_by_role("radio").first.focus()
        keys.press("1")
    clerk.page.get_by_label("自然人").focus()
    keys.press("Space")
    for label, text in (
        ("姓名或名称", "普秀英示例"),
        ("证件号码", "532502195304120000"),
        ("联系电话", "13800000001"),
    ):
        clerk.page.get_by_label(label, exact=True).focus()
        keys.type(text)
    clerk.page.get_by_label("我已核对证件原件，和本人一致").focus()
    keys.press("Space")
    keys.press("F9")

    clerk.page.get_by_role("heading", name="收件凭证").wait_for()
