"""A served county, a browser, and people who count their clicks.

A click returns when it is made, not when the page it asks for is there; and as a form answers at
its own address, waiting for that address or for "the load" may find the old page good enough. So:
``go_by`` for whatever brings a new page (a link, a button that sends a form), ``enter`` for the
key that does, ``click`` for the rest; ``sees`` for what must be there now or in a moment, and
``comes_to_see`` for what the worker of the county does meanwhile. No journey sleeps.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong

from onedoor.demo.build import PASSWORD
from onedoor.ledger.sealing import HEAD_EVERY
from tests.journeys import county as counties
from tests.journeys.county import County

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)

PATIENCE = 60
"""Seconds for a page or a text to come: how slow a machine may be, not how slow a page."""

pytestmark = pytest.mark.journey


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The demo county, built once for all processes of a run and only copied."""
    among = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        among = among.parent
    with counties.shared(among / "model") as made:
        yield made


@pytest.fixture(scope="session")
def county(model: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A served county that the journeys share; each works on cases of its own."""
    made = counties.copy(model, tmp_path_factory.mktemp("shared") / "var-shared")
    made.serve()
    yield made
    counties.drop(made)


@pytest.fixture
def own_county(model: County, tmp_path: Path) -> Iterator[County]:
    """A county for one test alone: its clock may be moved, its processes killed."""
    made = counties.copy(model, tmp_path / "var-own")
    yield made
    counties.drop(made)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("No Chromium on PATH and CHROMIUM is not set: journeys need a browser.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@dataclass
class Counted:
    """Clicks, typed entries and screens since the count began."""

    clicks: int = 0
    entries: int = 0
    screens: int = 0


class Visitor:
    """Somebody at a browser; every activation, typed field and page is counted."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.count = Counted()
        page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.count.screens += 1

    def begin(self) -> None:
        """Start counting here."""
        self.count = Counted()

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def click(self, what: Locator) -> None:
        what.click()
        self.count.clicks += 1

    def go_by(self, what: Locator) -> None:
        """Click a link, or a button that sends a form; return when the new page has loaded.

        The waiting begins before the click, and only a change of document ends it: a form that
        answers at its own address is waited for as any other. Nothing may be on its way already.
        """
        what.wait_for()
        with self.page.expect_navigation():
            self.click(what)

    def enter(self, where: Locator) -> None:
        """Press Enter in a field, which sends its form; return when the new page has loaded."""
        with self.page.expect_navigation():
            where.press("Enter")

    def type(self, where: Locator, text: str) -> None:
        where.fill(text)
        self.count.entries += 1

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def sees(self, text: str) -> bool:
        """Return whether the text is on this page, or comes to it while one would wait."""
        try:
            self.page.get_by_text(text).first.wait_for()
        except TookTooLong:
            return False
        return True

    def comes_to_see(self, text: str, *, heads: int = 0) -> bool:
        """Load the page again until the text is on it, as the worker's doing shows in time.

        ``heads``: how many tree heads have to be signed before, one a minute.
        """
        end = time.monotonic() + PATIENCE + heads * HEAD_EVERY
        while not self.page.get_by_text(text).first.is_visible():
            if time.monotonic() > end:
                return False
            self.page.reload()
        return True


@pytest.fixture
def visitor(browser: Browser, county: County) -> Iterator[Callable[..., Visitor]]:
    """Return a maker of visitors: ``visitor()`` off the street, ``visitor("clerk")`` signed in."""
    contexts = []

    def make(username: str = "", at: County | None = None, **options: object) -> Visitor:
        context = browser.new_context(locale="zh-CN", **options)  # type: ignore[arg-type]  # Playwright's own
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        who = Visitor(context.new_page(), (at or county).url)
        if username:
            who.go("/login/")
            who.page.get_by_label("用户名").fill(username)
            who.page.get_by_label("密码").fill(PASSWORD)
            who.go_by(who.button("登录"))
            assert "/login/" not in who.page.url, who.page.content()
            who.begin()
        return who

    yield make
    for context in contexts:
        context.close()
