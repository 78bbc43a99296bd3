"""Which needs of the table the facts of a case meet, beside what whoever acts writes down."""

from __future__ import annotations

from datetime import date

from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Need
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.rules.limits import LimitUnit


def longest_extension(case: Case) -> int:
    """Return how many working days the law of this item lets its limit be extended by."""
    limit = case.item_version.statutory
    if limit is None or limit.unit is not LimitUnit.WD or limit.count == 0:
        return 0
    found = catalogue.item_types().by_code.get(case.item_version.item_type)
    return found.extension_days if found else 0


def of_extension(case: Case, *, on: date) -> frozenset[Need]:
    """Return what holds for extending the case on that day; the last day is still in time."""
    met = set()
    if longest_extension(case):
        met.add(Need.EXTENDABLE)
    if case.extension is None:
        met.add(Need.NOT_EXTENDED)
    if case.statutory_due_on is not None and on <= case.statutory_due_on:
        met.add(Need.IN_TIME)
    return frozenset(met)
