"""A prepared query finds what the query itself finds."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onedoor.cases import queries
from onedoor.cases.api.answers import case_body
from onedoor.cases.models import Case, CaseMaterial
from onedoor.cases.tests import given
from onedoor.kernel import rows
from onedoor.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db

CASES: Prepared[Case] = Prepared(
    lambda: Case.objects.select_related("item__unit", "renews", "applicant"), by="number"
)
MATERIALS: Prepared[CaseMaterial] = Prepared(
    lambda: CaseMaterial.objects.select_related("material").order_by("-order"), by="case"
)


def test_each_value_brings_its_own_rows_with_what_belongs_to_them():
    for made in (given.case(), given.reviewed()):
        with CaptureQueriesContext(connection) as asked:
            found = CASES.first(made.number)
            assert found is not None
            assert found.item.unit.name == made.item.unit.name
            assert found.applicant.name == made.applicant.name  # decrypted as by the query
            assert found.renews is None

        same = Case.objects.get(number=made.number)
        assert all(getattr(found, f.attname) == getattr(same, f.attname) for f in Case._meta.fields)
        assert len([q for q in asked if "cases_case" in q["sql"]]) == 1


def test_rows_come_in_the_order_of_the_query():
    case = given.case()

    found = MATERIALS.all(case.pk)

    assert [row.order for row in found] == sorted((row.order for row in found), reverse=True)
    assert {row.material.name for row in found} == {
        row.material.name for row in case.materials.select_related("material")
    }


def test_nothing_is_found_for_a_value_nobody_has():
    assert CASES.first("530000000000000000000X") is None
    assert CASES.all("530000000000000000000X") == []


def test_a_row_found_is_saved_like_any_other():
    case = given.case()
    found = CASES.first(case.number)
    assert found is not None

    found.visit_count = 7
    found.save(update_fields=["visit_count"])

    assert Case.objects.get(pk=case.pk).visit_count == 7


def test_a_page_of_the_list_is_one_statement_and_says_what_each_case_says_of_itself():
    made = [given.case(), given.reviewed()]
    on, actor = date(2026, 3, 6), given.actor("supervisor")
    case_body(made[0], on=on)  # the calendar is known from here on

    with CaptureQueriesContext(connection) as asked:
        page = rows.read(queries.open_cases(actor, unit=None))
        said = [case_body(case, on=on) for case in page]

    assert len(asked) == 1
    alone = [Case.objects.get(number=body["number"]) for body in said]
    assert said == [case_body(case, on=on) for case in alone]
    assert {case.number for case in made} == {body["number"] for body in said}


def test_a_query_with_a_second_value_is_a_mistake():
    wrong: Prepared[Case] = Prepared(lambda: Case.objects.filter(alias="K"), by="number")

    with pytest.raises(AssertionError):
        wrong.first("1")
