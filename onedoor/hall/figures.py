"""The figures of a day by group and by hour, and the tickets each of them counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from onedoor.hall import queries
from onedoor.hall.models import Hall, Ticket
from onedoor.hall.rules.figures import Figures, Visit, figures_of
from onedoor.kernel.clock import local

COLUMNS = ("state", "issued_at", "first_called_at", "started_at", "ended_at")


class Line(NamedTuple):
    """A row of the table: what it counts, and how its tickets are asked for."""

    name: str
    query: str
    figures: Figures


def tickets(
    hall: Hall, day: date, *, letter: str = "", hour: str = "", box: str = ""
) -> QuerySet[Ticket]:
    """Return the tickets a figure counts, in the order in which they were taken."""
    found = Ticket.objects.select_related(*queries.WITH).filter(hall=hall, day=day)
    if letter:
        found = found.filter(letter=letter[:1])
    if hour.isdigit():
        found = found.filter(pk__in=[t.pk for t in found if local(t.issued_at).hour == int(hour)])
    if box:
        found = found.filter(state=box[:8])
    return found.order_by("issued_at", "number")


def whole(hall: Hall, day: date) -> Figures:
    """Return the figures of a day."""
    return figures_of(_visits(tickets(hall, day)))


def by_group(hall: Hall, day: date) -> list[Line]:
    """Return the figures of each group that had a ticket."""
    names = {group.letter: group.name for group in hall.groups.all()}
    return _lines(
        hall, day, lambda t: t.letter, "letter", lambda key: f"{key} {names.get(key, '')}"
    )


def by_hour(hall: Hall, day: date) -> list[Line]:
    """Return the figures of the tickets taken in each hour."""
    return _lines(
        hall, day, lambda t: f"{local(t.issued_at).hour:02d}", "hour", lambda key: f"{key}:00"
    )


def _lines(
    hall: Hall,
    day: date,
    key: Callable[[Ticket], str],
    asked: str,
    named: Callable[[str], str],
) -> list[Line]:
    found: dict[str, list[Ticket]] = {}
    for ticket in tickets(hall, day):
        found.setdefault(key(ticket), []).append(ticket)
    return [
        Line(named(each), f"{asked}={each}", figures_of(map(_visit, rows)))
        for each, rows in sorted(found.items())
    ]


def _visits(rows: QuerySet[Ticket]) -> list[Visit]:
    return [Visit(*row) for row in rows.values_list(*COLUMNS)]


def _visit(ticket: Ticket) -> Visit:
    return Visit(*(getattr(ticket, column) for column in COLUMNS))
