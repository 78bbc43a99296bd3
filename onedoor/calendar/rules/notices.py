"""What a year's notices say, read from the two forms in which they come: our pack and the open
JSON layout (``year``, ``papers``, ``days`` with ``name``, ``date``, ``isOffDay``).

Whatever cannot be a calendar is refused with a sentence that names the file and the place.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from onedoor.calendar.rules.working_days import Arrangement, Kind, SpecialDay
from onedoor.kernel.errors import NotValid

_NEIGHBOURHOOD = timedelta(days=31)
"""A notice may take days of the December before or the January after, no others."""
_YEARS = range(2000, 2200)
_SHOWN = 60
_LONGEST_URL = 500
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Paper(NamedTuple):
    """The notice itself, as far as it is known."""

    url: str = ""
    number: str = ""
    title: str = ""
    issued_on: date | None = None


class StatedDay(NamedTuple):
    """A day as a notice states it; ``paper`` is the place of the notice in the year's list."""

    date: date
    kind: Kind
    name: str
    paper: int


class YearNotice(NamedTuple):
    """All that is stated about a year. Without papers the year is unknown."""

    year: int
    papers: tuple[Paper, ...]
    days: tuple[StatedDay, ...]
    is_local: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.papers)

    @property
    def arrangement(self) -> Arrangement:
        days = {day.date: SpecialDay(day.kind, day.name) for day in self.days}
        return Arrangement(self.year, days, self.is_local)


def from_pack(data: bytes) -> YearNotice:
    """Read one year of our own pack: ``[[notice]]`` tables with ``off`` and ``work`` days."""
    table = tomllib.loads(data.decode())
    papers: list[Paper] = []
    days: dict[date, StatedDay] = {}
    for place, notice in enumerate(table["notice"]):
        papers.append(
            Paper(
                url=notice["url"],
                number=notice.get("number", ""),
                title=notice.get("title", ""),
                issued_on=notice.get("issued_on"),
            )
        )
        # A later notice of the year restates the holiday it changes, whole.
        restated = {each["name"] for each in notice["holiday"]}
        days = {day: stated for day, stated in days.items() if stated.name not in restated}
        for holiday in notice["holiday"]:
            first, last = holiday["off"]
            for day in _from_to(first, last):
                days[day] = StatedDay(day, Kind.OFF, holiday["name"], place)
            for day in holiday.get("work", ()):
                days[day] = StatedDay(day, Kind.WORK, holiday["name"], place)
    in_order = tuple(days[day] for day in sorted(days))
    return YearNotice(table["year"], tuple(papers), in_order, table.get("is_local", False))


def _from_to(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def from_layout(data: bytes, *, source: str) -> YearNotice:
    """Read one year of the JSON layout; ``source`` is how a refusal names the file."""
    table = _object(_decoded(data, source), source)
    year = table.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or year not in _YEARS:
        raise NotValid(
            "calendar.year", "%(source)s：缺少年份，或年份不在2000到2199之间。", source=source
        )
    urls, entries = table.get("papers"), table.get("days")
    if not isinstance(urls, list) or not all(map(_is_url, urls)):
        raise NotValid("calendar.layout", "%(source)s：“papers”应是通知网址的列表。", source=source)
    if not isinstance(entries, list):
        raise NotValid("calendar.layout", "%(source)s：“days”应是日期的列表。", source=source)
    papers = tuple(Paper(url=url.strip()) for url in urls if url.strip())
    if entries and not papers:
        raise NotValid(
            "calendar.no_paper",
            "%(source)s：列了日期，却没有写依据的通知，请补上“papers”。",
            source=source,
        )
    if papers and not entries:
        raise NotValid(
            "calendar.no_days", "%(source)s：写了通知，却一个日期也没有列。", source=source
        )
    days: dict[date, StatedDay] = {}
    for entry in entries:
        stated = _stated(entry, year=year, paper=len(papers) - 1, source=source)
        if stated.date in days:
            raise NotValid(
                "calendar.day_twice",
                "%(source)s：%(day)s列了两次。",
                source=source,
                day=stated.date.isoformat(),
            )
        days[stated.date] = stated
    return YearNotice(year, papers, tuple(days[day] for day in sorted(days)))


def _decoded(data: bytes, source: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotValid(
            "calendar.not_utf8",
            "%(source)s：不是UTF-8编码（可能是GBK），请另存为UTF-8再导入。",
            source=source,
        ) from None
    return text


def _object(text: str, source: str) -> Mapping[str, Any]:
    try:
        table = json.loads(text, object_pairs_hook=_no_key_twice)
    except json.JSONDecodeError as error:
        raise NotValid(
            "calendar.not_json",
            "%(source)s：第%(line)s行第%(column)s个字符处读不下去，文件可能不完整。",
            source=source,
            line=error.lineno,
            column=error.colno,
        ) from None
    except (ValueError, RecursionError):
        raise NotValid(
            "calendar.layout", "%(source)s：内容不是工作日历的格式。", source=source
        ) from None
    if not isinstance(table, dict):
        raise NotValid("calendar.layout", "%(source)s：内容不是工作日历的格式。", source=source)
    return table


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _stated(entry: object, *, year: int, paper: int, source: str) -> StatedDay:
    if not isinstance(entry, dict):
        raise NotValid("calendar.layout", "%(source)s：“days”里有一项不是日期。", source=source)
    name, written, is_off = entry.get("name"), entry.get("date"), entry.get("isOffDay")
    day = _real_date(written)
    if day is None:
        raise NotValid(
            "calendar.date",
            "%(source)s：“%(value)s”不是真实的日期，应写成2026-01-01这样。",
            source=source,
            value=_shown(written),
        )
    if not isinstance(is_off, bool) or not isinstance(name, str) or not _is_name(name):
        raise NotValid(
            "calendar.layout",
            "%(source)s：%(day)s这一项缺少节日名称，或没有写明放假还是上班。",
            source=source,
            day=day.isoformat(),
        )
    if not date(year, 1, 1) - _NEIGHBOURHOOD <= day <= date(year, 12, 31) + _NEIGHBOURHOOD:
        raise NotValid(
            "calendar.other_year",
            "%(source)s：%(day)s不属于%(year)s年的放假安排。",
            source=source,
            day=day.isoformat(),
            year=year,
        )
    return StatedDay(day, Kind.OFF if is_off else Kind.WORK, name.strip(), paper)


def _real_date(written: object) -> date | None:
    if not isinstance(written, str) or not _DATE.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _is_url(url: object) -> bool:
    return isinstance(url, str) and url.isprintable() and len(url) <= _LONGEST_URL


def _shown(written: object) -> str:
    """Return the beginning of what was written, as any screen can show it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(written))[
        :_SHOWN
    ]


def _is_name(name: str) -> bool:
    return 0 < len(name.strip()) <= 32 and name.isprintable()
