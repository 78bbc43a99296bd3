"""By when a bad rating is called back and answered: the county's own limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid

CHANGE = timedelta(hours=24)
"""So long the one who rated may change it, once."""


@dataclass(frozen=True)
class FeedbackRules:
    """Working days from the rating to the call, to the answer, and to the answer if complex."""

    call: Limit
    answer: Limit
    complex: Limit


def read_rules(told: Mapping[str, object]) -> FeedbackRules:
    """Return the limits a county's file states, or refuse it.

    >>> read_rules({}).answer.count
    5
    """
    days = [told.get(f"{name}_days", usual) for name, usual in _USUAL.items()]
    call, answer, most = (n if type(n) is int else 0 for n in days)
    if not 1 <= call <= answer <= most <= 60:
        raise NotValid(
            "feedback.limits",
            "好差评的期限写 call_days、answer_days、complex_days（工作日，一个比一个长）。",
        )
    basis = str(told.get("basis", "国办发〔2019〕51号，天数由县里定"))
    return FeedbackRules(*(Limit(n, LimitUnit.WD, basis) for n in (call, answer, most)))


_USUAL = {"call": 1, "answer": 5, "complex": 15}


def may_change(rated_at: datetime, changed_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a rating may still be changed: once, within a day.

    >>> noon = datetime(2026, 3, 6, 12)
    >>> may_change(noon, None, at=noon + CHANGE), may_change(noon, noon, at=noon)
    (True, False)
    """
    return changed_at is None and at <= rated_at + CHANGE
