"""The number of a paper (文号): place, unit, kind, year, serial — 开市监许受〔2026〕00012号."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

HIGHEST = 9_999_999
"""Five digits are usual; more are for a year in which hundreds of restores skipped ahead."""
_TAIL = re.compile(r"(局|委员会|委|办公室|办|中心|支队|大队)$")


class Unit(NamedTuple):
    """A unit as numbers need it."""

    code: str
    sequence: int
    short_name: str


def number(place: str, unit: str, kind: str, year: int, serial: int) -> str:
    """Return the number of a paper.

    >>> number("开", "市监", "许受", 2026, 12)
    '开市监许受〔2026〕00012号'
    """
    return f"{place}{unit}{kind}〔{year}〕{serial:05d}号"


def of_letter(place: str, unit: str, word: str, year: int, serial: int) -> str:
    """Return the number of an official document (发文字号): its serial is written without noughts.

    Basis: GB/T 9704-2012, 7.2.5.

    >>> of_letter("开", "审", "整督", 2026, 3)
    '开审整督〔2026〕3号'
    """
    return f"{place}{unit}{word}〔{year}〕{serial}号"


def unit_words(units: Iterable[Unit], told: Mapping[str, str]) -> dict[str, str]:
    """Return the word of each unit in its numbers: as the county says, else from its short name.

    No two units share a word: whoever comes later in the centre carries its sequence as well.

    >>> rows = [Unit("a", 1, "政务局"), Unit("b", 2, "市监局"), Unit("c", 3, "市监局")]
    >>> unit_words(rows, {"a": "政"})
    {'a': '政', 'b': '市监', 'c': '市监3'}
    """
    found: dict[str, str] = {}
    rows = sorted(units, key=lambda u: (u.code not in told, u.sequence))
    for unit in rows:
        word = told.get(unit.code) or _TAIL.sub("", unit.short_name) or unit.short_name
        found[unit.code] = f"{word}{unit.sequence}" if word in found.values() else word
    return found
