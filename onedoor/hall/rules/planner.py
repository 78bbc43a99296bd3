"""How many windows each half hour needs (窗口测算), found by playing past days again.

The days are played with the arrivals and service times they had: nothing is drawn, the same days
give the same plan, and whoever doubts a figure can count the tickets behind it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

from onedoor.kernel.errors import NotValid

HALF_HOUR = 30.0
MOST = 200
"""More windows than this no hall has; so far it is tried."""
NOON = (12 * 60, 14 * 60)


@dataclass(frozen=True)
class Visit:
    """Somebody of a past day: came in this minute of the day, was served for so many minutes."""

    came: float
    service: float


Day = Sequence[Visit]


@dataclass(frozen=True)
class Half:
    """Half an hour of the plan: from this minute of the day so many windows, and what comes of it.

    ``p90`` is the wait of nine in ten of those who come in it, over all the days played.
    """

    start: int
    windows: int
    arrivals: int
    p90: float

    @property
    def is_noon(self) -> bool:
        return NOON[0] <= self.start < NOON[1]


@dataclass
class _State:
    """How a day stands: who waits, until when busy windows are so, who came when and waited."""

    waiting: list[Visit] = field(default_factory=list)
    busy_until: list[float] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that so large a share does not exceed; 0 where there is none.

    >>> percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 30], 0.9), percentile([], 0.9)
    (9, 0.0)
    """
    ordered = sorted(values)
    if not ordered:
        return 0.0
    # Binary fractions would make nine tenths of ten a little more than nine.
    exact = Fraction(str(share)) * len(ordered)
    return ordered[max(0, ceil(exact) - 1)]


def plan(days: Sequence[Day], *, opens: int, closes: int, target: float) -> list[Half]:
    """Return the fewest windows for each half hour that keep nine in ten waits within the target.

    Half hour after half hour, each on what the ones before it left over. Who came before the doors
    opened waits from then on; whoever is still there at the end is served by the last windows.
    """
    states = [_State() for _ in days]
    halves: list[Half] = []
    for start in range(opens, closes, int(HALF_HOUR)):
        end = float("inf") if start + HALF_HOUR >= closes else start + HALF_HOUR
        first = float("-inf") if start == opens else start
        coming = [_within(day, start, first, min(end, float(closes))) for day in days]
        windows, states = _fewest(start, end, coming, states, target)
        halves.append(Half(start, windows, sum(map(len, coming)), 0.0))
    waits = [each for state in states for each in state.waits]
    return [
        Half(half.start, half.windows, half.arrivals, percentile(_of(half, waits), 0.9))
        for half in halves
    ]


def _of(half: Half, waits: Iterable[tuple[float, float]]) -> list[float]:
    return [wait for came, wait in waits if half.start <= came < half.start + HALF_HOUR]


def _within(day: Day, start: int, first: float, end: float) -> list[Visit]:
    chosen = (each for each in day if first <= each.came < end)
    moved = (Visit(max(each.came, float(start)), each.service) for each in chosen)
    return sorted(moved, key=lambda each: (each.came, each.service))


def _fewest(
    start: int, end: float, coming: Sequence[Day], states: Sequence[_State], target: float
) -> tuple[int, list[_State]]:
    """Return how many windows are enough from here on, and how the days stand at the end."""
    is_needed = any(coming) or any(each.waiting for each in states)
    for windows in range(1 if is_needed else 0, MOST + 1):
        played = [
            _play(start, end, mine, state, windows)
            for mine, state in zip(coming, states, strict=True)
        ]
        if percentile((wait for waits, _ in played for wait in waits), 0.9) <= target:
            break
    return windows, [state for _, state in played]


def _play(
    start: int, end: float, coming: Day, state: _State, windows: int
) -> tuple[list[float], _State]:
    """Play a part of a day; return the waits of all who are in it, and how the day stands then.

    Those who are not called when it is over are played on with as many windows, to know how long
    they would wait. Where there are fewer windows than before, the first that are done close.
    """
    from simpy import Environment, PriorityResource  # only a plan pays for reading it

    people = [*state.waiting, *coming]
    begun: dict[int, float] = {}
    env = Environment(initial_time=start)
    desks = PriorityResource(env, capacity=max(windows, 1))

    def still_busy(until: float) -> Generator[Any, Any, None]:
        with desks.request(priority=0) as place:
            yield place
            yield env.timeout(max(0.0, until - env.now))

    def served(number: int, visit: Visit) -> Generator[Any, Any, None]:
        yield env.timeout(max(0.0, visit.came - start))
        with desks.request(priority=1) as place:
            yield place
            begun[number] = env.now
            yield env.timeout(visit.service)

    for until in sorted(state.busy_until)[-windows:] if windows else ():
        env.process(still_busy(until))
    for number, visit in enumerate(people):
        env.process(served(number, visit))
    env.run()
    by_number = sorted(begun.items())
    now_served = [(people[n], at) for n, at in by_number if at < end]
    busy = [*state.busy_until, *(at + each.service for each, at in now_served)]
    after = _State(
        waiting=[people[n] for n, at in by_number if at >= end],
        busy_until=[until for until in busy if until > end],
        waits=[*state.waits, *((each.came, at - each.came) for each, at in now_served)],
    )
    return [at - people[n].came for n, at in by_number], after


@dataclass(frozen=True)
class Cost:
    """What a plan costs: hours at windows, those at noon apart, in money where a price is known."""

    hours: float
    noon_hours: float
    yuan: float


def cost_of(halves: Iterable[Half], *, hour: float, noon_hour: float) -> Cost:
    """Return what a plan costs at these prices of an hour at a window.

    >>> cost_of([Half(690, 4, 9, 1.0), Half(720, 2, 3, 1.0)], hour=30, noon_hour=45)
    Cost(hours=3.0, noon_hours=1.0, yuan=105.0)
    """
    told = list(halves)
    noon = sum(each.windows for each in told if each.is_noon) / 2
    every = sum(each.windows for each in told) / 2
    return Cost(every, noon, (every - noon) * hour + noon * noon_hour)


def whole(plans: Mapping[str, Sequence[Half]]) -> list[tuple[int, int]]:
    """Return for each half hour how many windows all businesses together need."""
    total: dict[int, int] = {}
    for halves in plans.values():
        for half in halves:
            total[half.start] = total.get(half.start, 0) + half.windows
    return sorted(total.items())


@dataclass(frozen=True)
class Costs:
    """What an hour at a window costs (元), at noon and at weekends more; the waits promised."""

    hour: float
    noon_hour: float
    weekend_hour: float
    target: int


def read_costs(told: Mapping[str, Any]) -> Costs:
    """Return the prices a file states (``[planner]``), or refuse them.

    >>> read_costs({"hour": 40}).noon_hour
    60.0
    """
    hour = told.get("hour", 0)
    # Labour Law 44: overtime one and a half, a weekend worked without another day off twice.
    noon, weekend = told.get("noon_hour", hour * 1.5), told.get("weekend_hour", hour * 2)
    target = told.get("target", 20)
    if not all(isinstance(n, int | float) and 0 <= n <= 10_000 for n in (hour, noon, weekend)):
        raise _wrong()
    if type(target) is not int or not 1 <= target <= 240:
        raise _wrong()
    return Costs(float(hour), float(noon), float(weekend), target)


def _wrong() -> NotValid:
    return NotValid(
        "hall.costs",
        "[planner] 写 hour、noon_hour、weekend_hour（元）和 target（分钟，1 到 240）。",
    )
