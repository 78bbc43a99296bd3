"""The window's desk (综合窗口): one key calls the next, and the case opens with who is there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import queries as cases
from onedoor.cases.handover import hand_over
from onedoor.hall import pack, queries
from onedoor.hall import services as hall
from onedoor.hall.forms import BACK, OUTCOMES, PassForm, PauseForm, PickForm
from onedoor.hall.models import Ticket, Window
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.words import Outcome, Reason, WindowState
from onedoor.hall.services.calling import wait_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.kernel.sentences import sentence

FORM = 422


@for_roles(*queries.WORKERS)
def desk(request: Request) -> HttpResponse:
    """Show who is at the window and who waits; without a window, where one may sit down."""
    return _page(request)


def _page(request: Request, **bound: Any) -> HttpResponse:
    now, window = clock.now(), queries.window_of(request.actor)
    if window is None:
        windows = queries.hall().windows.select_related("zone", "clerk")
        free = [each for each in windows if each.standing is WindowState.CLOSED]
        return render(request, "hall/sit.html", {"windows": free})
    status = FORM if bound else 200
    return render(request, "hall/window.html", _context(window, now) | bound, status=status)


def _waiting(window: Window, now: datetime) -> dict[str, Any]:
    """Return who is there and who waits: what the page asks for again and again."""
    ticket = queries.at_window(window)
    row = queries.callable_by(window, queries.skills_of(window), at=now)
    wait = wait_of(ticket, now) if ticket else 0
    left = pack.policy().calls - ticket.calls if ticket else 0
    return {
        "ticket": ticket,
        "wait": wait,
        "calls_left": left,
        "may_skip": ticket is not None and not wait and left <= 0,
        "row": list(row.select_related("item__current_version", "group")[:6]),
        "waiting": row.count(),
    }


def _context(window: Window, now: datetime) -> dict[str, Any]:
    waiting = _waiting(window, now)
    ticket = waiting["ticket"]
    return waiting | {
        "window": window,
        "waited": ticket.waited if ticket else None,
        "linked": [each.case_number for each in ticket.cases.all()] if ticket else [],
        "held": queries.held_at(window, day=clock.day_of(now)),
        "now": now,
        "key": uuid.uuid4().hex,
        "outcomes": OUTCOMES,
        "back": BACK,
        "pass_form": PassForm(window=window),
        "pause_form": PauseForm(),
        "pick_form": PickForm(),
    }


@for_roles(*queries.WORKERS)
def rows(request: Request) -> HttpResponse:
    """Show who waits for this window, as a part of its page."""
    request.is_polled = True
    window = _mine(request)
    return render(request, "hall/window_row.html", _waiting(window, clock.now()))


@require_POST
@for_roles(*queries.WORKERS)
def sit(request: Request, number: int) -> HttpResponse:
    """Sit down at a window."""
    window = queries.window(queries.hall(), number)
    hall.open_window(window, by=request.actor, at=clock.now())
    return redirect("hall:window")


@require_POST
@for_roles(*queries.WORKERS)
def act(request: Request, act: str) -> HttpResponse:
    """Do one thing at the window somebody sits at."""
    step = _ACTS.get(act)
    if step is None:
        raise NotFound("hall.no_act", "窗口上没有这一步。")
    return step(request, _mine(request), clock.now())


def _mine(request: Request) -> Window:
    window = queries.window_of(request.actor)
    if window is None:
        raise Refusal("hall.no_seat", "您还没有坐到窗口。先选一个窗口。")
    return window


def _current(request: Request, window: Window) -> Ticket:
    """Return whom the page showed; refused where that has changed since."""
    number = request.POST.get("ticket", "")
    now = clock.now()
    ticket = queries.ticket(window.hall, number, day=clock.day_of(now))
    if str(ticket.version) != request.POST.get("seen", ""):
        raise Refusal(
            "hall.changed_meanwhile", "您打开以后，别人动过这个号。这一步没有做，请看过再办。"
        )
    return ticket


def _next(request: Request, window: Window, now: datetime) -> HttpResponse:
    key = request.POST.get("key", "")[:40]
    ticket = hall.call_next(window, key=key, by=request.actor, at=now)
    if ticket is None:
        messages.info(request, gettext("现在没有人在等。"))
    return redirect("hall:window")


def _pick(request: Request, window: Window, now: datetime) -> HttpResponse:
    form = PickForm(request.POST)
    if not form.is_valid():
        return _page(request, pick_form=form, open="pick")
    try:
        hall.pick(
            window,
            form.cleaned_data["number"],
            reason=Reason(form.cleaned_data["reason"]),
            key=request.POST.get("key", "")[:40],
            by=request.actor,
            at=now,
        )
    except NotFound as refusal:
        form.tell(refusal)
        return _page(request, pick_form=form, open="pick")
    return redirect("hall:window")


def _recall(request: Request, window: Window, now: datetime) -> HttpResponse:
    hall.recall(_current(request, window), by=request.actor, at=now)
    return redirect("hall:window")


def _skip(request: Request, window: Window, now: datetime) -> HttpResponse:
    try:
        done = hall.skip(_current(request, window), by=request.actor, at=now)
    except Refusal as refusal:
        if refusal.code != "hall.not_called_out":
            raise
        messages.warning(request, sentence(refusal))
        return redirect("hall:window")
    is_missed = done.standing is State.SKIPPED
    told = gettext("%(number)s 过号了。") if is_missed else gettext("%(number)s 作废了。")
    messages.success(request, told % {"number": done.number})
    return redirect("hall:window")


def _start(request: Request, window: Window, now: datetime) -> HttpResponse:
    ticket = hall.start(_current(request, window), by=request.actor, at=now)
    return _open(request, ticket)


def _intake(request: Request, window: Window, now: datetime) -> HttpResponse:
    return _open(request, _current(request, window))


def _open(request: Request, ticket: Ticket) -> HttpResponse:
    """Open the intake with person and item; one without an item stays at the window."""
    if not request.actor.holds(Role.DESK):
        return redirect("hall:window")
    hand_over(
        request.session,
        name=str(ticket.name),
        id_number=str(ticket.id_number),
        phone=str(ticket.phone),
    )
    if ticket.item is not None:
        return redirect("cases:receive", ticket.item.code)
    return redirect("cases:desk" if "intake" in request.POST else "hall:window")


def _end(request: Request, window: Window, now: datetime) -> HttpResponse:
    ticket, told = _current(request, window), request.POST.get("outcome", "")
    outcome = Outcome(told) if told in {each.value for each in OUTCOMES} else None
    # What was received while they were served was received for them.
    if ticket.started_at is not None:
        for case in cases.received_by(request.actor, since=ticket.started_at)[:20]:
            hall.add_case(ticket, case.number, by=request.actor, at=now)
            ticket = queries.ticket(window.hall, ticket.number, day=ticket.day)
    hall.end(ticket, outcome=outcome, by=request.actor, at=now)
    hand_over(request.session, name="", id_number="", phone="")
    return redirect("hall:window")


def _hold(request: Request, window: Window, now: datetime) -> HttpResponse:
    hall.hold(_current(request, window), by=request.actor, at=now)
    return redirect("hall:window")


def _resume(request: Request, window: Window, now: datetime) -> HttpResponse:
    hall.resume(_current(request, window), by=request.actor, at=now)
    return redirect("hall:window")


def _put_back(request: Request, window: Window, now: datetime) -> HttpResponse:
    told = request.POST.get("reason", "")
    reason = Reason(told) if told in {each.value for each in BACK} else None
    hall.put_back(_current(request, window), reason=reason, by=request.actor, at=now)
    return redirect("hall:window")


def _pass_on(request: Request, window: Window, now: datetime) -> HttpResponse:
    form = PassForm(request.POST, window=window)
    if not form.is_valid():
        return _page(request, pass_form=form, open="pass")
    done = hall.transfer(_current(request, window), by=request.actor, at=now, **form.told())
    if done.transfers > pack.policy().transfers:
        told = gettext("%(number)s 已经转了 %(n)s 次，值班长会看到。请您陪他过去。")
        messages.warning(request, told % {"number": done.number, "n": done.transfers})
    return redirect("hall:window")


def _pause(request: Request, window: Window, now: datetime) -> HttpResponse:
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, pause_form=form, open="pause")
    hall.pause(window, by=request.actor, at=now, **form.told(now))
    return redirect("hall:window")


def _go_on(request: Request, window: Window, now: datetime) -> HttpResponse:
    hall.unpause(window, by=request.actor, at=now)
    return redirect("hall:window")


def _leave(request: Request, window: Window, now: datetime) -> HttpResponse:
    hall.close_window(window, by=request.actor, at=now)
    return redirect("hall:window")


_ACTS: dict[str, Callable[[Request, Window, datetime], HttpResponse]] = {
    "next": _next,
    "pick": _pick,
    "recall": _recall,
    "skip": _skip,
    "start": _start,
    "intake": _intake,
    "end": _end,
    "hold": _hold,
    "resume": _resume,
    "back": _put_back,
    "pass": _pass_on,
    "pause": _pause,
    "go-on": _go_on,
    "leave": _leave,
}
