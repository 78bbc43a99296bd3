"""What may be done to the calendar: load the national pack, import a year's notices.

Nothing is half-loaded, nothing is forgotten: a correction is a new version of its year, the
earlier notices stay. Every load that changes something makes one revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import IntegrityError, transaction

from onedoor.calendar import queries
from onedoor.calendar.events import CalendarChanged
from onedoor.calendar.models import Day, Notice, NoticeDay, Revision
from onedoor.calendar.rules import notices
from onedoor.calendar.rules.notices import YearNotice
from onedoor.calendar.rules.working_days import FIRST_DAY, Kind, WorkingDays, calendar_of
from onedoor.kernel.errors import NotValid, Refusal, TooLarge
from onedoor.ledger import services as ledger

MOST_BYTES = 1_000_000
MOST_FILES = 200

_Key = tuple[int, bool]


class Outcome(NamedTuple):
    """What a load did, in years."""

    read: int
    created: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    first_changed: date | None = None


@ledger.recorded
def load_national(*, at: datetime, by: str = "system") -> Outcome:
    """Load the years of the national pack that are not known yet; what was imported stays."""
    known = {(each.year, each.is_local) for each in queries.year_notices()}
    missing = [n for n in queries.national_notices() if (n.year, n.is_local) not in known]
    return _load(missing, by=by, at=at)


@ledger.recorded
def import_calendar(paths: Iterable[Path], *, by: str, at: datetime) -> Outcome:
    """Load the notices of the State Council from files or folders, all or nothing.

    A year without papers is not out yet and stays unknown.
    """
    return _load(_read(paths, is_local=False), by=by, at=at)


@ledger.recorded
def import_local_calendar(paths: Iterable[Path], *, by: str, at: datetime) -> Outcome:
    """Load what the place itself arranges (地方节日); it stands over the national notices."""
    return _load(_read(paths, is_local=True), by=by, at=at)


def _read(paths: Iterable[Path], *, is_local: bool) -> list[YearNotice]:
    found: dict[int, tuple[YearNotice, str]] = {}
    for path in _files(paths):
        notice = notices.from_layout(_bytes(path), source=path.name)
        if notice.year in found:
            raise NotValid(
                "calendar.year_twice",
                "%(year)s年的安排在%(first)s和%(second)s里都有，请只留一份。",
                year=notice.year,
                first=found[notice.year][1],
                second=path.name,
            )
        found[notice.year] = notice._replace(is_local=is_local), path.name
    return [found[year][0] for year in sorted(found)]


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise NotValid("calendar.no_file", "%(path)s里没有.json文件。", path=path.name)
        files += inside
    if len(files) > MOST_FILES:
        raise NotValid("calendar.too_many_files", "一次最多导入%(n)s个文件。", n=MOST_FILES)
    return files


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        raise NotValid(
            "calendar.no_file", "打不开%(path)s，请检查文件名和权限。", path=str(path)
        ) from None
    if len(data) > MOST_BYTES:
        raise TooLarge(
            "calendar.too_large", "%(path)s太大，一年的安排不会超过1MB。", path=path.name
        )
    return data


def _load(stated: Sequence[YearNotice], *, by: str, at: datetime) -> Outcome:
    number = queries.version() + 1
    before = {(each.year, each.is_local): each for each in queries.year_notices()}
    # An import into an empty table stands on what the pack already answered.
    base = {} if number > 1 else {(n.year, n.is_local): n for n in queries.national_notices()}
    wanted = {(each.year, each.is_local): each for each in stated if each.is_known}
    known = base | before
    to_write = base | {key: _completed(new, known.get(key)) for key, new in wanted.items()}
    different = {k: n for k, n in to_write.items() if k not in before or not _same(before[k], n)}
    first_changed = None
    if different:
        revision = _revision(number, by=by, at=at)
        versions = {key: _write(notice, revision) for key, notice in different.items()}
        first_changed = _rebuild({**before, **different})
        for key, notice in sorted(different.items()):
            _record(notice, versions[key], number, first_changed, by=by, at=at)
    queries.forget()
    transaction.on_commit(queries.forget)
    return _outcome(stated, before, different, first_changed)


def _outcome(
    stated: Sequence[YearNotice],
    before: dict[_Key, YearNotice],
    different: dict[_Key, YearNotice],
    first_changed: date | None,
) -> Outcome:
    known = {(n.year, n.is_local): n.year for n in stated if n.is_known}
    return Outcome(
        read=len(stated),
        created=tuple(year for key, year in known.items() if key not in before),
        changed=tuple(y for key, y in known.items() if key in before and key in different),
        unchanged=tuple(y for key, y in known.items() if key in before and key not in different),
        unknown=tuple(n.year for n in stated if not n.is_known),
        first_changed=first_changed,
    )


def _completed(new: YearNotice, old: YearNotice | None) -> YearNotice:
    """Keep number, title and date of a paper that is known already by its address."""
    known = {paper.url: paper for paper in old.papers} if old else {}
    return new._replace(papers=tuple(known.get(paper.url, paper) for paper in new.papers))


def _same(old: YearNotice, new: YearNotice) -> bool:
    return [p.url for p in old.papers] == [p.url for p in new.papers] and [
        (day.date, day.kind, day.name) for day in old.days
    ] == [(day.date, day.kind, day.name) for day in new.days]


def _revision(number: int, *, by: str, at: datetime) -> Revision:
    try:
        with transaction.atomic():
            return Revision.objects.create(number=number, made_by=by, made_at=at)
    except IntegrityError:
        raise Refusal(
            "calendar.changed_meanwhile", "工作日历刚刚被别人改过。请看过新的日历再导入。"
        ) from None


def _write(notice: YearNotice, revision: Revision) -> int:
    """Add the year's next version; earlier ones are left as they are."""
    same_year = Notice.objects.filter(year=notice.year, is_local=notice.is_local)
    version = (same_year.order_by("-version").values_list("version", flat=True).first() or 0) + 1
    rows = [
        Notice(
            revision=revision,
            year=notice.year,
            is_local=notice.is_local,
            version=version,
            place=place,
            number=paper.number,
            title=paper.title,
            url=paper.url,
            issued_on=paper.issued_on,
        )
        for place, paper in enumerate(notice.papers)
    ]
    Notice.objects.bulk_create(rows)
    NoticeDay.objects.bulk_create(
        NoticeDay(notice=rows[day.paper], date=day.date, kind=day.kind.value, name=day.name)
        for day in notice.days
    )
    return version


