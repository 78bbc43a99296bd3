"""What may be asked of appointments: which half hours are free, who comes, what one holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.citizens.models import Citizen
from onedoor.hall import hours
from onedoor.hall.models import Booker, Booking, Group, Hall, Places
from onedoor.hall.rules.bookings import LIFECYCLE, OPEN, BookingAction, Standing
from onedoor.hall.rules.slots import COUNTED, DAYS_AHEAD, Slot, capacity, is_bookable, slots_of
from onedoor.kernel import crypto
from onedoor.kernel.clock import at_local, day_of, end_of
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal

WITH = ("places__group__zone", "places__group__hall", "item__current_version", "ticket", "booker")


class Offer(NamedTuple):
    """A half hour that may be booked, and how many places are left in it."""

    slot: Slot
    capacity: int
    left: int

    @property
    def start(self) -> datetime:
        return self.slot.start


def offers(group: Group, *, first: date, last: date, at: datetime) -> list[Offer]:
    """Return the half hours of some days that may be booked now, the full ones among them."""
    days = hours.Days(group.hall, first, last)
    count = (last - first).days + 1
    slots = [
        slot
        for day in hours.next_days(first, count)
        for slot in slots_of(day, days.of(day, group).spans)
        if is_bookable(slot, at=at)
    ]
    return _counted(group, slots)


def _counted(group: Group, slots: Sequence[Slot]) -> list[Offer]:
    """Return slots with their places: those of their row, or as many as a row would get."""
    starts = [slot.start for slot in slots]
    rows = Places.objects.filter(group=group, start__in=starts)
    kept = {start: (most, taken) for start, most, taken in rows.values_list(*_COUNTS)}
    windows = hours.windows_for(group, [start for start in starts if start not in kept])
    found = []
    for slot in slots:
        fresh = capacity(windows.get(slot.start, 0), timedelta(minutes=group.minutes)), 0
        most, taken = kept.get(slot.start, fresh)
        if most:
            found.append(Offer(slot, most, most - taken))
    return found


_COUNTS = ("start", "capacity", "taken")


def offer_at(group: Group, start: datetime, *, at: datetime) -> Offer:
    """Return the half hour that begins then, or refuse: there is none, or it is not open."""
    day = day_of(start)
    found = [each for each in offers(group, first=day, last=day, at=at) if each.start == start]
    if not found:
        raise Refusal(
            "booking.no_slot", "这个时间不能约：已经过了、太远，或者窗口不开。请另选一个。"
        )
    return found[0]


def free_near(group: Group, start: datetime, *, at: datetime) -> list[Offer]:
    """Return the half hours around a day that have places left."""
    first = max(day_of(start) - timedelta(days=2), day_of(at))
    last = min(day_of(start) + timedelta(days=5), day_of(at) + timedelta(days=DAYS_AHEAD))
    return [each for each in offers(group, first=first, last=last, at=at) if each.left > 0]


def booker_of(mark: str) -> Booker | None:
    """Return somebody's row by their telephone or ID number."""
    index = crypto.index_of(mark, purpose="booker.mark")
    return Booker.objects.filter(mark_index=index).first()


def held_by(booker: Booker) -> QuerySet[Booking]:
    """Return what somebody has open, waiting lists among them."""
    return Booking.objects.filter(booker=booker, state__in=[each.value for each in OPEN])


def same(booker: Booker, group: Group, start: datetime) -> Booking | None:
    """Return what somebody has open for this half hour already."""
    rows = held_by(booker).select_related(*WITH)
    return rows.filter(places__group=group, places__start=start).first()


def missed_by(booker: Booker, *, at: datetime) -> list[datetime]:
    """Return the times of what somebody missed lately: as far back as a bar could reach."""
    rows = Booking.objects.filter(booker=booker, state=Standing.MISSED.value)
    return list(
        rows.filter(places__start__gte=at - 3 * COUNTED).values_list("places__start", flat=True)
    )


def followed(token: str) -> Booking:
    """Return the appointment that the address of whoever made it opens."""
    digest = crypto.token_digest(token)
    return _found(Booking.objects.select_related(*WITH).filter(follow_digest=digest).first())


def numbered(number: str) -> Booking:
    """Return an appointment by its number, for the people of the hall."""
    rows = Booking.objects.select_related(*WITH).filter(number=number.strip().upper()[:8])
    return _found(rows.first())


def _found(booking: Booking | None) -> Booking:
    if booking is None:
        raise no_booking()
    return booking


def no_booking() -> NotFound:
    return NotFound("booking.none", "没有这个预约。")


def of_citizen(citizen: Citizen) -> QuerySet[Booking]:
    """Return what somebody who is signed in booked, the next first, then those that are over."""
    mine = Q(citizen__in=citizen.ids())
    return Booking.objects.select_related(*WITH).filter(mine).order_by("-places__start")


def on_day(hall: Hall, day: date) -> QuerySet[Booking]:
    """Return the appointments of a day in the order of their times."""
    rows = Booking.objects.select_related(*WITH).filter(places__group__hall=hall)
    rows = rows.filter(places__start__gte=at_local(day), places__start__lt=end_of(day))
    return rows.order_by("places__start", "places__group__sequence", "made_at")


def to_confirm(hall: Hall) -> QuerySet[Booking]:
    """Return the appointments that wait for a yes or no, the nearest first."""
    rows = Booking.objects.select_related(*WITH).filter(
        places__group__hall=hall, state=Standing.TO_CONFIRM.value
    )
    return rows.order_by("places__start", "made_at")


def waiting_before(booking: Booking) -> int:
    """Return how many are before somebody on the waiting list of their half hour."""
    rows = Booking.objects.filter(places=booking.places_id, state=Standing.WAITING.value)
    return rows.filter(made_at__lt=booking.made_at).count()


def open_actions(booking: Booking, actor: Actor) -> list[BookingAction]:
    """Return what somebody may try with an appointment now, in the order of the table."""
    roles = actor.roles_in(None)
    rows = (s for s in LIFECYCLE if s.source is booking.standing and roles & set(s.by))
    return list(dict.fromkeys(step.action for step in rows))


OFFICE = (Role.GUIDE, Role.DUTY)


def check_office(actor: Actor) -> None:
    """Refuse everybody but the people of the hall."""
    if not actor.holds_any(*OFFICE):
        raise NotAllowed("booking.office_only", "预约名单由导办和值班长来看。")
