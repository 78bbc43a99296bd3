"""Working days for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from onedoor.calendar import queries
from onedoor.kernel.errors import NotValid

router = Router(tags=["calendar"])
LONGEST = 366


class DayOut(Schema):
    day: date
    is_working: bool
    is_confirmed: bool
    name: str


@router.get("/days", response=list[DayOut], operation_id="list_days", summary="工作日")
def days(request: HttpRequest, first: date, last: date) -> list[DayOut]:
    """Read which days are worked, a year at most; without a notice a year is not confirmed."""
    count = (last - first).days + 1
    if not 1 <= count <= LONGEST:
        raise NotValid(
            "calendar.range",
            "一次最多查 %(most)s 天，且结束不早于开始。",
            field="last",
            most=LONGEST,
        )
    calendar = queries.working_days()
    found = []
    for number in range(first.toordinal(), first.toordinal() + count):
        day = date.fromordinal(number)
        special = calendar.special(day)
        found.append(
            DayOut(
                day=day,
                is_working=calendar.is_working_day(day),
                is_confirmed=calendar.is_confirmed(day),
                name=special.name if special else "",
            )
        )
    return found
