"""Departments as a list names them (部门) become units of the centre, one per name and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import ListedUnit
from onedoor.kernel.errors import Refusal

CODE_LIMIT, LAST_SEQUENCE = 64, 999


@dataclass
class Department:
    """A department of a file: its name there, and the first code given with it."""

    place: str
    name: str
    code: str = ""
    rows: list[int] = field(default_factory=list)


def match(departments: Iterable[Department]) -> dict[tuple[str, str], Organisation | None]:
    """Return the unit each department is, or ``None`` where it is not known yet.

    A unit known by another place's list is not taken: every district has its own 公安分局.
    """
    wanted = list(departments)
    names = {d.name for d in wanted}
    listed: dict[tuple[str, str], Organisation] = {}
    elsewhere: dict[object, set[str]] = {}
    for row in ListedUnit.objects.select_related("unit"):
        listed[row.division_code, row.name] = row.unit
        elsewhere.setdefault(row.unit_id, set()).add(row.division_code)
    by_word: dict[str, Organisation] = {}
    units = Organisation.objects.filter(
        Q(name__in=names) | Q(short_name__in=names) | Q(code__in=names)
    )
    for unit in units.order_by("sequence"):
        for word in (unit.name, unit.short_name, unit.code):
            if word:
                by_word.setdefault(word, unit)
    found: dict[tuple[str, str], Organisation | None] = {}
    for each in wanted:
        unit_or_none = listed.get((each.place, each.name))
        if unit_or_none is None and (guess := by_word.get(each.name)) is not None:
            places = elsewhere.get(guess.pk, set())
            if not each.place or not places or each.place in places:
                unit_or_none = guess
        found[each.place, each.name] = unit_or_none
    return found


def free_sequences() -> Iterator[int]:
    """Yield the numbers no unit has, lowest first; a case number has three digits for them."""
    used = set(Organisation.objects.values_list("sequence", flat=True))
    yield from (number for number in range(1, LAST_SEQUENCE + 1) if number not in used)
    raise Refusal(
        "catalogue.too_many_units",
        "部门已满 %(most)s 个，编号用完了。请先合并重复的部门。",
        most=LAST_SEQUENCE,
    )


def create(
    departments: Iterable[Department], known: dict[tuple[str, str], Organisation | None]
) -> dict[tuple[str, str], Organisation]:
    """Make units of departments not known yet, and note under what name the list has them."""
    free = free_sequences()
    wanted = list(departments)
    codes = {d.code for d in wanted}
    taken = set(Organisation.objects.filter(code__in=codes).values_list("code", flat=True))
    units: dict[tuple[str, str], Organisation] = {}
    fresh: list[Organisation] = []
    for each in wanted:
        unit = known[each.place, each.name]
        if unit is None:
            sequence = next(free)
            code = each.code if each.code and each.code not in taken else ""
            code = code or f"{each.place or 'unit'}-{sequence}"
            taken.add(code)
            unit = Organisation(
                code=code[:CODE_LIMIT], name=each.name, kind="bureau", sequence=sequence
            )
            fresh.append(unit)
        units[each.place, each.name] = unit
    Organisation.objects.bulk_create(fresh, batch_size=500)
    ListedUnit.objects.bulk_create(
        [ListedUnit(division_code=p, name=n, unit=unit) for (p, n), unit in units.items()],
        batch_size=500,
        ignore_conflicts=True,
    )
    return units
