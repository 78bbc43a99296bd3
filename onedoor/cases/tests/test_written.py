"""A row written by the kept statement is the row Django would have written."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from onedoor.cases.models import Case, CaseMaterial, Note
from onedoor.cases.tests import given
from onedoor.kernel.fields import new_id
from onedoor.kernel.written import ROWS, insert, update

pytestmark = pytest.mark.django_db


def _notes(case: Case, count: int) -> list[Note]:
    return [
        Note(case_id=case.pk, version=100 + n, text=f"第{n}条", basis="", salt="0" * 32)
        for n in range(count)
    ]


OWN = {"id", "number", "alias", "track_digest", "order"}
"""What two rows of a table cannot share."""


def _columns(row: Model) -> dict[str, Any]:
    model = type(row)
    names = [f.attname for f in model._meta.concrete_fields if f.name not in OWN]
    return model._default_manager.filter(pk=row.pk).values(*names).get()


def _twins(row: Case) -> tuple[Case, Case]:
    kept, plain = copy(row), copy(row)
    for twin, letter in ((kept, "Y"), (plain, "Z")):  # X may be a check digit
        twin.pk, twin.track_digest = new_id(), letter * 64
        twin.number, twin.alias = f"{row.number[:-1]}{letter}", f"TWIN000{letter}"
    return kept, plain


def test_every_column_of_a_case_is_as_django_writes_it():
    row = given.reviewed()
    kept, plain = _twins(row)

    insert([kept])
    Case.objects.bulk_create([plain])

    assert _columns(kept) == _columns(plain)


def test_every_column_of_a_material_is_as_django_writes_it():
    row = given.case().materials.first()
    assert row is not None
    kept, plain = copy(row), copy(row)
    for twin, order in ((kept, 98), (plain, 99)):
        twin.pk, twin.order = new_id(), order

    insert([kept])
    CaseMaterial.objects.bulk_create([plain])

    assert _columns(kept) == _columns(plain)


def test_a_case_as_it_is_received_is_as_django_writes_it():
    row = given.case()
    kept, plain = _twins(row)

    with CaptureQueriesContext(connection) as asked:
        insert([kept])
    Case.objects.bulk_create([plain])

    assert _columns(kept) == _columns(plain)
    assert "NULL" in asked.captured_queries[0]["sql"]


def test_a_change_is_written_once():
    before = given.case()
    after = copy(before)
    after.version, after.visit_count, after.visited_on = 2, 2, None

    assert update(before, after)
    assert not update(before, after)
    assert _columns(Case.objects.get(pk=before.pk)) == {
        **_columns(before), "version": 2, "visit_count": 2, "visited_on": None
    }  # fmt: skip


def test_of_a_change_nothing_else_is_touched():
    before, other = given.case(), given.case()
    after = copy(before)
    after.version, after.visit_count = 2, 7
    update(before, after)

    assert Case.objects.get(pk=other.pk).visit_count == other.visit_count


def test_what_is_encrypted_reads_back_as_it_was():
    case = given.case()
    insert(_notes(case, 2))

    assert [n.text for n in Note.objects.filter(version__gte=100).order_by("version")] == [
        "第0条", "第1条"
    ]  # fmt: skip


def test_many_rows_go_in_slices_and_none_asks_nothing():
    case = given.case()
    with CaptureQueriesContext(connection) as asked:
        insert(_notes(case, ROWS + 1))
        insert([])

    assert len(asked) == 2
    assert Note.objects.filter(version__gte=100).count() == ROWS + 1


def test_a_row_that_is_there_already_is_refused_by_the_database():
    case = given.case()
    first, second = _notes(case, 1) + _notes(case, 1)
    insert([first])

    with pytest.raises(IntegrityError), transaction.atomic():
        insert([second])


def test_a_row_written_is_changed_like_any_other():
    case = given.case()
    (note,) = _notes(case, 1)
    insert([note])
    note.basis = "《条例》第一条"
    note.save()

    assert Note.objects.get(pk=note.pk).basis == "《条例》第一条"
