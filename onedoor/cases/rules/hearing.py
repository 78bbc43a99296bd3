"""The dates of a hearing (听证), each with its article. Pure: no database, no clock."""

from __future__ import annotations

from datetime import date

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules import clock
from onedoor.catalogue.rules.limits import Limit, LimitUnit

ASK = Limit(5, LimitUnit.WD, "许可法47")
"""So long after being told may a hearing be asked for."""
HOLD = Limit(20, LimitUnit.WD, "许可法47")
"""So long after it was asked for it has to be held."""
NOTICE = Limit(7, LimitUnit.WD, "许可法48、82")
"""So long before it is held those concerned have to be told where and when."""
SURVEY = Limit(5, LimitUnit.WD, "许可法55")
"""So long after acceptance two of the staff have to come and inspect."""


def last_day(start: date, limit: Limit, *, calendar: WorkingDays) -> date:
    """Return the last day in time; the starting day does not count."""
    found = clock.due(start, limit, calendar=calendar).on
    assert found is not None
    return found


def first_day_to_hold(noticed_on: date, *, calendar: WorkingDays) -> date:
    """Return the first day on which a hearing announced that day may be held."""
    return last_day(noticed_on, NOTICE, calendar=calendar)
