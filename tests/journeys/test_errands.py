"""Whole errands in a browser: what a citizen wants, done by the people who do it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

ITEM = "食品经营许可（新办）"
PERSON = {
    "姓名或名称": "普秀英示例",
    "证件号码": "532502195304120000",
    "联系电话": "13800000001",
}


def open_form(clerk: Visitor, item: str) -> None:
    clerk.go("/desk/")
    clerk.page.get_by_label("事项名称或编码").fill(item)
    clerk.enter(clerk.page.get_by_label("事项名称或编码"))
    clerk.go_by(clerk.page.get_by_role("link", name=item, exact=True))


def fill_applicant(clerk: Visitor) -> None:
    clerk.page.get_by_label("自然人").check()
    for label, text in PERSON.items():
        clerk.page.get_by_label(label, exact=True).fill(text)
    clerk.page.get_by_label("我已核对证件原件，和本人一致").check()


def judge(clerk: Visitor, **states: str) -> None:
    """Judge every material 齐 but those named ``m2="缺"``."""
    boxes = clerk.page.locator("fieldset.checker")
    for number in range(boxes.count()):
        state = states.get(f"m{number + 1}", "齐")
        boxes.nth(number).get_by_label(state, exact=True).check()


def receive(clerk: Visitor, item: str = ITEM, **states: str) -> dict[str, str]:
    """Receive a case at the window and return what the printed receipt says."""
    open_form(clerk, item)
    fill_applicant(clerk)
    judge(clerk, **states)
    clerk.go_by(clerk.button("收件并打印凭证"))
    clerk.page.get_by_role("heading", name="收件凭证").wait_for()
    return read_receipt(clerk)


def read_receipt(clerk: Visitor) -> dict[str, str]:
    number = re.search(r"/desk/receipt/(\w+)/", clerk.page.url)
    assert number
    said = clerk.page.locator("article").inner_text()
    codes = re.search(r"短号\s*([0-9A-Z]{8})\s*和查询码\s*(\d{6})", said)
    assert codes, said
    return {"number": number[1], "alias": codes[1], "code": codes[2]}


def follow(citizen: Visitor, receipt: dict[str, str]) -> None:
    """Open the progress page with what stands on the receipt."""
    citizen.go("/track/")
    citizen.page.get_by_label("办件编号，或凭证上的 8 位短号").fill(receipt["alias"])
    citizen.page.get_by_label("6 位查询码").fill(receipt["code"])
    citizen.go_by(citizen.button("查看进度"))
    citizen.page.wait_for_url("**/c/**")


def do(worker: Visitor, receipt: dict[str, str], button: str, **filled: str) -> None:
    """Open the case and press one of its buttons."""
    worker.go(f"/inbox/{receipt['number']}/")
    for label, text in filled.items():
        worker.page.get_by_label(label).fill(text)
    worker.go_by(worker.button(button))


def accept_and_review(visitor: Any, receipt: dict[str, str]) -> None:
    do(visitor("acceptor"), receipt, "受理")
    reviewer = visitor("reviewer")
    reviewer.go(f"/inbox/{receipt['number']}/")
    reviewer.page.get_by_role("group", name="常用意见").get_by_role("radio").first.check()
    reviewer.go_by(reviewer.button("初审"))


def test_a_licence_granted(visitor):
    clerk, citizen = visitor("clerk"), visitor()
    receipt = receive(clerk)
    follow(citizen, receipt)
    assert citizen.sees("材料收到了")
    assert citizen.sees("普****")
    assert "532502195304120000" not in citizen.page.content()

    accept_and_review(visitor, receipt)
    decider = visitor("decider")
    decider.go(f"/inbox/{receipt['number']}/")
    decider.page.get_by_role("group", name="常用意见").get_by_role("radio").first.check()
    decider.page.get_by_label("我看过材料和初审意见，决定准予").check()
    decider.go_by(decider.button("准予"))
    maker, issuer = visitor("maker"), visitor("issuer")
    do(maker, receipt, "制证")
    do(maker, receipt, "交出件窗口")
    citizen.page.reload()
    assert citizen.sees("可以取了")

    issuer.go(f"/desk/out/?q={receipt['alias']}")
    issuer.page.get_by_label("我已核对领取人的证件").check()
    issuer.go_by(issuer.button("出件"))
    citizen.page.reload()

    assert citizen.sees("办好了")


def test_corrected_once_then_granted(visitor):
    clerk, citizen, acceptor = visitor("clerk"), visitor(), visitor("acceptor")
    receipt = receive(clerk, m2="缺")

    acceptor.go(f"/inbox/{receipt['number']}/")
    assert acceptor.page.get_by_text("条件还不满足：材料齐全").is_visible()
    acceptor.go_by(acceptor.page.get_by_role("link", name="一次性告知补正"))
    acceptor.page.locator("fieldset.checker").nth(1).get_by_label("要补什么、怎么补").fill(
        "请补1份场所布局图"
    )
    acceptor.go_by(acceptor.button("发出告知书"))
    acceptor.page.get_by_role("heading", name="一次性补正告知书").wait_for()
    assert acceptor.sees("请补1份场所布局图")
    follow(citizen, receipt)
    assert citizen.sees("请补1份场所布局图")

    clerk.go(f"/inbox/{receipt['number']}/")
    clerk.go_by(clerk.page.get_by_role("link", name="补正收件"))
    judge(clerk)
    clerk.page.get_by_label("我已核对来人的证件").check()
    clerk.go_by(clerk.button("收下并打印凭证"))
    clerk.page.get_by_role("heading", name="补正收件凭证").wait_for()
    accept_and_review(visitor, receipt)
    decider = visitor("decider")
    decider.go(f"/inbox/{receipt['number']}/")
    decider.page.get_by_role("group", name="常用意见").get_by_role("radio").first.check()
    decider.page.get_by_label("我看过材料和初审意见，决定准予").check()
    decider.go_by(decider.button("准予"))
    citizen.page.reload()

    assert citizen.sees("同意了，正在制证")


def test_refused_with_reasons(visitor):
    clerk, citizen = visitor("clerk"), visitor()
    receipt = receive(clerk)
    accept_and_review(visitor, receipt)

    decider = visitor("decider")
    decider.go(f"/inbox/{receipt['number']}/")
    decider.page.locator("summary", has_text="不予").click()
    decider.page.get_by_role("group", name="依据条款").get_by_role("radio").first.check()
    decider.page.get_by_label("查明的事实").fill("场所和污染源没有隔开。")
    decider.page.get_by_label("理由", exact=True).fill("不符合卫生要求。")
    decider.page.get_by_label("我看过材料和初审意见，决定不予").check()
    decider.go_by(decider.button("不予"))
    follow(citizen, receipt)

    assert citizen.sees("没有同意")
    assert citizen.sees("60 日内申请行政复议")


def test_an_instant_item_in_one_visit(visitor):
    clerk, citizen = visitor("clerk"), visitor()
    clerk.go("/desk/")
    clerk.page.get_by_label("事项名称或编码").fill("借阅证")
    clerk.enter(clerk.page.get_by_label("事项名称或编码"))
    clerk.go_by(clerk.page.locator("li", has_text="即办件").get_by_role("link").first)
    fill_applicant(clerk)
    judge(clerk)
    clerk.go_by(clerk.button("当场办结"))
    clerk.page.get_by_role("heading", name="收件受理决定合并回执").wait_for()
    receipt = read_receipt(clerk)
    follow(citizen, receipt)

    assert citizen.sees("办好了")


def test_deemed_accepted_after_the_fifth_working_day(visitor, own_county):
    own_county.serve()
    clerk = visitor("clerk", at=own_county)
    receipt = receive(clerk)

    # Long enough for five working days whatever holidays lie between.
    own_county.move_clock("+20d")
    citizen = visitor("", at=own_county)
    follow(citizen, receipt)

    assert citizen.comes_to_see("视为受理")
    assert citizen.page.get_by_text("视为受理", exact=True).count() == 1


def test_a_double_click_is_one_case_with_one_receipt(visitor):
    clerk = visitor("clerk")
    open_form(clerk, ITEM)
    fill_applicant(clerk)
    judge(clerk)
    form = clerk.page.evaluate(
        """async () => {
          const form = document.querySelector('form[data-once]');
          const body = new URLSearchParams(new FormData(form));
          body.set('receive', '1');
          const send = () => fetch(location.href, {method: 'POST', body}).then(r => r.url);
          return await Promise.all([send(), send(), send()]);
        }"""
    )

    assert len(set(form)) == 1
    assert "/desk/receipt/" in form[0]


def test_what_was_typed_wrong_is_said_at_the_field_and_nothing_typed_is_lost(visitor):
    clerk = visitor("clerk")
    open_form(clerk, ITEM)
    fill_applicant(clerk)
    clerk.page.get_by_label("证件号码", exact=True).fill("532502195304120001")
    judge(clerk)
    clerk.go_by(clerk.button("收件并打印凭证"))

    assert clerk.page.title().startswith("错误：")
    assert clerk.page.get_by_label("证件号码", exact=True).get_attribute("aria-invalid") == "true"
    assert clerk.page.get_by_label("姓名或名称", exact=True).input_value() == "普秀英示例"
    assert clerk.page.locator("fieldset.checker").first.get_by_label("齐", exact=True).is_checked()
