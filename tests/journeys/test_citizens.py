"""What people do by themselves, counted: follow, correct, check a paper, take a number, rate."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.conftest import PATIENCE, Visitor
from tests.journeys.test_accessibility import PUBLIC, faults
from tests.journeys.test_errands import ITEM as LICENCE
from tests.journeys.test_errands import follow, receive
from tests.journeys.test_rating import done_at_once
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 640}
ITEM = "残疾人证"


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    Image.new("RGB", (600, 800), "white").save(path)
    return str(path)


def wait(holds: Callable[[], bool]) -> bool:
    """Return whether something comes to hold while one would wait: pages evaluate no text."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def on_phone(visitor, **more: object) -> Visitor:
    who: Visitor = visitor(viewport=PHONE, **more)
    return who


# --- Follow ---------------------------------------------------------------------------------------


def test_c2_progress_by_the_code_on_the_receipt_or_by_its_short_number(visitor):
    receipt = receive(visitor("clerk"))
    citizen = on_phone(visitor)
    citizen.begin()
    follow(citizen, receipt)

    assert citizen.count.screens == 2
    address = citizen.page.url.removeprefix(citizen.url)
    stranger = on_phone(visitor, java_script_enabled=False)
    stranger.begin()
    stranger.go(address)
    within(stranger, clicks=0, entries=0, screens=1)
    assert stranger.sees("普**")
    assert "普秀英" not in stranger.page.content()
    assert "532502195304120000" not in stranger.page.content()


def test_c8_whether_a_paper_is_genuine_is_one_look(visitor):
    receipt = done_at_once(visitor("clerk"))
    citizen = on_phone(visitor)
    follow(citizen, receipt)
    citizen.go_by(citizen.page.locator("main a[href*='/papers/']").first)
    citizen.page.get_by_label("6 位查询码").fill(receipt["code"])
    citizen.go_by(citizen.button("看文书"))
    found = re.search(r"/v/[0-9A-Za-z]+", citizen.page.content())
    assert found
    reader = on_phone(visitor)
    reader.begin()

    reader.go(found[0] + "/")

    within(reader, clicks=0, entries=0, screens=1)
    assert reader.sees("确由本单位出具，没有改动")
    assert "普秀英" not in reader.page.content()
    assert faults(reader.page) == []


def test_c9_a_person_is_one_touch_away_on_every_page(visitor):
    citizen = on_phone(visitor)
    without = []
    for path in PUBLIC:
        citizen.go(path)
        if not citizen.page.locator("footer a[href^='tel:']").first.is_visible():
            without.append(path)

    assert without == []


def test_e1_elder_mode_is_one_touch_on_and_off_and_one_stays_where_one_is(visitor):
    elder = on_phone(visitor)
    elder.go("/hall/")
    for pressed in ("true", "false"):
        elder.begin()
        elder.go_by(elder.button("长辈版"))

        within(elder, clicks=1, entries=0, screens=1)
        assert elder.page.url.endswith("/hall/")
        assert elder.button("长辈版").get_attribute("aria-pressed") == pressed
    elder.go_by(elder.button("长辈版"))
    size = elder.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 24


# --- Apply and correct ----------------------------------------------------------------------------


def _apply(citizen: Visitor, photo: str) -> None:
    """Send an application online from a device, without an account."""
    citizen.go(f"/search/?q={LICENCE}")
    citizen.go_by(citizen.page.get_by_role("link", name=LICENCE, exact=True).first)
    citizen.go_by(citizen.page.get_by_role("link", name="网上办").first)
    citizen.page.get_by_label("自然人").check()
    for label, text in (
        ("姓名或名称", "阿普·木嘎示例"),
        ("证件号码", "532502199203080001"),
        ("联系电话", "13800000001"),
    ):
        citizen.page.get_by_label(label, exact=True).fill(text)
    citizen.go_by(citizen.button("继续"))
    for place in range(citizen.page.locator("input[type=file]").count()):
        citizen.page.locator("input[type=file]").nth(place).set_input_files(photo)
    citizen.go_by(citizen.page.locator("button:not(.vh)", has_text="继续"))
    citizen.page.get_by_label("我填的内容和交的材料都是真的").check()
    citizen.go_by(citizen.button("提交申请"))


