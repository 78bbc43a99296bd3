"""What the hall does when something happened elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from onedoor.accounts.rules import APPLICANT
from onedoor.hall import booked
from onedoor.hall.models import Booking
from onedoor.hall.services.booking import cancel_booking, forget
from onedoor.ledger.queries import Recorded


def on_account_closed(entry: Recorded, at: datetime) -> None:
    """Give back what somebody booked who closed their account, and forget who they were."""
    rows = Booking.objects.filter(citizen=UUID(entry.subject.removeprefix("citizen:")))
    for booking in rows.select_related(*booked.WITH):
        if booking.is_open and at < booking.start:
            cancel_booking(booking, by=APPLICANT, at=at)
    forget(rows)
