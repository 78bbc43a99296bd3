"""The demo's hall as it is right now: who came this last hour and a half, who sits, who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onedoor.accounts.rules import APPLICANT, CENTRE, Actor, Holding, Role
from onedoor.hall import pack, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Hall, Ticket, Window
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.words import Channel, Outcome, Pause, Reason
from onedoor.hall.services import Wanted
from onedoor.kernel.clock import at_local, day_of

MINUTES = 95
WAITING = 12
"""So many minutes before now the windows stop ending visits: some people wait."""
RUSH = 25
"""In the last so many minutes twice as many come."""
LETTERS = "AAFAHAMRASKAMFAHSAARMA"
CHANNELS = (Channel.KIOSK, Channel.KIOSK, Channel.GUIDE, Channel.PHONE)
SPECIALS = {7: "elder", 19: "infant", 33: "disabled", 44: "elder"}
TAKES = {"A": 9, "F": 12, "H": 15, "K": 6, "M": 8, "R": 4, "S": 3, "W": 12}
OUTCOMES = {"R": Outcome.ADVISED, "S": Outcome.PICKED_UP}
OPEN = (1, 2, 3, 4, 6, 9, 12, 13, 15, 23, 30)
PAUSED, IDLE = 4, 2
"""A window that pauses at the end, and one whose clerk has called nobody yet."""


@dataclass
class _Seat:
    """A window with its clerk, and until when they are busy with whom."""

    window: Window
    clerk: Actor
    ticket: Ticket | None = None
    until: datetime | None = None


@dataclass
class _Scene:
    """The hall as it is played, minute by minute."""

    hall: Hall
    at: datetime
    pace: timedelta
    guide: Actor
    seats: list[_Seat] = field(default_factory=list)
    missed: list[Ticket] = field(default_factory=list)
    count: int = 0


def play(actors: Mapping[str, Actor], *, at: datetime) -> None:
    """Set the hall up and play the last hour and a half of today, unless that was done."""
    admin = next(a for a in actors.values() if a.holds(Role.ADMIN))
    for told in pack.setting().get("hall", ()):
        if not Hall.objects.filter(code=told["code"]).exists():
            hall.set_hall(told, by=admin, at=at_local(day_of(at)))
    found = Hall.objects.order_by("code").first()
    if found is None or Ticket.objects.filter(hall=found, day=day_of(at)).exists():
        return
    # Built just after midnight, the whole of it is squeezed into today.
    span = min(timedelta(minutes=MINUTES), at - at_local(day_of(at)))
    guides = [a for a in actors.values() if a.holds(Role.GUIDE)]
    scene = _Scene(found, at - span, span / MINUTES, guides[0])
    _sit_down(scene, [a for a in actors.values() if _may_sit(a)])
    for minute in range(MINUTES):
        scene.at = at - span + minute * scene.pace
        _come(scene, minute)
        _work(scene, minute)
    _leave_traces(scene)


def _may_sit(actor: Actor) -> bool:
    return actor.person_id is not None and Holding(Role.DESK, CENTRE) in actor.holdings


def _sit_down(scene: _Scene, clerks: list[Actor]) -> None:
    # Who signs in as the clerk sits where nobody has been called yet.
    numbers = [IDLE, *(n for n in OPEN if n != IDLE)]
    for number, clerk in zip(numbers, clerks, strict=False):
        window = queries.window(scene.hall, number)
        if window.clerk_id is None and queries.window_of(clerk) is None:
            window = hall.open_window(window, by=clerk, at=scene.at)
            scene.seats.append(_Seat(window, clerk))


def _come(scene: _Scene, minute: int) -> None:
    if minute % 2 and minute < MINUTES - RUSH:
        return
    number = scene.count
    group = queries.group(scene.hall, LETTERS[number % len(LETTERS)])
    wanted = Wanted(group, CHANNELS[number % len(CHANNELS)], special=SPECIALS.get(number, ""))
    # The guide may give a number where no window is open: the demo's people all come by them.
    serial = hall.reserve(group, at=scene.at)
    hall.take(wanted, serial, by=scene.guide, at=scene.at)
    scene.count += 1


def _work(scene: _Scene, minute: int) -> None:
    for seat in scene.seats:
        if seat.window.number == IDLE:
            continue
        if seat.ticket is not None and seat.until is not None and seat.until <= scene.at:
            if minute > MINUTES - WAITING:
                continue
            _finish(scene, seat)
        if seat.ticket is None:
            _call(scene, seat, minute)


def _call(scene: _Scene, seat: _Seat, minute: int) -> None:
    key = f"demo-{seat.window.number}-{minute}"
    ticket = hall.call_next(seat.window, key=key, by=seat.clerk, at=scene.at)
    if ticket is None:
        return
    if ticket.serial % 9 == 4 and not ticket.returns and scene.pace > timedelta(seconds=30):
        _miss(scene, ticket, seat)
        return
    if minute < MINUTES - 3:
        ticket = hall.start(ticket, by=seat.clerk, at=scene.at + scene.pace / 2)
    seat.ticket = ticket
    seat.until = scene.at + (TAKES[ticket.letter] + ticket.serial % 4) * scene.pace


def _miss(scene: _Scene, ticket: Ticket, seat: _Seat) -> None:
    for n in (1, 2):
        ticket = hall.recall(ticket, by=seat.clerk, at=scene.at + n * timedelta(seconds=20))
    at = scene.at + timedelta(seconds=60)
    ticket = hall.skip(ticket, by=seat.clerk, at=at)
    if ticket.standing is State.SKIPPED and not scene.missed:
        ticket = hall.come_back(ticket, by=APPLICANT, at=at)
    scene.missed.append(ticket)


def _finish(scene: _Scene, seat: _Seat) -> None:
    assert seat.ticket is not None
    ticket, seat.ticket = seat.ticket, None
    if ticket.standing is State.CALLED:
        ticket = hall.start(ticket, by=seat.clerk, at=scene.at)
    if scene.count % 17 == 3 and not ticket.transfers and ticket.letter != "A":
        general = queries.group(scene.hall, "A")
        hall.transfer(ticket, group=general, reason=Reason.OTHER_UNIT, by=seat.clerk, at=scene.at)
        return
    outcome = OUTCOMES.get(ticket.letter, Outcome.ACCEPTED)
    hall.end(ticket, outcome=outcome, by=seat.clerk, at=scene.at)


def _leave_traces(scene: _Scene) -> None:
    """Leave a window paused, somebody asked to come back, and a special desk with a row."""
    for seat in scene.seats:
        ticket, number = seat.ticket, seat.window.number
        if ticket is not None and ticket.standing is State.SERVING and number == PAUSED:
            hall.hold(ticket, by=seat.clerk, at=scene.at)
        if number == PAUSED:
            back = scene.at + timedelta(minutes=15)
            hall.pause(seat.window, reason=Pause.BREAK, back_at=back, by=seat.clerk, at=scene.at)
