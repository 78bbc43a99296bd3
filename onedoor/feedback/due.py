"""By which day something of the public's is done: counted from the day it came."""

from __future__ import annotations

from datetime import date, datetime

from onedoor.calendar import queries as calendar
from onedoor.cases.rules import clock
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel.clock import day_of


def due_on(since: datetime, limit: Limit) -> date:
    """Return the last day in time; the county states these limits in working days alone."""
    due = clock.due(day_of(since), limit, calendar=calendar.working_days())
    assert due.on is not None
    return due.on
