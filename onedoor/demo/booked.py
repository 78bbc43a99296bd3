"""The demo's appointments: who comes on the next days, a half hour that is full, a roster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from onedoor.accounts.models import Person
from onedoor.accounts.rules import APPLICANT, CENTRE, Actor, Holding, Role
from onedoor.calendar.queries import working_days
from onedoor.hall import booked, hours, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Booking, Group, Hall
from onedoor.hall.rules.opening import Opening
from onedoor.hall.services.booking import Asked
from onedoor.kernel.clock import day_of

NAMES = ("李示例", "王样例", "杨示例", "普样例", "张示例", "马样例", "白示例", "赵样例")
LETTERS = "AFHM"
EACH, WAITING = 3, 2
AHEAD = timedelta(days=9)
NOON = (2, 6, 9, 12, 13, 15, 23, 30)
"""Windows that are manned from twelve to two as well."""
UNMANNED = 13
"""On the second day nobody stays there: a gap for the duty manager to see."""


def play(actors: Mapping[str, Actor], *, at: datetime) -> None:
    """Book half hours of the coming days and plan who sits where, unless that was done."""
    place = Hall.objects.order_by("code").first()
    if place is None or Booking.objects.filter(places__group__hall=place).exists():
        return
    count = 0
    for letter in LETTERS:
        count = _book(queries.group(place, letter), count, at=at)
    _fill(queries.group(place, "H"), at=at)
    manager = next((a for a in actors.values() if a.holds(Role.DUTY)), None)
    if manager is not None:
        _roster(place, actors, manager, at=at)


def _asked(group: Group, start: datetime, count: int) -> Asked:
    name, phone = NAMES[count % len(NAMES)], f"1380002{count:04d}"
    return Asked(group, start, name=name, phone=phone)


def _book(group: Group, count: int, *, at: datetime) -> int:
    """Book some of the coming half hours, and the weekend's first."""
    free = _free(group, at)
    chosen = [each for each in free if not each.slot.is_confirmed_first][2 : 4 * EACH : 4]
    chosen += [each for each in free if each.slot.is_confirmed_first][:1]
    for each in chosen:
        hall.book(_asked(group, each.start, count), by=APPLICANT, at=at)
        count += 1
    return count


def _fill(group: Group, *, at: datetime) -> None:
    """Let a half hour be full, and some wait for it."""
    offer = next(each for each in _free(group, at) if not each.slot.is_confirmed_first)
    for n in range(offer.left):
        hall.book(_asked(group, offer.start, 100 + n), by=APPLICANT, at=at)
    for n in range(WAITING):
        hall.queue(_asked(group, offer.start, 200 + n), by=APPLICANT, at=at)


def _free(group: Group, at: datetime) -> list[booked.Offer]:
    first = day_of(at) + timedelta(days=1)
    found = booked.offers(group, first=first, last=first + AHEAD, at=at)
    return [each for each in found if each.left > 0]


def _roster(place: Hall, actors: Mapping[str, Actor], by: Actor, *, at: datetime) -> None:
    desk = Holding(Role.DESK, CENTRE)
    ids = [a.person_id for a in actors.values() if a.person_id and desk in a.holdings]
    people = list(Person.objects.filter(pk__in=ids).order_by("username"))
    windows = list(place.windows.all())
    day = day_of(at)
    for which in range(2):
        day = working_days().next_working_day(day + timedelta(days=1))
        for window, person in zip(windows, people, strict=False):
            stays = window.number in NOON and not (which and window.number == UNMANNED)
            _duty(place, window.number, person, day, stays=stays, by=by, at=at)


def _duty(
    place: Hall, number: int, person: Person, day: date, *, stays: bool, by: Actor, at: datetime
) -> None:
    window = queries.window(place, number)
    for span in hours.opened(place, day).spans:
        if span.kind is Opening.NOON and not stays:
            continue
        start, end = time(span.start.hour), time(span.end.hour)
        hall.put_on_duty(window, person, day, start, end, by=by, at=at)
