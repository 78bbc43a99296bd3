"""I3: anybody verifies a draw in the browser, without an account; it agrees with the Python."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

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
