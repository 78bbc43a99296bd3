"""What may be asked of published information: what waits, what is due, what everybody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.reports import pack
from onedoor.reports.contents import day
from onedoor.reports.models import CheckHit, Edition, Publication, Report
from onedoor.reports.rules.document import said
from onedoor.reports.rules.publishing import clock, contents, lifecycle, privacy
from onedoor.reports.rules.publishing.clock import Due
from onedoor.reports.rules.publishing.lifecycle import OPEN, SHOWN, Action, State
from onedoor.reports.rules.publishing.words import (
    Openness,
    PageField,
    Secrecy,
    Settling,
    Urgency,
)

OFFICE = (Role.LEAD_OFFICE, Role.AUDITOR, Role.CHECKER, Role.DISCLOSER, Role.SUPERVISOR)
WITH = ("publication__publisher",)
LONG = ("paragraphs", "tables", "figures", "text")
"""What a list does not read."""
_WORDS = (PageField.TITLE, PageField.SUMMARY, PageField.KEYWORDS, PageField.CHANGE)
"""Fields in which somebody wrote; the others name numbers, days, units and kinds."""
_OUT = [State.PUBLISHED.value, State.WITHDRAWN.value]


def due_of(formed_on: date, *, on: date) -> Due:
    """Return by when what was made or changed on a day must be public, by the calendar in force."""
    days = calendar.working_days()
    return clock.due(formed_on, within=pack.rules().within, on=on, calendar=days)


# --- For everybody --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What somebody looks for among what is published."""

    text: str = ""
    year: str = ""
    unit: str = ""


def public(asked: Search | None = None) -> QuerySet[Edition]:
    """Return the editions in force, the latest first; what was withdrawn is not listed.

    Words are looked for in titles, texts, index numbers and numbers of documents.
    """
    asked = asked or Search()
    found = Edition.objects.filter(state=State.PUBLISHED.value).select_related(*WITH).defer(*LONG)
    if text := asked.text.strip():
        found = found.filter(
            Q(title__icontains=text)
            | Q(text__icontains=text)
            | Q(publication__index_number__icontains=text)
            | Q(doc_number__icontains=text)
        )
    if asked.year.isdecimal() and len(asked.year) == 4 and asked.year > "1900":
        found = found.filter(publication__index_number__contains=f"/{asked.year}-")
    if asked.unit:
        found = found.filter(publication__publisher__code=asked.unit)
    return found.order_by("-published_at", "-publication__number")


def units() -> QuerySet[Organisation]:
    """Return the units that have published anything."""
    ids = Edition.objects.filter(state=State.PUBLISHED.value).values("publication__publisher")
    return Organisation.objects.filter(pk__in=ids).order_by("sequence")


def years() -> list[str]:
    """Return the years index numbers were given in, the latest first."""
    numbers = Publication.objects.filter(index_number__isnull=False)
    told = numbers.values_list("index_number", flat=True)
    return sorted({str(n).rpartition("/")[2][:4] for n in told}, reverse=True)


def public_with(number: str) -> Publication:
    """Return published or withdrawn information by its number or index number, or refuse."""
    found = (
        Publication.objects.select_related("publisher", "report")
        .filter(Q(number=number) | Q(index_number=number), editions__state__in=_OUT)
        .distinct()
        .first()
    )
    if found is None:
        raise NotFound("information.not_found", "没有这条信息，或者还没有公开。")
    return found


def shown(publication: Publication) -> list[Edition]:
    """Return what was ever public of it, the latest first."""
    rows = publication.editions.filter(published_at__isnull=False)
    return list(rows.select_related("report").order_by("-number"))


def edition_shown(publication: Publication, number: int) -> Edition:
    """Return an edition whose text everybody may read, or refuse."""
    states = [s.value for s in SHOWN]
    found = publication.editions.filter(number=number, state__in=states).first()
    if found is None:
        raise NotFound("information.no_edition", "没有这一版，或者已经撤回。")
    return found


