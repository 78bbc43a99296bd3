"""How rectification stands: figures that open their own rows, the same bytes, nothing hidden."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import SYSTEM, Role
from onedoor.rectification.models import Finding
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.tests import given
from onedoor.rectification.tests.test_views import published, signed_in
from onedoor.reports import standing

pytestmark = pytest.mark.django_db


def test_each_figure_opens_as_many_rows_as_it_says():
    given.closed("1")
    given.submitted("2")
    given.drafted("3")
    client = signed_in(Role.AUDITOR)

    page = client.get(reverse("reports:standing")).content.decode()
    figures = re.findall(r'href="([^"]+\?shown=(\w*))"[^>]*>(\d+)<', page)

    assert [value for _, value, _ in figures] == [shown.value for shown in Shown]
    assert {value: int(n) for _, value, n in figures}[""] == 3
    for address, _, count in figures:
        opened = client.get(address).content.decode()
        numbers = set(re.findall(r'href="/oversight/issues/([^/"]+)/"', opened))
        assert len(numbers & set(Finding.objects.values_list("number", flat=True))) == int(count)


def test_what_is_claimed_stands_beside_what_was_verified():
    claimed, verified = given.submitted("1"), given.closed("2")

    rows = {row[0]: row for row in standing.standing(given.AUDITOR, at=given.AT).rows}

    assert rows[claimed.number][4:] == (claimed.claim_label or "—", "待核验")
    assert rows[verified.number][5] == "已整改"


@pytest.mark.parametrize("form", standing.FORMS)
def test_the_same_ledger_gives_the_same_bytes(form):
    given.submitted("1")

    first, second = (
        standing.file_of(standing.standing(given.AUDITOR, at=given.AT), form, by="")
        for _ in range(2)
    )

    assert first == second


def test_the_public_is_told_of_published_findings_alone():
    shown, hidden = published(given.submitted("1")), given.drafted("2")
    client = Client()

    page = client.get(reverse("reports:standing")).content.decode()
    text = client.get(reverse("reports:standing_file", args=["txt"])).content.decode()

    for told in (page, text):
        assert shown.number in told
        assert hidden.number not in told
    for form in ("exe", "pdf", "docx"):
        assert client.get(reverse("reports:standing_file", args=[form])).status_code == 404
    assert ">pdf<" not in page
    auditor = signed_in(Role.AUDITOR)
    assert auditor.get(reverse("reports:standing_file", args=["pdf"])).status_code == 200


def test_a_long_ledger_is_cut_and_says_so(django_assert_max_num_queries):
    project = given.drafted("x").project
    Finding.objects.bulk_create(
        [
            Finding(
                number=f"ZG2020-{n:05d}",
                project=project,
                sequence=n + 2,
                code=f"c{n}",
                title="样例",
                state=State.DRAFT.value,
                is_public=True,
                opened_at=given.AT,
                moved_at=given.AT,
            )
            for n in range(standing.MOST + 1)
        ]
    )
    with django_assert_max_num_queries(9):
        told = standing.standing(SYSTEM, at=given.AT)

    assert len(told.findings) == standing.MOST
    assert "其余见整改台账" in standing.text(told).decode()


def test_an_empty_ledger_is_a_report_too():
    told = standing.standing(SYSTEM, at=given.AT)

    assert told.total == 0
    assert standing.file_of(told, "pdf", by="").startswith(b"%PDF")
