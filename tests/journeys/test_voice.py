"""A board calls aloud, each call once and whole; with a chime where there is no voice, or not."""

from __future__ import annotations

import pytest

from tests.journeys.test_accessibility import faults

pytestmark = pytest.mark.journey

VOICE = """
  window.heard = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voice = { lang: "zh-CN", localService: true };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [voice],
    speak(words) {
      window.heard.push(words.text);
      setTimeout(() => words.onstart(), 1);
      setTimeout(() => words.onend(), 2);
    },
  }});
"""
NO_VOICE = """
  Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => [] } });
"""


@pytest.fixture
def board(visitor, own_county):
    """Open the board of the clerk's zone with such a voice, its sound turned on."""
    own_county.serve()

    def opened(voice: str):
        screen = visitor(at=own_county, viewport={"width": 1920, "height": 1080})
        screen.page.add_init_script(voice)
        screen.go("/screen/hall/one/")
        if screen.button("点这里打开声音").is_visible():
            screen.button("点这里打开声音").click()
        return screen

    return opened


def call(visitor, own_county) -> str:
    clerk = visitor("clerk", at=own_county)
    clerk.go("/window/")
    clerk.go_by(clerk.button("叫下一位").first)
    number, _, _ = clerk.page.locator("#now").inner_text().partition(" · ")
    return str(number)


def test_a_call_is_said_twice_and_what_was_called_before_is_not(board, visitor, own_county):
    screen = board(VOICE)
    screen.page.get_by_text("有语音", exact=True).wait_for()
    assert faults(screen.page) == []

    number = call(visitor, own_county)

    screen.page.locator(".called .number").get_by_text(number, exact=True).wait_for()
    screen.page.wait_for_timeout(3000)  # chime, pause, the words, and the words again
    heard = screen.page.evaluate("window.heard")
    assert len(heard) == 2
    assert heard[0] == heard[1]
    assert heard[0].endswith("号，到二号窗口。")
    later = board(VOICE)
    later.page.get_by_text("有语音", exact=True).wait_for()
    later.page.wait_for_timeout(2500)
    assert later.page.evaluate("window.heard") == []


def test_without_a_voice_there_is_a_chime_and_the_duty_officer_can_silence_it(
    board, visitor, own_county
):
    screen = board(NO_VOICE)
    screen.page.get_by_text("只有铃声", exact=True).wait_for()

    duty = visitor("duty", at=own_county)
    duty.go("/manage/")
    duty.go_by(duty.button("让一楼综合区的屏静音"))

    screen.page.get_by_text("静音", exact=True).wait_for()
