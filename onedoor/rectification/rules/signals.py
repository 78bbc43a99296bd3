"""What points to a fix on paper only (虚假整改信号): rules over what was handed in and claimed.

A signal decides nothing: it asks an auditor of another unit to look, and to write what was found.
How far each rule reaches is a place's own data (``SignalRule``); what is not listed is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from onedoor.rectification.rules.words import EvidenceKind, SignalKind


@dataclass(frozen=True)
class SignalRule:
    """One rule as a place has it: on which basis it asks, and from which figure on."""

    basis: str
    days: int = 0
    photos: int = 0
    percent: int = 0


@dataclass(frozen=True)
class Shown:
    """One version of a piece of evidence."""

    label: str
    kind: EvidenceKind
    dated_on: date | None = None
    taken_on: date | None = None
    """When the camera says a photo was taken."""
    begun_on: date | None = None
    """When the measure it shows began."""
    elsewhere: str = ""
    """The number of another finding that shows the same file."""


@dataclass(frozen=True)
class Claim:
    """A finding as the rules look at it: what was handed in, and what the unit says when."""

    found_on: date
    deadline_on: date
    claimed_on: date | None = None
    text: str = ""
    files: tuple[Shown, ...] = ()
    """The last version of everything that was not withdrawn."""
    handled_fen: int | None = None
    """What the vouchers come to; ``None`` where no money has to be handled."""


class Sign(NamedTuple):
    """Something that was noticed, and about what."""

    kind: SignalKind
    about: str
    basis: str


def found(claim: Claim, rules: Mapping[SignalKind, SignalRule]) -> list[Sign]:
    """Return everything the rules of a place notice, in the order of the words.

    >>> rules = {SignalKind.LAST_DAY: SignalRule("县规", days=0, photos=1)}
    >>> photo = (Shown("1.1", EvidenceKind.PHOTO),)
    >>> on = date(2026, 3, 6)
    >>> [s.kind.value for s in found(Claim(date(2026, 1, 6), on, on, files=photo), rules)]
    ['last_day']
    """
    return [
        Sign(kind, about, rules[kind].basis)
        for kind, notice in NOTICING.items()
        if kind in rules
        for about in notice(claim, rules[kind])
    ]


def _same_file(claim: Claim, rule: SignalRule) -> Iterator[str]:
    yield from dict.fromkeys(each.elsewhere for each in claim.files if each.elsewhere)


def _late(claim: Claim, rule: SignalRule) -> Iterator[str]:
    if claim.claimed_on:
        last = claim.claimed_on + timedelta(days=rule.days)
        yield from (f.label for f in claim.files if f.dated_on and f.dated_on > last)


def _early(claim: Claim, rule: SignalRule) -> Iterator[str]:
    first = claim.found_on - timedelta(days=rule.days)
    yield from (f.label for f in claim.files if f.dated_on and f.dated_on < first)


def _photo_outside(claim: Claim, rule: SignalRule) -> Iterator[str]:
    margin = timedelta(days=rule.days)
    for each in claim.files:
        if each.taken_on is None:
            continue
        first = (each.begun_on or claim.found_on) - margin
        is_late = claim.claimed_on is not None and each.taken_on > claim.claimed_on + margin
        if each.taken_on < first or is_late:
            yield each.label


def _last_day(claim: Claim, rule: SignalRule) -> Iterator[str]:
    on, last = claim.claimed_on, claim.deadline_on
    if on is None or not last - timedelta(days=rule.days) <= on <= last:
        return
    kinds = [each.kind for each in claim.files]
    if 0 < len(kinds) <= rule.photos and set(kinds) == {EvidenceKind.PHOTO}:
        yield on.isoformat()


def _figure(claim: Claim, rule: SignalRule) -> Iterator[str]:
    told = amounts(claim.text)
    if claim.claimed_on is None or claim.handled_fen is None or not told:
        return
    # A sentence may name a whole with its parts: whichever agrees with the vouchers will do.
    most = claim.handled_fen * rule.percent
    if not any(abs(fen - claim.handled_fen) * 100 <= most for fen in (*told, sum(told))):
        yield f"{max(told) / 100:.2f} / {claim.handled_fen / 100:.2f}"


NOTICING: Mapping[SignalKind, Callable[[Claim, SignalRule], Iterator[str]]] = {
    SignalKind.SAME_FILE: _same_file,
    SignalKind.LATE_DOCUMENT: _late,
    SignalKind.EARLY_DOCUMENT: _early,
    SignalKind.PHOTO_OUTSIDE: _photo_outside,
    SignalKind.LAST_DAY: _last_day,
    SignalKind.FIGURE: _figure,
}
"""The rules that look at a claim. The other signals are facts that come later: evidence taken
back, a rule that fired, a word from the public."""

_AMOUNT = re.compile(r"(\d[\d,，]*(?:\.\d+)?)\s*(亿元|万元|元)")
_UNIT = {"亿元": 10**10, "万元": 10**6, "元": 100}


def amounts(text: str) -> list[int]:
    """Return the amounts a text names, in fen.

    >>> amounts("收回资金3.5万元，其中现金5,000元。")
    [3500000, 500000]
    """
    found = _AMOUNT.findall(text)
    return [round(float(re.sub("[,，]", "", n)) * _UNIT[unit]) for n, unit in found]


def as_markdown(rules: Mapping[SignalKind, SignalRule]) -> str:
    """Return the signals with what a place asks for, for the handbook, in Chinese."""
    head = "| 信号 | 参数 | 依据 |\n" + "|---" * 3 + "|\n"
    return head + "".join(
        f"| {kind.zh} | {_parameters(kind, rules)} | {_basis(kind, rules)} |\n"
        for kind in SignalKind
    )


def _parameters(kind: SignalKind, rules: Mapping[SignalKind, SignalRule]) -> str:
    names = {"days": "天", "photos": "张照片", "percent": "%"}
    rule = rules.get(kind)
    told = [f"{getattr(rule, name)} {zh}" for name, zh in names.items() if getattr(rule, name, 0)]
    return "、".join(told) or "—"


def _basis(kind: SignalKind, rules: Mapping[SignalKind, SignalRule]) -> str:
    if kind in rules:
        return rules[kind].basis
    return "—" if kind in NOTICING else "事后的事实，总是提示"
