"""Praise that came too thick to be what people said one by one (刷好评).

People rate when they were served, each at their own time. Where many good ratings of one unit
come through one channel within minutes, although what they are about ended at very different
times, somebody may have given them for others. It is no proof: supervision looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

MANY = 5
WITHIN = timedelta(minutes=5)
APART = timedelta(hours=1)
"""So far apart what was rated together had ended."""


class Praised(NamedTuple):
    """One good rating: what it is about, when it was given, when what it is about had ended."""

    number: str
    rated_at: datetime
    served_at: datetime


def bursts(praise: Iterable[Praised]) -> list[list[Praised]]:
    """Return the groups of at least ``MANY`` that were given together and served apart.

    >>> noon = datetime(2026, 3, 6, 12)
    >>> at_once = [Praised(f"{n}", noon, noon - n * APART) for n in range(5)]
    >>> [[each.number for each in group] for group in bursts(at_once)]
    [['0', '1', '2', '3', '4']]
    >>> bursts(Praised(f"{n}", noon, noon) for n in range(5))
    []
    """
    found: list[list[Praised]] = []
    group: list[Praised] = []
    for each in sorted(praise, key=lambda p: (p.rated_at, p.number)):
        if group and each.rated_at - group[0].rated_at > WITHIN:
            found.append(group)
            group = []
        group.append(each)
    return [g for g in [*found, group] if len(g) >= MANY and _apart(g)]


def _apart(group: list[Praised]) -> bool:
    ended = [each.served_at for each in group]
    return max(ended) - min(ended) > APART
