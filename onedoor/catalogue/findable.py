"""Whether an item is found by what people type: its name, its common names, its initials."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.catalogue import queries
from onedoor.catalogue.models import Item, SearchDoc
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.search import ranking
from onedoor.catalogue.rules.search.ranking import SURE, Candidate
from onedoor.catalogue.rules.search.titles import Title, plain_code, title
from onedoor.catalogue.search import find

AMONG = 3
"""Nobody reads further down."""
TRIED = 5
"""So many common names are tried on a page."""
ASKED = 3
"""And so many before a version is published."""


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


def unfound(item: Item, content: Content) -> tuple[str, ...]:
    """Return what one may type of the item without seeing it among the first, once it says this."""
    if not content.name.strip():
        return ()
    aliases = queries.aliases(item)
    titles = tuple(dict.fromkeys(title(each) for each in (content.name, *aliases)))
    mine = Candidate(
        id=SearchDoc.objects.filter(item=item).values_list("number", flat=True).first() or 0,
        code=plain_code(item.code),
        titles=titles,
        beside=content.main_item,
        unit=f"{item.unit.name} {item.unit.short_name}",
    )
    typed = (content.name, titles[0].initials, *aliases[:ASKED])
    return tuple(text for text in typed if not _is_seen(text, mine, item.unit.code))


def _is_seen(text: str, mine: Candidate, unit_code: str) -> bool:
    """Say whether it would be among the first; of many that read alike, with its unit's name."""
    place, alike = _standing(text, mine)
    return place <= AMONG or (alike > AMONG and _standing(text, mine, unit_code)[0] <= AMONG)


def _standing(text: str, mine: Candidate, unit_code: str = "") -> tuple[int, int]:
    """Return at which place it would stand, and how many answer as well as can be."""
    answer = find(text, unit_code=unit_code)
    others = [found.candidate for found in answer.ranked if found.candidate.id != mine.id]
    order = ranking.ranked(answer.question, [*others, mine])
    place = next(n for n, found in enumerate(order, start=1) if found.candidate is mine)
    return place, sum(found.score >= SURE - 2 for found in order)
