"""What the national pack states: item types, code sets, words; and days counted from today."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from onedoor.calendar.queries import working_days
from onedoor.catalogue.rules.code_sets import CodeSets, read_sets
from onedoor.catalogue.rules.item_types import ItemTypes, read_types
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.plain_words import PlainWords, read_words


def _pack(name: str) -> str:
    return (files("onedoor") / "packs" / "national" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def item_types() -> ItemTypes:
    """Return the item types of the national pack."""
    return read_types(_pack("item_types.toml"))


@lru_cache(maxsize=1)
def code_sets() -> CodeSets:
    """Return the code sets of the national pack."""
    return read_sets(_pack("code_sets.toml"))


@lru_cache(maxsize=1)
def plain_words() -> PlainWords:
    """Return the words no guide may hold, of the national pack."""
    return read_words(_pack("plain_words.toml"))


def ready_on(limit: Limit, *, today: date) -> date | None:
    """Return when something accepted today is decided at the latest; hours and months: not said.

    Basis: 许可法82; 民法典201, 203.
    """
    calendar = working_days()
    if limit.unit is LimitUnit.WD:
        if limit.count == 0:
            return today
        return calendar.day_with_ordinal(calendar.ordinal(today) + limit.count)
    if limit.unit is LimitUnit.ND:
        return calendar.next_working_day(today + timedelta(days=limit.count))
    return None
