"""The hall for programs: kiosks take numbers, windows call, displays read the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from onedoor.accounts.rules import Actor, Role, Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.schemas import In
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.models import Item
from onedoor.hall import audit, booked, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Group, Hall, Ticket, Window
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.replay import Fault, Found
from onedoor.hall.rules.words import Channel, Outcome, Pause, Priority, Reason, WindowState
from onedoor.hall.services import Wanted
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal

router = Router(tags=["hall"])
REPLAYING = (Role.DUTY, Role.SUPERVISOR)
Step = Literal[
    "recall", "start", "skip", "hold", "resume", "put_back", "transfer", "end", "return", "cancel"
]
Act = Literal["open", "pause", "resume", "close"]


class TicketIn(In):
    group: Annotated[str, Field(max_length=1)] = ""
    item: Annotated[str, Field(max_length=64)] = ""
    channel: Channel
    special: Annotated[str, Field(max_length=20)] = ""
    name: Annotated[str, Field(max_length=100)] = ""
    id_number: Annotated[str, Field(max_length=40)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""


class TicketOut(Schema):
    number: str
    day: date
    group: str
    zone: str
    state: State
    version: int
    priority: Priority
    item: str | None
    window: int | None
    calls: int
    transfers: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    ahead: int
    cases: list[str]


class TakenOut(TicketOut):
    token: str


class NextOut(Schema):
    ticket: TicketOut | None


class StepIn(In):
    seen: int
    reason: Reason | None = None
    outcome: Outcome | None = None
    group: Annotated[str, Field(max_length=1)] = ""
    window: Annotated[int, Field(ge=1, le=999)] | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class CaseIn(In):
    case: Annotated[str, Field(max_length=40)]


class WindowIn(In):
    reason: Pause | None = None
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None


class WindowOut(Schema):
    number: int
    zone: str
    kind: str
    state: WindowState
    main: str
    helping: str
    reason: str
    back_at: datetime | None
    ticket: str | None


class WindowList(Schema):
    windows: list[WindowOut]


class SkillsIn(In):
    main: Annotated[str, Field(max_length=8)]
    helping: Annotated[str, Field(max_length=8)] = ""


class RowOut(Schema):
    group: str
    name: str
    zone: str
    waiting: int
    windows: int
    longest_minutes: int


class RowList(Schema):
    rows: list[RowOut]


class FoundOut(Schema):
    fault: Fault | None
    number: str
    window: int
    at: datetime
    actor: str
    reason: str
    before: list[str]


class ReplayOut(Schema):
    day: date
    calls: int
    overrides: list[FoundOut]
    faults: list[FoundOut]


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "day": ticket.day,
        "group": ticket.letter,
        "zone": ticket.group.zone.code,
        "state": ticket.state,
        "version": ticket.version,
        "priority": ticket.priority,
        "item": ticket.item.code if ticket.item else None,
        "window": ticket.window.number if ticket.window else None,
        "calls": ticket.calls,
        "transfers": ticket.transfers,
        "issued_at": ticket.issued_at,
        "called_at": ticket.called_at,
        "started_at": ticket.started_at,
        "ended_at": ticket.ended_at,
        "outcome": ticket.outcome or None,
        "ahead": queries.ahead_of(ticket),
        "cases": [each.case_number for each in ticket.cases.all()],
    }


def _window(window: Window) -> dict[str, Any]:
    skills, before = queries.skills_of(window), queries.at_window(window)
    return {
        "number": window.number,
        "zone": window.zone.code,
        "kind": window.kind,
        "state": window.state,
        "main": "".join(sorted(skills.main)),
        "helping": "".join(sorted(skills.helping)),
        "reason": window.reason,
        "back_at": window.back_at,
        "ticket": before.number if before else None,
    }


@router.get("/rows", response=RowList, operation_id="hall_rows", summary="各类排队")
def rows(request: HttpRequest) -> HttpResponse:
    """Say how long each row is now, how many windows call from it, how long the first waits."""
    actor_of(request, Scope.READ)
    found = queries.rows_of(queries.hall(), at=clock.now())
    told = [
        {
            "group": row.group.letter,
            "name": row.group.name,
            "zone": row.group.zone.code,
            "waiting": row.waiting,
            "windows": row.windows,
            "longest_minutes": row.longest,
        }
        for row in found
    ]
    return respond({"rows": told})


@router.post("/tickets", response={201: TakenOut}, operation_id="take_ticket", summary="取号")
def take(request: HttpRequest, key: Key, data: TicketIn) -> HttpResponse:
    """Take a number of a group, or of where an item is received; the same key, the same number."""
    actor, now = actor_of(request, Scope.RECEIVE), clock.now()
    place, item = queries.hall(), _item(data.item, at=now)
    group = _group(place, data.group, item)
    wanted = Wanted(
        group,
        data.channel,
        item,
        special=data.special,
        name=data.name,
        id_number=data.id_number,
        phone=data.phone,
    )

    def create(serial: int) -> dict[str, Any]:
        taken = hall.take(wanted, serial, by=actor, at=now)
        return _ticket(taken.ticket) | {"token": taken.token}

    return created_once(
        request,
        create,
        prepare=lambda: hall.reserve(group, at=now),
        actor=actor,
        key=key,
        at=now,
        address="hall/tickets/{number}",
    )


def _group(place: Hall, letter: str, item: Item | None) -> Group:
    if letter:
        return queries.group(place, letter)
    if item is None:
        raise NotValid("hall.what_for", "请写业务组（group）或者事项（item）。", field="group")
    return queries.group_for(place, item)


def _item(code: str, *, at: datetime) -> Item | None:
    if not code:
        return None
    return Item.objects.get(pk=catalogue.current_version(code, at=at).item_id)


@router.get("/tickets/{number}", response=TicketOut, operation_id="read_ticket", summary="查号")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Say where a ticket of today stands; its cases to the people of the hall alone."""
    actor = actor_of(request, Scope.READ)
    found = _today(number)
    told = _ticket(found)
    if not actor.holds_any(*queries.WORKERS, *booked.OFFICE):
        told["cases"] = []
    return respond(told, version=found.version)


