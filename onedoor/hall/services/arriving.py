"""Coming with an appointment: checking in is the ticket; and what the clock does with the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from onedoor.accounts.rules import TIMER, Actor
from onedoor.hall import booked
from onedoor.hall.models import Booking, Places
from onedoor.hall.rules.bookings import BookingAction, BookingNeed, Standing, step_for
from onedoor.hall.rules.slots import EARLIEST, PASSED_ON, Coming, coming, confirm_by, is_missed
from onedoor.hall.rules.words import Channel, Priority
from onedoor.hall.services.booking import fill, move, token_of
from onedoor.hall.services.taking import Taken, Wanted, follow_token, reserve, take
from onedoor.hall.services.telling import tell
from onedoor.kernel.clock import at_local, day_of, local
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger

A, N = BookingAction, BookingNeed
BATCH = 200


@ledger.recorded
def check_in(booking: Booking, serial: int, *, by: Actor, at: datetime) -> Taken:
    """Give somebody who comes with an appointment their number: at once, without another queue.

    In time they go by the class of appointments; later they go before those who just came. Too
    early, or on another day, they are told when to come.
    """
    how = coming(booking.places.start, at=at)
    if booking.standing is Standing.BOOKED:
        _check_time(booking, how)
    step = step_for(booking.standing, A.CHECK_IN, roles=by.roles_in(None), met={N.ON_TIME})
    wanted = Wanted(
        booking.places.group,
        Channel.APPOINTMENT,
        item=booking.item,
        priority=Priority.APPOINTED if how is Coming.IN_TIME else Priority.RETURNED,
        name=str(booking.name),
        phone=str(booking.phone),
    )
    taken = take(wanted, serial, by=by, at=at)
    move(booking, step, {"ticket": taken.ticket}, by=by, at=at)
    return taken


def _check_time(booking: Booking, how: Coming) -> None:
    start = local(booking.places.start)
    if how is Coming.OTHER_DAY:
        raise Refusal(
            "booking.other_day", "这是 %(day)s的预约，不是今天的。", day=f"{start:%Y-%m-%d}"
        )
    if how is Coming.EARLY:
        raise Refusal(
            "booking.early",
            "来早了一点。约的是 %(start)s，从 %(from_)s 起可以签到取号，先坐一会儿。",
            start=f"{start:%H:%M}",
            from_=f"{start - EARLIEST:%H:%M}",
        )


def run_booking_timers(*, at: datetime) -> int:
    """Confirm what nobody answered by noon, count who did not come, end waiting in vain."""
    return confirm_unanswered(at=at) + _miss(at) + _give_up(at) + _fill_up(at)


def _fill_up(at: datetime) -> int:
    """Fill places that came free while somebody joined the list at the same moment."""
    rows = Places.objects.filter(
        bookings__state=Standing.WAITING.value, taken__lt=F("capacity"), start__gt=at
    )
    return sum(fill(each, at=at) for each in rows.distinct()[:BATCH])


def confirm_unanswered(*, at: datetime) -> int:
    """Confirm what the office did not answer in time: silence is a yes."""
    until = at_local(day_of(at) + timedelta(days=2))
    rows = _rows(Standing.TO_CONFIRM).filter(places__start__lt=until)
    due = [row for row in rows[:BATCH] if at >= confirm_by(day_of(row.places.start))]
    return sum(_step(row, A.CONFIRM, N.NO_ANSWER, at=at) for row in due)


def _miss(at: datetime) -> int:
    rows = _rows(Standing.BOOKED).filter(places__start__lt=at_local(day_of(at)))
    due = [row for row in rows[:BATCH] if is_missed(row.places.start, at=at)]
    return sum(_step(row, A.MISS, N.DAY_OVER, at=at) for row in due)


def _give_up(at: datetime) -> int:
    rows = _rows(Standing.WAITING).filter(places__start__lt=at + PASSED_ON)
    return sum(_step(row, A.GIVE_UP, N.NO_TIME, at=at) for row in rows[:BATCH])


def _rows(standing: Standing) -> QuerySet[Booking]:
    rows = Booking.objects.filter(state=standing.value).select_related(*booked.WITH)
    return rows.order_by("places__start", "number")


@ledger.recorded
def _step(booking: Booking, action: BookingAction, need: BookingNeed, *, at: datetime) -> int:
    step = step_for(booking.standing, action, roles=TIMER.roles_in(None), met={need})
    try:
        done = move(booking, step, {}, by=TIMER, at=at)
    except Refusal:
        return 0  # somebody was faster
    tell(done, token_of(done), at=at)
    return 1


def arrive(booking: Booking, *, by: Actor, at: datetime) -> Taken:
    """Check somebody in with a number of their own; asked for twice it is the same one."""
    if booking.ticket is not None:
        return Taken(booking.ticket, follow_token(booking.ticket.pk, booking.ticket.code_key))
    return check_in(booking, reserve(booking.places.group, at=at), by=by, at=at)
