"""I3: anybody verifies a draw in the browser, without an account; it agrees with the Python."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from onedoor.kernel import clock
from onedoor.market.rules import draw
from onedoor.market.tests import given, tampered
from tests.journeys.test_accessibility import faults
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey

IN_BROWSER = """async (texts) => {
  const { verify } = await import(document.querySelector('script[src*="draw"]').src);
  const found = [];
  for (const text of texts) {
    try {
      found.push((await verify(text)).faults.map((f) => [f.code, f.about, f.told, f.found]));
    } catch (error) {
      found.push(error.message ? "unreadable" : String(error));
    }
  }
  return found;
}"""


def in_python(text: str) -> object:
    try:
        return [list(fault) for fault in draw.verify(draw.read(text))]
    except draw.Unreadable:
        return "unreadable"


def records() -> list[str]:
    """Return records as they should be, each tampered with, and each with one byte changed."""
    credit = given.freeze(4, method="credit")
    credit["entries"] = [{**e, "weight": n} for n, e in enumerate(credit["entries"], 1)]
    asked = [{"name": "base_pct", "lo": 95, "hi": 98}, {"name": "any", "lo": 0, "hi": 2**53 - 1}]
    frozen = [credit, given.freeze(params=asked), given.freeze(event={"kind": "none"})]
    frozen.append(given.freeze(event=given.BEACON))
    texts = [json.dumps(made(), ensure_ascii=False) for _, made in tampered.WRONG]
    texts += [json.dumps(given.record(f, salt=str(n))) for n in range(25) for f in frozen]
    changed = []
    for text in texts:
        place = int.from_bytes(sha256(text.encode()).digest()) % len(text)
        changed.append(text[:place] + "0" + text[place + 1 :])
    return [*texts, *changed]


def test_i3_a_draw_is_recomputed_in_the_browser_and_a_changed_list_differs(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/sitemap/")
    citizen.begin()

    citizen.go_by(page.get_by_role("link", name="核验抽签记录"))
    citizen.click(citizen.button("用公布的示例试一试"))
    page.get_by_role("heading", name="一致", exact=True).wait_for()

    within(citizen, clicks=2, entries=0, screens=2)
    assert page.get_by_text("c749935b5190c79b36183bad34b82926").count() == 1
    assert faults(page) == []
    text = page.get_by_label("或者粘贴记录的内容").input_value()
    page.get_by_label("或者粘贴记录的内容").fill(text.replace("MA0DRAW15Y", "MA0DRAW16Y"))
    citizen.button("核验").click()
    page.get_by_role("heading", name="不一致", exact=True).wait_for()
    assert page.get_by_text("名单冻结的摘要").first.is_visible()
    assert faults(page) == []


def test_browser_and_python_find_the_same_in_every_record(visitor):
    citizen = visitor()
    citizen.go("/open/draws/verify/")
    texts = records()

    found = citizen.page.evaluate(IN_BROWSER, texts)

    assert found == [in_python(text) for text in texts]
    assert [] in found


def hand_in(who, action: str, **fields: str) -> None:
    """Fill in the form of a step and send it."""
    step = who.page.locator(f"#step-{action}")
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    for name, text in fields.items():
        step.locator(f'[name="{name}"]').fill(text)
    who.go_by(step.locator("form button"))


def commit(who, number: str, party: str) -> str:
    """Make a number on this device, hand in what it is committed to, and return the number."""
    who.go(f"/market/draws/desk/{number}/")
    step = who.page.locator("#step-commit")
    step.get_by_label(party, exact=True).check()
    step.get_by_role("button", name="产生秘密数和承诺").click()
    step.get_by_role("link", name="存成文件").wait_for()
    secret: str = step.locator("[data-secret]").inner_text()
    hand_in(who, "commit", sealed=f"信封 {party}")
    return secret


def moment(days: int, minutes: int = 0) -> str:
    """Return a moment as a form takes it, by the real clock and what the county's is ahead."""
    later = clock.local(datetime.now(UTC)) + timedelta(days=days, minutes=minutes)
    return later.strftime("%Y-%m-%dT%H:%M")


def test_a_draw_is_held_by_three_people_and_verified_by_anybody(visitor, own_county):
    own_county.serve()
    operator, head, watcher = (
        visitor(name, at=own_county) for name in ("publisher", "zw-jueding", "supervisor")
    )
    operator.go("/market/draws/desk/new/")
    page = operator.page
    page.get_by_label("采购的是什么").fill("八万元的可行性研究报告")
    page.get_by_label("公告编号").fill("ZJ532502202600099")
    page.get_by_label("采购单位").select_option(label="政务局")
    page.get_by_label("报名名单").fill(
        "91532502DEM0009030 甲公司\n91532502DEM001906G 乙公司\n"
        "12532502DEM0029096 丙所 R05 隶属采购单位"
    )
    page.get_by_label("异议截止").fill(moment(1, 5))
    assert faults(page) == []
    operator.go_by(operator.button("公示"))
    number = page.url.split("/")[-2]
    own_county.move_clock("+2d")
    deadlines = {"commit_deadline": moment(2, 30), "open_deadline": moment(2, 600)}
    hand_in(operator, "freeze", **deadlines)
    citizen = visitor(at=own_county, viewport={"width": 390, "height": 844})
    citizen.go(f"/market/draws/{number}/")

    parties = {"运营机构": operator, "采购单位": head, "督查": watcher}
    secrets = {party: commit(who, number, party) for party, who in parties.items()}
    citizen.page.get_by_text("信封 督查").wait_for()
    assert not any(secret in citizen.page.content() for secret in secrets.values())
    own_county.move_clock("+2940m")
    for who, action, more in (
        (operator, "type", {}),
        (watcher, "throw", {"witness": "办事群众"}),
    ):
        who.go(f"/market/draws/desk/{number}/")
        hand_in(who, action, digits="3141592653", **more)
    for party, who in parties.items():
        who.go(f"/market/draws/desk/{number}/")
        who.page.locator("#step-open").get_by_label(party, exact=True).check()
        hand_in(who, "open", secret=secrets[party])

    citizen.page.get_by_role("heading", name="结果").wait_for()
    assert faults(citizen.page) == []
    citizen.begin()
    citizen.go_by(citizen.page.get_by_role("link", name="自己核验"))
    citizen.page.get_by_role("heading", name="一致", exact=True).wait_for()
    within(citizen, clicks=1, entries=0, screens=1)
    year = clock.local(datetime.now(UTC) + timedelta(days=2)).year
    verified = own_county.run("draw", "verify", "--year", str(year))
    assert (verified.returncode, "faults=0" in verified.stdout) == (0, True)
