"""What may be asked of kiosks: which there are, and what somebody who stands there has today."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from onedoor.hall import booked
from onedoor.hall.models import Booking, Hall, Kiosk, Ticket
from onedoor.hall.queries import WITH
from onedoor.hall.rules.bookings import Standing
from onedoor.hall.rules.lifecycle import OPEN, State
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound


def find(hall: Hall, code: str) -> Kiosk:
    """Return a kiosk of a hall."""
    found = hall.kiosks.select_related("hall").filter(code=code).first()
    if found is None:
        raise NotFound("kiosk.none", "没有这台取号机。")
    return found


def calling_for_help(hall: Hall) -> list[Kiosk]:
    """Return the kiosks at which somebody wants help, who waits longest first."""
    return list(hall.kiosks.filter(help_at__isnull=False).order_by("help_at"))


def bookings_of(hall: Hall, mark: str, *, at: datetime) -> list[Booking]:
    """Return somebody's appointments of today, by their ID or telephone number."""
    booker = booked.booker_of(mark) if mark else None
    if booker is None:
        return []
    rows = booked.on_day(hall, day_of(at)).filter(booker=booker)
    return list(rows.filter(state__in=[Standing.BOOKED.value, Standing.CHECKED_IN.value]))


def tickets_of(hall: Hall, mark: str, *, at: datetime) -> list[Ticket]:
    """Return somebody's numbers of today that are still good: waiting, called, or missed once."""
    if not mark:
        return []
    by_card = Q(id_index=crypto.index_of(mark, purpose="ticket.id_number"))
    by_phone = Q(phone_index=crypto.index_of(mark, purpose="ticket.phone"), id_index="")
    good = Q(state__in=[each.value for each in OPEN]) | Q(state=State.SKIPPED.value, returns=0)
    rows = Ticket.objects.select_related(*WITH).filter(hall=hall, day=day_of(at))
    return list(rows.filter(by_card | by_phone).filter(good).order_by("issued_at"))
