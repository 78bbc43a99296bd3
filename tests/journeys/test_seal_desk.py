"""The keeper's tasks within their counts, at the desk and by a program (S1–S3)."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
from base64 import b32decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from django_otp.oath import TOTP
from playwright.sync_api import expect

from onedoor.papers.tests.test_pkcs12 import file as key_file
from tests.journeys import county as counties
from tests.journeys.conftest import Visitor
from tests.journeys.county import County
from tests.journeys.test_tasks import within

pytestmark = pytest.mark.journey

WAITING = "SELECT paper FROM seals_sealrequest WHERE state = 'waiting' AND kind = 'receipt'"
MANY = re.compile(r"[4-9]\d|\d{3,}")
"""Forty of them, or more: two rounds of the desk."""
CHANGED = "UPDATE seals_sealrequest SET digest = 'sha256:altered' WHERE paper = '%s'"


@pytest.fixture(scope="module")
def office(model: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A served county whose receipts wait for their seal."""
    made = counties.copy(model, tmp_path_factory.mktemp("seals") / "var-seals")
    made.serve()
    yield made
    counties.drop(made)


def change_behind_its_back(office: County, place: int) -> None:
    """Change one of the receipts that wait: the one at this place, the oldest being 0."""
    (paper,) = told(office, f"{WAITING} ORDER BY asked_at, paper LIMIT 1 OFFSET {place}")[0]
    told(office, CHANGED % paper)


def told(county: County, statement: str) -> list[Any]:
    """Ask or change the database itself."""
    if county.database.startswith("postgres"):
        with psycopg.connect(county.database, autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []
    with closing(sqlite3.connect(county.folder / "onedoor.sqlite3", isolation_level=None)) as file:
        return file.execute(statement).fetchall()


def waiting(county: County) -> int:
    return len(told(county, WAITING))


def at_desk(visitor: Any, office: County, username: str = "keeper") -> Visitor:
    who: Visitor = visitor(username, at=office)
    who.go("/seals/?kind=receipt")
    who.begin()
    return who


def test_s1_verify_and_seal_one_document(visitor, office):
    keeper = at_desk(visitor, office)

    keeper.go_by(keeper.page.locator("tbody a").first)
    assert keeper.sees("和批准时的摘要一致")
    assert keeper.page.get_by_role("heading", name="谁批的").is_visible()
    assert keeper.page.locator("#chain ~ ol li").count() >= 1
    keeper.click(keeper.button("用印"))

    assert keeper.sees("已用印 1 份")
    assert keeper.page.get_by_role("link", name="下一份").is_visible()
    expect(keeper.page.get_by_text("没有电子印章的无效")).to_have_count(0)
    within(keeper, clicks=2, entries=0, screens=1)  # the one to read before anything is sealed


def test_s1_without_scripts_the_same_page_comes_again(visitor, office):
    keeper: Visitor = visitor("keeper", at=office, java_script_enabled=False)
    keeper.go("/seals/?kind=receipt")

    keeper.go_by(keeper.page.locator("tbody a").first)
    keeper.go_by(keeper.button("用印"))

    assert keeper.sees("已用印 1 份")
    assert keeper.page.get_by_role("link", name="下一份").is_visible()


def test_s2_seal_20_of_one_type_with_a_mismatch_taken_out(visitor, office):
    change_behind_its_back(office, 2)
    keeper = at_desk(visitor, office)

    keeper.click(keeper.button("按先后用印"))

    assert keeper.sees("已用印 19 份")
    assert keeper.sees("1 份对不上，已搁置")
    within(keeper, clicks=1, entries=0, screens=0)
    assert "摘要对不上" in keeper.page.get_by_role("region", name="对不上").inner_text()
    assert keeper.page.get_by_role("progressbar").get_attribute("value") == "20"


def test_many_are_sealed_in_one_go_with_progress_shown_and_can_be_stopped(visitor, office):
    change_behind_its_back(office, 25)
    keeper = at_desk(visitor, office)
    before = waiting(office)

    keeper.click(keeper.button("份一次盖完"))
    expect(keeper.page.locator("progress")).to_have_attribute("value", MANY, timeout=60_000)
    keeper.click(keeper.button("停下"))
    expect(keeper.page.locator("[data-stop]:visible")).to_have_count(0, timeout=60_000)

    done = before - waiting(office)
    assert 40 <= done < before
    assert keeper.page.locator("progress").get_attribute("value") == str(done)
    within(keeper, clicks=2, entries=0, screens=0)


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("keeper", "/seals/?kind=approval"),
        ("keeper", "/seals/uses/"),
        ("supervisor", "/seals/register/"),
        ("supervisor", "/seals/reconciliation/"),
    ],
)
def test_s3_lock_the_seal_in_an_emergency_from_every_page_of_the_desk(
    visitor, office, username, path
):
    who: Visitor = visitor(username, at=office)
    who.go(path)
    who.begin()

    who.click(who.page.locator("summary", has_text="紧急锁定").first)
    who.click(who.button("锁定").first)

    assert who.sees("已记下")
    assert who.page.url == office.url + path
    within(who, clicks=2, entries=0, screens=0)
    (locked,) = told(office, "SELECT code FROM seals_seal WHERE state = 'locked'")
    _unlock(office, locked[0])


def _unlock(office: County, code: str) -> None:
    with program(office, "keeper") as keeper, program(office, "supervisor") as second:
        assert keeper.post(f"/register/{code}/ask-unlock").is_success
        alone = keeper.post(f"/register/{code}/unlock").json()
        assert alone["code"] == "seal.unlock_needs_two"
        assert second.post(f"/register/{code}/unlock").json()["state"] == "active"


