"""The one place that reads the time, for views, commands and the worker only.

Instants are UTC; the legal day (法定日) is the day in Asia/Shanghai. A training database may
run ahead of the real time: the ledger registers where the offset is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _no_offset() -> timedelta:
    return timedelta(0)


_offset: Callable[[], timedelta] = _no_offset


def set_offset_source(source: Callable[[], timedelta]) -> None:
    """Let ``source`` say how far the training clock is ahead of the real one."""
    global _offset
    _offset = source


def now() -> datetime:
    """Return the present instant in UTC, moved by the training offset where there is one."""
    return datetime.now(UTC) + _offset()


def day_of(at: datetime) -> date:
    """Return the legal day of an instant.

    >>> day_of(datetime(2026, 1, 1, 16, 30, tzinfo=UTC))
    datetime.date(2026, 1, 2)
    """
    return at.astimezone(SHANGHAI).date()


def local(at: datetime) -> datetime:
    """Return the instant as the wall clock in the hall shows it."""
    return at.astimezone(SHANGHAI)


# The first and the last day whose instants there are in every zone: whoever asks about the edges
# of the calendar is answered for these.
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)


def at_local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the UTC instant of a wall-clock time in the hall.

    >>> at_local(date(2026, 1, 2), 9).isoformat()
    '2026-01-02T01:00:00+00:00'
    """
    day = min(max(day, _FIRST), _LAST)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the UTC instant at which a day is over in the hall.

    >>> end_of(date(2026, 1, 2)) == at_local(date(2026, 1, 3))
    True
    """
    return at_local(min(day, _LAST) + timedelta(days=1))
