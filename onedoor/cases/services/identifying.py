"""Giving a licence its identifier: a number for its kind, and a version for each renewal."""

from __future__ import annotations

from onedoor.cases.models import Case, Licence, LicenceKind
from onedoor.cases.rules.licence_ids import HIGHEST, Identifier, kind_of
from onedoor.ledger import numbers as series


def identifier_of(case: Case, *, follows: Licence | None) -> Identifier | None:
    """Return the identifier of what a case grants; none where the unit's code cannot be part of it.

    A renewal keeps the serial and is the next version.
    """
    kind = _kind(case)
    if not kind:
        return None
    first, version = case.number, 1
    while follows is not None:
        first, version, follows = follows.number, version + 1, follows.follows
    if version > HIGHEST:
        return None
    return Identifier(kind, case.unit.code, first, version)


def _kind(case: Case) -> str:
    """Return the code of the item's kind of licence, and enter it where it is the first of it."""
    kept = LicenceKind.objects.filter(item=case.item_id).first()
    if kept is None:
        number = series.take_within(
            f"licence-kind-{case.unit_id}", highest_used=lambda: _highest(case), block=1
        )
        code = kind_of(case.unit.code, number)
        row = LicenceKind(item_id=case.item_id, unit_id=case.unit_id, number=number, code=code)
        LicenceKind.objects.bulk_create([row], ignore_conflicts=True)
        kept = LicenceKind.objects.get(item=case.item_id)
    return kept.code


def _highest(case: Case) -> int:
    rows = LicenceKind.objects.filter(unit=case.unit_id).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0
