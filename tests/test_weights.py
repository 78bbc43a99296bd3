"""How much the public's pages weigh, and how often a phone asks: cold, compressed (ux.md 6.1).

What a browser would load is read from the page and from what it names, not guessed.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases.tests import given, online
from onedoor.hall.tests import given as halls
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db
KB = 1024

BUDGETS = {
    # page: (bytes in all, of them HTML, requests)
    "home": (60 * KB, 12 * KB, 8),
    "guide": (55 * KB, 16 * KB, 7),
    "search": (45 * KB, 14 * KB, 6),
    "apply": (40 * KB, 8 * KB, 6),
    "materials": (40 * KB, 8 * KB, 6),
    "check": (40 * KB, 8 * KB, 6),
    "track": (40 * KB, 8 * KB, 6),
    "progress": (45 * KB, 14 * KB, 6),
    "ticket": (40 * KB, 8 * KB, 6),
    "rate": (40 * KB, 8 * KB, 6),
    "board": (40 * KB, 6 * KB, 6),
    "ledger": (50 * KB, 20 * KB, 7),
    "hall": (60 * KB, 12 * KB, 8),
    "me": (40 * KB, 8 * KB, 6),
}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: given.FRIDAY)


def _address(page: str, client: Client) -> str:
    """Return where a page is, with what it shows made ready."""
    match page:
        case "home":
            return "/"
        case "guide":
            return f"/items/{given.LICENCE}/"
        case "search":
            return "/search/?q=许可"
        case "apply":
            return f"/apply/{given.LICENCE}/"
        case "materials" | "check":
            _fill_in(client)
            return f"/apply/{given.LICENCE}/{page}/"
        case "track":
            return "/track/"
        case "progress":
            return f"/c/{online.receipt().track_token}/"
        case "ticket" | "rate" | "board":
            halls.hall_of()
            halls.sits(1, "clerk")
            token = halls.taken().token
            tail = "rate/" if page == "rate" else ""
            return "/screen/hall/one/" if page == "board" else f"/hall/t/{token}/{tail}"
        case "ledger":
            return "/oversight/issues/"
        case "hall":
            return "/hall/"
    return "/signin/"


def _fill_in(client: Client) -> None:
    start = f"/apply/{given.LICENCE}/"
    person = {"kind": "person", "name": "阿普·木嘎示例", "id_type": "111", "phone": "13800000001"}
    client.post(start, person | {"id_number": "532502199203080001", "address": "", "agent": ""})
    photos = {
        f"files_{n}": [SimpleUploadedFile(f"{n}.png", online.picture(colour).getvalue())]
        for n, colour in ((1, "red"), (2, "blue"))
    }
    client.post(start + "materials/", photos | {"stay": "1"})


def _named(page: str) -> Iterator[str]:
    """Yield what a page and its stylesheets and scripts name, each once."""
    waiting = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.endswith(".webmanifest"):
            continue
        seen.add(name)
        yield name
        if name.endswith(".js"):
            folder = name.rpartition("/")[0]
            waiting += [
                f"{folder}/{found}"
                for found in re.findall(r'(?:from|import) "\./([^"]+)"', _read(name).decode())
            ]


def _read(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()


@pytest.mark.parametrize("page", BUDGETS)
def test_a_page_weighs_and_asks_no_more_than_its_budget(page):
    client = Client(headers={"accept-language": "zh-CN"})
    answer = client.get(_address(page, client))
    assert answer.status_code == 200, answer.headers

    html = len(gzip.compress(answer.content))
    parts = {name: len(gzip.compress(_read(name))) for name in _named(answer.text)}
    weighs, most = html + sum(parts.values()), BUDGETS[page]
    styles = sum(size for name, size in parts.items() if name.endswith(".css"))
    scripts = sum(size for name, size in parts.items() if name.endswith(".js"))

    assert (weighs <= most[0], html <= most[1]) == (True, True), (weighs, html, parts)
    assert 1 + len(parts) <= most[2], parts
    assert (styles <= 14 * KB, scripts <= 8 * KB) == (True, True), parts


def test_asking_how_far_a_number_is_weighs_next_to_nothing():
    halls.hall_of()
    halls.sits(1, "clerk")
    answer = Client().get(f"/hall/t/{halls.taken().token}/?part=1")

    assert len(gzip.compress(answer.content)) <= 0.4 * KB


def test_no_page_asks_anybody_else():
    for page in BUDGETS:
        client = Client()
        text = client.get(_address(page, client)).text if page != "board" else ""
        assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|png|svg|woff2?)', text)
