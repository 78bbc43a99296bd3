"""How long the files of an item are kept, read from the county's table, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onedoor.archive.rules.words import Retention
from onedoor.kernel.errors import NotValid

_READ: dict[object, Retention] = {
    10: Retention.TEN,
    30: Retention.THIRTY,
    "permanent": Retention.PERMANENT,
}


@dataclass(frozen=True)
class Table:
    """The county's table: of single items, else of a type of item, else of all."""

    fonds: str
    others: Retention
    types: Mapping[str, Retention]
    items: Mapping[str, Retention]

    def of(self, *, item: str, item_type: str) -> Retention:
        """Return how long the files of an item are kept."""
        return self.items.get(item) or self.types.get(item_type) or self.others


def read_table(told: Mapping[str, object]) -> Table:
    """Return the table a file states, or refuse it.

    >>> table = read_table({"fonds": "A001", "source": "…", "others": 10, "types": {"01": 30}})
    >>> table.of(item="x", item_type="01").zh, table.of(item="x", item_type="20").zh
    ('30年', '10年')
    """
    fonds, source = told.get("fonds"), told.get("source")
    if not (isinstance(fonds, str) and fonds.isascii() and fonds.isalnum() and source):
        raise NotValid("archive.no_fonds", "归档表要写 fonds（全宗号）和 source（出处）。")
    types, items = (_read_part(told.get(key, {})) for key in ("types", "items"))
    return Table(fonds, _retention(told.get("others")), types, items)


def _read_part(part: object) -> dict[str, Retention]:
    if not isinstance(part, Mapping):
        raise _unread()
    return {str(key): _retention(value) for key, value in part.items()}


def _retention(value: object) -> Retention:
    for years, retention in _READ.items():
        if type(value) is type(years) and value == years:
            return retention
    raise _unread()


def _unread() -> NotValid:
    return NotValid("archive.retention", '保管期限只写 10、30 或 "permanent"。')


def kept_until(closed_on: date, retention: Retention) -> date | None:
    """Return the last day a file is kept: the years run from the first of January after.

    >>> kept_until(date(2026, 3, 6), Retention.TEN)
    datetime.date(2036, 12, 31)
    """
    years = retention.years
    return date(closed_on.year + years, 12, 31) if years else None


def file_number(fonds: str, year: int, retention: Retention, unit: int, serial: int) -> str:
    """Return the number of a file (档号): fonds, category, year, retention, unit, serial.

    >>> file_number("K001", 2026, Retention.TEN, 2, 17)
    'K001-ZWFW-2026-D10-002-00017'
    """
    return f"{fonds}-ZWFW-{year}-{retention.value}-{unit:03d}-{serial:05d}"
