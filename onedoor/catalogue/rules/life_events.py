"""Life events (人生大事): under which of them an item stands, by the words of its names. Pure.

Basis: 国发〔2016〕55号 (lists by theme and by the events of a life, for people and companies).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Audience(Term):
    """Whose lists something belongs to (办事人群)."""

    PERSON = "person", "个人"
    COMPANY = "company", "企业和组织"


@dataclass(frozen=True)
class LifeEvent:
    """An event in the life of a person or a company, and the words of the items it asks for."""

    key: str
    name: str
    audience: Audience
    words: tuple[str, ...]
    but: tuple[str, ...] = ()

    def holds(self, names: Iterable[str]) -> bool:
        """Say whether an item so called belongs here."""
        return any(
            any(word in name for word in self.words) and not any(word in name for word in self.but)
            for name in names
        )


def read_events(texts: Iterable[str]) -> tuple[LifeEvent, ...]:
    """Return the events of the packs, the national one first; words of the same key are added.

    >>> told = 'key="death"\\nname="亲人去世"\\nfor="person"\\nwords="死亡 丧葬"\\nbut="事故"'
    >>> (event,) = read_events([f"[[event]]\\n{told}"])
    >>> event.holds(["死亡注销户口"]), event.holds(["伤亡事故"]), event.holds(["结婚登记"])
    (True, False, False)
    """
    found: dict[str, LifeEvent] = {}
    for text in texts:
        try:
            told = tomllib.loads(text).get("event", [])
        except tomllib.TOMLDecodeError as error:
            raise _unreadable(str(error)) from None
        for each in told:
            event = _event(each)
            before = found.get(event.key)
            found[event.key] = (
                LifeEvent(
                    event.key,
                    event.name,
                    event.audience,
                    (*before.words, *event.words),
                    (*before.but, *event.but),
                )
                if before
                else event
            )
    return tuple(found.values())


def _event(told: dict[str, str]) -> LifeEvent:
    try:
        event = LifeEvent(
            str(told["key"]),
            str(told["name"]),
            Audience(told["for"]),
            tuple(told.get("words", "").split()),
            tuple(told.get("but", "").split()),
        )
    except (KeyError, ValueError):
        raise _unreadable(str(told.get("key", told))) from None
    if not event.words or not event.key.isascii():
        raise _unreadable(event.key)
    return event


def _unreadable(line: str) -> NotValid:
    return NotValid("pack.bad_events", "人生大事表读不懂这一处：%(line)s。", line=line)


class By(Term):
    """By what the public's lists are ordered (按什么找)."""

    PERSON = "person", "个人主题"
    COMPANY = "company", "企业主题"
    EVENT = "event", "人生大事"
    LETTER = "letter", "拼音首字母"


NO_THEME = frozenset({"其他", "其它"})
OTHER_LETTER = "#"
"""Names that begin with a digit or a sign."""


def themes_of(text: str) -> tuple[str, ...]:
    """Return the themes a version names, however they were separated.

    >>> themes_of("户籍办理、证件办理;其他")
    ('户籍办理', '证件办理')
    """
    for mark in "，,；;^|/":
        text = text.replace(mark, "、")
    said = (word.strip() for word in text.split("、"))
    return tuple(dict.fromkeys(word[:40] for word in said if word and word not in NO_THEME))


def letter_of(initials: str) -> str:
    """Return under which letter a name stands.

    >>> letter_of("spjyxk"), letter_of("5g"), letter_of("")
    ('S', '#', '#')
    """
    first = initials[:1].upper()
    return first if first.isascii() and first.isalpha() else OTHER_LETTER


def places_of(
    names: Sequence[str],
    *,
    initials: str,
    person_themes: str,
    company_themes: str,
    events: Iterable[LifeEvent],
) -> tuple[tuple[By, str], ...]:
    """Return every list an item stands in, and where there."""
    return (
        *((By.PERSON, theme) for theme in themes_of(person_themes)),
        *((By.COMPANY, theme) for theme in themes_of(company_themes)),
        *((By.EVENT, event.key) for event in events if event.holds(names)),
        (By.LETTER, letter_of(initials)),
    )
