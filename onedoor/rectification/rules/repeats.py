"""Found again (屡审屡犯): the same unit and the same kind of problem, in a later audit.

Within how many months is a place's own rule; twice in one audit is two findings, not a relapse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from onedoor.rectification.rules.limits import months_later


class Kind(NamedTuple):
    """What kind of problem something is; the finer word decides where both have one."""

    category: str
    subcategory: str = ""

    def is_same(self, other: Kind) -> bool:
        """Say whether two problems are of one kind; one without a category is of none.

        >>> Kind("政务服务", "窗口").is_same(Kind("政务服务", "收费"))
        False
        >>> Kind("政务服务", "窗口").is_same(Kind("政务服务"))
        True
        >>> Kind("").is_same(Kind(""))
        False
        """
        if self.subcategory and other.subcategory:
            return self.subcategory == other.subcategory
        return bool(self.category) and self.category == other.category


class Seen(NamedTuple):
    """A finding of the same unit, as far as the rule asks."""

    number: str
    project: str
    found_on: date
    kind: Kind


def repeated(now: Seen, earlier: Iterable[Seen], *, months: int) -> Seen | None:
    """Return the latest earlier finding that this one repeats, if there is one.

    >>> told = Seen("ZG2025-00001", "a", date(2025, 3, 6), Kind("收费"))
    >>> repeated(Seen("ZG2026-00001", "b", date(2026, 3, 6), Kind("收费")), [told], months=12)
    Seen(number='ZG2025-00001', project='a', found_on=datetime.date(2025, 3, 6), \
kind=Kind(category='收费', subcategory=''))
    >>> repeated(Seen("ZG2026-00001", "b", date(2026, 3, 7), Kind("收费")), [told], months=12)
    >>> repeated(Seen("ZG2025-00002", "a", date(2025, 3, 6), Kind("收费")), [told], months=12)
    """
    same = [
        each
        for each in earlier
        if each.project != now.project
        and each.kind.is_same(now.kind)
        and each.found_on <= now.found_on <= months_later(each.found_on, months)
    ]
    return max(same, key=lambda each: (each.found_on, each.number), default=None)
