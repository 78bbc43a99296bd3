"""How well an item answers a question, and which of its characters did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from onedoor.catalogue.rules.search.asking import Idea, Question
from onedoor.catalogue.rules.search.text import is_latin, normal, runs
from onedoor.catalogue.rules.search.titles import Title, pairs

SURE, LIKELY = 100.0, 45.0
"""The name itself; and the least that counts as an answer instead of something near it."""
AS_NEAR = 0.85
"""Among names that only come near, those count that come about as near as the nearest."""
_FIRST = ("新办", "设立", "首次", "申领")
_LAST = ("注销", "终止", "停发")
"""Who does not say which, most often wants it for the first time, and not the end of it."""


@dataclass(frozen=True)
class Candidate:
    """An item the index brought: its titles (the name first), what is said beside, its unit.

    ``code`` is its code in plain form.
    """

    id: int
    code: str
    titles: tuple[Title, ...]
    beside: str
    unit: str


class Found(NamedTuple):
    """A candidate with its score; ``title`` is the one of its titles that answered best."""

    score: float
    candidate: Candidate
    title: int


def ranked(question: Question, candidates: Iterable[Candidate], *, sound: str = "") -> list[Found]:
    """Return the candidates, the best first; ``sound`` is how the question sounds, if it matters.

    Names that answer equally well: first what is done the first time, then the shorter ones, and
    names alike by their units.
    """
    found = [_judged(question, candidate, sound) for candidate in candidates]
    return sorted(
        found,
        key=lambda f: (
            -round(f.score, 1),
            not any(word in f.candidate.titles[0].text for word in _FIRST),
            len(f.candidate.titles[0].text),
            f.candidate.titles[0].text,
            f.candidate.unit,
        ),
    )


def _judged(question: Question, candidate: Candidate, sound: str) -> Found:
    best, which = 0.0, 0
    for place, title in enumerate(candidate.titles):
        score = _score(question, title, candidate, sound) - (1.0 if place else 0.0)
        if score < SURE and _is_the_end(question, title):
            score -= 1.5
        if score > best:
            best, which = score, place
    return Found(best, candidate, which)


def _is_the_end(question: Question, title: Title) -> bool:
    said = (question.closed, *question.synonyms)
    return any(word in title.text and not any(word in s for s in said) for word in _LAST)


def _score(question: Question, title: Title, candidate: Candidate, sound: str) -> float:
    typed, name = question.closed, title.text
    if typed in (name, candidate.code):
        return SURE
    if question.is_latin and typed in (title.initials, title.sound):
        return SURE - 2
    cover = sum(_met(idea, name, title, candidate) * len(idea.words) for idea in question.ideas)
    cover /= sum(len(idea.words) for idea in question.ideas) or 1
    share = min(len(typed) / max(len(name), 1), 1.0)
    if typed in name:
        return 80 + 10 * share + (5 if name.startswith(typed) else 0)
    likeness = _likeness(question, name, title, sound)
    if cover > 0.99:
        return 70 + 8 * share
    return max(68 * cover, 62 * likeness) + 5 * share * likeness


def _met(idea: Idea, name: str, title: Title, candidate: Candidate) -> float:
    """Say how well the idea is met: 1 by the very words, less by what they mean or stand beside."""
    best = 0.0
    for way in idea.ways:
        worth = 1.0 if way.is_typed else 0.95
        if way.words in name:
            return worth if way.is_typed else max(best, worth)
        if is_latin(way.words) and _is_heard(way.words, title):
            best = max(best, worth)
        if len(way.words) > 1 and best < worth:
            best = max(best, worth * 0.9 * _share_of_pairs(way.words, name))
            if way.words in candidate.beside:
                best = max(best, worth * 0.7)
            if way.words in candidate.unit:
                best = max(best, worth * 0.85)
    return best


def _is_heard(letters: str, title: Title) -> bool:
    return letters in title.initials or letters in title.sound


def _share_of_pairs(words: str, name: str) -> float:
    wanted = [pair for run in runs(words) for pair in pairs(run)]
    return sum(pair in name for pair in wanted) / len(wanted)


def _likeness(question: Question, name: str, title: Title, sound: str) -> float:
    """Say from 0 to 1 how near the spelling or the sound comes to some part of the name."""
    typed = question.closed
    if question.is_latin:
        return _near(typed, title.sound) if len(typed) > 3 else 0.0
    near = _near(typed, name)
    if sound and len(typed) > 1:
        near = max(near, 0.97 * _near(sound, title.sound))
    return near


def _near(typed: str, name: str) -> float:
    # A short name inside a long question is no answer to it.
    if len(name) < len(typed):
        return fuzz.ratio(typed, name) / 100
    return fuzz.partial_ratio(typed, name) / 100


# --- What to mark ------------------------------------------------------------------------------


class Piece(NamedTuple):
    """A stretch of a name, and whether it is what was asked for."""

    text: str
    is_marked: bool


def marked(name: str, question: Question, sounds: Sequence[str] = ()) -> list[Piece]:
    """Return the name in pieces, those marked that answer the question.

    ``sounds`` are those of the name's plain form, character by character.
    """
    letters, places = _plain(name)
    hit = [False] * len(name)
    for start, end in _hits(letters, question, sounds):
        for at in range(start, end):
            hit[places[at]] = True
    pieces: list[Piece] = []
    for character, is_marked in zip(name, hit, strict=True):
        if pieces and pieces[-1].is_marked == is_marked:
            pieces[-1] = Piece(pieces[-1].text + character, is_marked)
        else:
            pieces.append(Piece(character, is_marked))
    return pieces


def _plain(name: str) -> tuple[str, list[int]]:
    """Return the plain characters of a name, and which of its own each of them comes from."""
    plain = [(letter, at) for at, character in enumerate(name) for letter in normal(character)]
    return "".join(letter for letter, _ in plain), [at for _, at in plain]


def _hits(letters: str, question: Question, sounds: Sequence[str]) -> Iterator[tuple[int, int]]:
    if question.is_latin:
        yield from _heard_in(letters, question.closed, sounds)
    wanted = [question.closed, *(w.words for idea in question.ideas for w in idea.ways)]
    hit = False
    for words in wanted:
        for start in _all(letters, words):
            hit = True
            yield start, start + len(words)
    if not hit:
        for idea in question.ideas:
            for pair in pairs(idea.words):
                for start in _all(letters, pair) if len(pair) > 1 else ():
                    yield start, start + 2


def _heard_in(letters: str, typed: str, sounds: Sequence[str]) -> Iterator[tuple[int, int]]:
    spans = list(_spans(letters, sounds))
    for said in ([s.initial for s in spans], [s.sound for s in spans]):
        for first in range(len(said)):
            rest = "".join(said[first:])
            if not rest.startswith(typed):
                continue
            length, last = 0, first
            while length < len(typed):
                length += len(said[last])
                last += 1
            yield spans[first].start, spans[last - 1].end
            return


class _Span(NamedTuple):
    initial: str
    sound: str
    start: int
    end: int


def _spans(letters: str, sounds: Sequence[str]) -> Iterator[_Span]:
    at, rest = 0, iter(sounds)
    for run in runs(letters):
        if is_latin(run):
            sound = next(rest, run)
            yield _Span(sound, sound, at, at + len(run))
        else:
            for offset in range(len(run)):
                sound = next(rest, " ")
                yield _Span(sound[0], sound, at + offset, at + offset + 1)
        at += len(run)


def _all(letters: str, words: str) -> Iterator[int]:
    start = letters.find(words) if words else -1
    while start >= 0:
        yield start
        start = letters.find(words, start + 1)
