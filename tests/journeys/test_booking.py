"""Appointments in a served county: counted clicks on a phone, and exactly as many as there are."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from onedoor.kernel.clock import local

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}}


def _client(county) -> httpx.Client:
    headers = {"Authorization": f"Bearer {county.token('clerk')}"}
    return httpx.Client(base_url=f"{county.url}/api/v1", headers=headers, timeout=60)


def _free(county, letter: str) -> list[dict[str, Any]]:
    today = local(datetime.now().astimezone()).date()
    asked = {"group": letter, "first": f"{today}", "last": f"{today + timedelta(days=14)}"}
    with _client(county) as asking:
        slots = asking.get("/bookings/slots", params=asked).raise_for_status().json()["slots"]
    return [slot for slot in slots if slot["left"] > 0 and not slot["is_confirmed_first"]]


def _book(county, letter: str, start: str, phone: str, key: str = "") -> httpx.Response:
    body = {"group": letter, "start": start, "name": "李样例", "phone": phone}
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    with _client(county) as booking:
        return booking.post("/bookings", json=body, headers=headers)


def test_of_many_at_once_exactly_as_many_get_a_place_as_there_are(county):
    slot = _free(county, "M")[-1]
    phones = [f"1390001{n:04d}" for n in range(slot["left"] + 6)]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda p: _book(county, "M", slot["start"], p), phones))

    codes = [a.json()["code"] for a in answers if a.status_code != 201]
    assert codes == ["booking.taken"] * 6
    assert sum(a.status_code == 201 for a in answers) == slot["left"]


def test_two_clicks_at_once_are_one_appointment(county):
    asked = "F", _free(county, "F")[-1]["start"], "13900020001"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: _book(county, *asked, key="one form"), range(4)))
    other = _book(county, *asked)

    assert {a.status_code for a in told} == {201}
    assert len({a.json()["number"] for a in told}) == 1
    assert (other.status_code, other.json()["code"]) == (409, "booking.held_already")


def test_C4_book_a_half_hour(county, visitor):
    phone = visitor(**PHONE)
    phone.go("/me/")
    phone.page.get_by_label("手机号", exact=True).fill("13900030001")
    phone.page.get_by_label("我看过下面的说明").check()
    phone.go_by(phone.button("取验证码"))
    told = phone.page.get_by_text("演示库不发短信").inner_text()
    code = "".join(c for c in told.split("验证码 ")[1].split("，")[0] if c.isdigit())
    phone.page.get_by_label("短信里的验证码").fill(code)
    phone.go_by(phone.page.locator("main").get_by_role("button", name="登录"))
    phone.go("/")
    phone.begin()

    phone.go_by(phone.page.get_by_role("link", name="预约", exact=True).first)
    phone.go_by(phone.page.get_by_role("link", name="公安出入境"))
    phone.go_by(phone.page.locator("main ul.slots button").first)

    assert phone.sees("约好了")
    assert phone.page.get_by_role("link", name="放进日历").is_visible()
    assert (phone.count.clicks, phone.count.entries, phone.count.screens) == (3, 0, 3)
