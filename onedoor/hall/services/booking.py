"""Making an appointment, or a place on its waiting list; giving it back; what comes of it.

No place is sold twice: it is taken by one conditional UPDATE of its half hour, and the table
refuses more than there are. Whoever books locks their own row first, so that two clicks are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.cases.inputs import plain
from onedoor.cases.rules import numbers
from onedoor.catalogue.models import Item
from onedoor.citizens.models import Citizen
from onedoor.hall import booked
from onedoor.hall.booked import Offer
from onedoor.hall.events import BookingMoved
from onedoor.hall.models import Booker, Booking, Group, Places
from onedoor.hall.rules.bookings import (
    WITH_PLACE,
    BookingAction,
    BookingNeed,
    Standing,
    Step,
    step_for,
)
from onedoor.hall.rules.slots import check_person, confirm_by, is_worth_moving_up, nearest
from onedoor.hall.services.telling import tell
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.fields import new_id
from onedoor.ledger import services as ledger
from onedoor.messages import services as outbox

A, N = BookingAction, BookingNeed


class SlotTaken(Refusal):
    """The last place was taken while somebody looked; ``near`` has others that are free."""

    def __init__(self, code: str, text: str, /, *, near: Sequence[Offer]) -> None:
        slots = "、".join(f"{local(each.start):%m-%d %H:%M}" for each in near) or "—"
        super().__init__(code, text, slots=slots)
        self.near = near


@dataclass(frozen=True)
class Asked:
    """Who wants to come, when and what for. Whoever is signed in is not asked who they are."""

    group: Group
    start: datetime
    citizen: Citizen | None = None
    item: Item | None = None
    name: str = ""
    phone: str = ""

    def who(self) -> tuple[str, str, str]:
        """Return name, telephone and what somebody is counted by; refused where there is none."""
        if self.citizen is not None:
            phone = str(self.citizen.phone)
            mark = phone or str(self.citizen.id_number) or str(self.citizen.pk)
            return str(self.citizen.name), phone, mark
        name = plain("name", self.name, "怎么称呼", most=50)
        if not self.phone.strip():
            raise NotValid("booking.phone_needed", "请写电话，有变化好通知。", field=phones.FIELD)
        phone = phones.parse(self.phone).value
        return name, phone, phone


def follow_token(booking_id: UUID, key_version: int) -> str:
    """Return the 128 bits of the address at which somebody follows their appointment."""
    return crypto.token(booking_id, purpose="booking.follow", version=key_version)


def token_of(booking: Booking) -> str:
    return follow_token(booking.pk, booking.code_key)


@ledger.recorded
def book(asked: Asked, *, by: Actor, at: datetime) -> Booking:
    """Give somebody a place in a half hour, or refuse: not offered, full, or too many already.

    A place on a day that is served by appointment only waits for the office's yes. Asked for
    twice it is one, and the first is returned.
    """
    offer = booked.offer_at(asked.group, asked.start, at=at)
    booker = _locked(asked, at=at)
    if (known := _known(asked, booker, by=by)) is not None:
        return known
    _check(booker, at=at)
    places = _places(asked.group, offer)
    free = Places.objects.filter(pk=places.pk, taken__lt=F("capacity"))
    if not free.update(taken=F("taken") + 1):
        free_near = booked.free_near(asked.group, asked.start, at=at)
        starts = nearest([each.start for each in free_near], asked.start)
        raise SlotTaken(
            "booking.taken",
            "刚刚被别人约走了。最近的还有：%(slots)s。",
            near=[each for each in free_near if each.start in starts],
        )
    action = A.ASK if offer.slot.is_confirmed_first else A.BOOK
    step = step_for(Standing.NEW, action, roles=by.roles_in(None), met={N.IN_LIMITS, N.PLACE})
    return _made(asked, offer, places, booker, step, by=by, at=at)


@ledger.recorded
def queue(asked: Asked, *, by: Actor, at: datetime) -> Booking:
    """Put somebody on the waiting list of a half hour that is full; asked for twice it is one."""
    offer = booked.offer_at(asked.group, asked.start, at=at)
    booker = _locked(asked, at=at)
    if (known := _known(asked, booker, by=by)) is not None:
        return known
    _check(booker, at=at)
    places = _places(asked.group, offer)
    full = Places.objects.filter(pk=places.pk, taken__gte=F("capacity")).exists()
    met = {N.IN_LIMITS, N.FULL} if full else {N.IN_LIMITS}
    step = step_for(Standing.NEW, A.QUEUE, roles=by.roles_in(None), met=met)
    return _made(asked, offer, places, booker, step, by=by, at=at)


def _locked(asked: Asked, *, at: datetime) -> Booker:
    """Return somebody's row, locked: whatever they ask for besides comes after this."""
    _, _, mark = asked.who()
    booker = booked.booker_of(mark) or _new_booker(mark, at=at)
    Booker.objects.filter(pk=booker.pk).update(seen_at=at)
    return booker


