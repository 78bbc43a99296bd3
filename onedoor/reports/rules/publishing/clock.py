"""By when information must be public, and what may be said of a day no notice reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.reports.rules.publishing.words import Urgency


@dataclass(frozen=True)
class Due:
    """The last day in time; provisional where a year it reaches has no notice yet."""

    on: date
    is_provisional: bool
    days_left: int
    """Working days from today to it; negative: so many working days late."""

    def urgency(self, soon: int) -> Urgency:
        if self.days_left < 0:
            return Urgency.OVERDUE
        return Urgency.SOON if self.days_left <= soon else Urgency.IN_TIME


def due(formed_on: date, *, within: int, on: date, calendar: WorkingDays) -> Due:
    """Return by when information made or changed on a day must be public; that day not counted.

    Basis: 政府信息公开条例 26.
    """
    last = calendar.day_with_ordinal(calendar.ordinal(formed_on) + within)
    return Due(
        last,
        is_provisional=not calendar.is_confirmed_between(formed_on, last),
        days_left=calendar.ordinal(last) - calendar.ordinal(on),
    )