def page_fields(edition: Edition) -> list[tuple[PageField, str]]:
    """Return every field of the page of an edition, empty ones too; the words are Chinese."""
    publication, published = edition.publication, edition.published_at
    told = {
        PageField.COLUMN: edition.column,
        PageField.INDEX_NUMBER: publication.index_number or "",
        PageField.TITLE: edition.title,
        PageField.PUBLISHER: edition.publisher_name or publication.publisher.name,
        PageField.DOC_NUMBER: edition.doc_number,
        PageField.FORMED_ON: edition.formed_on.isoformat(),
        PageField.PUBLISHED_ON: day_of(published).isoformat() if published else "",
        PageField.VALIDITY: edition.holds.zh,
        PageField.TOPIC: edition.topic,
        PageField.GENRE: edition.genre,
        PageField.AUDIENCE: edition.audience,
        PageField.KEYWORDS: edition.keywords,
        PageField.SUMMARY: edition.summary,
        PageField.OPENNESS: Openness.ACTIVE.zh,
        PageField.SECRECY: Secrecy.NONE.zh,
        PageField.EDITION: str(edition.number),
        PageField.CHANGE: edition.change_reason,
    }
    if edition.standing is State.WITHDRAWN:  # the reason may lie in any of its words
        told |= dict.fromkeys(_WORDS, "")
    return [(field, told[field]) for field in PageField]


def shown_title(edition: Edition) -> str:
    """Return what an edition is called in public; the title of what was withdrawn is not said."""
    return "" if edition.standing is State.WITHDRAWN else edition.title


def text_of(edition: Edition) -> str:
    """Return the text an edition is published as: its fields and its words, the same for ever."""
    labelled = [(field.zh, value) for field, value in page_fields(edition)]
    return contents.published_text(labelled, edition.title, edition.paragraphs, edition.tables)


# --- For the office -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """An edition on its way, with its last day."""

    edition: Edition
    due: Due

    @property
    def urgency(self) -> Urgency:
        return self.due.urgency(pack.rules().soon)


def worked_on(actor: Actor) -> QuerySet[Edition]:
    """Return the editions of the units somebody works for; drafts are for nobody else."""
    rows = Edition.objects.select_related(*WITH)
    units = actor.units_of((*OFFICE, Role.SYSTEM))
    return rows if units is None else rows.filter(publication__publisher__in=units)


def waiting(actor: Actor, *, on: date) -> list[Waiting]:
    """Return what is not public yet of somebody's units, the nearest last day first."""
    rows = worked_on(actor).filter(state__in=[s.value for s in OPEN]).defer(*LONG)
    found = [Waiting(row, due_of(row.formed_on, on=on)) for row in rows]
    return sorted(found, key=lambda w: (w.due.on, w.edition.publication.number))


@dataclass(frozen=True)
class Undecided:
    """A report nobody has yet entered for publication, or said that it is not published."""

    report: Report
    formed_on: date
    due: Due

    @property
    def urgency(self) -> Urgency:
        return self.due.urgency(pack.rules().soon)


def undecided(*, on: date) -> list[Undecided]:
    """Return the reports that hold and that nobody decided about, the nearest last day first.

    A report that came with the index number under which another place published it is out already.
    """
    rows = Report.objects.filter(superseded_by=None, published_on=None, editions=None)
    rows = rows.filter(publication=None).defer("content").order_by("made_at", "number")
    found = []
    for report in rows:
        formed = formed_on(report)
        found.append(Undecided(report, formed, due_of(formed, on=on)))
    return sorted(found, key=lambda u: (u.due.on, u.report.number))


def formed_on(report: Report) -> date:
    """Return the day a report was made here (形成)."""
    return day_of(report.made_at)


def written_on(report: Report) -> date:
    """Return the day a report bears, else the day it was made."""
    return day(said(report.content, "document", "written_date")) or formed_on(report)


@dataclass(frozen=True)
class Count:
    """How many wait, and how many of all that wait are too late or nearly so."""

    waiting: int
    undecided: int
    soon: int
    overdue: int


