"""Appointments for programs: which half hours are free, and what is done with an appointment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from onedoor.accounts.rules import Actor, Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.hall import booked, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Booking
from onedoor.hall.rules.bookings import BookingAction, Standing
from onedoor.hall.services.booking import Asked, token_of
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid

router = Router(tags=["bookings"])
MOST_DAYS = 15


class SlotOut(Schema):
    start: datetime
    capacity: int
    left: int
    is_confirmed_first: bool


class SlotList(Schema):
    group: str
    slots: list[SlotOut]


class BookingIn(In):
    group: Annotated[str, Field(max_length=4)]
    start: datetime
    name: Annotated[str, Field(max_length=50)]
    phone: Annotated[str, Field(max_length=20)]
    waiting_list: bool = False


class BookingOut(Schema):
    number: str
    group: str
    start: datetime
    state: Standing
    who: str
    ticket: str
    version: int
    actions: list[BookingAction]


class BookingMade(BookingOut):
    token: str


class BookingList(Schema):
    day: date
    bookings: list[BookingOut]


class BookingStepIn(In):
    reason: Annotated[str, Field(max_length=200)] = ""


def _body(row: Booking, actor: Actor) -> dict[str, Any]:
    return {
        "number": row.number,
        "group": row.places.group.letter,
        "start": row.start,
        "state": row.state,
        "who": row.shown,
        "ticket": row.ticket.number if row.ticket else "",
        "version": row.version,
        "actions": booked.open_actions(row, actor),
    }


@router.get("/slots", response=SlotList, operation_id="list_slots", summary="可约的时间")
def slots(
    request: HttpRequest, group: str, first: date, last: date, hall_code: str = ""
) -> HttpResponse:
    """List the half hours of a business that may be booked now, with the places left in each."""
    actor_of(request, Scope.READ)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise NotValid("booking.days", "一次最多看 %(n)s 天。", field="last", n=MOST_DAYS)
    found = queries.group(queries.hall(hall_code), group[:4])
    offers = booked.offers(found, first=first, last=last, at=clock.now())
    told = [
        {
            "start": each.start,
            "capacity": each.capacity,
            "left": each.left,
            "is_confirmed_first": each.slot.is_confirmed_first,
        }
        for each in offers
    ]
    return respond({"group": found.letter, "slots": told})


@router.post("", response={201: BookingMade}, operation_id="make_booking", summary="预约")
def make(request: HttpRequest, data: BookingIn, key: Key) -> HttpResponse:
    """Take a place for somebody, or put them on the waiting list of a half hour that is full."""
    actor, now = actor_of(request, Scope.SUBMIT).for_applicant(), clock.now()

    def prepare() -> Asked:
        group = queries.group(queries.hall(), data.group)
        if data.start.tzinfo is None:
            raise NotValid("booking.start", "请选一个时间。", field="start")
        return Asked(group, data.start, name=data.name, phone=data.phone)

    def create(asked: Asked) -> dict[str, Any]:
        take = hall.queue if data.waiting_list else hall.book
        row = take(asked, by=actor, at=now)
        return _body(row, actor) | {"token": token_of(row)}

    return created_once(request, create, prepare=prepare, actor=actor, key=key, at=now)


@router.get("", response=BookingList, operation_id="list_bookings", summary="一天的预约")
def listed(request: HttpRequest, day: Annotated[date | None, Query()] = None) -> HttpResponse:
    """List the appointments of a day, for the people of the hall."""
    actor = actor_of(request, Scope.READ)
    booked.check_office(actor)
    chosen = day or day_of(clock.now())
    rows = booked.on_day(queries.hall(), chosen)
    return respond({"day": chosen, "bookings": [_body(row, actor) for row in rows]})


@router.get("/{token}", response=BookingOut, operation_id="read_booking", summary="看预约")
def read(request: HttpRequest, token: str) -> HttpResponse:
    """Tell how an appointment stands to whoever has its code."""
    actor = actor_of(request, Scope.READ).for_applicant()
    found = booked.followed(token)
    return respond(_body(found, actor), version=found.version)


@router.post("/{token}/cancel", response=BookingOut, operation_id="cancel_booking", summary="取消")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give an appointment back; its place goes to the first who waits for it."""
    actor = actor_of(request, Scope.SUBMIT).for_applicant()
    done = hall.cancel_booking(booked.followed(token), by=actor, at=clock.now())
    return respond(_body(done, actor), version=done.version)


@router.post(
    "/{token}/check_in", response=BookingOut, operation_id="check_in_booking", summary="签到取号"
)
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Check in: the answer has the number; sent twice it is the same one."""
    actor = actor_of(request, Scope.SUBMIT).for_applicant()
    found = booked.followed(token)
    hall.arrive(found, by=actor, at=clock.now())
    return respond(_body(booked.followed(token), actor))


@router.post(
    "/numbered/{number}/{action}",
    response=BookingOut,
    operation_id="answer_booking",
    summary="确认或者不能安排",
)
def answer(
    request: HttpRequest, number: str, action: BookingAction, data: BookingStepIn
) -> HttpResponse:
    """Say yes or no to an appointment, check somebody in, or cancel for whoever calls."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    booked.check_office(actor)
    found = booked.numbered(number)
    if action is BookingAction.CONFIRM:
        hall.confirm(found, by=actor, at=now)
    elif action is BookingAction.DECLINE:
        hall.decline(found, data.reason, by=actor, at=now)
    elif action is BookingAction.CANCEL:
        hall.cancel_booking(found, by=actor, at=now)
    elif action is BookingAction.CHECK_IN:
        hall.arrive(found, by=actor, at=now)
    else:
        raise booked.no_booking()
    return respond(_body(booked.numbered(number), actor))
