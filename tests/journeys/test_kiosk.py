"""E2, E3 and an outage: a kiosk gives numbers with the server and without, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.journeys.test_accessibility import faults
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey

CARD = "532502199203080001"


@pytest.fixture
def kiosk(visitor, own_county):
    """A kiosk that the duty officer has paired; the demo's windows are open."""
    own_county.serve()
    machine = visitor("duty", at=own_county, viewport={"width": 1080, "height": 1920})
    machine.page.add_init_script("window.print = () => {}")
    machine.go("/kiosk/k1/")
    machine.go_by(machine.button("启用这台机器"))
    machine.page.get_by_role("heading", name="取号").wait_for()
    return machine


def swipe(page) -> None:
    """Type as a card reader does: all at once, with Enter at its end."""
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")


def number(page) -> str:
    page.locator("[data-screen=done]").wait_for()
    shown: str = page.locator("[data-slip=number]").inner_text()
    return shown


def test_e2_and_e3_a_number_with_a_card_and_without_one(kiosk):
    page = kiosk.page
    assert faults(page) == []
    kiosk.begin()
    swipe(page)
    page.get_by_role("heading", name="办哪一类").wait_for()
    assert faults(page) == []
    kiosk.click(kiosk.button("A 综合受理"))
    carded = number(page)
    within(kiosk, clicks=2, entries=0, screens=2)
    assert faults(page) == []
    assert page.locator("[data-slip=qr]").is_visible()
    kiosk.button("好了").click()

    kiosk.begin()
    kiosk.click(kiosk.button("不刷身份证，取号"))
    kiosk.click(kiosk.button("A 综合受理"))
    plain = number(page)
    within(kiosk, clicks=3, entries=0, screens=3)
    kiosk.button("好了").click()

    swipe(page)
    kiosk.click(page.get_by_role("button", name=f"{carded} 综合受理"))
    assert number(page) == carded != plain


def test_while_the_server_is_away_numbers_are_given_and_put_in_afterwards(
    kiosk, own_county, visitor
):
    page = kiosk.page
    page.locator("[data-waiting='0']").wait_for()  # the first numbers are leased
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    for _ in range(2):  # its script and style are then kept, in case the machine is switched off
        page.reload()
    page.wait_for_load_state("networkidle")
    own_county.stop()

    given = []
    for is_switched_off in (False, True):
        if is_switched_off:
            page.reload()
        page.get_by_role("heading", name="取号").wait_for()
        kiosk.button("不刷身份证，取号").click()
        kiosk.button("A 综合受理").click()
        given.append(number(page))
        assert page.get_by_text("离线号", exact=True).is_visible()
        kiosk.button("好了").click()
    assert len(set(given)) == 2

    own_county.serve()
    page.locator("[data-waiting='0']").wait_for()
    kiosk.button("不刷身份证，取号").click()
    page.get_by_role("button", name="A 综合受理").get_by_text("人").wait_for()
    kiosk.button("A 综合受理").click()
    assert number(page) not in given
    duty = visitor("duty", at=own_county)
    duty.go("/manage/tickets/?letter=A")
    assert all(duty.page.get_by_text(each, exact=True).count() == 1 for each in given)


def test_whoever_walks_away_leaves_nothing(kiosk):
    page = kiosk.page
    page.clock.install()
    page.reload()
    kiosk.button("有预约，或者取过号：输手机号").click()
    for key in "138":
        page.locator(f"[data-key='{key}']").click()
    page.clock.run_for(46_000)
    page.get_by_role("heading", name="还在吗？").wait_for()
    page.clock.run_for(16_000)
    page.get_by_role("heading", name="取号").wait_for()
    assert page.locator("[data-part=typed]").inner_text() == ""
