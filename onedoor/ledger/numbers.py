"""Numbers from counter rows, taken in blocks per process (计数).

A block is taken in a short transaction of its own, so a number is never given twice and windows
never wait for each other; a number not used leaves a gap, which is allowed and explained.
The highest number of each series is also kept in a file beside the database: a database restored
from an old backup then does not give out again what is already printed on receipts.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.ledger.models import Counter

BLOCK = 100
YEARLY = 10
ROOM = 10_000
"""So many numbers of each series are left out where nobody knows how many were given, and since."""
_ROOM = "restored:"

_asking = threading.Lock()
"""Held while the database is asked for a block outside a transaction: one asks, the rest wait."""
_lock = threading.Lock()
"""Held for a moment, never while the database is asked: it may wait for whoever wants this lock."""
_at_hand: dict[tuple[str, str], list[_Block]] = {}
_filling: set[tuple[str, str]] = set()
"""Series for which a thread is taking the next block right now."""


def take(series: str, *, highest_used: Callable[[], int], block: int = BLOCK) -> int:
    """Return the next number of ``series``, from 1; call it before the service's transaction.

    ``highest_used`` tells what the owner's own rows already hold; it is asked once a block, so
    that a counter from an old backup gives nothing out twice.
    """
    key = (str(connection.settings_dict["NAME"]), series)
    if (number := _from_hand(key)) is not None:
        return number
    with _asking:
        if (number := _from_hand(key)) is not None:
            return number
        taken = _Block(key, *_reserve(key[0], series, block, highest_used))
        number = taken.take()
        taken()
    assert number is not None
    return number


class _Block:
    """Numbers taken in a transaction; called after its commit, they are at hand for the process."""

    def __init__(self, key: tuple[str, str], following: int, last: int) -> None:
        self.key, self.following, self.last = key, following, last

    def __call__(self) -> None:
        with _lock:
            _at_hand.setdefault(self.key, []).append(self)

    def take(self) -> int | None:
        if self.following > self.last:
            return None
        self.following += 1
        return self.following - 1


def take_within(series: str, *, highest_used: Callable[[], int], block: int = BLOCK) -> int:
    """Return the next number of ``series`` inside the service's own transaction.

    For numbers that only a step itself calls for. What this process has at hand costs nothing.
    Else a block is taken in the running transaction, and only its commit puts the rest at hand:
    a step rolled back takes its block back with it, so no number is ever given out twice. Others
    wait for that commit, so the next block is taken after an earlier one, while some are left.
    """
    key = (str(connection.settings_dict["NAME"]), series)
    if (number := _from_hand(key)) is not None:
        if _is_low(key, block):
            refill = partial(_refill, key, series, block, highest_used)
            transaction.on_commit(refill, robust=True)
        return number
    # A rollback drops the hooks of what it undoes: a block still hooked is this transaction's own.
    for hooked in connection.run_on_commit:
        hook = hooked[1]
        if isinstance(hook, _Block) and hook.key == key and (number := hook.take()) is not None:
            return number
    taken = _Block(key, *_reserve(key[0], series, block, highest_used))
    number = taken.take()
    assert number is not None
    transaction.on_commit(taken)
    return number


def take_yearly(series: str, rows: QuerySet[Any], *, stem: str, width: int, at: datetime) -> str:
    """Return the next business number of a year, such as ``ZG2026-00001``, as ``take_within`` does.

    ``rows`` are all that have such a ``number``.
    """
    year = day_of(at).year
    begin = f"{stem}{year}-"

    def highest() -> int:
        last = rows.filter(number__startswith=begin).aggregate(most=Max("number"))["most"]
        return int(last.removeprefix(begin)) if last else 0

    serial = take_within(f"{series}:{year}", highest_used=highest, block=YEARLY)
    return f"{begin}{serial:0{width}d}"


def _is_low(key: tuple[str, str], block: int) -> bool:
    with _lock:
        return sum(b.last - b.following + 1 for b in _at_hand.get(key, ())) < block // 2


def _refill(key: tuple[str, str], series: str, block: int, highest_used: Callable[[], int]) -> None:
    """Take a block in a transaction of its own, once for all who saw that few are left."""
    with _lock:
        if key in _filling:
            return
        _filling.add(key)
    try:
        if _is_low(key, block):
            _Block(key, *_reserve(key[0], series, block, highest_used))()
    finally:
        with _lock:
            _filling.discard(key)


def _from_hand(key: tuple[str, str]) -> int | None:
    with _lock:
        for block in list(_at_hand.get(key, ())):
            if (number := block.take()) is not None:
                return number
            _at_hand[key].remove(block)
    return None


def guard(*, at: datetime) -> bool:
    """Leave room where the marks beside the database are gone; say whether they were.

    Without them nobody can tell a database from an older copy of itself, whose numbers are out.
    """
    name = str(connection.settings_dict["NAME"])
    is_marked = any((Path(settings.DATA) / "numbers").glob(f"{_safe(Path(name).name)}-*"))
    if is_marked or not Counter.objects.filter(value__gt=0).exists():
        return False
    leave_room(ROOM, at=at)
    for counter in Counter.objects.exclude(series__startswith=_ROOM).order_by("series"):
        _remember(name, counter.series, counter.value)
    return True


def leave_room(count: int, *, at: datetime) -> None:
    """Let every series go on ``count`` further: what a restored database may have given out.

    Series that began after the backup have no counter: those of today begin ``count`` further
    than they would have, those of this year, and those of no time, likewise.
    """
    Counter.objects.exclude(series__startswith=_ROOM).update(value=F("value") + count)
    today = clock.day_of(at)
    for period in (f"{today:%Y%m%d}", f"{today:%Y}"):
        Counter.objects.update_or_create(
            series=f"{_ROOM}{period}", defaults={"value": _room(f":{period}") + count}
        )
    forget()


def _room(series: str) -> int:
    """Return where a series begins that has no counter yet: 0, unless restores left room.

    A series of a day asks the rooms of days not before it, one of a year those of such years;
    one of no time asks all of them.
    """
    part = series.rpartition(":")[2]
    rooms = Counter.objects.filter(series__startswith=_ROOM)
    return max(
        (
            value
            for name, value in rooms.values_list("series", "value")
            if not part.isdigit()
            or (len(part) == len(period := name.removeprefix(_ROOM)) and part <= period)
        ),
        default=0,
    )


def forget() -> None:
    """Drop this process's blocks: the next numbers come from the database."""
    with _lock:
        _at_hand.clear()