def _known(asked: Asked, booker: Booker, *, by: Actor) -> Booking | None:
    """Return what somebody has for this half hour already; refused to whoever only knows their
    telephone: its address would let them give it back."""
    known = booked.same(booker, asked.group, asked.start)
    accounts = asked.citizen.ids() if asked.citizen is not None else []
    if known is None or known.citizen_id in accounts or by.holds_any(*booked.OFFICE):
        return known
    raise Refusal("booking.held_already", "这个电话在这个时间已经约过了，预约的地址发给了它。")


def _check(booker: Booker, *, at: datetime) -> None:
    held = booked.held_by(booker).count()
    check_person(held=held, missed=booked.missed_by(booker, at=at), at=at)


def _new_booker(mark: str, *, at: datetime) -> Booker:
    index = crypto.index_of(mark, purpose="booker.mark")
    row = Booker(mark=mark, mark_index=index, seen_at=at)
    Booker.objects.bulk_create([row], ignore_conflicts=True)
    return Booker.objects.get(mark_index=index)


def _places(group: Group, offer: Offer) -> Places:
    row = Places(group=group, start=offer.start, capacity=offer.capacity)
    Places.objects.bulk_create([row], ignore_conflicts=True)
    return Places.objects.get(group=group, start=offer.start)


def _made(
    asked: Asked,
    offer: Offer,
    places: Places,
    booker: Booker,
    step: Step,
    *,
    by: Actor,
    at: datetime,
) -> Booking:
    name, phone, _ = asked.who()
    key, version = new_id(), crypto.keyring().active
    row = Booking(
        id=key,
        number=numbers.new_alias(),
        places=places,
        booker=booker,
        citizen=asked.citizen,
        item=asked.item,
        state=step.target.value,
        is_confirmed_first=offer.slot.is_confirmed_first,
        name=name,
        phone=phone,
        reason="",
        follow_digest=crypto.token_digest(follow_token(key, version)),
        code_key=version,
        made_at=at,
    )
    row.save(force_insert=True)
    _record(row, step, by=by, at=at)
    tell(row, token_of(row), at=at)
    return row


def _record(booking: Booking, step: Step, *, by: Actor, at: datetime) -> None:
    event = BookingMoved(
        subject=booking.subject,
        step=step.id,
        action=step.action.value,
        source=step.source.value,
        target=step.target.value,
        group=booking.places.group.letter,
        start=booking.places.start.isoformat(),
        ticket=booking.ticket.number if booking.ticket else "",
    )
    ledger.record(event, by=by.ref, at=at)


def move(
    booking: Booking, step: Step, changes: dict[str, object], *, by: Actor, at: datetime
) -> Booking:
    """Take a step inside another service's transaction; of two at once the second is refused."""
    is_over = step.target not in (*WITH_PLACE, Standing.WAITING)
    written = {
        **changes,
        "state": step.target.value,
        "version": booking.version + 1,
        "ended_at": at if is_over else None,
    }
    unmoved = Booking.objects.filter(pk=booking.pk, version=booking.version)
    if not unmoved.update(**written):
        raise Refusal("booking.changed_meanwhile", "这个预约刚刚变了，这一步没有做。请看过再办。")
    for name, value in written.items():
        setattr(booking, name, value)
    _record(booking, step, by=by, at=at)
    return booking


