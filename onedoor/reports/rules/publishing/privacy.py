"""What must not be published by oversight: secrecy marks, numbers of persons, their names.

A hit is a question to a person, never an answer: a telephone of the office may stay, a name of
somebody in office too. What nobody asked about is not proven to be clean.
Basis: 政府信息公开条例 14, 15, 17; 个人信息保护法 6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from onedoor.reports.rules.publishing.words import HitKind

_HAN = "\u3400-\u9fff"


class Found(NamedTuple):
    """A hit in one text: what it may be, and where."""

    kind: HitKind
    start: int
    length: int


@dataclass(frozen=True)
class Patterns:
    """What a place looks for: marks of secrecy, surnames, words that names follow or stand before.

    ``names`` are those known to the system: they are found wherever they stand.
    """

    marks: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def rows(self) -> tuple[tuple[HitKind, re.Pattern[str]], ...]:
        """Return what is looked for, in the order in which one reading excludes another."""
        return tuple((kind, re.compile(text, re.I)) for kind, text in self._texts() if text)

    def _texts(self) -> Iterator[tuple[HitKind, str]]:
        for mark in self.marks:
            yield HitKind.SECRECY, f"(?P<hit>{mark})"
        yield from _NUMBERS
        known = sorted((re.escape(n) for n in self.names if len(n) > 1), key=len, reverse=True)
        yield HitKind.NAME, f"(?P<hit>{'|'.join(known)})" if known else ""
        yield HitKind.NAME, f"(?P<hit>[{_HAN}]{{1,6}}·[{_HAN}]{{1,6}})"
        surnames = _any(self.surnames)
        if not surnames:
            return
        ends = f"(?=[^{_HAN}]|$|电话|手机|联系|身份|男|女|等|的)"
        name = f"(?:{surnames})(?:[{_HAN}]{{1,2}}?{ends}|[{_HAN}]{{2}})"
        if self.before:
            yield HitKind.NAME, f"(?:{_any(self.before)})[:是为\\s]{{0,3}}(?P<hit>{name})"
        if self.after:
            yield HitKind.NAME, f"(?P<hit>(?:{surnames})[{_HAN}]{{1,2}}?)(?={_any(self.after)})"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_BETWEEN = "[ -]?"
_NUMBERS: tuple[tuple[HitKind, str], ...] = (
    # 18 characters with a date in them, or 15 of the old ones; not a part of a longer number.
    (
        HitKind.ID_NUMBER,
        rf"(?<![0-9a-z])(?P<hit>[1-9]\d{{5}}{_BETWEEN}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])"
        rf"(?:0[1-9]|[12]\d|3[01]){_BETWEEN}\d{{3}}[0-9x])(?![0-9a-z])",
    ),
    (
        HitKind.ID_NUMBER,
        r"(?<![0-9a-z])(?P<hit>[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})"
        r"(?![0-9a-z])",
    ),
    (
        HitKind.BANK_ACCOUNT,
        r"(?:账号|帐号|账户|帐户|卡号|银行卡|存折)[^\d\n]{0,8}(?P<hit>\d(?:[ -]?\d){7,33})(?!\d)",
    ),
    (
        HitKind.BANK_ACCOUNT,
        r"(?<![0-9a-z])(?P<hit>\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?)(?![0-9a-z])",
    ),
    (
        HitKind.PHONE,
        r"(?<!\d)(?P<hit>(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)",
    ),
    (HitKind.PHONE, r"(?<!\d)(?P<hit>\(?0\d{2,3}\)?[ -]?\d{7,8})(?!\d)"),
    (
        HitKind.PHONE,
        r"(?:电话|手机|联系方式|座机|传真)[^\d\n]{0,4}(?P<hit>\d(?:[ -]?\d){6,11})(?!\d)",
    ),
)


def find(text: str, patterns: Patterns) -> list[Found]:
    """Return what a person has to look at in a text, in its order; no two overlap.

    >>> rules = Patterns(marks=("内部资料",), surnames=("李",), before=("联系人",))
    >>> [(f.kind.value, f.start) for f in find("内部资料 联系人：李示例，13800000001", rules)]
    [('secrecy', 0), ('name', 9), ('phone', 13)]
    """
    folded = _folded(text)
    found: list[Found] = []
    for kind, pattern in patterns.rows:
        for match in pattern.finditer(folded):
            start, end = match.span("hit")
            if _is_account_unlike(kind, match):
                continue
            if all(end <= f.start or start >= f.start + f.length for f in found):
                found.append(Found(kind, start, end - start))
    return sorted(found, key=lambda f: f.start)


def _is_account_unlike(kind: HitKind, match: re.Match[str]) -> bool:
    """Say whether digits that nothing calls an account do not check as a card's number."""
    is_named = match.start() != match.start("hit")
    return kind is HitKind.BANK_ACCOUNT and not is_named and not is_card(match["hit"])


def is_card(text: str) -> bool:
    """Say whether the last digit of a card's number checks (ISO/IEC 7812).

    >>> is_card("6222 0000 0000 0000 004"), is_card("6222000000000000001")
    (True, False)
    """
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [sum(divmod(2 * d, 10)) if n % 2 else d for n, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _folded(text: str) -> str:
    """Return a text with wide letters, digits and signs made narrow, each in its place."""
    return "".join(map(_narrow, text))


@lru_cache(maxsize=4096)
def _narrow(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character)
    if len(narrow) != 1:
        return character
    return "-" if narrow in "‐‑‒–—―−" else narrow


_SHOWN: dict[HitKind, tuple[int, int, int]] = {
    HitKind.ID_NUMBER: (6, 4, 5),
    HitKind.BANK_ACCOUNT: (4, 4, 4),
    HitKind.PHONE: (3, 4, 4),
    HitKind.NAME: (1, 0, 1),
}
"""So many characters stay at the front and at the end, and at least so many are hidden."""


def masked(kind: HitKind, text: str) -> str:
    """Return a hit with its middle hidden; as long as it was, so that places stay.

    >>> masked(HitKind.PHONE, "138 0000-0001"), masked(HitKind.NAME, "李示例")
    ('138 ****-0001', '李**')
    >>> masked(HitKind.PHONE, "7120001"), masked(HitKind.BANK_ACCOUNT, "1234567890")
    ('****001', '12****7890')
    """
    first, last, least = _SHOWN.get(kind, (0, 0, 0))
    places = [n for n, c in enumerate(text) if c.isalnum()]
    spare = max(len(places) - least, 0)
    last = min(last, spare)
    first = min(first, spare - last)
    hidden = set(places[first : len(places) - last])
    return "".join("*" if n in hidden else c for n, c in enumerate(text))