def test_c6_what_a_notice_asks_for_is_answered_from_the_message(visitor, photo):
    citizen = on_phone(visitor)
    _apply(citizen, photo)
    said = citizen.page.locator("article").inner_text()
    count = citizen.page.locator("article ol").first.locator("li").count()
    alias = re.search(r"短号\s*([0-9A-Z]{8})", said)
    assert alias
    citizen.go_by(citizen.page.get_by_role("link", name="看进度"))
    address = citizen.page.url.removeprefix(citizen.url)  # it is what the message leads to
    clerk = visitor("clerk")
    clerk.go("/desk/online/")
    clerk.go_by(clerk.page.locator("tr", has_text=alias[1]).get_by_role("link").first)
    boxes = clerk.page.locator("fieldset.checker")
    for n in range(boxes.count()):
        boxes.nth(n).get_by_role("radio").nth(0 if n else 1).check()
    number = clerk.page.url.rstrip("/").rpartition("/")[2]
    clerk.page.locator("input[name=identity_checked]").check()
    clerk.go_by(clerk.button("收件并打印凭证"))
    acceptor = visitor("acceptor")
    acceptor.go(f"/inbox/{number}/")
    acceptor.go_by(acceptor.page.get_by_role("link", name="一次性告知补正"))
    acceptor.page.locator("fieldset.checker").first.get_by_label("要补什么、怎么补").fill(
        "请补 1 份清楚的照片"
    )
    acceptor.go_by(acceptor.button("发出告知书"))

    citizen.begin()
    citizen.go(address)
    citizen.go_by(citizen.page.get_by_role("link", name="现在上传").first)
    asked = citizen.page.locator("main input[type=file]")
    assert asked.count() == 1 <= count
    asked.first.set_input_files(photo)
    citizen.count.clicks += 1
    citizen.go_by(citizen.page.locator("main button:not(.vh)", has_text="提交"))

    within(citizen, clicks=4, entries=0, screens=3)
    assert citizen.sees("材料收到了")


@pytest.fixture
def keyboard(visitor) -> Visitor:
    return on_phone(visitor)


def _walk(page: Page) -> list[str]:
    """Press Tab through a page; return what has no name, or is where the focus was lost."""
    told = """() => {
        const e = document.activeElement;
        if (!e || e === document.body) return null;
        const labels = [...(e.labels || [])].map((l) => l.innerText).join(" ");
        const box = e.getBoundingClientRect();
        const name = labels || e.getAttribute("aria-label") || e.innerText || e.title || "";
        return { tag: e.tagName, name: name.trim(), seen: box.width > 0 && box.height > 0 };
    }"""
    count = page.locator(
        "a[href]:visible, button:visible:not([tabindex='-1']), input:visible,"
        " select:visible, textarea:visible, summary:visible"
    ).count()
    faults_found, lost = [], 0
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        now = page.evaluate(told)
        if now is None:
            lost += 1  # once around: the browser's own bar
        elif not now["name"]:
            faults_found.append(f"no name: {now['tag']}")
        elif not now["seen"]:
            faults_found.append(f"not to be seen: {now['tag']} {now['name']}")
    if lost > 2:
        faults_found.append(f"focus lost {lost} times")
    return faults_found


def test_x1_an_application_is_sent_by_the_keyboard_alone(keyboard, photo):
    page, keys = keyboard.page, keyboard.page.keyboard
    keyboard.go(f"/search/?q={ITEM}")
    keyboard.go(str(page.locator("main .links a").first.get_attribute("href")))
    keyboard.go(str(page.get_by_role("link", name="网上办").first.get_attribute("href")))
    assert _walk(page) == []
    page.get_by_label("自然人").focus()
    keys.press("Space")
    for label, text in (
        ("姓名或名称", "阿普·木嘎示例"),
        ("证件号码", "５３２５０２199203080001"),
        ("联系电话", "13800000001"),
    ):
        page.get_by_label(label, exact=True).focus()
        keys.type(text)
    with page.expect_navigation():
        keys.press("Enter")
    assert _walk(page) == []
    for place in range(page.locator("input[type=file]").count()):
        chosen = page.locator("input[type=file]").nth(place)
        chosen.focus()
        with page.expect_file_chooser() as opened:
            keys.press("Space")
        opened.value.set_files(photo)
    with page.expect_navigation():
        page.locator("button:not(.vh)", has_text="继续").focus()
        keys.press("Enter")
    assert _walk(page) == []
    page.get_by_label("我填的内容和交的材料都是真的").focus()
    keys.press("Space")
    keyboard.button("提交申请").focus()
    with page.expect_navigation():
        keys.press("Enter")

    assert keyboard.sees("提交好了")
    assert _walk(page) == []


