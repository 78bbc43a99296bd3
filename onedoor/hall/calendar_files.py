"""An appointment as a calendar file (iCalendar, RFC 5545): for the calendar of any telephone."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from onedoor.hall.models import Booking
from onedoor.hall.rules.bookings import OPEN, WITH_PLACE, Standing
from onedoor.hall.rules.slots import SLOT

AHEAD = timedelta(hours=2)


def of_booking(booking: Booking, address: str) -> bytes:
    """Return the file; taken again after a change it replaces the entry, cancelled it ends it."""
    from icalendar import Alarm, Calendar, Event  # only who takes a file pays for reading it

    group = booking.places.group
    event = Event()
    event.add("uid", f"{booking.number}@{urlsplit(settings.PUBLIC_URL).hostname or 'onedoor'}")
    event.add("dtstamp", booking.made_at)
    event.add("sequence", booking.version)
    event.add("dtstart", booking.start)
    event.add("dtend", booking.start + SLOT)
    event.add("summary", gettext("去办事：%(what)s") % {"what": group.name})
    event.add("location", f"{group.hall.name} {group.zone.name}")
    event.add(
        "description",
        gettext("预约号 %(number)s。提前 15 分钟到，签到就取号：%(address)s")
        % {"number": booking.number, "address": address},
    )
    event.add("url", address)
    event.add("status", _status(booking.standing))
    if booking.standing in WITH_PLACE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -AHEAD)
        alarm.add("description", gettext("去办事：%(what)s") % {"what": group.name})
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//OneDoor//hall//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _status(standing: Standing) -> str:
    if standing in (Standing.BOOKED, Standing.CHECKED_IN):
        return "CONFIRMED"
    return "TENTATIVE" if standing in OPEN else "CANCELLED"
