"""The facts the calendar announces."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """A year was arranged, or arranged anew: due dates that need it have to be computed again.

    ``subject`` is ``calendar:<year>``. From ``first_changed`` on, the numbers of working days may
    differ; it is empty when no day changed, only what is known about it.
    """

    kind = "calendar.changed"

    year: int
    version: int
    revision: int
    is_local: bool
    papers: list[str]
    first_changed: str
