"""Who comes on a day (来人): when, for what, how long it takes. Pure: the same seed, the same day.

The distributions have names, so that a report can say what a day was made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from random import Random

from onedoor.hall.rules.words import Channel

HALF_HOUR = 1800
ARRIVALS: Mapping[str, tuple[float, ...]] = {
    # Half hours from 9:00. Numbers are given until 16:45, so the last one is half as long.
    "two-peaks": (7, 9, 10, 9.5, 8.5, 6.5, 4.5, 3.5, 3.5, 4.5, 6.5, 8, 8, 6.5, 3.5, 1),
    "even": (2,) * 15 + (1,),
    "rush": (30, 12, 8, 7, 6, 5, 4, 3, 3, 4, 5, 5, 4, 3, 2, 1),
}
LAST = 27_900
"""The last number of the day, in seconds after 9:00."""
SHARES = {"A": 30, "F": 14, "K": 10, "R": 10, "S": 12, "H": 10, "M": 12, "W": 2}
"""Of a hundred people, so many come for each business."""
SPREAD = 0.45
"""How far service times lie apart: the deviation of their logarithm (lognormal)."""
CHANNELS = ((Channel.KIOSK, 60), (Channel.GUIDE, 25), (Channel.PHONE, 15))
MISSING, RETURNING, SPECIAL, ASIDE = 0.05, 0.6, 0.06, 0.02
BUSY = 0.88
"""So much of their time windows are meant to serve in the busiest hour."""


@dataclass(frozen=True)
class Visitor:
    """Somebody: comes so many seconds after the doors open, and is served for so many."""

    number: int
    comes: int
    letter: str
    service: int
    channel: Channel
    is_special: bool
    misses: bool
    """Does not hear the calls; ``comes_back`` says whether they notice later."""
    comes_back: bool
    is_sent_on: bool
    """Turns out to be at the wrong window and is passed on to the general one."""


def crowd(
    count: int, minutes: Mapping[str, int], *, seed: int, arrivals: str = "two-peaks"
) -> list[Visitor]:
    """Return the people of a day in the order in which they come.

    ``minutes`` says how long each business takes on average; what it does not have, nobody wants.
    """
    drawn = Random(seed)
    letters = [letter for letter in SHARES if letter in minutes]
    shares = [SHARES[letter] for letter in letters]
    found = []
    for number in range(count):
        letter = drawn.choices(letters, shares)[0]
        found.append(
            Visitor(
                number,
                _comes(drawn, ARRIVALS[arrivals]),
                letter,
                _service(drawn, minutes[letter]),
                drawn.choices([c for c, _ in CHANNELS], [share for _, share in CHANNELS])[0],
                is_special=drawn.random() < SPECIAL,
                misses=drawn.random() < MISSING,
                comes_back=drawn.random() < RETURNING,
                is_sent_on=drawn.random() < ASIDE,
            )
        )
    return sorted(found, key=lambda each: (each.comes, each.number))


def _comes(drawn: Random, weights: Sequence[float]) -> int:
    half = drawn.choices(range(len(weights)), weights)[0]
    start = half * HALF_HOUR
    return drawn.randrange(start, min(start + HALF_HOUR, LAST))


def _service(drawn: Random, minutes: int) -> int:
    # The mean of a lognormal is exp(μ + σ²/2): μ is set so that the mean is the business's own.
    middle = log(minutes * 60) - SPREAD**2 / 2
    return max(30, min(int(drawn.lognormvariate(middle, SPREAD)), 3 * 3600))


def windows_for(people: Sequence[Visitor]) -> dict[str, int]:
    """Return how many windows each business needs for its busiest hour.

    >>> windows_for([])
    {}
    """
    work: dict[tuple[str, int], int] = {}
    for each in people:
        key = each.letter, each.comes // 3600
        work[key] = work.get(key, 0) + each.service
    found: dict[str, int] = {}
    for (letter, _), seconds in sorted(work.items()):
        found[letter] = max(found.get(letter, 1), ceil(seconds / 3600 / BUSY))
    return found
