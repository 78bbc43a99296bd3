"""One step of a ticket: guarded by the table, written by a conditional UPDATE, on record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from onedoor.accounts.rules import Actor
from onedoor.hall.events import TicketMoved
from onedoor.hall.models import Ticket
from onedoor.hall.rules.lifecycle import Action, Need, Step, step_for
from onedoor.hall.rules.words import Reason
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Link, salted


def guard(
    ticket: Ticket, action: Action, *, met: AbstractSet[Need], by: Actor, at: datetime
) -> Step:
    """Return the step that may be taken, or refuse; what is needed of the day is added here."""
    same_day = {Need.SAME_DAY} if ticket.day == day_of(at) else set()
    return step_for(ticket.standing, action, roles=by.roles_in(None), met=met | same_day)


def move(
    ticket: Ticket,
    step: Step,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reason: Reason | None = None,
    note: str = "",
) -> Ticket:
    """Take a step inside another service's transaction, and return the ticket after it.

    Of two who move a ticket at once the second is refused; so is whoever would put a second
    person before one window, or have somebody wait for one business twice.
    """
    changed = dict(changes) | {"state": step.target.value}
    after = altered(ticket, changed)
    link = record(after, step, by=by, at=at, after=ticket.link, reason=reason, note=note)
    after.version, after.head = link.version, link.digest
    try:
        is_written = update(ticket, after)
    except IntegrityError as error:
        raise in_the_way(str(error)) from None
    if not is_written:
        raise Refusal(
            "hall.changed_meanwhile", "您打开以后，别人动过这个号。这一步没有做，请看过再办。"
        )
    return after


def record(
    ticket: Ticket,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    after: Link,
    reason: Reason | None = None,
    note: str = "",
) -> Link:
    """Write down a step with all that the replay of the day needs."""
    event = TicketMoved(
        subject=ticket.subject,
        step=step.id,
        action=step.action.value,
        source=step.source.value,
        target=step.target.value,
        group=ticket.letter,
        priority=ticket.priority,
        bonus=int((ticket.issued_at - ticket.virtual_at).total_seconds()),
        issued_at=ticket.issued_at.isoformat(),
        virtual_at=ticket.virtual_at.isoformat(),
        window=ticket.window.number if ticket.window else 0,
        to_window=ticket.to_window.number if ticket.to_window else 0,
        calls=ticket.calls,
        reason=reason.value if reason else "",
        outcome=ticket.outcome,
        note=salted(note, secrets.token_hex(16)) if note else "",
    )
    return ledger.record(event, by=by.ref, at=at, after=after)


def in_the_way(told: str) -> Refusal:
    """Name the constraint that a step would have broken; anything else is a bug."""
    if "window" in told:
        return Refusal("hall.window_taken", "这个窗口前面还有一位，请先办完或者过号。")
    return Refusal(
        "hall.waits_already", "这个人已经在等这类事了，不用再取号；过号的请用原来的号“我回来了”。"
    )
