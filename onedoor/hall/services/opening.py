"""Setting the hours of a day, the roster of its windows, and noticing a promise that breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.inputs import plain
from onedoor.hall import booked, hours
from onedoor.hall.events import BreakSeen, OpeningSet, RosterSet
from onedoor.hall.models import Break, Group, Hall, OpeningSpan, SpecialOpening, Window, WindowDuty
from onedoor.hall.rules.bookings import OPEN
from onedoor.hall.rules.opening import Span
from onedoor.hall.rules.slots import slots_of
from onedoor.hall.services.arriving import confirm_unanswered
from onedoor.hall.services.booking import decline
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger


@ledger.recorded
def set_opening(
    hall: Hall,
    group: Group | None,
    day: date,
    spans: Sequence[Span],
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> SpecialOpening:
    """Let the hall, or one business, be open otherwise on a day; without spans it is closed.

    Whoever has an appointment that falls out of the new hours is told so, with the reason.
    """
    _check(by, day, at=at)
    reason = plain("reason", reason, "为什么和平常不一样", most=100)
    SpecialOpening.objects.filter(hall=hall, group=group, day=day).delete()
    row = SpecialOpening(hall=hall, group=group, day=day, reason=reason, set_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _meanwhile() from None
    OpeningSpan.objects.bulk_create(
        OpeningSpan(special=row, start=each.start, end=each.end, kind=each.kind.value)
        for each in spans
    )
    _record_opening(hall, group, day, spans, by=by, at=at)
    _tell_those_shut_out(hall, day, reason, by=by, at=at)
    return row


@ledger.recorded
def forget_opening(special: SpecialOpening, *, by: Actor, at: datetime) -> None:
    """Let a day be as usual again."""
    _check(by, special.day, at=at)
    if not SpecialOpening.objects.filter(pk=special.pk).delete()[0]:
        raise _meanwhile()
    spans = hours.usual(special.day, special.group)
    _record_opening(special.hall, special.group, special.day, spans, by=by, at=at)


def _check(by: Actor, day: date, *, at: datetime) -> None:
    if not by.holds(Role.DUTY):
        raise NotAllowed("hall.duty_only", "开放时间和值班由值班长来定。")
    if day < day_of(at):
        raise NotValid("hall.past_day", "这一天已经过去，不能再改。", field="day")


def _meanwhile() -> Refusal:
    return Refusal("hall.hours_changed", "这一天刚刚有人改过。请看过再改。")


def _record_opening(
    hall: Hall, group: Group | None, day: date, spans: Sequence[Span], *, by: Actor, at: datetime
) -> None:
    event = OpeningSet(
        subject=f"hours:{hall.code}-{day:%Y%m%d}",
        group=group.letter if group else "",
        spans=" ".join(f"{s.start:%H:%M}-{s.end:%H:%M}/{s.kind.value}" for s in spans),
    )
    ledger.record(event, by=by.ref, at=at)


def _tell_those_shut_out(hall: Hall, day: date, reason: str, *, by: Actor, at: datetime) -> None:
    confirm_unanswered(at=at)
    days = hours.Days(hall, day, day)
    rows = booked.on_day(hall, day).filter(
        state__in=[each.value for each in OPEN], places__start__gt=at
    )
    for booking in rows:
        spans = days.of(day, booking.places.group).spans
        if booking.places.start not in {slot.start for slot in slots_of(day, spans)}:
            decline(booking, reason, by=by, at=at)


# --- Roster ---------------------------------------------------------------------------------------


@ledger.recorded
def put_on_duty(
    window: Window, person: Person, day: date, start: time, end: time, *, by: Actor, at: datetime
) -> WindowDuty:
    """Put somebody down for a window; nobody is at two windows, no window has two people."""
    _check(by, day, at=at)
    if end <= start:
        raise NotValid("hall.duty", "值班的结束时间要在开始以后。", field="end")
    # The row of the hall is locked, so that two who plan the same hour come one after the other.
    Hall.objects.filter(pk=window.hall_id).update(name=F("name"))
    mine = Q(window=window) | Q(person=person)
    for other in WindowDuty.objects.filter(mine, day=day).select_related("window", "person"):
        if other.overlaps(start, end):
            raise Refusal(
                "hall.duty_overlaps",
                "%(name)s %(start)s–%(end)s 已经排在 %(window)s 号窗口。",
                name=other.person.name,
                start=f"{other.start:%H:%M}",
                end=f"{other.end:%H:%M}",
                window=other.window.number,
            )
    row = WindowDuty(window=window, person=person, day=day, start=start, end=end)
    row.save(force_insert=True)
    _record_roster(window.hall, day, by=by, at=at)
    return row


@ledger.recorded
def take_off_duty(duty: WindowDuty, *, by: Actor, at: datetime) -> None:
    """Take somebody off the roster."""
    _check(by, duty.day, at=at)
    if not WindowDuty.objects.filter(pk=duty.pk).delete()[0]:
        raise _meanwhile()
    _record_roster(duty.window.hall, duty.day, by=by, at=at)


@ledger.recorded
def copy_roster(hall: Hall, source: date, day: date, *, by: Actor, at: datetime) -> int:
    """Give a day without a roster that of another day; return how many lines it has."""
    _check(by, day, at=at)
    Hall.objects.filter(pk=hall.pk).update(name=F("name"))
    if hours.roster(hall, day).exists():
        raise Refusal("hall.roster_there", "这一天已经排了班。要照搬，请先清掉。")
    rows = [
        WindowDuty(window=d.window, person=d.person, day=day, start=d.start, end=d.end)
        for d in hours.roster(hall, source)
    ]
    if not rows:
        raise NotFound("hall.no_roster", "%(day)s没有排班，没有可以照搬的。", day=f"{source}")
    WindowDuty.objects.bulk_create(rows)
    _record_roster(hall, day, by=by, at=at)
    return len(rows)


def _record_roster(hall: Hall, day: date, *, by: Actor, at: datetime) -> None:
    rows = hours.roster(hall, day)
    event = RosterSet(
        subject=f"hours:{hall.code}-{day:%Y%m%d}",
        duties=" ".join(f"{d.window.number}/{d.start:%H:%M}-{d.end:%H:%M}" for d in rows),
        gaps=len(hours.gaps_on(hall, day)),
    )
    ledger.record(event, by=by.ref, at=at)


# --- The promise during the day -------------------------------------------------------------------


def watch_breaks(*, at: datetime) -> int:
    """Note where fewer windows call than promised, and when that is over; return what changed."""
    return sum(_watch(hall, at=at) for hall in Hall.objects.order_by("code"))


@ledger.recorded
def _watch(hall: Hall, *, at: datetime) -> int:
    lacking = {lack.group.pk: lack for lack in hours.lacks_at(hall, at=at)}
    rows = Break.objects.filter(group__hall=hall, ended_at__isnull=True).select_related("group")
    known = {row.group_id: row for row in rows}
    changed = 0
    for pk, row in known.items():
        if pk not in lacking:
            over = Break.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at)
            changed += over
    for pk, lack in lacking.items():
        if pk in known:
            continue
        row = Break(group=lack.group, have=lack.have, need=lack.need, began_at=at)
        made = Break.objects.bulk_create([row], ignore_conflicts=True)
        event = BreakSeen(
            subject=f"hours:{hall.code}-{day_of(at):%Y%m%d}",
            group=lack.group.letter,
            have=lack.have,
            need=lack.need,
        )
        ledger.record(event, by="timer", at=at)
        changed += len(made)
    return changed