def count(open_: Iterable[Waiting], undecided_: Iterable[Undecided]) -> Count:
    """Count what waits."""
    rows, others = list(open_), list(undecided_)
    urgent = [w.urgency for w in rows] + [u.urgency for u in others]
    return Count(len(rows), len(others), urgent.count(Urgency.SOON), urgent.count(Urgency.OVERDUE))


def count_now(actor: Actor, *, on: date) -> Count:
    """Count what waits, as the desk shows it; nothing is read of what the reports say."""
    return count(waiting(actor, on=on), undecided(on=on))


def edition_with(number: str, actor: Actor, *, order: int = 0) -> Edition:
    """Return one edition of information for its office, or refuse.

    Without an order the one that is worked on: the one on its way, else the one that is public,
    else the latest.
    """
    rows = list(worked_on(actor).filter(publication__number=number).order_by("-number"))
    if order:
        rows = [row for row in rows if row.number == order]
    if not rows:
        raise NotFound("information.not_found", "没有这条信息，或者还没有公开。")
    return min(rows, key=_nearness)


def _nearness(edition: Edition) -> int:
    standing = edition.standing
    return 0 if standing in OPEN else 1 if standing is State.PUBLISHED else 2


def over(actor: Actor) -> QuerySet[Edition]:
    """Return the editions that are public, replaced, withdrawn or not to be public."""
    states = [s.value for s in State if s not in OPEN]
    found = worked_on(actor).filter(state__in=states).defer(*LONG)
    return found.order_by("-written_at", "publication__number", "-number")


def publishers(actor: Actor) -> QuerySet[Organisation]:
    """Return the units in whose name somebody may enter information."""
    rows = Organisation.objects.filter(is_active=True).order_by("sequence")
    units = actor.units_of(lifecycle.WRITERS)
    return rows if units is None else rows.filter(pk__in=units)


def open_actions(edition: Edition, actor: Actor) -> list[Action]:
    """Return what somebody may try now; whether it is granted, the service says."""
    roles = actor.roles_in(edition.publication.publisher_id)
    rows = [s for s in lifecycle.LIFECYCLE if s.source is edition.standing]
    return [s.action for s in rows if not roles.isdisjoint(s.by) and s.action is not Action.REPLACE]


def beside(edition: Edition, actor: Actor) -> list[tuple[Edition, bool]]:
    """Return all editions of the same information, the latest first; may anything be done."""
    rows = edition.publication.editions.select_related(*WITH).order_by("-number")
    return [(row, bool(open_actions(row, actor))) for row in rows.defer(*LONG)]


def fields_of(edition: Edition) -> dict[str, str]:
    """Return the texts somebody typed beside the paragraphs."""
    return {name: getattr(edition, name) for name in contents.SCANNED}


@dataclass(frozen=True)
class HitShown:
    """A hit with the words it is about, for who settles it."""

    row: CheckHit
    words: str
    around: str
    count: int


def hits(edition: Edition) -> list[HitShown]:
    """Return what the check found in an edition, what is open first."""
    rows = edition.hits.select_related("edition").order_by("place")
    found = [_hit(edition, row) for row in rows]
    return sorted(found, key=lambda h: bool(h.row.settling))


def _hit(edition: Edition, row: CheckHit) -> HitShown:
    place, start, length = row.spots[0]
    text = contents.text_at(fields_of(edition), edition.paragraphs, edition.tables, place)
    around = text[max(0, start - 30) : start + length + 30]
    return HitShown(row, text[start : start + length], around, len(row.spots))


def found_in(edition: Edition, names: frozenset[str]) -> Iterator[tuple[str, str, privacy.Found]]:
    """Yield what is to be looked at in an edition: its words, its place, the hit."""
    patterns = pack.rules().patterns
    patterns = privacy.Patterns(
        patterns.marks, patterns.surnames, patterns.before, patterns.after, names
    )
    told = contents.places(fields_of(edition), edition.paragraphs, edition.tables)
    for place, text in told:
        for hit in privacy.find(text, patterns):
            yield text[hit.start : hit.start + hit.length], place, hit


def unsettled(edition: Edition) -> int:
    return edition.hits.filter(settling=Settling.OPEN.value).count()
