"""The replay of a day from the ledger: what was recorded of its tickets and windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from onedoor.hall import pack
from onedoor.hall.events import TicketMoved, WindowMoved
from onedoor.hall.models import Hall, Ticket
from onedoor.hall.models.tickets import subject_of
from onedoor.hall.rules.replay import OVERLAP, Recorded, Report, replay
from onedoor.ledger import queries as ledger


def replay_day(hall: Hall, day: date, *, overlap: timedelta = OVERLAP) -> Report:
    """Play a day of a hall again, and return what did not obey the policy or overrode it."""
    numbers = Ticket.objects.filter(hall=hall, day=day).order_by("number")
    tickets = [subject_of(hall.code, day, n) for n in numbers.values_list("number", flat=True)]
    windows = [
        f"window:{hall.code}-{day:%Y%m%d}-{n}"
        for n in hall.windows.values_list("number", flat=True)
    ]
    moved = ledger.told_of(tickets, kind=TicketMoved.kind)
    set_up = ledger.told_of(windows, kind=WindowMoved.kind)
    told = [*_in_turn(set_up, is_ticket=False), *_in_turn(moved, is_ticket=True)]
    return replay(told, pack.policy(), overlap=overlap)


def _in_turn(entries: Iterable[ledger.Recorded], *, is_ticket: bool) -> Iterator[Recorded]:
    """Yield entries whose times follow their chain.

    A request reads the clock, and may then wait for another that reads it later and is written
    first: what counts is the order in which they were written.
    """
    last: dict[str, datetime] = {}
    for entry in entries:
        at = last[entry.subject] = max(entry.at, last.get(entry.subject, entry.at))
        what = entry.subject.rpartition("-")[2]
        yield Recorded(what, is_ticket, entry.actor, at, entry.facts)
