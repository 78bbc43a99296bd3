"""Figures of a day in the hall: each is counted from tickets that can be opened. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from onedoor.hall.rules.lifecycle import State

WAIT_TARGET = timedelta(minutes=20)
"""Nine in ten are to be called within this."""


class Visit(NamedTuple):
    """A ticket as the figures see it."""

    state: str
    issued_at: datetime
    first_called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class Figures(NamedTuple):
    """What a number of visits come to; times in whole minutes, None where nobody was counted."""

    tickets: int
    served: int
    waiting: int
    missed: int
    wait_median: int | None
    wait_p90: int | None
    handling_median: int | None

    @property
    def missed_share(self) -> int:
        """Of a hundred people, how many were called and did not come (弃号率)."""
        return round(100 * self.missed / self.tickets) if self.tickets else 0


def percentile(values: Sequence[float], share: int) -> float | None:
    """Return the value below or at which this share of a hundred lies: the nearest rank.

    >>> percentile([1, 2, 3, 4], 50), percentile(range(1, 11), 90), percentile([], 50)
    (2, 9, None)
    """
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(-(-share * len(ordered) // 100), 1) - 1]


def figures_of(visits: Iterable[Visit]) -> Figures:
    """Return the figures of these visits; a wait that is negative counts as none."""
    listed = list(visits)
    waits = [_minutes(v.first_called_at - v.issued_at) for v in listed if v.first_called_at]
    handled = [
        _minutes(v.ended_at - v.started_at)
        for v in listed
        if v.started_at and v.ended_at and v.state == State.DONE.value
    ]
    states = [v.state for v in listed]
    return Figures(
        tickets=len(listed),
        served=states.count(State.DONE.value),
        waiting=states.count(State.WAITING.value),
        missed=states.count(State.SKIPPED.value),
        wait_median=_whole(percentile(waits, 50)),
        wait_p90=_whole(percentile(waits, 90)),
        handling_median=_whole(percentile(handled, 50)),
    )


def _minutes(span: timedelta) -> float:
    return max(span.total_seconds() / 60, 0.0)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
