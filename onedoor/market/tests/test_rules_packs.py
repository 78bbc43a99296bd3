"""Packs: what is read, what is refused with its place, what differs between two."""

from datetime import date

import pytest

from onedoor.kernel.errors import NotValid, Refusal
from onedoor.market.rules.changes import diff
from onedoor.market.rules.packs import Period, check_period
from onedoor.market.rules.reading import read_pack
from onedoor.market.rules.rulebook import in_force, unlisted
from onedoor.market.rules.words import Channel, ServiceClass
from onedoor.market.tests.packs import BOOK, TEXT


def test_the_countys_rules_are_read_with_their_basis():
    threshold = BOOK.threshold(ServiceClass.DESIGN)

    assert threshold is not None
    assert threshold.amount == 100_000_000
    for table in (BOOK.items, BOOK.thresholds, BOOK.methods, BOOK.limits, BOOK.weights):
        assert all(getattr(row, "basis", "") for row in table)
    assert BOOK.basis(Channel.REQUIRED)
    assert BOOK.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('title = "', 'titel = "', "titel"),
        ("first_on = 2026-01-01", "first_on = 2027-01-01", "last_on"),
        ("first_on = 2026-01-01", 'first_on = "2026-01-01"', "first_on"),
        ('class = "design"', 'class = "drawing"', "class"),
        ('amount = "1000000"', "amount = 1000000", "amount"),
        ('code = "S05"', 'code = "S04"', "S04"),
        ("registrants = 3", "registrants = 0", "registrants"),
        ('funding = ["fiscal", "state", "social"]', "funding = []", "funding"),
        ('method = "draw"', 'method = "dice"', "method"),
        ('limit = "award"\ndays = 1', 'limit = "award"\ndays = true', "days"),
        ("scope = true", 'scope = "yes"', "scope"),
        ("[[weight]]", "[weight]", ""),
        ('channel = "free"', 'channel = "tender"', "free"),
        ("[[weight]]", "[[unknown]]", "unknown"),
    ],
)
def test_a_wrong_place_is_named(old, new, where):
    assert old in TEXT
    with pytest.raises(NotValid) as refused:
        read_pack(TEXT.replace(old, new))

    assert refused.value.code == "market.pack"
    assert where in str(refused.value.data)


@pytest.mark.parametrize("text", ["", "a = ", "x" * 1_000_001], ids=["empty", "broken", "large"])
def test_what_is_no_pack_is_refused(text):
    with pytest.raises(NotValid):
        read_pack(text)


def test_a_wrong_credit_code_or_amount_is_refused():
    for old, new in (("11532502DEM0000149", "11532502DEM0000148"), ('"300000"', '"30万"')):
        with pytest.raises(NotValid):
            read_pack(TEXT.replace(old, new))


def test_what_differs_is_said_row_by_row():
    changed = TEXT.replace('limit = "300000"', 'limit = "400000"')
    changed = changed.replace('name = "资产评估"', 'name = "资产价格评估"')

    found = {(row.what, row.key): (row.before, row.after) for row in diff(BOOK, read_pack(changed))}

    assert found[("book", "procurement_limit")] == ("300000元", "400000元")
    assert found[("items", "S20")][1].startswith("S20；资产价格评估")
    assert len(found) == 2
    assert diff(BOOK, BOOK) == []
    assert len(diff(None, BOOK)) > len(BOOK.units)


def test_a_unit_of_the_register_that_the_list_leaves_out_is_reported():
    known = {"11532502DEM0000149": "政务局", "11532502DEM0099999": "漏掉的局"}

    assert unlisted(BOOK, known, on=date(2026, 3, 6)) == [("11532502DEM0099999", "漏掉的局")]


def test_the_rules_of_a_day_are_those_of_its_period():
    assert in_force([BOOK], on=date(2026, 12, 31)) is BOOK
    assert in_force([BOOK], on=date(2027, 1, 1)) is None


YEAR, NEXT = (Period(date(y, 1, 1), date(y, 12, 31)) for y in (2026, 2027))


@pytest.mark.parametrize(
    ("new", "today", "code"),
    [
        (NEXT, date(2026, 12, 1), ""),
        (YEAR, date(2025, 12, 31), ""),
        (YEAR, date(2026, 1, 1), "market.period_running"),
        (Period(date(2026, 7, 1), date(2026, 12, 31)), date(2026, 3, 6), "market.period_running"),
        (Period(date(2026, 7, 1), date(2027, 6, 30)), date(2025, 3, 6), "market.period_overlaps"),
    ],
)
def test_rules_of_a_period_that_runs_are_not_changed(new, today, code):
    if not code:
        check_period(new, [YEAR], today=today)
        return
    with pytest.raises(Refusal) as refused:
        check_period(new, [YEAR], today=today)
    assert refused.value.code == code
