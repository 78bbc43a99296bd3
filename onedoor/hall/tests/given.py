"""Builders: a hall of three windows, people who take numbers, clerks who sit down."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from onedoor.accounts.rules import APPLICANT, Actor
from onedoor.cases.tests import given
from onedoor.hall import queries
from onedoor.hall import services as hall
from onedoor.hall.models import Hall, Ticket, Window
from onedoor.hall.rules.words import Channel, Priority
from onedoor.hall.services import Taken, Wanted

AT = given.FRIDAY
DAY = date(2026, 3, 6)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

TABLE: dict[str, Any] = {
    "code": "test",
    "name": "测试大厅",
    "zone": [{"code": "one", "name": "一楼"}],
    "group": [
        {"letter": "A", "name": "综合", "zone": "one", "minutes": 10, "general": True},
        {"letter": "F", "name": "企业", "zone": "one", "minutes": 15, "units": ["市监局"]},
        {"letter": "S", "name": "出件", "zone": "one", "minutes": 4},
    ],
    "window": [
        {"number": 1, "zone": "one", "main": "A", "helping": "F"},
        {"number": 2, "zone": "one", "main": "AF"},
        {"number": 3, "zone": "one", "kind": "pickup", "main": "S"},
    ],
}

CLERK, CLERK2, DUTY, GUIDE = "clerk", "clerk2", "duty", "guide"


def hall_of() -> Hall:
    """Return the hall of the tests; set up on first use."""
    return hall.set_hall(TABLE, by=given.actor("admin"), at=AT - timedelta(hours=2))


def window(number: int) -> Window:
    return queries.window(queries.hall("test"), number)


def sits(number: int, username: str, *, at: datetime = AT - 30 * MINUTE) -> Window:
    """Let somebody sit down at a window."""
    return hall.open_window(window(number), by=given.actor(username), at=at)


def taken(letter: str = "A", *, at: datetime = AT, by: Actor = APPLICANT, **more: Any) -> Taken:
    """Let somebody take a number."""
    more = {"channel": Channel.KIOSK, "priority": Priority.ORDINARY} | more
    group = queries.group(queries.hall("test"), letter)
    return hall.take(Wanted(group, **more), hall.reserve(group, at=at), by=by, at=at)


def ticket(letter: str = "A", **more: Any) -> Ticket:
    return taken(letter, **more).ticket


def again(ticket: Ticket) -> Ticket:
    """Return a ticket as it is now."""
    return queries.ticket(ticket.hall, ticket.number, day=ticket.day)


_next = iter(range(1, 1_000_000))


def called(number: int = 1, username: str = CLERK, *, at: datetime = AT) -> Ticket:
    """Let a window call whoever is next."""
    found = hall.call_next(window(number), key=f"k{next(_next)}", by=given.actor(username), at=at)
    assert found is not None
    return found
