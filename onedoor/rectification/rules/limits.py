"""Limits and words of a place (县里的整改规定): dated data, with defaults.

No law sets a number of days (审计法 52 says 按照规定时间): whatever is counted here is what a place
laid down, and an audit document may set another date for each finding.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from onedoor.rectification.rules.signals import SignalRule
from onedoor.rectification.rules.words import Outcome, RectificationClass, Rung, SignalKind


class Offset(NamedTuple):
    """A rung of the ladder, so many days after the deadline (before it: negative)."""

    days: int
    rung: Rung


@dataclass(frozen=True)
class Rulebook:
    """What one place laid down, from a day on."""

    place: str
    first_on: date
    basis: str
    class_days: Mapping[RectificationClass, int]
    class_most_days: Mapping[RectificationClass, int]
    return_days: int
    recheck_months: tuple[int, ...]
    window_days: int
    upward_days: int
    ladder: tuple[Offset, ...]
    labels: Mapping[Outcome, str]
    known_labels: Mapping[str, Outcome]
    """What this and other places write for an outcome, to read reports by."""
    empty_phrases: tuple[str, ...]
    repeat_months: int
    """So long after an earlier finding the same kind of problem counts as found again."""
    signals: Mapping[SignalKind, SignalRule]

    def label(self, outcome: Outcome) -> str:
        """Return what the place calls an outcome."""
        return self.labels.get(outcome) or outcome.zh

    def outcome_of(self, label: str) -> Outcome | None:
        """Return the outcome a label means; ``None`` if no place is known to say so."""
        return self.known_labels.get(label.strip())


def in_force(books: Iterable[Rulebook], on: date) -> Rulebook:
    """Return the rulebook that holds on a day: the latest begun, else the first of all."""
    rows = sorted(books, key=lambda book: book.first_on)
    return next((book for book in reversed(rows) if book.first_on <= on), rows[0])


def deadline(served_on: date, given: RectificationClass, book: Rulebook) -> date:
    """Return by when a finding of this class is due, counted from the day it was served."""
    return served_on + timedelta(days=book.class_days[given])


def latest(served_on: date, given: RectificationClass, book: Rulebook) -> date:
    """Return the last day an extension may reach."""
    return served_on + timedelta(days=book.class_most_days[given])


def next_rung(deadline_on: date, after: date, ladder: Iterable[Offset]) -> date | None:
    """Return the next day on which a rung falls, after a day.

    >>> rungs = (Offset(-7, Rung.REMIND), Offset(0, Rung.URGE))
    >>> next_rung(date(2026, 3, 31), date(2026, 3, 24), rungs)
    datetime.date(2026, 3, 31)
    """
    days = sorted(deadline_on + timedelta(days=offset.days) for offset in ladder)
    return next((day for day in days if day > after), None)


def rung_on(deadline_on: date, on: date, ladder: Iterable[Offset]) -> Offset | None:
    """Return the highest rung reached by a day: one who comes late climbs once, not five times."""
    reached = [o for o in ladder if deadline_on + timedelta(days=o.days) <= on]
    return max(reached, key=lambda o: o.days, default=None)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
