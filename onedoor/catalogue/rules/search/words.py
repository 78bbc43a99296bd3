"""The words people say, and what the law calls it: synonyms, words that ask, readings.

Data, not code: ``packs/national/search.toml`` for everybody, and a file of the same form in a
county's own pack, whose lines are added to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onedoor.catalogue.rules.search.text import normal
from onedoor.kernel.errors import NotValid


@dataclass(frozen=True)
class Words:
    """What the search knows of the language.

    ``means``: what is said → how items are called. ``idle``: what only asks (怎么办理), or stands
    in every other name (办理). ``aside``: where this is said, those who are spoken of do not matter
    (老人死了). ``readings``: how a name of a place is read, where it is special.
    ``longest``: how long the longest known word is.
    """

    means: Mapping[str, tuple[str, ...]]
    idle: frozenset[str]
    aside: Mapping[str, frozenset[str]]
    readings: Mapping[str, str]
    simplified: Mapping[int, str]
    longest: int


def read_words(texts: Iterable[str]) -> Words:
    """Return the words of the packs, the national one first; refuse a line that says nothing."""
    means: dict[str, tuple[str, ...]] = {}
    idle: set[str] = set()
    aside: dict[str, frozenset[str]] = {}
    readings: dict[str, str] = {}
    simplified: dict[int, str] = {}
    for text in texts:
        try:
            pack = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _unreadable(str(error)) from None
        for pair in pack.get("traditional", "").split():
            if len(pair) != 2:
                raise _unreadable(pair)
            simplified[ord(pair[0])] = pair[1]
        for line in pack.get("synonyms", "").strip().splitlines():
            said, meant = (_plain_words(side) for side in line.partition("=")[::2])
            if not said or not meant:
                raise _unreadable(line)
            for word in said:
                means[word] = tuple(dict.fromkeys((*means.get(word, ()), *meant)))
        for line in pack.get("aside", "").strip().splitlines():
            said, whom = (_plain_words(side) for side in line.partition("=")[::2])
            if not said or not whom:
                raise _unreadable(line)
            for word in said:
                aside[word] = aside.get(word, frozenset()).union(whom)
        idle |= {normal(word) for word in pack.get("idle", "").split()}
        readings |= pack.get("readings", {})
    people = frozenset[str]().union(*aside.values())
    longest = max((len(word) for word in (*means, *idle, *people)), default=0)
    return Words(means, frozenset(idle), aside, readings, simplified, longest)


def _plain_words(side: str) -> list[str]:
    """Return the words of one side of a line, as names and questions are read."""
    return [plain for word in side.split() if (plain := normal(word).replace(" ", ""))]


def _unreadable(line: str) -> NotValid:
    return NotValid("pack.bad_words", "搜索用词表读不懂这一行：%(line)s。", line=line)
