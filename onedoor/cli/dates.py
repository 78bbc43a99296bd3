"""``onedoor due``: a last day in time, and how it was counted; ``onedoor import calendar``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.calendar import queries, services
from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules.clock import Due, Pause, due
from onedoor.cases.rules.counting import CountedDay, explain
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed

_WEEKDAYS = "一二三四五六日"


def register(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("due", help="the last day in time, and how it was counted")
    parser.add_argument("--from", dest="start", type=_day, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--days", type=int, required=True, metavar="N", help="how many units")
    parser.add_argument(
        "--unit",
        choices=[unit.value for unit in LimitUnit],
        default=LimitUnit.WD.value,
        help="working days, natural days, hours, months or years",
    )
    parser.add_argument(
        "--suspend",
        type=_pause,
        action="append",
        default=[],
        metavar="A..B",
        help="suspended on A, resumed on B, which counts again; A.. is not yet resumed",
    )
    parser.set_defaults(run=run_due)


def register_import(kinds: Any) -> None:
    """Add what may be imported."""
    parser = kinds.add_parser("calendar", help="notices of working days, JSON, one year a file")
    parser.add_argument("path", metavar="FILE|FOLDER")
    parser.add_argument(
        "--local",
        action="store_true",
        help="what the place itself arranges; stands over the nation's",
    )
    parser.add_argument("--by", default="", metavar="USERNAME", help="whose import it is")
    parser.set_defaults(run=run_import)


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-01-05 这样。")


def _pause(text: str) -> Pause:
    first, dots, resumed = text.partition("..")
    if not dots:
        raise argparse.ArgumentTypeError(
            "暂停请写成 2026-01-05..2026-01-09，还没恢复的写 2026-01-05.."
        )
    return Pause(_day(first), _day(resumed) if resumed else None)


# --- due ----------------------------------------------------------------------------------------


def run_due(arguments: argparse.Namespace) -> int:
    start, pauses = arguments.start, arguments.suspend
    limit = Limit(arguments.days, LimitUnit(arguments.unit))
    calendar = _calendar()
    found = due(start, limit, calendar=calendar, pauses=pauses)
    print(_answer(found))
    until = found.on or max(start, *(each.first for each in pauses if each.resumed is None))
    years = [year for year in range(start.year, until.year + 1) if year not in calendar.known_years]
    if found.provisional:
        names = "、".join(f"{year}年" for year in years)
        print(f"{names}还没有放假安排通知，日期可能变动。")
    lines = explain(start, limit, until=until, calendar=calendar, pauses=pauses)
    for line in _rows(lines, hours=limit.unit is LimitUnit.H):
        print(line)
    return 0


def _answer(found: Due) -> str:
    if found.on is None:
        return "暂停计时：还没有恢复，算不出截止日期"
    at = f" {found.by:%H:%M}" if found.by else ""
    return f"{found.on}{at}{'（暂定）' if found.provisional else ''}"


def _rows(lines: Iterator[CountedDay], *, hours: bool) -> Iterator[str]:
    for line in lines:
        place = f"第{line.count}天" if line.counted else "—"
        name = f"（{line.name}）" if line.name else ""
        yield f"{line.day} 星期{_WEEKDAYS[line.day.weekday()]} {place} {line.why.zh}{name}"
    if hours:
        yield "按服务时间 9:00—17:00 计。"


def _calendar() -> WorkingDays:
    """Return the calendar of the database, or of the product when there is none or no answer."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return queries.national()  # asking would create an empty file
    try:
        return queries.working_days()
    except DatabaseError:
        print("读不到数据库里的工作日历，按随产品带的日历计算。", file=sys.stderr)
        return queries.national()


# --- import -------------------------------------------------------------------------------------


def run_import(arguments: argparse.Namespace) -> int:
    at = clock.now()
    by = _importer(arguments.by, on=clock.day_of(at))
    load = services.import_local_calendar if arguments.local else services.import_calendar
    outcome = load([Path(arguments.path)], by=by.ref, at=at)
    for label, years in (
        ("新增", outcome.created),
        ("改动", outcome.changed),
        ("没有变化", outcome.unchanged),
        ("通知还没出", outcome.unknown),
    ):
        if years:
            print(f"{label} {len(years)} 年：{'、'.join(map(str, years))}")
    moved = outcome.first_changed
    print(f"{moved}起有工作日变动，在办件的时限会重新计算。" if moved else "工作日没有变动。")
    counts = {
        "read": outcome.read,
        "created": len(outcome.created),
        "changed": len(outcome.changed),
        "unchanged": len(outcome.unchanged),
        "unknown": len(outcome.unknown),
    }
    print(" ".join(f"{name}={count}" for name, count in counts.items()))
    return 0


def _importer(username: str, *, on: date) -> Actor:
    if not username:
        return SYSTEM
    actor = actor_named(username, on=on)
    if not actor.holds(Role.ADMIN):
        raise NotAllowed(
            "calendar.not_allowed", "导入工作日历要由系统管理员来做。", username=username
        )
    return actor
