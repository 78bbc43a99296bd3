"""Find items by whatever words people use: for the public, the window and programs alike.

A question costs at most a handful of statements, each bounded, whatever is typed. The index
brings candidates, the rules rank them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import ItemVersion, SearchDoc
from onedoor.catalogue.rules.search import asking, ranking
from onedoor.catalogue.rules.search.asking import Query, Question, Term
from onedoor.catalogue.rules.search.ranking import Candidate, Found, Piece
from onedoor.catalogue.rules.search.titles import Title, plain_code, sounds_of, teach
from onedoor.catalogue.rules.search.words import Words, read_words
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.search_index import DOC, INDEX

MOST = 150
"""So many candidates of one query are ranked."""
_LOOKED_AT = 3000
"""PostgreSQL looks at so many rows of a query that says little, SQLite stops by itself."""
ENOUGH, FEW = 20, 3
NEAREST = 3


@dataclass(frozen=True)
class Hit:
    """An item that answers: its version in force, what of its name matched, by which alias."""

    version: ItemVersion
    name: list[Piece]
    alias: list[Piece]

    @property
    def is_suspended(self) -> bool:
        return self.version.item.state == ItemState.SUSPENDED.value


@dataclass(frozen=True)
class Answer:
    """What was found, the best first; or, where nothing was, what comes nearest."""

    question: Question
    ranked: Sequence[Found]
    nearest: Sequence[Found]
    is_similar: bool

    @property
    def count(self) -> int:
        return len(self.ranked)

    @property
    def is_full(self) -> bool:
        """Whether there may be more than are ranked: a word more would help."""
        return len(self.ranked) >= MOST

    def hits(self, first: int = 0, last: int = MOST) -> list[Hit]:
        """Return some of the answers with what a page shows; one statement."""
        return _hits(self.question, self.ranked[first:last])

    def nearest_hits(self) -> list[Hit]:
        return _hits(self.question, self.nearest)


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the words of the national pack and the county's own; teach how names are read."""
    packs = files("onedoor") / "packs"
    places = [packs / "national" / "search.toml", packs / settings.COUNTY / "search.toml"]
    found = read_words(p.read_text(encoding="utf-8") for p in places if p.is_file())
    teach(found.readings)
    return found


def unit_token(unit: UUID) -> str:
    """Return under which token a unit's items stand in the index."""
    return unit.hex[-12:]


def find(text: str, *, unit_code: str = "") -> Answer:
    """Answer a question: a name, a common name, sound or initials, or a whole sentence."""
    question = asking.understand(text, words())
    if not question.ideas:
        return Answer(question, (), (), False)
    look = _Looking(question, unit_code)
    look.ask(asking.whole(question), asking.as_typed(question))
    if look.count < ENOUGH and not question.is_latin:
        look.ask(asking.by_meaning(question))
    if look.count < FEW and not look.is_named():
        look.ask(asking.anywhere(question, look.units_called))
    is_similar = not look.count
    if is_similar:
        look.ask(*asking.all_but_one(question, look.units_called))
    found = look.ranked()
    if not found or found[0].score < ranking.LIKELY:
        look.listen()
        look.ask(asking.misspelled(question))
        found = look.ranked()
    likely = [f for f in found if f.score >= ranking.LIKELY]
    return Answer(question, likely[:MOST], () if likely else found[:NEAREST], is_similar)


