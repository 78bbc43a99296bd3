"""How many numbers may have been given out since a backup, that a restored database knows not of.

Skipping more than that would use a year's numbers up after a few restores; skipping less would
give a number out twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

AN_HOUR = 1_000
"""More than a whole hall receives in an hour, and one series is one unit's alone."""

MOST = 10_000
"""More than a county gives out of one series between two backups."""


def room(made_at: datetime, *, at: datetime) -> int:
    """Return by how much numbers go on after a backup of ``made_at`` is put back.

    >>> from datetime import UTC
    >>> night = datetime(2026, 3, 6, 2, tzinfo=UTC)
    >>> [room(night, at=night + timedelta(hours=h)) for h in (0, 1, 8, 30)]
    [1000, 2000, 9000, 10000]
    """
    hours_begun = max(at - made_at, timedelta(0)) // timedelta(hours=1) + 1
    return min(hours_begun * AN_HOUR, MOST)
