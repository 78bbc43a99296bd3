"""Whether an item is found by what people type: its name, its common names, its initials."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.catalogue.models import Item, SearchDoc
from onedoor.catalogue.rules.search.titles import Title
from onedoor.catalogue.search import find

AMONG = 3
"""Nobody reads further down."""
TRIED = 5
"""So many common names are tried on a page."""


@dataclass(frozen=True)
class Placed:
    """What was typed, and at which place the item then stands; nowhere is 0."""

    text: str
    place: int

    @property
    def is_found(self) -> bool:
        return 1 <= self.place <= AMONG


def placed(item: Item, name: str, aliases: list[str]) -> list[Placed]:
    """Return where the item stands for each of its names and for its initials in pinyin."""
    doc = SearchDoc.objects.filter(item=item).first()
    if doc is None:
        return []
    own = Title(doc.titles.split("\n")[0], tuple(doc.sounds.split("\n")[0].split(" ")))
    return [Placed(text, _place(text, doc)) for text in (name, *aliases[:TRIED], own.initials)]


def _place(text: str, doc: SearchDoc) -> int:
    found = [one.candidate.id for one in find(text).ranked]
    return found.index(doc.number) + 1 if doc.number in found else 0
