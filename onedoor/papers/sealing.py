"""Bringing a paper to its seal: the words as they were approved, their PDF, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from onedoor.accounts.rules import Actor
from onedoor.kernel.errors import Refusal
from onedoor.papers import queries, typesetting
from onedoor.papers import services as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import HANDED, SEALS
from onedoor.papers.rules.words import Standing
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals
from onedoor.seals.backends import Keys, Place
from onedoor.seals.models import SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind

HEIGHT = 841.89
"""Of A4, in points."""

BACK, UP = 44.0, 37.0
"""From where the date ends to the middle of the stamp: it stands over year and month, a little
above the line, so that its lower part rides the year and presses the month (骑年压月)."""


AT_ONCE = 20
"""So many papers are sealed in one go: about two seconds; then one sees how far it is."""


@dataclass
class Outcome:
    """What came of a batch: what was sealed, and what was set aside with its reason."""

    sealed: list[SealUse] = field(default_factory=list)
    set_aside: list[SealRequest] = field(default_factory=list)


class Work(NamedTuple):
    """What a keeper seals in one go: a paper, and what waits beside it."""

    lead: SealRequest
    beside: list[SealRequest]


def works(rows: Sequence[SealRequest]) -> list[Work]:
    """Return these requests as works: the decision of a case and its certificate are one.

    What waits beside one of them is brought in, wherever it stands in the row; one statement.
    """
    handed = {kind.value for kind in HANDED}
    pairs: dict[str, list[SealRequest]] = {}
    if subjects := {each.subject for each in rows if each.paper_kind in handed}:
        waiting = seals_queries.requests().filter(state=RequestState.WAITING.value)
        theirs = waiting.filter(subject__in=subjects, paper_kind__in=handed)
        for each in theirs.order_by("asked_at", "paper"):
            pairs.setdefault(each.subject, []).append(each)
    found: dict[str, Work] = {}
    for each in rows:
        mine = pairs.get(each.subject, [each]) if each.paper_kind in handed else [each]
        lead, *beside = sorted(mine, key=lambda r: title_of(r) is Kind.CERTIFICATE)
        found.setdefault(lead.paper, Work(lead, beside))
    return list(found.values())


def together(rows: Iterable[SealRequest], *, most: int) -> list[SealRequest]:
    """Return the requests of whole works, so many papers at most; the first work in any case."""
    found: list[SealRequest] = []
    for lead, beside in works(list(rows)):
        if found and len(found) + 1 + len(beside) > most:
            break
        found += [lead, *beside]
    return found


def paper_of(request: SealRequest) -> Paper:
    """Return the paper a request is about, or refuse: then nothing may be sealed."""
    paper = Paper.objects.select_related("unit", "template").filter(number=request.paper).first()
    if paper is None:
        raise Refusal("seal.no_paper", "找不到这份文书，不能用印。")
    return paper


def title_of(request: SealRequest) -> Kind:
    """Return what the paper of a request is."""
    return Kind(request.paper_kind)


def check(request: SealRequest, paper: Paper) -> None:
    """Refuse a paper that is not, to the letter, what was approved."""
    if SEALS.get(paper.what) is not request.what:
        raise Refusal("seal.wrong_kind", "这种文书用的不是这枚印章，不能用印。")
    if paper.digest != request.digest or not queries.is_intact(paper):
        raise Refusal("seal.not_as_approved", "这份文书和批准时的摘要对不上，不能用印。")
    if queries.standing(paper) is not Standing.VALID:
        raise Refusal("seal.replaced", "这份文书已被替换，或者它准予的许可已终止，不用再盖。")


def _decision_first(request: SealRequest) -> None:
    """Refuse the seal to a certificate whose decision asked for it and has none."""
    decisions = tuple(kind.value for kind in HANDED if kind is not Kind.CERTIFICATE)
    if title_of(request) is not Kind.CERTIFICATE:
        return
    if not seals_queries.is_all_sealed(request.subject, kinds=decisions):
        raise Refusal("seal.decision_first", "它的决定书还没有用印，证照不能先盖。")


def seal(request: SealRequest, *, by: Actor, at: datetime, pin: str = "") -> SealUse:
    """Seal one paper: its PDF, made from what was approved, with the stamp on the date."""
    paper = paper_of(request)
    check(request, paper)
    _decision_first(request)
    keys = seals.opened(request.what, pin=pin, by=by, at=at)
    return _sealed(request, paper, keys=keys, by=by, at=at)


def _sealed(request: SealRequest, paper: Paper, *, keys: Keys, by: Actor, at: datetime) -> SealUse:
    sheet = papers.sheet_at(paper, papers.Stage.SEALED)
    content, spot = typesetting.pdf_with_spot(sheet)
    place = Place(spot.page - 1, spot.x - BACK, HEIGHT - spot.y + UP)
    return seals.use(request, pdf=content, place=place, keys=keys, by=by, at=at)


MISMATCHES = frozenset(
    {"seal.no_paper", "seal.wrong_kind", "seal.not_as_approved", "seal.replaced"}
    | {"seal.decision_first", "paper.no_glyph"}
)
"""What is wrong with one paper: it is set aside, and the others go on."""


def seal_all(requests: Iterable[SealRequest], *, by: Actor, at: datetime, pin: str = "") -> Outcome:
    """Seal papers one by one, each in a transaction of its own; what does not match is set aside.

    What stands against all of them (locked, not the keeper, a wrong PIN) stops the batch with its
    refusal.
    """
    done = Outcome()
    keys: dict[SealKind, Keys] = {}
    for request in requests:
        if request.what not in keys:
            keys[request.what] = seals.opened(request.what, pin=pin, by=by, at=at)
        try:
            paper = paper_of(request)
            check(request, paper)
            _decision_first(request)
            made = _sealed(request, paper, keys=keys[request.what], by=by, at=at)
            done.sealed.append(made)
        except Refusal as refusal:
            if refusal.code not in MISMATCHES:
                raise
            done.set_aside.append(seals.put_aside(request, refusal=refusal, by=by, at=at))
    return done
