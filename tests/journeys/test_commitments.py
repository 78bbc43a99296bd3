"""告知承诺 in a browser: chosen freely, sent, granted, checked; kept, or found false."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import FilePayload

from tests.journeys.conftest import Visitor
from tests.journeys.county import County
from tests.journeys.roads import PDF, VOUCHED, Case, Town, judged

pytestmark = pytest.mark.journey

HONEST = {"name": "普秀英示例", "id_number": "532502195304120000"}
OTHER = {"name": "阿普木嘎示例", "id_number": "532502195304120019"}
OBJECTION_OVER = 30
DOCUMENT: FilePayload = {"name": "核查记录.pdf", "mimeType": "application/pdf", "buffer": PDF}
ANOTHER: FilePayload = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": PDF + b"\n"}


@pytest.fixture
def town(own_county: County) -> Iterator[Town]:
    made = Town(own_county)
    made.bring_in_items()
    own_county.serve()
    yield made
    made.close()


def fill_in(citizen: Visitor, who: dict[str, str]) -> None:
    """Say who applies, and come to the materials."""
    citizen.go(f"/apply/{VOUCHED}/")
    for label, text in (
        ("姓名或名称", who["name"]),
        ("证件号码", who["id_number"]),
        ("联系电话", "13800000001"),
    ):
        citizen.page.get_by_label(label, exact=True).fill(text)
    citizen.go_by(citizen.button("继续"))
    citizen.page.locator("#files_1").set_input_files(DOCUMENT)


def go_on(citizen: Visitor) -> None:
    citizen.go_by(citizen.page.locator("button.button[name=go]"))


def send_on_promise(citizen: Visitor, who: dict[str, str]) -> None:
    """Choose to promise instead of the lease, read what is told, and send."""
    fill_in(citizen, who)
    citizen.page.locator("#commit_2").check()
    go_on(citizen)
    assert citizen.sees("告知承诺：场所使用权")
    assert citizen.sees("承诺不实的，撤销许可。")
    citizen.page.get_by_label("我填的内容和交的材料都是真的").check()
    citizen.go_by(citizen.button("提交申请"))
    assert citizen.sees("请逐条看完并勾选承诺")
    citizen.page.get_by_label("愿意承诺并接受核查").check()
    citizen.page.get_by_label("我填的内容和交的材料都是真的").check()
    citizen.go_by(citizen.button("提交申请"))


def granted(town: Town, citizen: Visitor) -> Case:
    """Let the office receive what was just sent, and grant it without the material."""
    token = citizen.page.url.split("/c/")[1].split("/")[0]
    grouped = re.search(r"\d{6}-\d{3}-\d{8}-\d{5}-[\dX]", citizen.page.content())
    assert grouped
    case = Case(town, grouped[0].replace("-", ""), token)
    body = {"materials": judged([1, 2], m2="missing"), "identity_checked": True}
    return case.do("receive", "clerk", **body).grant()


def check(worker: Visitor, case: Case, outcome: str, findings: str) -> None:
    """Write down what the check found, with its evidence."""
    worker.go("/checks/")
    worker.go_by(worker.page.locator(f'a[href="/checks/{case.number}/1/"]'))
    worker.page.get_by_label(outcome, exact=True).check()
    worker.page.get_by_label("怎么查的，查到什么").fill(findings)
    worker.page.get_by_label("证据").set_input_files(DOCUMENT)
    worker.go_by(worker.button("填写核查结果"))


def test_whoever_does_not_want_to_promise_hands_the_paper_in(visitor, town):
    citizen = visitor(at=town.county)
    fill_in(citizen, HONEST)

    assert not citizen.page.locator("#commit_2").is_checked()
    citizen.page.locator("#files_2").set_input_files(ANOTHER)
    go_on(citizen)

    assert "告知承诺：" not in citizen.page.content()
    citizen.page.get_by_label("我填的内容和交的材料都是真的").check()
    citizen.go_by(citizen.button("提交申请"))
    assert citizen.sees("申请回执")


def test_a_promise_that_is_kept_and_one_that_is_false(visitor: Callable[..., Visitor], town: Town):
    at = partial(visitor, at=town.county)
    honest, other, reviewer = at(), at(), at("reviewer")
    send_on_promise(honest, HONEST)
    kept = granted(town, honest)
    send_on_promise(other, OTHER)
    false = granted(town, other)

    check(reviewer, kept, "属实", "到场看过，地址和合同属实")
    honest.go(f"/c/{kept.token}/")
    assert honest.sees("场所使用权：属实")

    check(reviewer, false, "不实", "到场看过，没有这个门牌")
    other.go(f"/c/{false.token}/")
    assert other.sees("核查认为承诺不实")
    assert other.sees("带证件到窗口提出异议")

    town.wait(OBJECTION_OVER)
    head = at("head")
    head.go(f"/checks/{false.number}/1/")
    head.go_by(head.page.get_by_role("link", name=false.number))
    ending = head.page.locator(f'form[action="/licences/{false.number}/revoke/"]')
    head.click(head.page.locator("details", has=ending).locator("summary"))
    ending.get_by_label("告知承诺核查发现承诺不实").check()
    ending.get_by_label("事实和理由").fill("核查没有这个门牌，没有提出异议")
    ending.get_by_label("我核对过证照编号和持有人").check()
    head.go_by(ending.get_by_role("button", name="撤销"))
    assert head.sees("撤销行政许可决定书")
    other.go(f"/c/{false.token}/")
    assert other.sees("这项许可已经撤销")

    again = at()
    send_on_promise(again, OTHER)
    assert again.sees("这次申请不能用承诺代替材料")
    once_more = at()
    send_on_promise(once_more, HONEST)
    assert once_more.sees("申请回执")
