"""A name and its sound, and the tokens under which it stands in the index.

Every token is one word to the database; its first letter says what it is:

======  ============================================================
 (none)  one or two characters that follow each other, a Latin word
 ``=``   a whole name, or the sound or the initials of one; the code
 ``~``   sound from some character on (``~jingyingxuke``)
 ``^``   initials from some character on (``^jyxk``)
 ``#``   two characters of what is said beside the name (theme, result)
 ``@``   the unit
======  ============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from onedoor.catalogue.rules.search.text import is_latin, normal, runs

NAME_READ = 120
"""So many characters of a name are indexed; the longest names in use have about a hundred."""
SOUND, INITIALS = 20, 12
"""Sound and initials are indexed so many letters far; the ranking compares them in full."""
SHORT_INITIALS = (2, 3)
"""Initials as short as this stand as tokens of their own: nothing need be counted together."""


@dataclass(frozen=True)
class Title:
    """A name (or alias) in its plain form without gaps, with how each of its parts sounds."""

    text: str
    sounds: tuple[str, ...]

    @property
    def sound(self) -> str:
        return "".join(self.sounds)

    @property
    def initials(self) -> str:
        return "".join(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the initial of each character; a Latin word is its own."""
        return initials_of(self.text, self.sounds)


def initials_of(text: str, sounds: Sequence[str]) -> tuple[str, ...]:
    """Return the first letter of each character's sound; a Latin word stands for itself.

    >>> initials_of("开办ktv", ("kai", "ban", "ktv"))
    ('k', 'b', 'ktv')
    """
    found: list[str] = []
    rest = iter(sounds)
    for run in runs(text):
        if is_latin(run):
            found.append(next(rest, run))
        else:
            found += [next(rest, " ")[0] for _ in run]
    return tuple(found)


_taught: dict[str, str] = {}


def teach(readings: Mapping[str, str]) -> None:
    """Tell how names are read that the dictionary reads wrongly (单县 shan xian)."""
    _taught.update(readings)


@cache
def _reader() -> Callable[[str], list[str]]:
    """Load the dictionary of readings: 40 MB that a process which only answers never needs."""
    from pypinyin import Style, lazy_pinyin, load_phrases_dict

    load_phrases_dict({name: [[each] for each in read.split()] for name, read in _taught.items()})
    return lambda run: lazy_pinyin(run, style=Style.NORMAL)


def title(name: str) -> Title:
    """Return a name as it is indexed.

    >>> title("食品经营许可（KTV）").initials
    'spjyxkktv'
    """
    text = closed(normal(name))[:NAME_READ]
    return Title(text, sounds_of(text))


def closed(text: str) -> str:
    """Return a plain text without its gaps: nobody types the brackets of a name."""
    return text.replace(" ", "")


def plain_code(code: str) -> str:
    """Return an item's code as it is looked for: letters and digits."""
    return closed(normal(code))


@lru_cache(maxsize=4096)
def sounds_of(text: str) -> tuple[str, ...]:
    """Return how a plain text sounds: a syllable for each character, a Latin word as it is."""
    found: list[str] = []
    for run in runs(text):
        found += [run] if is_latin(run) else _reader()(run)
    return tuple(found)


def tokens(titles: Sequence[Title], beside: Iterable[str], *, code: str, unit: str) -> list[str]:
    """Return all tokens of an item, each once, in a settled order."""
    found: set[str] = {f"@{unit}", f"={plain_code(code)}"}
    for each in titles:
        found.update(_of_name(each))
        found.update(_of_sound(each))
    for text in beside:
        for run in runs(normal(text)):
            found.update(f"#{pair}" for pair in pairs(run))
    return sorted(found)


def _of_name(name: Title) -> Iterator[str]:
    yield from (f"={whole}" for whole in (name.text, name.sound, name.initials))
    for run in runs(name.text):
        if is_latin(run):
            yield run
        else:
            yield from run
            yield from pairs(run)


def _of_sound(name: Title) -> Iterator[str]:
    sounds, parts = name.sounds, name.parts
    for start in range(len(sounds)):
        rest = "".join(sounds[start:])
        yield f"~{rest[:SOUND]}"
        yield f"~{''.join(sounds[start : start + 2])}"[: SOUND + 1]
        letters = "".join(parts[start:])
        yield f"^{letters[:INITIALS]}"
        yield from (f"^{letters[:length]}" for length in SHORT_INITIALS if len(letters) >= length)


def pairs(run: str) -> list[str]:
    """Return the characters of a run two by two; a single one as it is.

    >>> pairs("身份证"), pairs("证")
    (['身份', '份证'], ['证'])
    """
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