def _today(number: str) -> Ticket:
    return queries.ticket(queries.hall(), number, day=clock.day_of(clock.now()))


@router.post(
    "/tickets/{number}/cases",
    response=TicketOut,
    operation_id="add_case_to_ticket",
    summary="把办件记到号上",
)
def add_case(request: HttpRequest, number: str, data: CaseIn) -> HttpResponse:
    """Put a case received during a visit down to its ticket; the same case again is one."""
    actor = actor_of(request, Scope.WORK)
    hall.add_case(_today(number), data.case, by=actor, at=clock.now())
    return respond(_ticket(_today(number)))


@router.post(
    "/tickets/{number}/{step}",
    response=TicketOut,
    operation_id="move_ticket",
    summary="办一步",
)
def move(request: HttpRequest, number: str, step: Step, data: StepIn) -> HttpResponse:
    """Take one step with a ticket of today, as it was seen."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    found = _today(number)
    if found.version != data.seen:
        raise Refusal(
            "hall.changed_meanwhile", "您打开以后，别人动过这个号。这一步没有做，请看过再办。"
        )
    done = _STEPS[step](found, data, actor, now)
    return respond(_ticket(done), version=done.version)


def _transfer(ticket: Ticket, data: StepIn, actor: Actor, now: datetime) -> Ticket:
    group = queries.group(ticket.hall, data.group) if data.group else None
    window = queries.window(ticket.hall, data.window) if data.window else None
    return hall.transfer(
        ticket,
        group=group,
        window=window,
        reason=data.reason,
        note=data.note,
        by=actor,
        at=now,
    )


_STEPS: dict[str, Callable[[Ticket, StepIn, Actor, datetime], Ticket]] = {
    "recall": lambda ticket, _, by, at: hall.recall(ticket, by=by, at=at),
    "start": lambda ticket, _, by, at: hall.start(ticket, by=by, at=at),
    "skip": lambda ticket, _, by, at: hall.skip(ticket, by=by, at=at),
    "hold": lambda ticket, _, by, at: hall.hold(ticket, by=by, at=at),
    "resume": lambda ticket, _, by, at: hall.resume(ticket, by=by, at=at),
    "return": lambda ticket, _, by, at: hall.come_back(ticket, by=by, at=at),
    "cancel": lambda ticket, _, by, at: hall.cancel(ticket, by=by, at=at),
    "put_back": lambda ticket, told, by, at: hall.put_back(
        ticket, reason=told.reason, by=by, at=at
    ),
    "end": lambda ticket, told, by, at: hall.end(ticket, outcome=told.outcome, by=by, at=at),
    "transfer": _transfer,
}


@router.get("/windows", response=WindowList, operation_id="list_windows", summary="窗口")
def windows(request: HttpRequest) -> HttpResponse:
    """List the windows: what each does, whether it calls, who is before it."""
    actor_of(request, Scope.READ)
    found = queries.hall().windows.select_related("hall", "zone")
    return respond({"windows": [_window(each) for each in found]})


@router.post(
    "/windows/{int:number}/next", response=NextOut, operation_id="call_next", summary="叫下一位"
)
def call_next(request: HttpRequest, number: int, key: Key) -> HttpResponse:
    """Call whoever is next for a window; the same key, or somebody there already: the same one."""
    actor = actor_of(request, Scope.WORK)
    window = queries.window(queries.hall(), number)
    found = hall.call_next(window, key=key, by=actor, at=clock.now())
    return respond({"ticket": _ticket(found) if found else None})


@router.post(
    "/windows/{int:number}/skills",
    response=WindowOut,
    operation_id="set_window_skills",
    summary="排窗口的业务",
)
def set_skills(request: HttpRequest, number: int, data: SkillsIn) -> HttpResponse:
    """Let a window call from other groups from now on."""
    actor = actor_of(request, Scope.WORK)
    window = queries.window(queries.hall(), number)
    hall.set_skills(window, main=data.main, helping=data.helping, by=actor, at=clock.now())
    return respond(_window(queries.window(window.hall, number)))


@router.post(
    "/windows/{int:number}/{act}",
    response=WindowOut,
    operation_id="move_window",
    summary="开窗、暂停、关窗",
)
def move_window(request: HttpRequest, number: int, act: Act, data: WindowIn) -> HttpResponse:
    """Sit down at a window, pause, go on, or leave."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    window = queries.window(queries.hall(), number)
    if act == "pause":
        back_at = now + timedelta(minutes=data.minutes) if data.minutes else None
        reason = data.reason or Pause.BREAK
        done = hall.pause(window, reason=reason, back_at=back_at, by=actor, at=now)
    else:
        acts = {"open": hall.open_window, "resume": hall.unpause, "close": hall.close_window}
        done = acts[act](window, by=actor, at=now)
    return respond(_window(done))


@router.get("/replay", response=ReplayOut, operation_id="replay_day", summary="重演一天的叫号")
def replay(request: HttpRequest, day: date) -> HttpResponse:
    """Prove from the ledger that each call of a day obeyed the policy, or name what did not."""
    if not actor_of(request, Scope.READ).holds_any(*REPLAYING):
        raise NotAllowed("hall.duty_replay", "重演由值班长和督查来看。")
    report = audit.replay_day(queries.hall(), day)
    return respond(
        {
            "day": day,
            "calls": report.calls,
            "overrides": [_found(each) for each in report.overrides],
            "faults": [_found(each) for each in report.faults],
        }
    )


def _found(found: Found) -> dict[str, Any]:
    return found._asdict() | {"before": list(found.before)}
