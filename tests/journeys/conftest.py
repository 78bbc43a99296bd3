"""A served county, a browser, and people who count their clicks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from onedoor.demo.build import PASSWORD
from tests.journeys import county as counties
from tests.journeys.county import County

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)

pytestmark = pytest.mark.journey


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The demo county, built once and only copied."""
    made = counties.build(tmp_path_factory.mktemp("model") / "var")
    yield made
    counties.drop(made)


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

    def type(self, where: Locator, text: str) -> None:
        where.fill(text)
        self.count.entries += 1

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def sees(self, text: str) -> bool:
        return self.page.get_by_text(text).first.is_visible()


@pytest.fixture
def visitor(browser: Browser, county: County) -> Iterator[Callable[..., Visitor]]:
    """Return a maker of visitors: ``visitor()`` off the street, ``visitor("clerk")`` signed in."""
    contexts = []

    def make(username: str = "", at: County | None = None, **options: object) -> Visitor:
        context = browser.new_context(locale="zh-CN", **options)  # type: ignore[arg-type]  # Playwright's own
        contexts.append(context)
        context.set_default_timeout(15_000)
        who = Visitor(context.new_page(), (at or county).url)
        if username:
            who.go("/login/")
            who.page.get_by_label("用户名").fill(username)
            who.page.get_by_label("密码").fill(PASSWORD)
            who.page.get_by_role("button", name="登录").click()
            who.page.wait_for_url(lambda url: "/login/" not in url)
        return who

    yield make
    for context in contexts:
        context.close()
