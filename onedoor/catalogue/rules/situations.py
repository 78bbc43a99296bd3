"""Questions that tell an applicant which papers they need (情形引导): a small decision graph.

An item asks its questions in the order they are listed; each answer says which papers are then not
needed, and which question comes next, or that this was the last one. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from onedoor.kernel.errors import NotValid

MOST_QUESTIONS = 5
"""So many are asked of one applicant at most."""
MOST_ANSWERS = 8
MOST_PATHS = 64
"""So many ways through are looked at, and shown to whoever writes them."""
LONGEST = 60

_NEXT = re.compile(r"(?:第)?(\d{1,2})(?:问)?")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One question (情形问题), and its answers, one a line.

    A line is ``the answer｜papers that are then not needed；…｜the number of the next question``.
    """

    question: str
    answers: str = ""
    why: str = ""

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers one may choose, as the lines say them."""
        return tuple(option(line) for line in self.answers.splitlines() if line.strip())


class Option(NamedTuple):
    """One answer: which papers are not needed then, and which question follows, 0 for none."""

    text: str
    free: tuple[str, ...]
    leads_to: int


def option(line: str) -> Option:
    """Return the answer a line says, or refuse it.

    >>> option("租的房｜房产证；土地证｜3")
    Option(text='租的房', free=('房产证', '土地证'), leads_to=3)
    >>> option("没有")
    Option(text='没有', free=(), leads_to=0)
    """
    text, free, said, *more = [*(part.strip() for part in re.split("[|｜]", line)), "", ""]
    following = _NEXT.fullmatch(said)
    if not text or len(text) > LONGEST or any(more) or (said and not following):
        raise NotValid(
            "catalogue.situation_line",
            "这一行看不懂：“%(line)s”。一行写：答案｜不用带的材料；……｜下一问的序号。",
            field="situations",
            line=line.strip()[:60],
        )
    names = tuple(name for part in re.split("[;；]", free) if (name := part.strip()))
    return Option(text, names, int(following[1]) if following else 0)


class Walk(NamedTuple):
    """A way through: which answer was chosen at which question, what is not needed, what is next.

    ``asks`` is the number of the question that comes now, 0 at the end.
    """

    chosen: tuple[int, ...]
    passed: tuple[tuple[int, Option], ...]
    free: frozenset[str]
    asks: int

    @property
    def is_over(self) -> bool:
        return self.asks == 0


def begin(situations: Sequence[Situation]) -> Walk:
    """Return the walk before its first answer; over at once where nothing is asked."""
    return Walk((), (), frozenset(), 1 if situations else 0)


def step(situations: Sequence[Situation], walk: Walk, answer: int) -> Walk | None:
    """Return the walk one answer further, counted from 1; nothing where there is no such answer."""
    if walk.is_over or len(walk.passed) >= MOST_QUESTIONS or walk.asks > len(situations):
        return None
    options = situations[walk.asks - 1].options
    if not 1 <= answer <= len(options):
        return None
    one = options[answer - 1]
    return Walk(
        (*walk.chosen, answer),
        (*walk.passed, (walk.asks, one)),
        walk.free | frozenset(one.free),
        one.leads_to,
    )


def walked(situations: Sequence[Situation], chosen: Sequence[int]) -> Walk | None:
    """Return where these answers lead; nothing where one of them is none."""
    walk: Walk | None = begin(situations)
    for answer in chosen:
        walk = step(situations, walk, answer) if walk else None
    return walk


def paths(situations: Sequence[Situation]) -> Iterator[Walk]:
    """Yield every way through to its end, the first answers first."""
    waiting = [begin(situations)] if situations else []
    while waiting:
        walk = waiting.pop(0)
        if walk.is_over:
            yield walk
            continue
        options = situations[walk.asks - 1].options
        further = [step(situations, walk, n) for n in range(1, len(options) + 1)]
        waiting = [each for each in further if each] + waiting


def faults(situations: Sequence[Situation], materials: Container[str]) -> Iterator[NotValid]:
    """Yield all that is wrong with a graph: where it ends nowhere, goes round, names what is not.

    The ways through are only counted where each of them comes to an end.
    """
    found = [*_of_each(situations, materials)]
    if not found:
        found += _of_ways(situations)
    yield from found


def _of_each(situations: Sequence[Situation], materials: Container[str]) -> Iterator[NotValid]:
    for place, one in enumerate(situations, start=1):
        field = f"situations-{place}"
        try:
            options = one.options
        except NotValid as refusal:
            refusal.field = field
            yield refusal
            continue
        if not 2 <= len(options) <= MOST_ANSWERS:
            yield NotValid(
                "catalogue.situation_answers",
                "第 %(place)s 问要写 2 到 %(most)s 个答案，一行一个。",
                field=field,
                place=place,
                most=MOST_ANSWERS,
            )
        for each in options:
            if each.leads_to > len(situations):
                yield NotValid(
                    "catalogue.situation_dead_end",
                    "第 %(place)s 问的“%(answer)s”接到第 %(next)s 问，可是没有这一问。",
                    field=field,
                    place=place,
                    answer=each.text,
                    next=each.leads_to,
                )
            for name in each.free:
                if name not in materials:
                    yield NotValid(
                        "catalogue.situation_material",
                        "第 %(place)s 问的“%(answer)s”说不用带“%(name)s”，可是材料里没有它。",
                        field=field,
                        place=place,
                        answer=each.text,
                        name=name,
                    )


def _of_ways(situations: Sequence[Situation]) -> Iterator[NotValid]:
    if len(situations) >= MOST_PATHS:
        # Each question has two answers at least, so that as many questions are more ways yet:
        # nothing below is worked out for a graph of any size.
        yield _too_many()
        return
    follows = {
        place: {each.leads_to for each in one.options if each.leads_to}
        for place, one in enumerate(situations, start=1)
    }
    if place := _in_a_loop(follows):
        yield NotValid(
            "catalogue.situation_loop",
            "第 %(place)s 问会绕回自己，永远答不完。请改下一问的序号。",
            field=f"situations-{place}",
            place=place,
        )
        return
    reached = _reached(follows)
    for place in follows.keys() - reached:
        yield NotValid(
            "catalogue.situation_unreached",
            "第 %(place)s 问走不到：没有哪个答案接到它。",
            field=f"situations-{place}",
            place=place,
        )
    if follows and _longest(follows) > MOST_QUESTIONS:
        yield NotValid(
            "catalogue.situation_too_long",
            "一个人最多问 %(most)s 问，现在有的要问更多。",
            field="situations",
            most=MOST_QUESTIONS,
        )
    elif _ways(situations) > MOST_PATHS:
        yield _too_many()


def _too_many() -> NotValid:
    return NotValid(
        "catalogue.situation_too_many",
        "走法太多了，最多 %(most)s 种。请少分几种情况。",
        field="situations",
        most=MOST_PATHS,
    )


def _in_a_loop(follows: Mapping[int, set[int]]) -> int:
    """Return a question from which one comes back to it, 0 where there is none."""
    for place in follows:
        seen: set[int] = set()
        waiting = list(follows[place])
        while waiting:
            at = waiting.pop()
            if at == place:
                return place
            if at not in seen:
                seen.add(at)
                waiting += follows[at]
    return 0


def _reached(follows: Mapping[int, set[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = [1] if follows else []
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += follows[at]
    return seen


def _longest(follows: Mapping[int, set[int]]) -> int:
    """Return of how many questions the longest way is, where none goes round."""

    @cache
    def longest(at: int) -> int:
        return 1 + max((longest(each) for each in follows[at]), default=0)

    return longest(1)


def _ways(situations: Sequence[Situation]) -> int:
    """Return how many ways there are, where none goes round; each question is looked at once."""

    @cache
    def ways(at: int) -> int:
        options = situations[at - 1].options
        return sum(ways(each.leads_to) if each.leads_to else 1 for each in options)

    return ways(1) if situations else 0
