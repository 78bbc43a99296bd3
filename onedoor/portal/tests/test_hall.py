"""The hall's own page, and the pages kept on a device for when there is no network."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from onedoor.kernel import clock
from onedoor.kernel.tests.refusing import refused
from onedoor.portal.hall import Place, hall, opening, read_hall

pytestmark = pytest.mark.django_db
ZONE = {"name": "咨询区", "does": "问事"}


def test_the_hall_of_the_county_is_told_in_words_and_on_a_plan(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: clock.at_local(date(2026, 3, 6), 10))

    page = Client().get("/hall/").content.decode()

    assert "今天 2026-03-06（星期五）开门" in page
    for floor in hall().floors:
        assert page.count('<svg class="plan"') == len(hall().floors)
        for zone in floor.zones:
            assert zone.does in page
    assert len(re.findall("<rect x=", page)) == sum(len(f.zones) for f in hall().floors)


@pytest.mark.parametrize(
    ("day", "is_open", "next_day"),
    [
        (date(2026, 3, 6), True, date(2026, 3, 9)),
        (date(2026, 3, 7), False, date(2026, 3, 9)),
        (date(2026, 2, 14), True, date(2026, 2, 24)),  # a Saturday that is worked, then the feast
    ],
)
def test_it_says_whether_it_opens_today_and_when_next(day, is_open, next_day):
    found = opening(day)

    assert (found.is_open, found.next_day) == (is_open, next_day)


def test_a_day_of_a_year_without_a_notice_is_told_as_such():
    assert not opening(date(2026, 12, 31)).is_confirmed


def test_two_zones_on_one_spot_are_refused():
    twice = {"floor": [{"name": "一楼", "zone": [ZONE, ZONE | {"name": "等候区"}]}]}

    with refused("hall.plan"):
        read_hall(twice)


def test_a_county_that_says_nothing_of_its_hall_has_an_empty_page():
    assert read_hall({}).floors == ()
    assert read_hall({"access": [{"name": "坡道", "where": "东门"}]}).access == (
        Place("坡道", "东门"),
    )


def test_what_is_kept_on_the_device_can_be_had():
    worker = Client().get("/sw.js")
    names = re.findall(r'"(/[^"]*)"[,;]', worker.content.decode())

    assert worker["Content-Type"] == "text/javascript"
    assert "/offline/" in names
    answers = {n: Client().get(n).status_code for n in names if not n.startswith("/static/")}
    assert set(answers.values()) == {200}


def test_the_manifest_names_the_centre():
    told = Client().get("/app.webmanifest").json()

    assert told["start_url"] == "/"
    assert "政务服务中心" in told["name"]


def test_every_page_of_the_sitemap_opens():
    page = Client().get("/sitemap/").content.decode()
    main = page[page.index('id="main"') : page.index("<footer")]

    answers = {href: Client().get(href).status_code for href in re.findall('href="(/[^"]*)"', main)}

    assert len(answers) > 12
    assert answers.pop("/me/") == 302  # first one says who one is
    assert set(answers.values()) == {200}