def test_a_large_photo_is_made_smaller_on_the_phone_before_it_is_sent(visitor, tmp_path):
    large = tmp_path / "large.jpg"
    Image.effect_noise((4000, 3000), 80).convert("RGB").save(large, quality=95)
    assert large.stat().st_size > 4_000_000
    citizen = on_phone(visitor)
    citizen.go(f"/search/?q={ITEM}")
    citizen.go_by(citizen.page.locator("main .links a").first)
    citizen.go_by(citizen.page.get_by_role("link", name="网上办").first)
    citizen.page.get_by_label("自然人").check()
    for label, text in (
        ("姓名或名称", "阿普·木嘎示例"),
        ("证件号码", "532502199203080001"),
        ("联系电话", "13800000001"),
    ):
        citizen.page.get_by_label(label, exact=True).fill(text)
    citizen.go_by(citizen.button("继续"))
    chosen = citizen.page.locator("input[type=file]").first

    chosen.set_input_files(str(large))
    size = "document.querySelector('input[type=file]').files[0].size"
    assert wait(lambda: citizen.page.evaluate(size) < 4_000_000)
    citizen.go_by(citizen.button("先上传这些"))

    assert citizen.sees("large.jpg")


# --- The hall -------------------------------------------------------------------------------------


def test_c3_f2_and_c7_a_number_is_taken_followed_from_afar_served_and_rated(visitor):
    citizen = on_phone(visitor)
    citizen.go("/hall/")
    citizen.begin()
    citizen.go_by(citizen.page.locator("main a[href='/hall/take/']").first)
    citizen.go_by(citizen.page.locator("main form button", has_text=re.compile("^R ")))
    within(citizen, clicks=3, entries=0, screens=2)
    assert citizen.sees("您的号")
    number = citizen.page.locator(".ticket-number").inner_text()
    address = citizen.page.url.removeprefix(citizen.url)

    daughter = on_phone(visitor)
    daughter.begin()
    daughter.go(address)
    within(daughter, clicks=1, entries=0, screens=1)
    assert daughter.sees("前面还有")
    assert faults(daughter.page) == []
    assert not daughter.page.get_by_role("link", name="评价这次服务").count()

    _serve(visitor, number)
    assert daughter.comes_to_see("已办完")
    citizen.page.reload()
    citizen.go_by(citizen.page.get_by_role("link", name="评价这次服务"))
    assert citizen.sees("这次办得怎么样")
    assert not citizen.page.locator("input[name=level]:checked").count()
    assert faults(citizen.page) == []
    citizen.begin()
    citizen.click(citizen.page.get_by_text("非常满意", exact=True))
    citizen.go_by(citizen.button("提交评价"))
    within(citizen, clicks=2, entries=0, screens=1)
    assert citizen.sees("您的评价：非常满意")
    citizen.go("/open/ratings/visits/")
    assert faults(citizen.page) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert citizen.page.evaluate(wide) <= 0


def _serve(visitor, number: str) -> None:
    """Call a number out of turn at a free window that its clerk sits down at, and serve it."""
    clerk = visitor("clerk")
    clerk.go("/window/")
    if clerk.page.locator("form[action*='/window/sit/']").count():
        clerk.go_by(clerk.page.locator("form[action*='/window/sit/'] button").first)
    if not clerk.page.get_by_text("窗口前没有人").count():
        clerk.go_by(clerk.page.locator("button", has_text=re.compile("办结|咨询|收件|办完")).first)
    clerk.page.locator("summary", has_text="不按顺序叫一个").click()
    form = clerk.page.locator("form[action$='/pick/']")
    form.get_by_label("号", exact=False).first.fill(number)
    reason = form.locator("select")
    if reason.count():
        reason.select_option(index=1)
    else:
        form.get_by_role("radio").first.check()
    clerk.go_by(form.get_by_role("button"))
    clerk.go_by(clerk.button("来了，开始办"))
    clerk.go_by(clerk.page.locator("form[action$='/end/'] button").first)