class _Looking:
    """One question being looked for: what the index brought so far."""

    def __init__(self, question: Question, unit_code: str) -> None:
        self.question = question
        self.within: Query = ()
        if unit_code:
            pk = Organisation.objects.filter(code=unit_code).values_list("pk", flat=True).first()
            self.within = (((Term(f"@{unit_token(pk)}" if pk else "@"),),),)
        self.candidates: dict[object, Candidate] = {}
        self.asked: set[Query] = set()
        self.sound = ""
        self._units: list[tuple[str, str, str]] | None = None

    @property
    def count(self) -> int:
        return len(self.candidates)

    def ask(self, *queries: Query) -> None:
        """Put queries to the index that were not put yet."""
        for query in queries:
            if query and all(query) and query not in self.asked:
                self.asked.add(query)
                self.candidates |= {c.id: c for c in _candidates((*query, *self.within))}

    def listen(self) -> None:
        """Look for what sounds like the question, whatever characters were chosen."""
        if not self.question.is_latin:
            self.sound = "".join(sounds_of(self.question.closed))
            self.ask(asking.sounding(self.sound))

    def ranked(self) -> list[Found]:
        return ranking.ranked(self.question, self.candidates.values(), sound=self.sound)

    def is_named(self) -> bool:
        """Say whether something is called exactly what was typed."""
        typed = self.question.closed
        return any(t.text == typed for c in self.candidates.values() for t in c.titles)

    def units_called(self, called: str) -> Iterator[str]:
        """Yield the tokens of the units that are called so; their full or short name has it."""
        if self._units is None:
            rows = Organisation.objects.values_list("pk", "name", "short_name")
            self._units = [(f"@{unit_token(pk)}", name, short) for pk, name, short in rows]
        for token, name, short in self._units:
            if called == short or (len(called) > 2 and called in name):
                yield token


def _candidates(query: Query) -> Iterable[Candidate]:
    rows = SearchDoc.objects.filter(number__in=_numbers(query)).values_list(
        "item",
        "item__code",
        "titles",
        "sounds",
        "beside",
        "item__unit__name",
        "item__unit__short_name",
    )
    for item, code, titles, sounds, beside, unit, short in rows:
        read = zip(titles.split("\n"), sounds.split("\n"), strict=True)
        found = tuple(Title(text, tuple(sound.split(" "))) for text, sound in read)
        yield Candidate(item, plain_code(code), found, beside, f"{unit} {short}")


def _numbers(query: Query) -> RawSQL:
    """Return the first documents of a query, short names first.

    The inner limit of PostgreSQL bounds what a word that stands everywhere may cost.
    """
    if connection.vendor == "postgresql":
        return RawSQL(
            f"SELECT number FROM (SELECT number FROM {DOC} WHERE vector @@ %s::tsquery "
            f"LIMIT {_LOOKED_AT}) AS part ORDER BY number LIMIT {MOST}",
            [_as_tsquery(query)],
        )
    return RawSQL(
        f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s ORDER BY rowid LIMIT {MOST}",
        [_as_match(query)],
    )


# Tokens hold letters, digits and our own marks only: quoting them is enough, on both databases.


def _as_match(query: Query) -> str:
    return " AND ".join(
        "("
        + " OR ".join(
            "("
            + " AND ".join(f'"{t.token}" *' if t.is_prefix else f'"{t.token}"' for t in terms)
            + ")"
            for terms in ways
        )
        + ")"
        for ways in query
    )


def _as_tsquery(query: Query) -> str:
    return " & ".join(
        "("
        + " | ".join(
            "("
            + " & ".join(f"'{t.token}':*" if t.is_prefix else f"'{t.token}'" for t in terms)
            + ")"
            for terms in ways
        )
        + ")"
        for ways in query
    )


def _hits(question: Question, found: Sequence[Found]) -> list[Hit]:
    ids = [f.candidate.id for f in found]
    versions = {
        version.item_id: version
        for version in ItemVersion.objects.filter(
            item__in=ids, pk=F("item__current_version")
        ).select_related("item", "unit")
    }
    return [
        _hit(question, f, versions[f.candidate.id]) for f in found if f.candidate.id in versions
    ]


def _hit(question: Question, found: Found, version: ItemVersion) -> Hit:
    titles = found.candidate.titles
    name = ranking.marked(version.name, question, titles[0].sounds)
    alias: list[Piece] = []
    if found.title:
        alias = ranking.marked(titles[found.title].text, question, titles[found.title].sounds)
    return Hit(version, name, alias)
