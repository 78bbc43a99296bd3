"""The days a guide gives a step of the handling (环节时限): how many until the first opinion.

Basis: the steps of the item's guide (办理环节), each with who does it and in what time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onedoor.catalogue.rules.limits import LimitUnit

REVIEWS = ("审查", "审核", "初审")
"""What guides call the step that ends with the first opinion (初审意见)."""


def days_of_review(steps: Iterable[Mapping[str, Any]]) -> int | None:
    """Return within how many working days after acceptance a guide has the case reviewed.

    The steps before it count with it; nothing where the guide tells no such step, or a step in
    another unit than working days.

    >>> told = [{"name": n, "days": d, "unit": "WD"} for n, d in (("受理", 1), ("审查", 3))]
    >>> days_of_review(told), days_of_review(told[:1]), days_of_review([])
    (4, None, None)
    """
    count = 0
    for step in steps:
        if step.get("days") is None or step.get("unit") != LimitUnit.WD.value:
            return None
        count += int(step["days"])
        if any(word in str(step["name"]) for word in REVIEWS):
            return count or None
    return None
