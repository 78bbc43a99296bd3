"""Rows and limits without a database."""

from datetime import date

import pytest

from onedoor.catalogue import queries
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.limits import Limit, LimitUnit

ON = date(2026, 3, 5)
CELLS = {"code": "A-1", "name": "取水许可", "unit_name": "水务局", "item_type": "行政许可"}


def read(**cells):
    return read_row(2, CELLS | cells, names={}, types=queries.item_types(), on=ON)


@pytest.mark.parametrize(
    ("cells", "limit"),
    [
        ({}, None),
        ({"promised": "5个工作日"}, Limit(5, LimitUnit.WD)),
        ({"promised": "5"}, Limit(5, LimitUnit.WD)),
        ({"promised": "30", "promised_unit": "自然日"}, Limit(30, LimitUnit.ND)),
        ({"promised": "即办"}, Limit(0, LimitUnit.WD)),
        ({"kind": "即办件"}, Limit(0, LimitUnit.WD)),
    ],
)
def test_a_promise_is_read_in_any_of_its_spellings(cells, limit):
    row = read(**cells)

    assert isinstance(row, ItemRow)
    assert row.promised == limit
    assert row.statutory == Limit(20, LimitUnit.WD)
    assert row.deemed_acceptance


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"promised": "21"}, "catalogue.promise_exceeds_law"),
        ({"promised": "soon"}, "catalogue.not_a_limit"),
        ({"item_type": "20", "promised": "5"}, "catalogue.limit_unit"),
        ({"fee": "12.345"}, "catalogue.not_an_amount"),
        ({"is_fee": "是"}, "catalogue.fee_missing"),
        ({"is_fee": "否", "fee": "5"}, "catalogue.fee_contradicts"),
        ({"visits": "-1"}, "catalogue.not_a_count"),
        ({"is_online": "也许"}, "catalogue.not_yes_or_no"),
        ({"kind": "其他"}, "catalogue.unknown_word"),
    ],
)
def test_what_cannot_be_meant_is_a_fault_with_its_reason(cells, code):
    row = read(**cells)

    assert isinstance(row, RowFault)
    assert [fault.code for fault in row.reasons] == [code]


def test_the_digest_is_of_what_the_row_says_not_of_where_it_stands():
    first, other = read(), read(name="另一件")
    assert isinstance(first, ItemRow)
    assert isinstance(other, ItemRow)
    again = read_row(9, CELLS, names={}, types=queries.item_types(), on=ON)

    assert isinstance(again, ItemRow)
    assert first.content_digest() == again.content_digest() != other.content_digest()
