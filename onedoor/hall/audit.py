"""The replay of a day from the ledger: what was recorded of its tickets and windows."""

from __future__ import annotations

from datetime import date

from onedoor.hall import pack
from onedoor.hall.events import TicketMoved, WindowMoved
from onedoor.hall.models import Hall, Ticket
from onedoor.hall.models.tickets import subject_of
from onedoor.hall.rules.replay import Recorded, Report, replay
from onedoor.ledger import queries as ledger


def replay_day(hall: Hall, day: date) -> Report:
    """Play a day of a hall again, and return what did not obey the policy or overrode it."""
    numbers = Ticket.objects.filter(hall=hall, day=day).order_by("number")
    tickets = [subject_of(hall.code, day, n) for n in numbers.values_list("number", flat=True)]
    windows = [
        f"window:{hall.code}-{day:%Y%m%d}-{n}"
        for n in hall.windows.values_list("number", flat=True)
    ]
    moved = ledger.told_of(tickets, kind=TicketMoved.kind)
    set_up = ledger.told_of(windows, kind=WindowMoved.kind)
    told = [
        Recorded(e.subject.rpartition("-")[2], is_ticket, e.actor, e.at, e.facts)
        for rows, is_ticket in ((set_up, False), (moved, True))
        for e in rows
    ]
    return replay(told, pack.policy())
