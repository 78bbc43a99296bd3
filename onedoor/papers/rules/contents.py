"""How the contents of a paper are declared, checked and put into words.

A kind of paper is a frozen dataclass; each field has its Chinese name, an example for the preview,
and must be there unless it says otherwise. What is stored is the words by their Chinese names:
a paper made today can be printed for ever, whatever happens to the classes.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, TypeVar

from onedoor.kernel.clock import local
from onedoor.kernel.errors import NotValid
from onedoor.papers.rules.kinds import Kind

Words = Mapping[str, "str | list[Mapping[str, str]]"]
"""What a paper says: texts, and tables of texts, by their Chinese names."""


class Element(NamedTuple):
    """One field of a kind (内容要素): must it be there, and for a table what a row holds."""

    zh: str
    required: bool
    example: Any
    row: Mapping[str, Element] | None = None


def said(zh: str, example: Any, *, required: bool = True) -> Any:
    """Declare a field of a paper; one that need not be there is empty by default."""
    about = {"zh": zh, "example": example, "required": required}
    if required:
        return dataclasses.field(metadata=about)
    return dataclasses.field(default=() if isinstance(example, tuple) else "", metadata=about)


Paper = TypeVar("Paper", bound="Contents")


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a paper says. Each kind is a class of its own."""

    kind: ClassVar[Kind]

    def words(self) -> dict[str, str | list[Mapping[str, str]]]:
        """Return what the paper will say, or refuse because something that must be there is not.

        Basis: 许可法32, 38: a paper that does not say these things is not lawfully issued.
        """
        found: dict[str, str | list[Mapping[str, str]]] = {}
        for field in dataclasses.fields(self):
            value, about = getattr(self, field.name), field.metadata
            if isinstance(value, tuple):
                found[about["zh"]] = rows = [_row(self.kind, row) for row in value]
                empty = not rows
            else:
                found[about["zh"]] = text = worded(value)
                empty = not text.strip()
            if empty and about["required"]:
                raise _missing(self.kind, about["zh"])
        return found


def _row(kind: Kind, row: Any) -> Mapping[str, str]:
    found = {f.metadata["zh"]: worded(getattr(row, f.name)) for f in dataclasses.fields(row)}
    for field in dataclasses.fields(row):
        if field.metadata["required"] and not found[field.metadata["zh"]].strip():
            raise _missing(kind, field.metadata["zh"])
    return found


def _missing(kind: Kind, zh: str) -> NotValid:
    return NotValid(
        "paper.lacks",
        "%(paper)s里没有“%(element)s”，不能出具。",
        field=zh,
        paper=kind,
        element=zh,
    )


def worded(value: str | int | date | datetime | None) -> str:
    """Return a value as a paper says it.

    >>> worded(date(2026, 3, 6)), worded(None), worded(2)
    ('2026年3月6日', '', '2')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        at = local(value)
        return f"{worded(at.date())}{at.hour}时{at.minute:02d}分"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def elements(contents: type[Any]) -> Mapping[str, Element]:
    """Return the fields of a kind, or of a row, by their Chinese names."""
    if contents not in _known:
        _known[contents] = _elements(contents)
    return _known[contents]


_known: dict[type[Any], Mapping[str, Element]] = {}


def _elements(contents: type[Any]) -> Mapping[str, Element]:
    hints = typing.get_type_hints(contents)
    found = {}
    for field in dataclasses.fields(contents):
        about, row = field.metadata, None
        if typing.get_origin(hints[field.name]) is tuple:
            row = _elements(typing.get_args(hints[field.name])[0])
        found[about["zh"]] = Element(about["zh"], about["required"], about["example"], row)
    return found


def sample(contents: type[Paper]) -> Paper:
    """Return an invented paper of this kind, whole."""
    return contents(**{f.name: f.metadata["example"] for f in dataclasses.fields(contents)})


def example(contents: type[Contents]) -> Words:
    """Return the words of an invented paper of this kind, for the preview of a template."""
    return sample(contents).words()
