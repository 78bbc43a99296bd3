"""Telling somebody by text message how their appointment stands."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from onedoor.hall.models import Booking
from onedoor.hall.rules.bookings import Standing
from onedoor.kernel.clock import local
from onedoor.messages import services as outbox
from onedoor.messages.rules import Topic

TOPICS = {
    Standing.BOOKED: Topic.BOOKED,
    Standing.TO_CONFIRM: Topic.BOOKING_ASKED,
    Standing.DECLINED: Topic.BOOKING_DECLINED,
}


def tell(booking: Booking, token: str, *, at: datetime) -> bool:
    """Write down the message of this state, once; none where the state is no news."""
    topic = TOPICS.get(booking.standing)
    if topic is None or not booking.phone:
        return False
    facts = {
        "item": booking.places.group.name,
        "alias": booking.number,
        "due": f"{local(booking.places.start):%m月%d日 %H:%M}",
        "address": settings.PUBLIC_URL + reverse("hall:booking", args=[token]),
    }
    key = f"{booking.subject}:{booking.version}"
    return outbox.tell(
        topic, phone=str(booking.phone), facts=facts, about=booking.subject, key=key, at=at
    )
