"""What came of a played day: figures, and what must hold of it and did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from onedoor.demo.day.play import Day
from onedoor.demo.day.wire import Wire
from onedoor.hall import audit
from onedoor.hall.models import Hall, Ticket
from onedoor.hall.rules.lifecycle import OPEN
from onedoor.hall.rules.planner import percentile
from onedoor.kernel.clock import day_of

OVERLAP = 5.0
"""Seconds by which two claims of a real day may miss each other."""


@dataclass(frozen=True)
class Line:
    """A business in figures: minutes, but for the counts."""

    letter: str
    visits: int
    windows: int
    median: float
    p90: float
    handling: float
    missed: int


def lines(day: Day, hall: Hall, *, at: datetime) -> list[Line]:
    """Return the day by business."""
    rows = list(Ticket.objects.filter(hall=hall, day=day_of(at)))
    windows = Counter(letters[0] for letters in day.windows.values())
    found = []
    for letter in sorted({row.letter for row in rows}):
        mine = [row for row in rows if row.letter == letter]
        waits = [row.waited.total_seconds() / 60 for row in mine if row.waited is not None]
        took = [
            (row.ended_at - row.started_at).total_seconds() / 60
            for row in mine
            if row.ended_at and row.started_at
        ]
        found.append(
            Line(
                letter,
                len(mine),
                windows[letter],
                percentile(waits, 0.5),
                percentile(waits, 0.9),
                sum(took) / len(took) if took else 0.0,
                sum(row.state in ("skipped", "void") for row in mine),
            )
        )
    return found


def broken(day: Day, wire: Wire, hall: Hall, *, at: datetime, overlap: timedelta) -> Iterator[str]:
    """Yield what must hold of a day and does not; nothing is the only good answer."""
    yield from day.broken
    yield from (f"error: {error!r}" for error in day.schedule.errors)
    yield from wire.failures
    rows = Ticket.objects.filter(hall=hall, day=day_of(at))
    kept = set(rows.values_list("number", flat=True))
    if kept != set(day.of_number):
        yield f"given and kept differ: {_some(kept ^ set(day.of_number))}"
    if len(day.of_number) != len(day.people):
        yield f"{len(day.people)} came, {len(day.of_number)} got a number"
    left = rows.filter(state__in=[each.value for each in OPEN])
    if left.exists():
        yield f"still open: {_some(left.values_list('number', flat=True))}"
    done = set(rows.filter(state="done").values_list("number", flat=True))
    if done != set(day.served):
        yield f"served and done differ: {_some(done ^ set(day.served))}"
    report = audit.replay_day(hall, day_of(at), overlap=overlap)
    for found in report.faults:
        ahead = _some(found.before)
        yield f"replay: {found.fault} {found.number} at {found.window}, before {ahead}"
    if report.calls == 0 and kept:
        yield "the replay saw no call"


def _some(numbers: Iterable[str]) -> str:
    told = sorted(numbers)
    return " ".join(told[:5]) + (f" … {len(told)}" if len(told) > 5 else "")


def table(told: Iterable[Line]) -> Iterator[str]:
    """Yield the day as lines to print."""
    yield "类  人次  窗口  中位等(分)  九成等(分)  办理(分)  过号"
    for each in told:
        yield (
            f"{each.letter:<2} {each.visits:>5} {each.windows:>5} {each.median:>10.1f} "
            f"{each.p90:>10.1f} {each.handling:>8.1f} {each.missed:>6}"
        )
