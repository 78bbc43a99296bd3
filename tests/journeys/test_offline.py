"""A phone without a network reads the guides it has read before, and reads them aloud."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 640}

VOICE = """
  window.spoken = [];
  const synthesis = {
    getVoices: () => [{ lang: "zh-CN", name: "示例", localService: true }],
    speak: (said) => window.spoken.push(said.text),
    cancel: () => {},
    addEventListener: () => {},
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_a_guide_read_before_is_read_without_a_network(visitor):
    citizen = visitor(viewport=PHONE)
    citizen.go("/search/?q=营业执照")
    citizen.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    citizen.page.wait_for_function("navigator.serviceWorker.controller !== null")
    citizen.go_by(citizen.page.locator("main .links a").first)
    name = citizen.page.locator("h1").inner_text()
    guide = citizen.page.url
    citizen.page.wait_for_function(
        "caches.open('guides').then(async c => (await c.keys()).length > 0)"
    )

    citizen.page.context.set_offline(True)
    citizen.page.goto(guide)
    assert citizen.page.locator("h1").inner_text() == name
    citizen.go("/track/")

    assert citizen.sees("现在没有网络")
    assert citizen.page.get_by_role("link", name=name).is_visible()


def test_a_page_is_read_aloud_where_there_is_a_voice(visitor):
    citizen = visitor(viewport=PHONE)
    citizen.go("/help/")
    assert not citizen.button("朗读").is_visible()
    citizen.page.add_init_script(VOICE)
    citizen.go("/help/")

    citizen.click(citizen.button("朗读"))

    assert citizen.page.evaluate("window.spoken.length") > 10
    assert citizen.button("朗读").get_attribute("aria-pressed") == "true"
    citizen.click(citizen.button("朗读"))
    assert citizen.button("朗读").get_attribute("aria-pressed") == "false"
