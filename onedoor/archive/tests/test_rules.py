"""How long files are kept, and what a table of retention must say."""

from datetime import date

import pytest

from onedoor.archive.rules.retention import kept_until, read_table
from onedoor.archive.rules.words import Retention
from onedoor.kernel.errors import Refusal

TABLE = {"fonds": "K001", "source": "县档案局", "others": 10}


@pytest.mark.parametrize(
    ("closed", "term", "until"),
    [
        (date(2026, 1, 1), Retention.TEN, date(2036, 12, 31)),
        (date(2026, 12, 31), Retention.THIRTY, date(2056, 12, 31)),
        (date(2026, 3, 6), Retention.PERMANENT, None),
    ],
)
def test_the_years_run_from_the_first_of_january_after(closed, term, until):
    assert kept_until(closed, term) == until


def test_an_item_of_its_own_goes_before_its_type_and_that_before_the_rest():
    table = read_table(TABLE | {"types": {"01": 30}, "items": {"a": "permanent"}})

    found = [table.of(item=i, item_type=t) for i, t in (("a", "01"), ("b", "01"), ("b", "20"))]

    assert found == [Retention.PERMANENT, Retention.THIRTY, Retention.TEN]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {**TABLE, "source": ""},
        {**TABLE, "fonds": "全宗"},
        {**TABLE, "others": 20},
        {**TABLE, "others": True},
        {**TABLE, "types": 30},
        {**TABLE, "items": {"a": "forever"}},
    ],
)
def test_a_table_that_cannot_be_read_is_refused(told):
    with pytest.raises(Refusal):
        read_table(told)
