"""The rules of the market for a period: typed, dated, each with its basis.

Code knows the shape, a pack knows the values (``reading``). Amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from onedoor.market.rules.words import (
    Channel,
    Funding,
    LimitKind,
    Method,
    ServiceClass,
    Shortfall,
    UnitKind,
)


class Item(NamedTuple):
    """A service (中介服务事项): whether it must come to the market, or is on the central list."""

    code: str
    name: str
    what: ServiceClass
    is_scope: bool
    is_central: bool
    basis: str

    @property
    def key(self) -> str:
        return self.code


class Unit(NamedTuple):
    """A unit that must buy through the market (应进单位), from one day to another."""

    code: str
    name: str
    kind: UnitKind
    first_on: date | None
    last_on: date | None

    @property
    def key(self) -> str:
        return self.code

    def is_bound(self, on: date) -> bool:
        return (self.first_on or on) <= on <= (self.last_on or on)


class Threshold(NamedTuple):
    """From this amount on, the amount included (以上), a class must be tendered."""

    what: ServiceClass
    amount: int
    basis: str

    @property
    def key(self) -> str:
        return self.what.value


class MethodRule(NamedTuple):
    """For what a way of selecting may be used; ``most`` is 0 where no amount bounds it."""

    method: Method
    most: int
    registrants: int
    notice_days: int
    funding: tuple[Funding, ...]
    shortfall: Shortfall
    basis: str

    @property
    def key(self) -> str:
        return self.method.value


class TimeLimit(NamedTuple):
    """By when, in working days."""

    kind: LimitKind
    days: int
    basis: str

    @property
    def key(self) -> str:
        return self.kind.value


class Weight(NamedTuple):
    """How many lots a level of credit gets (权重)."""

    level: str
    lots: int
    basis: str

    @property
    def key(self) -> str:
        return self.level


class Article(NamedTuple):
    """On what a channel rests (依据)."""

    channel: Channel
    basis: str

    @property
    def key(self) -> str:
        return self.channel.value


@dataclass(frozen=True)
class Rulebook:
    """What holds from one day to another, by which document."""

    title: str
    document: str
    first_on: date
    last_on: date
    procurement_limit: int
    procurement_basis: str
    items: tuple[Item, ...]
    units: tuple[Unit, ...]
    thresholds: tuple[Threshold, ...]
    methods: tuple[MethodRule, ...]
    limits: tuple[TimeLimit, ...]
    weights: tuple[Weight, ...]
    articles: tuple[Article, ...]
    digest: str = ""

    def item(self, code: str) -> Item | None:
        return next((each for each in self.items if each.code == code), None)

    def unit(self, code: str, *, on: date) -> Unit | None:
        found = (each for each in self.units if each.code == code and each.is_bound(on))
        return next(found, None)

    def threshold(self, what: ServiceClass) -> Threshold | None:
        return next((each for each in self.thresholds if each.what is what), None)

    def basis(self, channel: Channel) -> str:
        return next(each.basis for each in self.articles if each.channel is channel)


def unlisted(book: Rulebook, known: Mapping[str, str], *, on: date) -> list[tuple[str, str]]:
    """Return units on the administration's register that the list of the year leaves out."""
    bound = {unit.code for unit in book.units if unit.is_bound(on)}
    return sorted((code, name) for code, name in known.items() if code not in bound)


def in_force(books: Sequence[Rulebook], *, on: date) -> Rulebook | None:
    """Return the rules of a day, or none: then nothing is guessed."""
    return next((book for book in books if book.first_on <= on <= book.last_on), None)