def _reserve(
    name: str, series: str, block: int, highest_used: Callable[[], int]
) -> tuple[int, int]:
    with transaction.atomic():
        Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
        counter = Counter.objects.select_for_update().get(series=series)
        begun = counter.value or _room(series)
        floor = max(begun, _highest(name, series), highest_used())
        Counter.objects.filter(pk=counter.pk).update(value=floor + block)
        _remember(name, series, floor + block)
    return floor + 1, floor + block


def _mark(name: str, series: str) -> tuple[Path, str]:
    """Return the file of a series and its part; it holds only the latest (``case:014`` · day)."""
    stem, _, part = series.rpartition(":")
    return Path(settings.DATA) / "numbers" / _safe(f"{Path(name).name}-{stem}"), part


def _safe(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in text)


def _highest(name: str, series: str) -> int:
    mark, part = _mark(name, series)
    try:
        written, value = mark.read_text().split()
        return int(value) if written == part else 0
    except (FileNotFoundError, ValueError):
        return 0


def _remember(name: str, series: str, value: int) -> None:
    mark, part = _mark(name, series)
    try:
        if mark.read_text().split()[0] > part:
            return  # an older day is being filled in; today's mark stays
    except (FileNotFoundError, IndexError):
        mark.parent.mkdir(parents=True, exist_ok=True)
    draft = mark.with_name(f"{mark.name}.{os.getpid()}")
    draft.write_text(f"{part} {value}")
    draft.replace(mark)
