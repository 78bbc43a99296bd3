"""What a question asks for, and the queries that look for it, from the strictest to the mildest.

A question is cut into ideas. An idea can be met in several ways: by the words typed, or by what
the law calls the same thing. Each query is put to the index in turn until enough is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from onedoor.catalogue.rules.search.text import LONGEST, READ_AT_MOST, asked, is_latin, normal, runs
from onedoor.catalogue.rules.search.titles import INITIALS, SOUND, closed, pairs
from onedoor.catalogue.rules.search.words import Words

MOST_IDEAS, MOST_WAYS = 6, 12
"""So many are looked at: a question's cost is bounded whatever is typed."""
SHORTEST_SOUND = 5
"""From so many letters on, the beginning of a sound is looked for, not only the whole."""


class Term(NamedTuple):
    """One token of the index, or all that begin with it."""

    token: str
    is_prefix: bool = False


All = tuple[Term, ...]
"""Tokens that must stand together."""
Query = tuple[tuple[All, ...], ...]
"""For each idea, one of several; all ideas together."""


class Way(NamedTuple):
    """One way to meet an idea: the words, and whether they are those that were typed."""

    words: str
    is_typed: bool


@dataclass(frozen=True)
class Idea:
    """A part of the question, and every way in which an item may answer it."""

    words: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Question:
    """What was asked: in plain form, closed up, and as ideas."""

    text: str
    ideas: tuple[Idea, ...]
    was_cut: bool = False

    @property
    def closed(self) -> str:
        return closed(self.text)

    @property
    def is_latin(self) -> bool:
        return is_latin(self.text)

    def shown(self, typed: str) -> str:
        """Return what a page shows in the box again: what was typed, as far as it was read."""
        return typed[:LONGEST] if self.was_cut else typed

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Return what was looked for beside the words typed."""
        return tuple(w.words for idea in self.ideas for w in idea.ways if not w.is_typed)


def understand(text: str, words: Words) -> Question:
    """Cut a question into ideas: known words first, the longest; what only asks is left out.

    >>> from onedoor.catalogue.rules.search.words import read_words
    >>> words = read_words(['idle = "怎么办"', 'synonyms = "丢了 = 补领 补办"'])
    >>> [(idea.words, len(idea.ways)) for idea in understand("身份证丢了怎么办？", words).ideas]
    [('身份证', 1), ('丢了', 3)]
    """
    plain = asked(text, words.simplified)
    ideas, idle = _cut(plain, words, _aside(plain, words))
    if not ideas:
        ideas = [Idea(word, (Way(word, True),)) for word in idle]
    was_cut = len(text) > READ_AT_MOST or len(normal(text)) > LONGEST
    return Question(plain, tuple(ideas[:MOST_IDEAS]), was_cut)


def _aside(plain: str, words: Words) -> frozenset[str]:
    """Return the words that only say of whom something is told that is asked about itself.

    >>> from onedoor.catalogue.rules.search.words import read_words
    >>> words = read_words(['aside = "死了 = 老人"\\nsynonyms = "死了 = 死亡"'])
    >>> [idea.words for idea in understand("老人死了", words).ideas]
    ['死了']
    >>> [idea.words for idea in understand("老人补贴", words).ideas]
    ['老人补贴']
    """
    found = (whom for said, whom in words.aside.items() if said in plain)
    return frozenset[str]().union(*found)


def _cut(plain: str, words: Words, aside: frozenset[str]) -> tuple[list[Idea], list[str]]:
    ideas: list[Idea] = []
    idle: list[str] = []
    for run in runs(plain):
        if is_latin(run):
            ideas.append(_idea(run, words))
            continue
        unknown, at = "", 0
        while at < len(run):
            known = _known(run, at, words, aside)
            if not known:
                unknown += run[at]
                at += 1
                continue
            if unknown:
                ideas.append(_idea(unknown, words))
                unknown = ""
            if known in words.means:
                ideas.append(_idea(known, words))
            else:
                idle.append(known)
            at += len(known)
        if unknown:
            ideas.append(_idea(unknown, words))
    several = [idea for idea in ideas if len(idea.words) > 1]
    return several or ideas, idle


def _known(run: str, at: int, words: Words, aside: frozenset[str]) -> str:
    for length in range(min(words.longest, len(run) - at), 0, -1):
        word = run[at : at + length]
        if word in words.means or word in words.idle or word in aside:
            return word
    return ""


def _idea(word: str, words: Words) -> Idea:
    meant = words.means.get(word, ())
    ways = (Way(word, True), *(Way(each, False) for each in meant))
    return Idea(word, ways[:MOST_WAYS])


# --- Queries ----------------------------------------------------------------------------------

Units = Callable[[str], Iterable[str]]
"""Words → the tokens of the units so called."""


def whole(question: Question) -> Query:
    """The name, alias, sound or initials themselves."""
    return (((Term(f"={question.closed}"),),),)


def as_typed(question: Question) -> Query:
    """Every word as it was typed, in a name or alias."""
    parts = [question.closed] if question.is_latin else runs(question.text)
    return tuple(tuple(_typed(run)) for run in parts)


def by_meaning(question: Question) -> Query:
    """Every idea, in one way or another, in a name or alias."""
    return tuple(_named(idea) for idea in question.ideas)


def anywhere(question: Question, units: Units) -> Query:
    """Every idea, in a name, beside it, or as the unit."""
    return tuple(_anywhere(idea, units) for idea in question.ideas)


def all_but_one(question: Question, units: Units) -> list[Query]:
    """All ideas but one, whichever: what people tell that no item says."""
    ideas = [_anywhere(idea, units) for idea in question.ideas]
    if len(ideas) < 2:
        return []
    return [tuple(ideas[:left] + ideas[left + 1 :]) for left in range(len(ideas))]


def sounding(sound: str) -> Query:
    """Names in which this sound is heard: other characters, the same pronunciation."""
    if len(sound) < SHORTEST_SOUND:
        return ()
    return ((_heard(sound),),)


def misspelled(question: Question) -> Query:
    """A part of what was typed, so that a slip in another part does not matter.

    A wrong, missing or exchanged character spoils at most three pairs in a row, and so at most
    two of three parts.
    """
    if question.is_latin:
        return (tuple(_parts_of_sound(question.closed)),)
    found: list[All] = []
    for run in runs(question.text):
        if is_latin(run):
            continue
        two = pairs(run)
        size = max(len(two) // 3, 1)
        found += [tuple(map(Term, two[i : i + size])) for i in range(0, len(two), size)]
    return (tuple(found),) if found else ()


def somehow(question: Question) -> Query:
    """Any two characters of what was typed that follow each other; else any one of them."""
    two = [pair for run in runs(question.text) if not is_latin(run) for pair in pairs(run)]
    one = [letter for pair in two for letter in pair]
    found = tuple((Term(token),) for token in dict.fromkeys([*two, *one]))
    return (found,) if found else ()


def _typed(run: str) -> Iterable[All]:
    if not is_latin(run):
        yield _stands(run)
        return
    yield (Term(run),)
    if len(run) > 1:
        exact = len(run) <= 3
        yield (Term(f"^{run[:INITIALS]}", is_prefix=not exact),)
    if run.isalpha():
        yield (_heard(run)) if len(run) >= SHORTEST_SOUND else (Term(f"~{run}"),)


def _heard(sound: str) -> All:
    return (Term(f"~{sound[:SOUND]}", is_prefix=True),)


def _stands(words: str) -> All:
    return tuple(
        Term(token) for run in runs(words) for token in ([run] if is_latin(run) else pairs(run))
    )


def _named(idea: Idea) -> tuple[All, ...]:
    return tuple(
        each
        for way in idea.ways
        for each in (_typed(way.words) if way.is_typed else [_stands(way.words)])
    )


def _anywhere(idea: Idea, units: Units) -> tuple[All, ...]:
    beside = tuple(
        tuple(Term(f"#{pair}") for run in runs(way.words) for pair in pairs(run))
        for way in idea.ways
        if not is_latin(way.words)
    )
    theirs = tuple((Term(token),) for way in idea.ways for token in units(way.words))
    return (*_named(idea), *beside, *theirs)


def _parts_of_sound(letters: str) -> Sequence[All]:
    half = len(letters) // 2
    if half < 4:
        return [(Term(f"~{letters[:half]}", is_prefix=True),)] if half > 2 else []
    first = (Term(f"~{letters[:half]}", is_prefix=True),)
    # Where the next syllable begins is not known: wherever it may.
    later = [
        (Term(f"~{letters[at:]}"[: SOUND + 1], is_prefix=True),)
        for at in range(half // 2, half + 4)
        if len(letters) - at >= 4
    ]
    return [first, *later]
