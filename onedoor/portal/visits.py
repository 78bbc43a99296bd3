"""Visits of the hall as the public rates them: the hall serves, ``feedback`` keeps what is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from onedoor.accounts.models import Organisation, Post
from onedoor.feedback import queries as feedback
from onedoor.feedback.services import Served
from onedoor.hall.models import Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.kernel.clock import at_local, end_of


def served(ticket: Ticket) -> Served:
    """Return what is rated of a visit: nothing yet, unless a window served it to its end.

    It is the unit of whoever served that is rated, and that a bad rating is put before.
    """
    return Served(
        number=ticket.subject.removeprefix("ticket:"),
        unit_id=_Posts([ticket.clerk_id]).unit_of(ticket.clerk_id, ticket.day),
        served_at=_ended(ticket),
        about=_about(ticket),
        phone=ticket.phone,
    )


def _ended(ticket: Ticket) -> datetime | None:
    is_served = ticket.standing is State.DONE and ticket.started_at is not None
    return ticket.ended_at if is_served else None


def _about(ticket: Ticket) -> str:
    version = ticket.item.current_version if ticket.item else None
    name = version.name if version else gettext(ticket.group.name)
    return f"{ticket.number} {name}"


def figures(*, first: date, last: date) -> list[feedback.Row]:
    """Return how the visits that ended in these days were rated, by unit; four statements.

    Who said nothing is a figure of its own.
    """
    ended = _served().filter(ended_at__gte=at_local(first), ended_at__lt=end_of(last))
    counted = list(ended.values_list("clerk", "day").annotate(n=Count("pk")).order_by())
    posts = _Posts(clerk for clerk, _, _ in counted)
    by_unit: dict[UUID, int] = {}
    for clerk, day, count in counted:
        unit = posts.unit_of(clerk, day)
        by_unit[unit] = by_unit.get(unit, 0) + count
    return feedback.visit_figures(by_unit, first=first, last=last)


def _served() -> QuerySet[Ticket]:
    return Ticket.objects.filter(state=State.DONE.value, started_at__isnull=False)


class _Posts:
    """In which unit people worked on which day; one statement."""

    def __init__(self, people: Iterable[UUID | None]) -> None:
        rows = Post.objects.filter(person__in={each for each in people if each})
        self._rows: dict[UUID | None, list[tuple[date, date | None, UUID]]] = {}
        for person, first, last, unit in rows.order_by("first_on").values_list(
            "person", "first_on", "last_on", "organisation"
        ):
            self._rows.setdefault(person, []).append((first, last, unit))

    def unit_of(self, person: UUID | None, on: date) -> UUID:
        """Return the unit of the post held on that day; the centre's own where there is none."""
        held = [
            unit
            for first, last, unit in self._rows.get(person, ())
            if first <= on and (last is None or on <= last)
        ]
        return held[-1] if held else _centre()


def _centre() -> UUID:
    return Organisation.objects.order_by("sequence").values_list("pk", flat=True)[0]
