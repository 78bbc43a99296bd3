"""In which spellings a file may give a word: our value, the Chinese word, the nation's number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from onedoor.catalogue.rules.commitments import Extent, Way
from onedoor.catalogue.rules.words import Form, ItemState, Kind, Necessity, Source, SpecialKind
from onedoor.kernel.terms import Term

T = TypeVar("T", bound=Term)


def _spelled(words: type[T], spellings: str = "") -> Mapping[str, T]:
    found = {spelling: word for word in words for spelling in (word.zh, word.value)}
    for group in spellings.split(" · ") if spellings else ():
        number, value, *more = group.split()
        found.update(dict.fromkeys((number, *more), words(value)))
    return found


KINDS = _spelled(Kind, "1 instant 即办 · 2 promised · 9 promised")
NECESSITIES = _spelled(Necessity, "1 required · 2 optional · 3 tolerant")
FORMS = _spelled(Form, "1 paper · 2 electronic 电子化 · 3 either 纸质/电子 纸质/电子化")
SOURCES = _spelled(Source, "10 own · 20 issued · 30 licence · 40 shared · 50 promise · 99 other")
ITEM_STATES = _spelled(ItemState, "1 in_use · 2 suspended · 3 cancelled")
SPECIAL_KINDS = _spelled(SpecialKind)
EXTENTS = _spelled(Extent)
WAYS = _spelled(Way)

NUMBERS: Mapping[tuple[str, str], str] = {
    ("kind", Kind.INSTANT.value): "1",
    ("kind", Kind.PROMISED.value): "2",
    **{
        (field, words[number].value): number
        for field, words in (
            ("necessity", NECESSITIES),
            ("form", FORMS),
            ("source_kind", SOURCES),
        )
        for number in words
        if number.isdigit()
    },
}
"""The nation's number of a word, by field and word."""
