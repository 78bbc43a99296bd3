"""What a window does with tickets: call, recall, serve, pass on, end. The system says who is next.

A window's row is locked first, so that what one window asks twice at once is answered once; the
ticket is then taken by whoever locks it, so that two windows never call one ticket.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.inputs import plain
from onedoor.hall import pack, queries
from onedoor.hall.models import Group, Ticket, Window
from onedoor.hall.rules.lifecycle import AT_WINDOW, Action, Need, State
from onedoor.hall.rules.policy import virtual_at
from onedoor.hall.rules.words import Outcome, Priority, Reason, WindowState
from onedoor.hall.services.moving import guard, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger

NOTE = 200


@ledger.recorded
def call_next(window: Window, *, key: str, by: Actor, at: datetime) -> Ticket | None:
    """Call whoever is next for a window and return their ticket; None where nobody waits.

    A window that has somebody before it gets that ticket again, and so does a request that comes
    twice with the same ``key``.
    """
    window = _locked(window, by=by)
    if (known := _answered(window, key, at=at)) is not None:
        return known
    _is_open(window)
    row = queries.callable_by(window, queries.skills_of(window), at=at)
    ticket = _claim(row)
    if ticket is None:
        return None
    return _called(ticket, Action.CALL, window, key=key, by=by, at=at)


@ledger.recorded
def pick(
    window: Window, number: str, *, reason: Reason, key: str, by: Actor, at: datetime
) -> Ticket:
    """Call somebody out of turn, with a reason that stays on record beside who did it."""
    window = _locked(window, by=by)
    if (known := _answered(window, key, at=at)) is not None:
        if known.number == number.strip().upper():
            return known
        raise Refusal("hall.window_taken", "这个窗口前面还有一位，请先办完或者过号。")
    _is_open(window)
    row = Ticket.objects.filter(hall=window.hall_id, day=day_of(at), state=State.WAITING.value)
    ticket = _claim(row.filter(number=number.strip().upper()[:8]))
    if ticket is None:
        raise NotFound("hall.not_waiting", "这个号没有在等，可能别的窗口刚叫走。")
    return _called(ticket, Action.PICK, window, key=key, by=by, at=at, reason=reason)


def _answered(window: Window, key: str, *, at: datetime) -> Ticket | None:
    """Return whom this window has before it, or called when this key was first sent today."""
    current = queries.at_window(window)
    if current is not None or not key:
        return current
    rows = Ticket.objects.select_related(*queries.WITH)
    return rows.filter(window=window, day=day_of(at), call_key=key[:40]).first()


def _claim(row: QuerySet[Ticket]) -> Ticket | None:
    """Return the first ticket nobody else is calling at this moment, locked until the commit."""
    skip = connection.features.has_select_for_update_skip_locked
    found = row.select_for_update(skip_locked=skip, of=("self",) if skip else ()).first()
    if found is None:
        return None
    return Ticket.objects.select_related(*queries.WITH).get(pk=found.pk)


def _called(
    ticket: Ticket,
    action: Action,
    window: Window,
    *,
    key: str,
    by: Actor,
    at: datetime,
    reason: Reason | None = None,
) -> Ticket:
    step = guard(ticket, action, met={Need.REASON} if reason else set(), by=by, at=at)
    changes = {
        "window": window,
        "clerk_id": by.person_id,
        "call_key": key[:40],
        "calls": 1,
        "called_at": at,
        "first_called_at": ticket.first_called_at or at,
    }
    return move(ticket, step, changes, by=by, at=at, reason=reason)


@ledger.recorded
def recall(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Call somebody again: at most so many times, and not at once after the last."""
    _here(ticket, by=by)
    rules = pack.policy()
    step = guard(
        ticket,
        Action.RECALL,
        met=_met({Need.CALLS_LEFT: ticket.calls < rules.calls, Need.GAP: not wait_of(ticket, at)}),
        by=by,
        at=at,
    )
    return move(ticket, step, {"calls": ticket.calls + 1, "called_at": at}, by=by, at=at)


def wait_of(ticket: Ticket, at: datetime) -> int:
    """Return in how many seconds somebody may be called again, or passed over."""
    if ticket.called_at is None:
        return 0
    gone = (at - ticket.called_at).total_seconds()
    return max(int(pack.policy().gap - gone + 0.999), 0)