def _record(
    notice: YearNotice,
    version: int,
    revision: int,
    first_changed: date | None,
    *,
    by: str,
    at: datetime,
) -> None:
    event = CalendarChanged(
        subject=f"calendar:{notice.year}",
        year=notice.year,
        version=version,
        revision=revision,
        is_local=notice.is_local,
        papers=[paper.number or paper.url for paper in notice.papers],
        first_changed=first_changed.isoformat() if first_changed else "",
    )
    ledger.record(event, by=by, at=at)


def _rebuild(stated: dict[_Key, YearNotice]) -> date | None:
    """Write the days that differ from the rows, and return the first whose work changed."""
    calendar = calendar_of(each.arrangement for each in stated.values())
    old = {row.date: row for row in Day.objects.all()}
    new = [_day(day, calendar, notice) for day, notice in _days(calendar).items()]
    different = [row for row in new if row.date not in old or _facts(row) != _facts(old[row.date])]
    Day.objects.bulk_create(
        different,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["kind", "name", "notice", "is_working", "is_confirmed", "ordinal"],
    )
    moved = [
        row.date
        for row in different
        if row.date not in old
        or (row.is_working, row.is_confirmed)
        != (old[row.date].is_working, old[row.date].is_confirmed)
    ]
    return min(moved, default=None)


def _days(calendar: WorkingDays) -> dict[date, Notice | None]:
    """Return every day of the table, with the notice in force that sets it."""
    last = (calendar.last_day - FIRST_DAY).days
    days: dict[date, Notice | None] = {
        FIRST_DAY + timedelta(days=number): None for number in range(last + 1)
    }
    latest: dict[_Key, int] = {}
    for notice in Notice.objects.order_by("version"):
        latest[notice.year, notice.is_local] = notice.version
    stated = NoticeDay.objects.select_related("notice")
    for day in stated.order_by("notice__is_local", "notice__year", "notice__place"):
        notice = day.notice
        if latest[notice.year, notice.is_local] == notice.version and day.date in days:
            days[day.date] = notice
    return days


def _day(day: date, calendar: WorkingDays, notice: Notice | None) -> Day:
    special = calendar.special(day)
    return Day(
        date=day,
        kind=(special.kind if special else Kind.NORMAL).value,
        name=special.name if special else "",
        notice=notice,
        is_working=calendar.is_working_day(day),
        is_confirmed=calendar.is_confirmed(day),
        ordinal=calendar.ordinal(day),
    )


def _facts(row: Day) -> tuple[object, ...]:
    return (
        row.kind,
        row.name,
        row.notice_id,
        row.is_working,
        row.is_confirmed,
        row.ordinal,
    )
