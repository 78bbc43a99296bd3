"""axe over the pages of the road, in the modes and sizes people use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.known import known, left
from tests.journeys.test_errands import receive

pytestmark = pytest.mark.journey

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
SERIOUS = {"serious", "critical", "moderate"}

PUBLIC = [
    "/",
    "/search/?q=营业执照",
    "/search/?q=没有的事",
    "/items/",
    "/items/events/",
    "/items/themes/",
    "/items/az/",
    "/items/?by=letter&key=S",
    "/packages/",
    "/items/reductions/",
    "/items/transfers/",
    "/track/",
    "/hall/",
    "/book/",
    "/book/A/",
    "/cannot/",
    "/ask/?kind=find",
    "/open/ratings/",
    "/open/matters/",
    "/open/draws/verify/",
    "/market/rules/",
    "/market/route/?amount=",
    "/open/decisions/",
    "/oversight/issues/",
    "/oversight/standing/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/sitemap/",
    "/offline/",
    "/login/",
    "/v/0000000000/",
    "/no-such-page/",
]
STAFF = {
    "clerk": ["/desk/", "/desk/mandates/"],
    "acceptor": ["/inbox/", "/inbox/?box=done"],
    "issuer": ["/desk/out/"],
    "publisher": ["/catalogue/"],
    "duty": ["/manage/hours/", "/manage/bookings/", "/manage/planner/"],
}
SIZES = {"phone": (360, 640), "desk": (1280, 800)}


def faults(page) -> list[str]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [
        f"{v['id']}: {node['html'][:160]}"
        for v in found
        if v["impact"] in SERIOUS
        for node in v["nodes"]
    ]
    return left(told, known(datetime.now(UTC).date()))


@pytest.mark.parametrize(
    ("prefs", "size"), [("", "phone"), ("elder", "phone"), ("contrast", "desk")]
)
def test_public_pages_are_clean(visitor, size, prefs):
    width, height = SIZES[size]
    who = visitor(viewport={"width": width, "height": height})
    if prefs:
        who.go("/")
        label = {"elder": "长辈版", "contrast": "高对比"}[prefs]
        chosen = who.page.get_by_role("button", name=label).first
        who.go_by(chosen)
        assert chosen.get_attribute("aria-pressed") == "true"
    who.go("/items/")
    guide = who.page.locator("main .links a").first.get_attribute("href")
    found = {}
    for path in [*PUBLIC, guide]:
        who.go(path)
        found[path] = faults(who.page)
        overflow = who.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{path} scrolls sideways by {overflow} px"

    assert {p: f for p, f in found.items() if f} == {}


def test_staff_pages_are_clean(visitor):
    found = {}
    for username, paths in STAFF.items():
        who = visitor(username, viewport={"width": 1366, "height": 768})
        for path in paths:
            who.go(path)
            found[path] = faults(who.page)

    assert {p: f for p, f in found.items() if f} == {}


def test_the_pages_of_a_case_are_clean(visitor):
    clerk = visitor("clerk", viewport={"width": 1366, "height": 768})
    receipt = receive(clerk, m2="缺")
    found = {"receipt": faults(clerk.page)}
    clerk.go("/desk/?q=食品")
    clerk.go_by(clerk.page.get_by_role("link", name="食品经营许可（新办）", exact=True))
    found["receive"] = faults(clerk.page)
    clerk.go_by(clerk.button("收件并打印凭证"))
    found["receive with errors"] = faults(clerk.page)
    acceptor = visitor("acceptor", viewport={"width": 1366, "height": 768})
    acceptor.go(f"/inbox/{receipt['number']}/")
    found["case"] = faults(acceptor.page)
    acceptor.go(f"/desk/notice/{receipt['number']}/")
    found["notice"] = faults(acceptor.page)
    citizen = visitor(viewport={"width": 360, "height": 640})
    citizen.go("/track/")
    citizen.page.get_by_label("办件编号，或凭证上的 8 位短号").fill(receipt["alias"])
    citizen.page.get_by_label("6 位查询码").fill(receipt["code"])
    citizen.go_by(citizen.button("查看进度"))
    citizen.page.wait_for_url("**/c/**")
    found["progress"] = faults(citizen.page)

    assert {p: f for p, f in found.items() if f} == {}
