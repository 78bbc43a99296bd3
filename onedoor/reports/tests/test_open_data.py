"""Open data: the columns are those of the dictionary, nothing of persons, 304 where unchanged."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.accounts.rules import SYSTEM
from onedoor.rectification.models import Finding
from onedoor.rectification.tests import given as findings
from onedoor.rectification.tests.test_views import published as shown
from onedoor.reports import open_data
from onedoor.reports import services as reports
from onedoor.reports.rules.open_data import COLUMNS, Dataset, dictionary
from onedoor.reports.rules.words import LiveKind
from onedoor.reports.tests.publishing import AT, DISCLOSER, entered, published

pytestmark = pytest.mark.django_db
PHONE, NAME = "13800000001", "李示例"


def take(dataset: Dataset, form: str, **headers):
    address = reverse("reports:open_file", args=[dataset.value, form])
    return Client().get(address, headers=headers)


def body(dataset: Dataset, form: str) -> str:
    return b"".join(take(dataset, form)).decode()


def rows(dataset: Dataset) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(dataset, "csv").removeprefix("\ufeff"))))


def live():
    wanted = reports.wanted_of(LiveKind.COMPARISON, is_public=True)
    report = reports.make_report(wanted, by=SYSTEM, at=AT).report
    return published(entered(report))


@pytest.mark.parametrize("dataset", list(Dataset))
def test_dictionary_and_columns_of_both_files_are_equal(dataset):
    finding = shown(findings.closed("1"))
    live()
    keys = [c.key for c in COLUMNS[dataset]]

    told = json.loads(body(dataset, "json"))

    assert [c["field"] for c in told["columns"]] == keys
    assert rows(dataset)
    assert list(rows(dataset)[0]) == keys
    assert [list(row) for row in told["rows"]] == [keys] * len(told["rows"])
    assert [{k: str(v) for k, v in row.items()} for row in told["rows"]] == rows(dataset)
    assert told["licence"]
    assert told["updated_at"].startswith("2026-03-06T")
    for column in dictionary(dataset):
        assert all(column[key] for key in column if key != "unit")
    listed = Client().get(reverse("reports:dictionary")).json()["datasets"]
    assert [d["dataset"] for d in listed] == [d.value for d in Dataset]
    page = Client().get(reverse("reports:open_data")).content.decode()
    assert all(f"<code>{key}</code>" in page for key in keys)
    assert finding.number


def test_nothing_of_persons_and_nothing_unpublished_is_in_the_ledger():
    finding = shown(findings.submitted("1"))
    hidden = findings.drafted("2")
    Finding.objects.filter(pk=finding.pk).update(
        title=f"联系人：{NAME} {PHONE} 没有公示",
        officer=NAME,
        leader="王样例",
        phone=PHONE,
        claim_quote=f"{NAME}已经办完",
    )

    for form in ("csv", "json"):
        text = body(Dataset.FINDINGS, form)
        assert finding.number in text
        assert "没有公示" in text
        for words in (NAME, PHONE, "王样例", hidden.number):
            assert words not in text
    [row] = rows(Dataset.FINDINGS)
    assert (row["claimed"], row["verified"]) == ("已整改", "")


def test_what_has_not_changed_is_not_sent_again():
    shown(findings.submitted("1"))
    first = take(Dataset.FINDINGS, "csv")
    assert first.streaming

    again = take(Dataset.FINDINGS, "csv", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert take(Dataset.FINDINGS, "json", if_none_match=first["ETag"]).status_code == 200
    assert (
        take(Dataset.FINDINGS, "csv", if_modified_since=first["Last-Modified"]).status_code == 304
    )
    shown(findings.drafted("2"))
    assert take(Dataset.FINDINGS, "csv", if_none_match=first["ETag"]).status_code == 200


def test_what_is_withdrawn_leaves_the_data_and_changes_the_tag():
    edition = live()
    before = take(Dataset.FIGURES, "csv")["ETag"]
    assert {row["index_number"] for row in rows(Dataset.FIGURES)} == {
        edition.publication.index_number
    }

    later = AT + timedelta(days=1)
    reports.withdraw(edition, reason="误发", seen=edition.version, by=DISCLOSER, at=later)

    assert rows(Dataset.FIGURES) == rows(Dataset.INFORMATION) == []
    assert take(Dataset.FIGURES, "csv")["ETag"] != before


def test_a_set_or_a_form_that_is_not_there_is_not_found():
    assert Client().get("/open/data/persons.csv").status_code == 404
    assert Client().get("/open/data/findings.xml").status_code == 404


def test_many_findings_are_read_in_few_statements(django_assert_max_num_queries):
    for n in range(12):
        shown(findings.drafted(str(n)))

    with django_assert_max_num_queries(4):
        assert len(list(open_data.as_csv(Dataset.FINDINGS))) == 13


def test_no_cell_of_the_file_is_a_formula():
    finding = shown(findings.drafted("1"))
    Finding.objects.filter(pk=finding.pk).update(title='=HYPERLINK("x")')

    assert rows(Dataset.FINDINGS)[0]["title"].startswith("'=")
