"""Find items by whatever words people use: for the public, the window and programs alike.

A question costs at most a handful of statements, each bounded, whatever is typed. The index
brings candidates, the rules rank them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, Sum

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import ItemVersion, MissedQuestion
from onedoor.catalogue.rules.search import asking, ranking
from onedoor.catalogue.rules.search.asking import Query, Question, Term
from onedoor.catalogue.rules.search.ranking import Candidate, Found, Piece
from onedoor.catalogue.rules.search.titles import Title, plain_code, sounds_of, teach
from onedoor.catalogue.rules.search.words import Words, read_words
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.search_index import DOC, INDEX

MOST = 100
"""So many candidates of one query are ranked."""
_LOOKED_AT = 3000
"""PostgreSQL looks at so many rows of a query that says little, SQLite stops by itself."""
ENOUGH, FEW = 20, 3
NEAREST = 3
LISTED = 200


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
    look.ask(asking.whole(question))
    look.ask(asking.as_typed(question))
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
    least = ranking.LIKELY
    if is_similar and found:
        least = max(least, ranking.AS_NEAR * found[0].score)
    likely = [f for f in found if f.score >= least]
    if not likely and len(found) < NEAREST:
        look.ask(asking.somehow(question))
        found = look.ranked()
    return Answer(question, likely[:MOST], () if likely else found[:NEAREST], is_similar)


@dataclass(frozen=True)
class Missed:
    """A question asked in vain, how often since a day, and when last."""

    text: str
    count: int
    last_on: date


def missed(*, since: date) -> list[Missed]:
    """Return what was asked in vain and nobody has seen to yet, the most frequent first."""
    open_ = MissedQuestion.objects.filter(is_settled=False, day__gte=since)
    found = open_.values("text").annotate(n=Sum("count"), last=Max("day"))
    rows = found.order_by("-n", "-last", "text")[:LISTED]
    return [Missed(row["text"], row["n"], row["last"]) for row in rows]


class _Looking:
    """One question being looked for: what the index brought so far."""

    def __init__(self, question: Question, unit_code: str) -> None:
        self.question = question
        self.within: Query = ()
        if unit_code:
            pk = Organisation.objects.filter(code=unit_code).values_list("pk", flat=True).first()
            self.within = (((Term(f"@{unit_token(pk)}" if pk else "@"),),),)
        self.candidates: dict[int, Candidate] = {}
        self.asked: set[Query] = set()
        self.sound = ""
        self._units: list[tuple[str, str, str]] | None = None

    @property
    def count(self) -> int:
        return len(self.candidates)

    def ask(self, *queries: Query) -> None:
        """Put to the index, in one statement, those of the queries that were not put yet."""
        fresh = [q for q in queries if q and all(q) and q not in self.asked]
        if fresh:
            self.asked.update(fresh)
            put = [(*query, *self.within) for query in fresh]
            self.candidates |= {c.id: c for c in _candidates(put)}

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


def _candidates(queries: Sequence[Query]) -> Iterator[Candidate]:
    """Return the first documents that answer one of the queries, short names first.

    Plain SQL: for a hundred rows the ORM took longer than the database.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRES, [_as_tsquery(queries)])
        else:
            cursor.execute(_ON_SQLITE, [_as_match(queries)])
        rows = cursor.fetchall()
    for number, code, titles, sounds, beside, unit, short in rows:
        read = zip(titles.split("\n"), sounds.split("\n"), strict=True)
        found = tuple(Title(text, tuple(sound.split(" "))) for text, sound in read)
        yield Candidate(number, plain_code(code), found, beside, f"{unit} {short}")


_FOUND = f"""
SELECT doc.number, item.code, doc.titles, doc.sounds, doc.beside, unit.name, unit.short_name
FROM {DOC} doc
JOIN catalogue_item item ON item.id = doc.item_id
JOIN accounts_organisation unit ON unit.id = item.unit_id
WHERE doc.number IN
"""
_ON_SQLITE = (
    f"{_FOUND}(SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s ORDER BY rowid LIMIT {MOST})"
)
# The inner limit bounds what a word that stands everywhere may cost.
_ON_POSTGRES = (
    f"{_FOUND}(SELECT number FROM (SELECT number FROM {DOC} WHERE vector @@ %s::tsquery "
    f"LIMIT {_LOOKED_AT}) AS part ORDER BY number LIMIT {MOST})"
)


# Tokens hold letters, digits and our own marks only: quoting them is enough, on both databases.


def _as_match(queries: Sequence[Query]) -> str:
    return _written(queries, " AND ", " OR ", '"{}"', '"{}" *')


def _as_tsquery(queries: Sequence[Query]) -> str:
    return _written(queries, " & ", " | ", "'{}'", "'{}':*")


def _written(queries: Sequence[Query], every: str, some: str, exact: str, begins: str) -> str:
    return some.join(
        "("
        + every.join(
            "("
            + some.join(
                "("
                + every.join((begins if t.is_prefix else exact).format(t.token) for t in terms)
                + ")"
                for terms in ways
            )
            + ")"
            for ways in query
        )
        + ")"
        for query in queries
    )


def _hits(question: Question, found: Sequence[Found]) -> list[Hit]:
    if not found:
        return []
    numbers = [f.candidate.id for f in found]
    rows = (
        ItemVersion.objects.filter(
            item__search_doc__number__in=numbers, pk=F("item__current_version")
        )
        .annotate(doc=F("item__search_doc__number"))
        .select_related("item", "unit")
        .only(*_SHOWN)
    )
    versions = {row.doc: row for row in rows}
    return [
        _hit(question, f, versions[f.candidate.id]) for f in found if f.candidate.id in versions
    ]


# A version has some eighty fields; a list of answers shows these.
_SHOWN = (
    "item__code",
    "item__state",
    "item__current_version",
    "english_name",
    "unit__code",
    "unit__english_name",
    "unit__name",
    "number",
    "name",
    "item_type",
    "kind",
    "statutory_limit",
    "statutory_unit",
    "promised_limit",
    "promised_unit",
    "limit_basis",
    "fee_fen",
)


def _hit(question: Question, found: Found, version: ItemVersion) -> Hit:
    titles = found.candidate.titles
    name = ranking.marked(version.name, question, titles[0].sounds)
    alias: list[Piece] = []
    if found.title:
        alias = ranking.marked(titles[found.title].text, question, titles[found.title].sounds)
    return Hit(version, name, alias)