def program(office: County, username: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {office.token(username)}"}
    return httpx.Client(base_url=f"{office.url}/api/v1/seals", headers=headers, timeout=60)


def test_a_seal_with_a_file_is_registered_and_its_pin_typed_at_the_desk(
    visitor, own_county, tmp_path
):
    own_county.serve()
    place = tmp_path / "seal.p12"
    place.write_bytes(key_file(pin="开印-7391"))
    _replaced_by_a_file(visitor("admin", at=own_county), place, pin="开印-7391")
    keeper = at_desk(visitor, own_county)
    before = waiting(own_county)
    paper = keeper.page.locator("tbody a").first.inner_text()
    keeper.go_by(keeper.page.locator("tbody a").first)
    keeper.begin()

    pin = keeper.page.get_by_label("PIN")
    keeper.type(pin, "0000")
    keeper.click(keeper.button("用印"))
    assert keeper.sees("PIN 不对，没有盖。还可以试 4 次")
    expect(pin).to_be_focused()
    expect(pin).to_have_value("")
    assert waiting(own_county) == before
    keeper.type(pin, "开印-7391")
    keeper.click(keeper.button("用印"))

    assert keeper.sees("已用印 1 份")
    within(keeper, clicks=2, entries=2, screens=0)
    assert waiting(own_county) == before - 1
    _is_whole_for_everybody(own_county, paper, tmp_path / "out")


def give_code(admin: Visitor) -> None:
    """Set up an authenticator, as an administrator does the first time, and give its code."""
    admin.go("/login/code/")
    secret = re.findall("secret=([A-Z2-7]+)", admin.page.content())[0]
    code = TOTP(b32decode(secret + "=" * (-len(secret) % 8)))
    code.time = time.time()
    admin.page.locator("[name=code]").fill(f"{code.token():06d}")
    admin.go_by(admin.page.locator("main form button").first)


def _replaced_by_a_file(admin: Visitor, place: Path, *, pin: str) -> None:
    """Stop the receipt seal and register the next, whose key is a file."""
    give_code(admin)
    admin.go("/seals/register/?kind=receipt&state=active")
    admin.click(admin.page.locator("summary", has_text="停用"))
    admin.go_by(admin.button("停用"))
    admin.go("/seals/register/")
    admin.click(admin.page.locator("summary", has_text="登记一枚印章"))
    form = admin.page.locator("form[enctype]")
    form.get_by_label("种类").select_option("receipt")
    form.get_by_label("介质").select_option("electronic")
    form.get_by_label("印章编号").fill("YZ-P12")
    form.get_by_label("印文").fill("开远市政务局受理专用章")
    form.get_by_label("单位").select_option(index=1)
    form.get_by_label("保管人", exact=True).select_option(index=1)
    today = date.today()  # noqa: DTZ011  # the county was built today, by this machine
    form.get_by_label("启用日期").fill(today.isoformat())
    form.get_by_label("有效期至").fill((today + timedelta(days=90)).isoformat())
    form.get_by_label("依据").fill("局务会决定")
    form.locator("input[type=file]").set_input_files(place)
    form.locator("input[type=password]").fill(pin)
    admin.go_by(admin.button("登记"))
    assert admin.sees("已登记：开远市政务局受理专用章")


def _is_whole_for_everybody(county: County, paper: str, folder: Path) -> None:
    """Check the sealed PDF with a reader of signatures, and offline with the product itself."""
    exported = county.run("paper", "export", "--sealed", "--limit", "1", "--to", str(folder))
    assert exported.returncode == 0, exported.stderr
    file = folder / f"{paper}.pdf"
    read = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    verified = county.run("verify", "paper", str(file))
    assert "Signature is Valid" in read.stdout
    assert "Total document signed" in read.stdout
    assert "Signer Certificate Common Name: 开远市政务局" in read.stdout
    assert (verified.returncode, "完整" in verified.stdout) == (0, True)


def test_a_program_does_s1_to_s3(office):
    with program(office, "keeper") as keeper:
        first = keeper.get("/waiting?kind=receipt").json()["requests"][0]["paper"]
        checked = keeper.get(f"/papers/{first}").json()
        sealed = keeper.post(f"/papers/{first}").json()
        batch = keeper.post("/batch", json={"kind": "receipt"}).json()
        found = keeper.get("/uses", params={"q": first, "kind": "receipt"}).json()["uses"]
        (seal,) = keeper.get("/register?kind=receipt&state=active").json()["seals"]
        locked = keeper.post(f"/register/{seal['code']}/lock").json()
        refused = keeper.post("/batch", json={"kind": "receipt"}).json()
        _unlock(office, seal["code"])

    assert (checked["code"], bool(checked["chain"])) == ("", True)
    assert [each["number"] for each in found] == [sealed["number"]]
    assert 19 <= len(batch["sealed"]) <= 20
    assert (locked["state"], refused["code"]) == ("locked", "seal.locked")


def test_of_two_keepers_at_once_one_seals(office):
    with program(office, "keeper") as keeper, program(office, "keeper2") as deputy:
        for _ in range(3):
            paper = keeper.get("/waiting?kind=receipt").json()["requests"][-1]["paper"]

            with ThreadPoolExecutor(2) as both:
                asked = [both.submit(one.post, f"/papers/{paper}") for one in (keeper, deputy)]
                answers = [each.result() for each in asked]

            said = sorted((each.status_code, each.json().get("code", "")) for each in answers)
            assert said == [(201, ""), (409, "seal.not_waiting")]
            assert len(keeper.get("/uses", params={"q": paper}).json()["uses"]) == 1
