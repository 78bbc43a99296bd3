"""The ledger of licences: each with its identifier, found by whoever may, verified by anybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.cases import register
from onedoor.cases import services as cases
from onedoor.cases.models import Licence
from onedoor.cases.register import Sought
from onedoor.cases.rules import licence_ids
from onedoor.cases.rules.licences import Shown
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.kernel import clock
from onedoor.ledger import queries as ledger

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOLDER = "阿普·木嘎示例"
ID_NUMBER = "532502199203080001"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Let pages be read in the week of the grant."""
    monkeypatch.setattr(clock, "now", lambda: FRIDAY + 7 * DAY)


def _found(**sought) -> list[Licence]:
    on = date(2026, 3, 13)
    return list(register.found_by(given.actor("head"), Sought(**sought), on=on))


def test_a_licence_has_an_identifier_of_its_kind_and_a_renewal_is_the_next_version():
    first = given.licence(months=2)
    renewal = given.renewed(first, at=FRIDAY + 30 * DAY)

    one, two = (licence_ids.read(each.identifier) for each in (first, renewal))
    assert one is not None
    assert two is not None
    assert (one.issuer, one.serial, one.version) == ("11532502DEM0000224", first.number, 1)
    assert (two.kind, two.serial, two.version) == (one.kind, first.number, 2)
    assert ledger.history(first.subject)[0].facts["identifier"] == first.identifier


def test_licences_of_one_item_are_of_one_kind_and_of_another_item_of_another():
    one, two, other = (
        licence_ids.read(given.licence(item=item).identifier)
        for item in (given.LICENCE, given.LICENCE, given.TOLERANT)
    )
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.kind == two.kind != other.kind
    assert one.serial != two.serial


def test_a_licence_is_found_by_number_identifier_item_holder_and_state():
    licence = given.licence(months=1)
    given.licence(item=given.TOLERANT, name="别人示例", id_number="532502195304120000")

    for sought in (
        {"text": licence.number},
        {"text": licence.identifier},
        {"text": licence.case.alias},
        {"text": "食品经营"},
        {"text": given.LICENCE},
        {"holder": HOLDER},
        {"holder": ID_NUMBER},
    ):
        assert _found(**sought) == [licence], sought
    assert len(_found(shown=Shown.VALID)) == 2
    assert _found(shown=Shown.EXPIRED) == _found(text="没有这个") == _found(holder="阿普") == []


def test_an_expired_licence_is_found_as_expired():
    licence = given.licence(months=1)

    later = {"on": date(2026, 4, 10)}
    assert list(register.found_by(given.actor("head"), Sought(shown=Shown.EXPIRED), **later)) == [
        licence
    ]
    assert not register.found_by(given.actor("head"), Sought(shown=Shown.VALID), **later).exists()


def test_pages_and_file_show_no_full_name_and_no_number_of_identity():
    licence = given.licence()
    client = given.signed_in("head")

    pages = [
        client.get("/licences/"),
        client.post("/licences/holder/", {"holder": ID_NUMBER}),
        client.get("/licences/licences.csv"),
        client.get(f"/licences/{licence.number}/"),
    ]

    for page in pages:
        text = page.content.decode()
        assert licence.number in text
        assert "阿******" in text
        assert HOLDER not in text
        assert ID_NUMBER not in text
    assert licence.identifier in pages[2].content.decode()


def test_nobody_of_another_unit_finds_it():
    licence = given.licence()
    client = given.signed_in("stranger")

    listed = client.post("/licences/holder/", {"holder": HOLDER}).content.decode()

    assert licence.number not in listed
    assert client.get(f"/licences/{licence.number}/").status_code == 404
    assert client.get(f"/licences/{licence.number}/grant/").status_code == 404


def test_the_paper_that_granted_it_is_downloaded_and_that_is_on_record():
    licence = given.licence()
    granted = register.grant_of(licence)

    content = given.signed_in("head").get(f"/licences/{licence.number}/grant/").getvalue()

    assert content.startswith(b"%PDF")
    assert ledger.history(f"paper-access:{granted.number}")[-1].facts["form"] == "pdf"


@pytest.mark.parametrize(
    ("later", "said", "stands"),
    [
        (7, "它准予的许可现在有效", "许可有效"),
        (90, "真的，但许可已经到期", "许可已到期"),
    ],
)
def test_whoever_verifies_learns_whether_it_still_holds(monkeypatch, later, said, stands):
    licence = given.licence(months=1)
    monkeypatch.setattr(clock, "now", lambda: FRIDAY + later * DAY)

    page = Client().get(f"/v/{register.grant_of(licence).code}/").content.decode()

    for word in (said, stands, licence.identifier, "阿******", "2026-04-09"):
        assert word in page, word
    assert HOLDER not in page


def test_whoever_verifies_the_paper_of_a_renewed_licence_is_told_of_the_new_one():
    licence = given.licence(months=2)
    given.renewed(licence, at=FRIDAY + 30 * DAY)

    page = Client().get(f"/v/{register.grant_of(licence).code}/").content.decode()

    assert "许可已经延续换证" in page
    assert "没有改动" not in page


def test_programs_find_licences_and_search_by_holder_in_the_body():
    licence = given.licence()

    def ask(method, path, body=None, who="head"):
        return getattr(Client(), method)(
            f"/api/v1/licences{path}",
            **({"data": body, "content_type": "application/json"} if body else {}),
            headers={"Authorization": f"Bearer token-{who}"},
        ).json()

    listed = ask("get", "?standing=valid")
    found = ask("post", "/search", {"holder": HOLDER})
    one = ask("get", f"/{licence.number}")

    assert [row["number"] for row in listed["licences"]] == [licence.number]
    assert [row["identifier"] for row in found["licences"]] == [licence.identifier]
    assert found["licences"][0]["holder"] == "阿******"
    assert one["standing"] == "valid"
    assert one["verify_path"] == reverse("papers:verify", args=[register.grant_of(licence).code])
    assert ask("post", "/search", {"holder": HOLDER}, "stranger")["licences"] == []


def test_an_ended_licence_is_found_under_how_it_ended():
    licence = given.licence()
    cases.cancel(
        licence,
        ground=given.DISSOLVED,
        reason="企业已注销",
        by=given.actor("head"),
        at=FRIDAY + 5 * DAY,
    )

    assert _found(shown=Shown.CANCELLED) == [licence]
    assert _found(shown=Shown.VALID) == []
