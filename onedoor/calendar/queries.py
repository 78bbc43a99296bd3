"""What may be asked of the calendar."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from onedoor.calendar.models import Notice, NoticeDay, Revision
from onedoor.calendar.rules import notices
from onedoor.calendar.rules.notices import Paper, StatedDay, YearNotice
from onedoor.calendar.rules.working_days import Kind, WorkingDays, calendar_of

QUIET_SECONDS = 1.0
"""For so long the version is not asked for again."""


class _Kept(NamedTuple):
    version: tuple[int, str]
    looked_at: float
    calendar: WorkingDays


_kept: _Kept | None = None
_lock = threading.Lock()


def version() -> int:
    """Return the number of the revision in force; 0 while only the pack is known."""
    return _version()[0]


def _version() -> tuple[int, str]:
    # The key tells two databases apart that count alike.
    last = Revision.objects.order_by("-number").values_list("number", "id").first()
    return (last[0], str(last[1])) if last else (0, "")


def working_days() -> WorkingDays:
    """Return the calendar in force, kept in the process and renewed when its version changes.

    While nothing has been loaded, the national pack that comes with the product answers.
    """
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() - kept.looked_at < QUIET_SECONDS:
        return kept.calendar
    with _lock:
        version = _version()
        if kept is None or kept.version != version:
            calendar = in_force() if version[0] else national()
        else:
            calendar = kept.calendar
        _kept = _Kept(version, time.monotonic(), calendar)
    return calendar


def forget() -> None:
    """Let the next question look at the database again; the same version is not read twice."""
    global _kept
    _kept = _kept and _kept._replace(looked_at=-QUIET_SECONDS)


def in_force() -> WorkingDays:
    """Return the calendar that the rows make, read now."""
    return calendar_of(each.arrangement for each in year_notices())


def year_notices() -> list[YearNotice]:
    """Return for each year what its latest version states."""
    latest: dict[tuple[int, bool], list[Notice]] = {}
    for row in Notice.objects.order_by("year", "is_local", "-version", "place"):
        rows = latest.setdefault((row.year, row.is_local), [])
        if not rows or rows[0].version == row.version:
            rows.append(row)
    places = {row.pk: row.place for rows in latest.values() for row in rows}
    days: dict[tuple[int, bool], list[StatedDay]] = {}
    stated = NoticeDay.objects.filter(notice__in=places).select_related("notice").order_by("date")
    for day in stated:
        key = (day.notice.year, day.notice.is_local)
        place = places[day.notice_id]
        days.setdefault(key, []).append(StatedDay(day.date, Kind(day.kind), day.name, place))
    return [
        YearNotice(
            year,
            tuple(Paper(row.url, row.number, row.title, row.issued_on) for row in rows),
            tuple(days.get((year, is_local), ())),
            is_local,
        )
        for (year, is_local), rows in latest.items()
    ]


@lru_cache(maxsize=1)
def national_notices() -> tuple[YearNotice, ...]:
    """Return what the pack that comes with the product states, year by year."""
    folder = files("onedoor") / "packs" / "national" / "calendar"
    found = sorted(folder.iterdir(), key=lambda each: each.name)
    return tuple(
        notices.from_pack(each.read_bytes()) for each in found if each.name[-5:] == ".toml"
    )


@lru_cache(maxsize=1)
def national() -> WorkingDays:
    """Return the calendar of the pack alone; it needs no database."""
    return calendar_of(each.arrangement for each in national_notices())
