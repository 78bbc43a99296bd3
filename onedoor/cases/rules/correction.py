"""How long an applicant has to supply what a notice asked for (补正期限): the county says it.

No law sets it; the notice names the last day, which is still in time to its end.
"""

from __future__ import annotations

from collections.abc import Mapping

from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid

DAYS = 30
"""Working days, where the county says nothing."""


def read_limit(told: Mapping[str, object]) -> Limit:
    """Return the county's limit, or refuse it: whole working days from 1 to 365.

    >>> read_limit({"days": 15}).count
    15
    """
    days = told.get("days", DAYS)
    if not told.keys() <= {"days"} or type(days) is not int or not 1 <= days <= 365:
        raise NotValid(
            "county.correction",
            "县的设定里 [correction] 只写 days，值是 1 到 365 的整数（工作日）。",
        )
    return Limit(days, LimitUnit.WD)
