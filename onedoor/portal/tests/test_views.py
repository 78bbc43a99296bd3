"""The pages everybody sees: they render, they are light, and they show themselves as chosen."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from onedoor.accounts.models import Person, RoleHolding
from onedoor.accounts.rules import Role
from onedoor.portal.preferences import COOKIE
from onedoor.portal.queries import Centre, centre

pytestmark = pytest.mark.django_db

PUBLIC = ["home", "hall", "help", "offline", "privacy", "sitemap", "accessibility"]
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", re.IGNORECASE)
WEIGHT = 60_000  # bytes of a cold first page, compressed


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def signed_in(client: Client, *roles: Role) -> Client:
    person = Person.objects.create_user("somebody", "某示例")
    for role in roles:
        RoleHolding.objects.create(person=person, role=role, first_on=date(2020, 1, 1))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def press(client: Client, **choice: str):
    return client.post(reverse("portal:prefs"), choice)


def text(response) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_open_without_an_account_and_without_inline_code(client, name):
    response = client.get(reverse(f"portal:{name}"))

    assert response.status_code == 200
    assert not INLINE.search(text(response))
    assert text(response).count("<h1") == 1
    assert 'href="#main"' in text(response)


@pytest.mark.parametrize("name", [each for each in PUBLIC if each != "hall"])  # the calendar
def test_public_pages_of_the_portal_ask_the_database_nothing(
    client, name, django_assert_num_queries
):
    client.get(reverse(f"portal:{name}"))  # the home page remembers which events have items
    with django_assert_num_queries(0):
        client.get(reverse(f"portal:{name}"))


def test_home_asks_one_question_and_names_the_hall_and_its_phone(client):
    page = text(client.get("/"))

    assert "您要办什么事" in page
    assert centre().address in page
    assert f"tel:{centre().phone}" in page


def test_home_is_light(client):
    page = text(client.get("/"))
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    sizes = {
        name: len(gzip.compress(Path(found).read_bytes()))
        for name in files
        if isinstance(found := finders.find(name), str)
    }

    assert set(sizes) == set(files)
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= 14_000
    assert sum(sizes.values()) + len(gzip.compress(page.encode())) <= WEIGHT


def test_what_is_pressed_in_the_mode_bar_stays_and_leads_back(client):
    response = press(client, mode="elder", next="/help/?from=home")
    page = text(client.get("/help/"))

    assert (response.status_code, response.url) == (302, "/help/?from=home")
    assert client.cookies[COOKIE]["httponly"]
    assert 'data-mode="elder"' in page
    assert 'data-size="xl"' in page, "elder mode is never small"


def test_every_press_keeps_what_was_pressed_before(client):
    press(client, size="l")
    press(client, contrast="high")

    page = text(client.get("/"))

    assert 'data-size="l"' in page
    assert 'data-contrast="high"' in page


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", "", "\\\\x"])
def test_the_mode_bar_leads_to_no_other_site(client, page):
    assert press(client, size="l", next=page).url == "/"


def test_a_way_of_showing_nobody_offers_is_refused(client):
    response = press(client, size="huge")

    assert response.status_code == 422
    assert COOKIE not in response.cookies


def test_a_broken_cookie_shows_the_plain_page(client):
    client.cookies[COOKIE] = "x.y.z.\u2026".encode().hex()

    assert 'data-size="std"' in text(client.get("/"))


def test_the_mode_bar_needs_a_press_not_a_link(client):
    assert client.get(reverse("portal:prefs")).status_code == 405


def test_pages_say_which_language_they_speak(client):
    assert '<html lang="zh-CN"' in text(client.get("/"))

    press(client, language="en")

    assert '<html lang="en"' in text(client.get("/"))


def test_a_chosen_language_stands_over_the_browsers(client):
    press(client, language="zh-hans")

    page = text(client.get("/", headers={"accept-language": "en"}))

    assert '<html lang="zh-CN"' in page


def test_pages_may_not_be_cached_for_other_readers(client):
    assert "Cookie" in client.get("/")["Vary"]


def test_the_page_of_the_staff_is_for_those_signed_in(client):
    response = client.get(reverse("portal:staff"))

    assert (response.status_code, response.url) == (302, "/login/?next=/staff/")


def test_the_bar_shows_the_doors_of_ones_roles_and_no_others(client):
    page = text(signed_in(client, Role.DESK).get(reverse("portal:staff")))

    assert f'href="{reverse("cases:desk")}"' in page
    assert f'href="{reverse("cases:inbox")}"' not in page
    assert reverse("admin:index") not in page
    assert not INLINE.search(page)


def test_the_bar_marks_where_one_is(client):
    page = text(signed_in(client, Role.DESK, Role.ISSUER).get(reverse("cases:out")))

    assert re.search(rf'href="{reverse("cases:out")}" aria-current', page)
    assert not re.search(rf'href="{reverse("cases:desk")}" aria-current', page)


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    page = text(signed_in(client).get(reverse("portal:staff")))

    assert "请找系统管理员开通" in page


def test_an_unknown_page_says_what_to_do_next(client):
    response = client.get("/nothing-here/")

    assert response.status_code == 404
    assert reverse("catalogue:items") in text(response)
    assert "E902" in text(response)


def test_signing_in_wrongly_leads_to_the_field(client):
    page = text(client.post(reverse("accounts:login"), {"username": "", "password": "x"}))

    assert "<title>错误：" in page
    assert 'href="#id_username"' in page
    assert 'aria-describedby="id_username_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_county_without_a_file_has_a_centre_without_facts(settings):
    settings.COUNTY = "000000"
    centre.cache_clear()

    assert centre() == Centre()

    centre.cache_clear()
