"""What the board of a zone shows at a moment: a snapshot with its sequence number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import gettext

from onedoor.hall import queries
from onedoor.hall.models import Hall, Ticket, Window, Zone
from onedoor.hall.queries import Row
from onedoor.hall.rules.lifecycle import AT_WINDOW
from onedoor.hall.rules.lifecycle import State as TicketState
from onedoor.hall.rules.words import WindowState
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.errors import NotFound

NEXT_MS, STALE_MS = 1000, 20_000
STAYS = timedelta(seconds=60)
"""A call stays on the board at least so long."""
LISTED, MISSED = 8, 12


class Call(NamedTuple):
    """Who was called to which window; newest first on the board."""

    number: str
    window: int
    at: datetime
    calls: int


class State(NamedTuple):
    """What a board shows. ``sequence`` grows with every change and never goes back."""

    sequence: int
    called: tuple[Call, ...]
    missed: tuple[str, ...]
    rows: tuple[Row, ...]
    paused: tuple[Window, ...]
    message: str
    is_muted: bool


def zone(hall: Hall, code: str) -> Zone:
    """Return a zone of a hall by its code."""
    found = hall.zones.select_related("hall").filter(code=code[:20]).first()
    if found is None:
        raise NotFound("hall.no_zone", "没有这个区。")
    return found


def state(zone: Zone, *, at: datetime) -> State:
    """Return what a zone's board shows; a call younger than a minute is always there."""
    day = day_of(at)
    today = Ticket.objects.filter(hall=zone.hall_id, day=day)
    here = today.filter(window__zone=zone, called_at__isnull=False)
    calls = here.order_by("-called_at", "number").values_list(
        "number", "window__number", "called_at", "calls", "state"
    )
    called = [
        Call(number, window, called_at, count)
        for place, (number, window, called_at, count, stands) in enumerate(calls[:60])
        if called_at is not None
        and (
            called_at > at - STAYS
            or (place < LISTED and stands in {each.value for each in AT_WINDOW})
        )
    ]
    missed = today.filter(group__zone=zone, state=TicketState.SKIPPED.value)
    paused = zone.windows.filter(state=WindowState.PAUSED.value)
    return State(
        _sequence(zone.hall, day),
        tuple(called),
        tuple(missed.order_by("-called_at").values_list("number", flat=True)[:MISSED]),
        tuple(row for row in queries.rows_of(zone.hall, at=at) if row.group.zone_id == zone.pk),
        tuple(paused),
        zone.message,
        zone.is_muted,
    )


def pause_told(window: Window) -> str:
    """Return what the board says of a window that pauses: why, and when it calls again."""
    facts = {"n": window.number, "why": gettext(window.paused_for.zh) if window.paused_for else ""}
    if window.back_at is None:
        return gettext("%(n)s 号窗口暂停（%(why)s）") % facts
    facts["t"] = f"{local(window.back_at):%H:%M}"
    return gettext("%(n)s 号窗口暂停（%(why)s），%(t)s 回来") % facts


def _sequence(hall: Hall, day: date) -> int:
    """Return how many steps tickets of the day and windows have taken: it only grows."""
    tickets = Ticket.objects.filter(hall=hall, day=day).aggregate(n=Sum("version"))["n"] or 0
    windows = Window.objects.filter(hall=hall).aggregate(n=Sum("version"))["n"] or 0
    zones = Zone.objects.filter(hall=hall).aggregate(n=Sum("version"))["n"] or 0
    return int(tickets) + int(windows) + int(zones)
