"""Finding and reading a guide within their counts of clicks, entries, screens and bytes."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import Visitor
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey

ITEM = "食品经营许可（新办）"
ANSWERS = ("要跑几次", "要带什么", "几天办好", "多少钱")
PHONE = {"width": 360, "height": 640}
MOUNTAIN = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
"""A village's line: 400 kbit/s, and 400 ms there and back."""


def open_guide(citizen: Visitor) -> None:
    citizen.page.wait_for_url("**/items/**")
    citizen.page.get_by_role("heading", name=ITEM).wait_for()


def test_c1_find_an_item_and_know_what_it_takes(visitor):
    citizen = visitor(viewport=PHONE)
    citizen.begin()

    citizen.go("/")
    citizen.type(citizen.page.get_by_label("您要办什么事？"), "开饭店 食品许可")
    citizen.go_by(citizen.page.get_by_role("search").get_by_role("button").first)
    citizen.go_by(citizen.page.get_by_role("link", name=ITEM, exact=True).first)
    open_guide(citizen)

    within(citizen, clicks=3, entries=1, screens=3)
    for answer in ANSWERS:
        where = citizen.page.locator(".answers dt", has_text=answer).locator("..").bounding_box()
        assert where is not None, answer
        assert where["y"] + where["height"] <= PHONE["height"], (answer, where)


def test_v1_a_guide_is_read_on_a_slow_line_within_sixty_kilobytes_and_five_seconds(visitor):
    finder = visitor()
    finder.go(f"/search/?q={ITEM}")
    path = finder.page.get_by_role("link", name=ITEM, exact=True).first.get_attribute("href")
    reader = visitor(viewport=PHONE)
    line = reader.page.context.new_cdp_session(reader.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", MOUNTAIN)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda e: sizes.append(int(e["encodedDataLength"])))
    reader.begin()

    reader.go(str(path))
    open_guide(reader)
    took = reader.page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )

    within(reader, clicks=0, entries=0, screens=1)
    assert sum(sizes) <= 60 * 1024, sizes
    assert took <= 5000


def guide_of(visitor) -> str:
    """Return where the guide of the item is."""
    finder: Visitor = visitor()
    finder.go(f"/search/?q={ITEM}")
    found = finder.page.get_by_role("link", name=ITEM, exact=True).first
    return str(found.get_attribute("href"))


@pytest.mark.parametrize(
    ("page", "kilobytes", "requests"),
    [("home", 60, 8), ("search", 45, 6), ("guide", 55, 7), ("track", 40, 6)],
)
def test_a_page_opened_for_the_first_time_loads_no_more_than_its_budget(
    visitor, page, kilobytes, requests
):
    path = {"home": "/", "search": "/search/?q=营业执照", "track": "/track/"}.get(page)
    path = path or guide_of(visitor)
    reader = visitor(viewport=PHONE, service_workers="block")
    line = reader.page.context.new_cdp_session(reader.page)
    line.send("Network.enable")
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}
    line.on(
        "Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]})
    )
    line.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}),
    )

    reader.go(path)
    reader.page.wait_for_load_state("networkidle")

    asked = {key: url for key, url in asked.items() if not url.startswith("data:")}
    told = {asked[key]: size for key, size in sizes.items() if key in asked}
    assert all(url.startswith(reader.url) for url in asked.values()), asked
    assert len(asked) <= requests, told
    assert sum(told.values()) <= kilobytes * 1024, told


def test_a_guide_prints_on_two_pages(visitor):
    reader = visitor()
    reader.go(guide_of(visitor))

    printed = PdfReader(io.BytesIO(reader.page.pdf(format="A4")))

    assert len(printed.pages) <= 2