@ledger.recorded
def skip(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Pass over somebody who did not come; the second time the ticket is void.

    Refused before they were called often enough, naming how many calls and seconds are left.
    """
    _here(ticket, by=by)
    rules, left = pack.policy(), wait_of(ticket, at)
    if ticket.standing is State.CALLED and (ticket.calls < rules.calls or left):
        raise Refusal(
            "hall.not_called_out",
            "叫满 %(calls)s 次才能过号，已经叫了 %(called)s 次；还要等 %(seconds)s 秒。",
            calls=rules.calls,
            called=ticket.calls,
            seconds=left,
        )
    action = Action.LAPSE if ticket.returns else Action.SKIP
    needs = {
        Need.CALLED_OUT: True,
        Need.NOT_RETURNED: not ticket.returns,
        Need.HAS_RETURNED: bool(ticket.returns),
    }
    step = guard(ticket, action, met=_met(needs), by=by, at=at)
    ended = {"ended_at": at} if step.target is State.VOID else {}
    return move(ticket, step, ended, by=by, at=at)


@ledger.recorded
def start(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Begin to serve somebody who came to the window; begun twice is begun once."""
    _here(ticket, by=by)
    if ticket.standing is State.SERVING:
        return ticket
    step = guard(ticket, Action.START, met=set(), by=by, at=at)
    return move(ticket, step, {"started_at": ticket.started_at or at}, by=by, at=at)


@ledger.recorded
def transfer(
    ticket: Ticket,
    *,
    reason: Reason | None,
    by: Actor,
    at: datetime,
    group: Group | None = None,
    window: Window | None = None,
    note: str = "",
) -> Ticket:
    """Send somebody to another row or window: number and waiting time stay theirs."""
    _here(ticket, by=by)
    note = plain("note", note, "要交代的话", most=NOTE, required=False)
    wanted = group or (_row_at(window) if window else None)
    is_elsewhere = wanted is not None and (wanted.pk != ticket.group_id or window is not None)
    needs = {Need.PLACE: is_elsewhere, Need.REASON: reason is not None}
    step = guard(ticket, Action.TRANSFER, met=_met(needs), by=by, at=at)
    assert wanted is not None
    rules = pack.policy()
    bonus = max(rules.bonus_of(each, wanted.letter) for each in (ticket.goes_by, Priority.RETURNED))
    changes: dict[str, Any] = {
        "group": wanted,
        "letter": wanted.letter,
        "to_window": window,
        "transfers": ticket.transfers + 1,
        "queued_at": at,
        "virtual_at": virtual_at(ticket.issued_at, bonus),
        "note": note or ticket.note,
        "calls": 0,
        "window": None,
    }
    return move(ticket, step, changes, by=by, at=at, reason=reason, note=note)


def _row_at(window: Window) -> Group:
    """Return the row in which somebody waits for one window alone: its first own group."""
    skill = window.skills.filter(is_main=True).order_by("group__sequence", "group__letter")
    found = skill.select_related("group").first()
    if found is None:
        raise NotValid("hall.no_skills", "这个窗口没有排业务，请值班长先排。", field="window")
    return found.group


@ledger.recorded
def put_back(ticket: Ticket, *, reason: Reason | None, by: Actor, at: datetime) -> Ticket:
    """Let somebody who was called wait again at their own place: called by mistake."""
    _here(ticket, by=by)
    met = _met({Need.REASON: reason is not None})
    step = guard(ticket, Action.PUT_BACK, met=met, by=by, at=at)
    changes = {"window": None, "calls": 0, "queued_at": at, "call_key": ""}
    return move(ticket, step, changes, by=by, at=at, reason=reason)


@ledger.recorded
def hold(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Let somebody fetch what is missing and come back to this window, which calls on meanwhile."""
    _here(ticket, by=by)
    return move(ticket, guard(ticket, Action.HOLD, met=set(), by=by, at=at), {}, by=by, at=at)


@ledger.recorded
def resume(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Go on with somebody who was asked to come back; refused while another is served."""
    _here(ticket, by=by)
    return move(ticket, guard(ticket, Action.RESUME, met=set(), by=by, at=at), {}, by=by, at=at)


@ledger.recorded
def end(ticket: Ticket, *, outcome: Outcome | None, by: Actor, at: datetime) -> Ticket:
    """End a visit with what came of it; ended twice with the same outcome is ended once."""
    _here(ticket, by=by)
    if ticket.standing is State.DONE and ticket.came_of_it is outcome:
        return ticket
    is_told = outcome not in (None, Outcome.UNRECORDED)
    step = guard(ticket, Action.END, met=_met({Need.OUTCOME: is_told}), by=by, at=at)
    assert outcome is not None
    return move(ticket, step, {"outcome": outcome.value, "ended_at": at}, by=by, at=at)


def _locked(window: Window, *, by: Actor) -> Window:
    """Return a window locked until the commit; refused to whoever does not sit there."""
    rows = Window.objects.select_related("hall", "zone").select_for_update(of=("self",))
    found = rows.get(pk=window.pk)
    _sits(found, by=by)
    return found


def _sits(window: Window, *, by: Actor) -> None:
    is_theirs = by.person_id is not None and window.clerk_id == by.person_id
    if not is_theirs and not by.holds(Role.DUTY):
        raise NotAllowed(
            "hall.not_your_window", "您没有坐在 %(number)s 号窗口。", number=window.number
        )


def _here(ticket: Ticket, *, by: Actor) -> None:
    """Refuse a step to whoever does not sit where the ticket was called to."""
    if ticket.window is None:
        if ticket.standing in AT_WINDOW:
            raise NotFound("hall.no_window", "没有 %(number)s 号窗口。", number=0)
        return
    _sits(ticket.window, by=by)


def _is_open(window: Window) -> None:
    if window.standing is not WindowState.OPEN:
        raise Refusal(
            "hall.window_not_open",
            "这个窗口现在是“%(state)s”，先开窗再叫号。",
            state=window.standing,
        )


def _met(needs: dict[Need, bool]) -> set[Need]:
    return {need for need, holds in needs.items() if holds}
