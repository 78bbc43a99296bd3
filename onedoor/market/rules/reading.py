"""A pack of rules read from TOML, or refused with the place that is wrong."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from onedoor.kernel import money
from onedoor.kernel.codes import credit_code
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term
from onedoor.market.rules.rulebook import (
    Article,
    Item,
    MethodRule,
    Rulebook,
    Threshold,
    TimeLimit,
    Unit,
    Weight,
)
from onedoor.market.rules.words import (
    Channel,
    Funding,
    LimitKind,
    Method,
    ServiceClass,
    Shortfall,
    UnitKind,
)

T = TypeVar("T", bound=Term)


NAMED = (Channel.EXEMPT, Channel.REQUIRED, Channel.OPTIONAL, Channel.FREE)
"""Channels whose article the pack must name; the others rest on the limit that was reached."""
MOST_BYTES = 1_000_000


def read_pack(text: str) -> Rulebook:
    """Return the rules of a pack, or refuse it with the place that is wrong."""
    if len(text.encode()) > MOST_BYTES:
        raise _wrong("文件", "太大")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong("TOML", str(error)) from None
    top = _Row(told, "规则包")
    known = {"title", "document", "first_on", "last_on", "procurement", *_TABLES}
    if unknown := sorted(set(told) - known):
        raise _wrong("规则包", unknown[0])
    procurement = _Row(told.get("procurement", {}), "procurement")
    rows = {name: _rows(told.get(name), name, made) for name, made in _TABLES.items()}
    book = Rulebook(
        title=top.text("title"),
        document=top.text("document"),
        first_on=top.day("first_on"),
        last_on=top.day("last_on"),
        procurement_limit=procurement.amount("limit"),
        procurement_basis=procurement.text("basis"),
        items=rows["item"],
        units=rows["unit"],
        thresholds=rows["threshold"],
        methods=rows["method"],
        limits=rows["limit"],
        weights=rows["weight"],
        articles=rows["article"],
        digest="sha256:" + hashlib.sha256(text.encode()).hexdigest(),
    )
    if book.first_on > book.last_on:
        raise _wrong("last_on", str(book.last_on))
    _require("threshold", set(ServiceClass) - {ServiceClass.OTHER}, book.thresholds)
    _require("method", set(Method), book.methods)
    _require("limit", set(LimitKind), book.limits)
    _require("article", set(NAMED), book.articles)
    return book


def _require(table: str, wanted: Iterable[Term], rows: Iterable[Any]) -> None:
    if missing := sorted({term.value for term in wanted} - {row.key for row in rows}):
        raise _wrong(table, missing[0])


def _wrong(where: str, what: str) -> NotValid:
    return NotValid(
        "market.pack",
        "规则包读不了：%(where)s，%(what)s。",
        field="file",
        where=where,
        what=what[:200],
    )


class _Row:
    """A table of the pack, read name by name."""

    def __init__(self, told: object, where: str) -> None:
        if not isinstance(told, dict):
            raise _wrong(where, "[…]")
        self.told: Mapping[str, object] = told
        self.where = where

    def text(self, name: str, most: int = 300) -> str:
        value = self.told.get(name)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
            raise _wrong(self.where, name)
        return value.strip()

    def code(self, name: str) -> str:
        value = self.text(name, 20)
        if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            raise _wrong(self.where, name)
        return value

    def number(self, name: str, least: int, most: int) -> int:
        value = self.told.get(name)
        if type(value) is not int or not least <= value <= most:
            raise _wrong(self.where, name)
        return value

    def flag(self, name: str) -> bool:
        value = self.told.get(name, False)
        if not isinstance(value, bool):
            raise _wrong(self.where, name)
        return value

    def day(self, name: str) -> date:
        value = self.told.get(name)
        if type(value) is not date:
            raise _wrong(self.where, name)
        return value

    def day_or_none(self, name: str) -> date | None:
        return self.day(name) if name in self.told else None

    def amount(self, name: str) -> int:
        return money.fen(self.text(name, 20))

    def term(self, name: str, kind: type[T]) -> T:
        value = self.told.get(name)
        if not isinstance(value, str) or value not in {each.value for each in kind}:
            raise _wrong(self.where, name)
        return kind(value)

    def terms(self, name: str, kind: type[T]) -> tuple[T, ...]:
        value = self.told.get(name)
        known = {each.value for each in kind}
        if not isinstance(value, list) or not value or not {*map(str, value)} <= known:
            raise _wrong(self.where, name)
        return tuple(kind(str(each)) for each in value)


def _item(row: _Row) -> Item:
    return Item(
        row.code("code"),
        row.text("name"),
        row.term("class", ServiceClass),
        row.flag("scope"),
        row.flag("central"),
        row.text("basis"),
    )


def _unit(row: _Row) -> Unit:
    return Unit(
        credit_code.parse(row.text("code")).value,
        row.text("name"),
        row.term("kind", UnitKind),
        row.day_or_none("first_on"),
        row.day_or_none("last_on"),
    )


def _threshold(row: _Row) -> Threshold:
    return Threshold(row.term("class", ServiceClass), row.amount("amount"), row.text("basis"))


def _method(row: _Row) -> MethodRule:
    return MethodRule(
        row.term("method", Method),
        row.amount("most") if "most" in row.told else 0,
        row.number("registrants", 1, 100),
        row.number("notice_days", 1, 60),
        row.terms("funding", Funding),
        row.term("shortfall", Shortfall),
        row.text("basis"),
    )


def _limit(row: _Row) -> TimeLimit:
    return TimeLimit(row.term("limit", LimitKind), row.number("days", 1, 365), row.text("basis"))


def _weight(row: _Row) -> Weight:
    return Weight(row.code("level"), row.number("lots", 1, 1000), row.text("basis"))


def _article(row: _Row) -> Article:
    return Article(row.term("channel", Channel), row.text("basis"))


_TABLES: dict[str, Callable[[_Row], Any]] = {
    "item": _item,
    "unit": _unit,
    "threshold": _threshold,
    "method": _method,
    "limit": _limit,
    "weight": _weight,
    "article": _article,
}


def _rows(told: object, name: str, made: Callable[[_Row], Any]) -> tuple[Any, ...]:
    if not isinstance(told, list) or not told:
        raise _wrong(name, "[[…]]")
    found = tuple(made(_Row(row, f"{name} {n}")) for n, row in enumerate(told, 1))
    keys = [row.key for row in found]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise _wrong(name, twice)
    return found
