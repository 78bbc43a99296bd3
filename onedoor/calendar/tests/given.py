"""Builders: a year's notice in the open JSON layout, as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from onedoor.calendar.models import Day, Notice, NoticeDay, Revision
from onedoor.calendar.queries import forget

PAPER = "https://www.example.cn/notice-2027.htm"
NEW_YEAR = [
    ("元旦", "2027-01-01", True),
    ("元旦", "2027-01-04", True),
    ("元旦", "2027-01-09", False),
]
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "calendar"
"""The years as others publish them; beside the checkout, where there are any."""


def layout(
    year: int = 2027,
    days: Iterable[tuple[str, str, bool]] = NEW_YEAR,
    papers: Iterable[str] = (PAPER,),
) -> dict[str, Any]:
    """Return a year's notice, right unless told otherwise."""
    stated = [{"name": name, "date": day, "isOffDay": is_off} for name, day, is_off in days]
    return {"year": year, "papers": list(papers), "days": stated}


def written(folder: Path, table: object, name: str = "2027.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")
    return path


def nothing_loaded() -> None:
    """Empty the tables, as before the first load."""
    for model in (Day, NoticeDay, Notice, Revision):
        model.objects.all().delete()
    forget()


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
