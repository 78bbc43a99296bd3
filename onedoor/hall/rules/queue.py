"""Who is called next: a pure order, the same for the window, the screen and the replay.

A window calls from its main groups; those it helps out in come when nobody of them waits, or once
somebody there has waited longer than patience allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

Key = tuple[int, datetime, datetime, str]
STEP = timedelta(microseconds=1)


class Waiter(NamedTuple):
    """Somebody who waits: in which group, for which window alone, since when they count."""

    number: str
    group: str
    virtual_at: datetime
    issued_at: datetime
    queued_at: datetime
    to_window: int | None = None


class Skills(NamedTuple):
    """What a window can do, and where it helps out: letters of groups."""

    window: int
    main: frozenset[str]
    helping: frozenset[str] = frozenset()

    @property
    def groups(self) -> frozenset[str]:
        return self.main | self.helping


def key(waiter: Waiter, skills: Skills, *, at: datetime, patience: timedelta) -> Key | None:
    """Return where somebody stands in a window's order, or None where it does not call them."""
    if waiter.group not in skills.groups:
        return None
    is_impatient = waiter.queued_at <= at - patience
    if waiter.to_window not in (None, skills.window) and not is_impatient:
        return None
    rank = 0 if waiter.group in skills.main or is_impatient else 1
    return rank, waiter.virtual_at, waiter.issued_at, waiter.number


def in_order(
    waiters: Iterable[Waiter], skills: Skills, *, at: datetime, patience: timedelta
) -> list[Waiter]:
    """Return whom a window would call, one after the other."""
    keyed = [(key(each, skills, at=at, patience=patience), each) for each in waiters]
    return [each for _, each in sorted((k, w) for k, w in keyed if k is not None)]


def behind(waiting: Sequence[datetime], places: int, *, at: datetime) -> datetime:
    """Return when somebody who was missed counts as having come: some places behind the head.

    >>> row = [datetime(2026, 3, 6, 9, n) for n in range(5)]
    >>> behind(row, 3, at=datetime(2026, 3, 6, 10)) - row[2] == STEP
    True
    >>> behind([], 3, at=row[0]) == row[0]
    True
    """
    ahead = sorted(waiting)[:places]
    return min(ahead[-1] + STEP, at) if ahead else at


class Range(NamedTuple):
    """Between how many and how many minutes somebody still waits."""

    least: int
    most: int


def waiting_range(ahead: int, windows: int, minutes: float) -> Range | None:
    """Return an honest range of minutes to wait; None where no window is open.

    Half and one and a half times what the people ahead take at the usual pace: a range is kept
    where one number is not.

    >>> waiting_range(6, 2, 8.0)
    Range(least=12, most=36)
    """
    if windows <= 0:
        return None
    middle = ahead * minutes / windows
    return Range(int(middle / 2), max(int(middle * 1.5 + 0.999), 5))
