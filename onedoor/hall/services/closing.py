"""The end of a day: what was left over is missed, who sits at a window no longer does."""

from __future__ import annotations

from datetime import datetime, timedelta

from onedoor.accounts.rules import TIMER
from onedoor.hall import pack, queries
from onedoor.hall.models import Ticket, Window
from onedoor.hall.rules.lifecycle import OPEN, Action, State, step_for
from onedoor.hall.rules.words import Outcome, WindowState
from onedoor.hall.services.moving import move
from onedoor.hall.services.windows import closed
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger

EACH = 200


def close_days(*, at: datetime) -> int:
    """Close what earlier days left open, and return how much there was; the timer's own.

    Who still waited is missed; whose visit nobody ended is done, with no outcome recorded.
    """
    rows = Ticket.objects.select_related(*queries.WITH).filter(
        day__lt=day_of(at), state__in=[each.value for each in OPEN]
    )
    left = list(rows.order_by("day", "number")[:EACH])
    windows = Window.objects.select_related("hall", "zone").exclude(state=WindowState.CLOSED.value)
    stale = list(windows.filter(since__lt=at_local(day_of(at))))
    return sum(_close(each, at=at) for each in left) + sum(_leave(each, at=at) for each in stale)


def forget_people(*, at: datetime) -> int:
    """Erase who held a ticket once nobody needs to know any more, and return how many there were.

    Number, times and steps stay; so do the cases, which have a term of their own.
    Basis: 个人信息保护法 19, 47.
    """
    before = day_of(at) - timedelta(days=pack.policy().keep_days)
    known = Ticket.objects.filter(day__lt=before, code_key__gt=0)
    found = list(known.order_by("day").values_list("pk", flat=True)[:EACH])
    nothing = dict.fromkeys(("name", "id_number", "phone", "note"), b"")
    # Without its key the address on the ticket opens nothing that says who it was.
    return Ticket.objects.filter(pk__in=found).update(
        **nothing, id_index="", phone_index="", special="", code_key=0
    )


def _close(ticket: Ticket, *, at: datetime) -> int:
    try:
        _end(ticket, at=at)
    except Refusal:  # somebody was just doing something with it: the next round looks again
        return 0
    return 1


@ledger.recorded
def _end(ticket: Ticket, *, at: datetime) -> None:
    step = step_for(ticket.standing, Action.CLOSE_DAY, roles=TIMER.roles_in(None), met=frozenset())
    is_done = step.target is State.DONE
    changes = {"ended_at": at} | ({"outcome": Outcome.UNRECORDED.value} if is_done else {})
    move(ticket, step, changes, by=TIMER, at=at)


@ledger.recorded
def _leave(window: Window, *, at: datetime) -> int:
    closed(window, by=TIMER, at=at)
    return 1