@ledger.recorded
def cancel_booking(booking: Booking, *, by: Actor, at: datetime) -> Booking:
    """Give an appointment back: its place goes to the first on the list, or is free again."""
    held = booking.standing in WITH_PLACE
    met = {N.NOT_BEGUN} if at < booking.places.start else set()
    step = step_for(booking.standing, A.CANCEL, roles=by.roles_in(None), met=met)
    done = move(booking, step, {}, by=by, at=at)
    if held:
        Places.objects.filter(pk=booking.places_id).update(taken=F("taken") - 1)
        fill(booking.places, at=at)
    return done


@ledger.recorded
def fill(places: Places, *, at: datetime) -> int:
    """Give free places to those who wait for them, first come first served, in time to come."""
    if not is_worth_moving_up(places.start, at=at):
        return 0
    waiting = Booking.objects.filter(places=places, state=Standing.WAITING.value)
    free = Places.objects.filter(pk=places.pk, taken__lt=F("capacity"))
    given = 0
    for first in waiting.select_related(*booked.WITH).order_by("made_at", "number"):
        if not free.update(taken=F("taken") + 1):
            break
        action = A.MOVE_UP_ASKING if first.is_confirmed_first else A.MOVE_UP
        step = step_for(first.standing, action, roles=SYSTEM.roles_in(None), met={N.PLACE})
        try:
            move(first, step, {}, by=SYSTEM, at=at)
        except Refusal:  # gave up at this very moment
            Places.objects.filter(pk=places.pk).update(taken=F("taken") - 1)
            continue
        tell(first, token_of(first), at=at)
        given += 1
    return given


@ledger.recorded
def confirm(booking: Booking, *, by: Actor, at: datetime) -> Booking:
    """Say yes to an appointment of a day served by appointment, by noon of the day before."""
    step = step_for(booking.standing, A.CONFIRM, roles=by.roles_in(None), met=_by_noon(booking, at))
    done = move(booking, step, {}, by=by, at=at)
    tell(done, token_of(done), at=at)
    return done


@ledger.recorded
def decline(booking: Booking, reason: str, *, by: Actor, at: datetime) -> Booking:
    """Say no to it, and why; its place is gone, for that time cannot be served."""
    reason = plain("reason", reason, "不能安排的理由", most=200, required=False)
    met = _by_noon(booking, at) | ({N.REASON} if reason else set())
    step = step_for(booking.standing, A.DECLINE, roles=by.roles_in(None), met=met)
    held = booking.standing in WITH_PLACE
    done = move(booking, step, {"reason": reason}, by=by, at=at)
    if held:
        gone = {"taken": F("taken") - 1, "capacity": F("capacity") - 1}
        Places.objects.filter(pk=booking.places_id).update(**gone)
    tell(done, token_of(done), at=at)
    return done


def _by_noon(booking: Booking, at: datetime) -> set[BookingNeed]:
    return {N.BY_NOON} if at < confirm_by(day_of(booking.places.start)) else {N.NO_ANSWER}


KEPT = timedelta(days=90)
"""So long after its day an appointment is known by name: as far back as missed ones count."""


def forget_bookings(*, at: datetime) -> int:
    """Forget who had an appointment, some time after it was over; return how many."""
    over = Booking.objects.filter(ended_at__isnull=False, places__start__lt=at - KEPT)
    return forget(over.exclude(name="", phone=""))


def forget(rows: QuerySet[Booking]) -> int:
    """Delete name, telephone and words of appointments that are over; the counts stay."""
    over = rows.filter(ended_at__isnull=False)
    for subject in over.values_list("number", flat=True):
        outbox.forget_about(f"booking:{subject}")
    return Booking.objects.filter(pk__in=over.values("pk")).update(name="", phone="", reason="")
