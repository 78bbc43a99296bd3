"""Days as a file that any calendar reads (iCalendar, RFC 5545): whole days, a reminder each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse

BEFORE = timedelta(hours=-15)
"""A reminder rings at nine the morning before: a whole day begins at midnight."""


@dataclass(frozen=True)
class Day:
    """A day to remember: ``key`` stays when the day moves, so that a calendar moves it too."""

    key: str
    on: date
    title: str
    text: str = ""
    place: str = ""
    address: str = ""


def calendar_file(days: Iterable[Day], *, domain: str, at: datetime) -> bytes:
    """Return the days as a calendar file; the same key is the same event when it is read again."""
    # Loaded here: only who asks for such a file needs it.
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//OneDoor//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@{domain}")
        event.add("dtstamp", at)
        event.add("sequence", int(at.timestamp()))
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("transp", "TRANSPARENT")
        for name, value in (
            ("description", day.text),
            ("location", day.place),
            ("url", day.address),
        ):
            if value:
                event.add(name, value)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", day.title)
        alarm.add("trigger", BEFORE)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def as_response(content: bytes, *, name: str) -> HttpResponse:
    """Return a calendar file to be opened or kept."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
