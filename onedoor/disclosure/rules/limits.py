"""By when a decision has to be public, read from the national pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid


@dataclass(frozen=True)
class Rules:
    """How long the office has in all, and how long it looks before the list shows a decision."""

    within: Limit
    looks: Limit


def read_rules(told: Mapping[str, object]) -> Rules:
    """Return the limits a file states, or refuse it.

    >>> read_rules({"within": 7, "looks": 1, "source": "…"}).within.count
    7
    """
    within, looks, source = (told.get(key) for key in ("within", "looks", "source"))
    if (
        type(within) is not int
        or type(looks) is not int
        or not 0 <= looks < within <= 60
        or not isinstance(source, str)
        or not source
    ):
        raise NotValid(
            "disclosure.limits",
            "公示期限写 within、looks（工作日，looks 更短）和 source（出处）。",
        )
    return Rules(Limit(within, LimitUnit.WD, source), Limit(looks, LimitUnit.WD))
