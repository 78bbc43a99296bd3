"""Papers from before the seal, given out again with it (补盖电子印章).

Number, date, words and digests stay; what changes is the PDF. Each asks for its seal like a new
paper, marked as asked for afterwards, and goes to its keeper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from onedoor.accounts.rules import Actor
from onedoor.files import services as files
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import services as ledger
from onedoor.papers import pack, queries, sealing
from onedoor.papers.events import PaperReissued
from onedoor.papers.models import Paper, Rendering
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import SEALS
from onedoor.papers.rules.words import Standing
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals
from onedoor.seals.models import SealRequest
from onedoor.seals.rules.words import RequestState, SealKind

BATCH = 20
DECIDING = (Kind.GRANT.value, Kind.AT_ONCE.value)
"""The decisions a certificate rests on; they have one subject."""


def unsealed() -> QuerySet[Paper]:
    """Return the papers of units under the seal that asked for none, the oldest first.

    Left out is what was replaced or took effect no more, a certificate with the decision it rests
    on, and what was disposed of.
    """
    kinds = [kind for kind, seal in SEALS.items() if seals_queries.in_use(seal)]
    asked = SealRequest.objects.filter(paper=OuterRef("number"))
    later = Paper.objects.filter(replaces=OuterRef("pk"))
    ended = Paper.objects.filter(ends=OuterRef("pk"))
    rested = Paper.objects.filter(ends__subject=OuterRef("subject"))
    found = Paper.objects.filter(
        ~Exists(asked),
        ~Exists(later),
        ~Exists(ended),
        kind__in=kinds,
        unit__code__in=pack.words().sealed_units,
    ).exclude(contents=b"")
    found = found.exclude(Q(Exists(rested), kind=Kind.CERTIFICATE.value))
    return found.select_related("unit", "template").order_by("issued_at", "number")


def approver_of(paper: Paper) -> str:
    """Return who approved what a paper says: of a certificate who decided, not who made it."""
    if paper.what is not Kind.CERTIFICATE:
        return paper.issued_by
    decided = Paper.objects.filter(subject=paper.subject, kind__in=DECIDING, replaced_by=None)
    return decided.values_list("issued_by", flat=True).first() or paper.issued_by


def _of_others(papers: QuerySet[Paper], by: Actor) -> QuerySet[Paper]:
    """Leave out what the keeper approved, which waits for the other keeper."""
    decided = Paper.objects.filter(
        subject=OuterRef("subject"), kind__in=DECIDING, replaced_by=None, issued_by=by.ref
    )
    own = Q(issued_by=by.ref) & ~Q(kind=Kind.CERTIFICATE.value)
    return papers.exclude(own | Q(Exists(decided), kind=Kind.CERTIFICATE.value))


@ledger.recorded
def ask_again(paper: Paper, *, by: Actor, at: datetime) -> SealRequest:
    """Let a paper from before the seal ask for it; its old PDF is forgotten, not its digest."""
    if paper.what not in SEALS:
        raise Refusal("paper.needs_no_seal", "这种文书不用印。")
    seal = seals_queries.seal_for(SEALS[paper.what])
    if not seals_queries.keeps(seal, by):
        raise NotAllowed("seal.not_keeper", "%(seal)s由它的保管人来盖，您不是。", seal=seal.name)
    if queries.standing(paper) is not Standing.VALID:
        raise Refusal("seal.replaced", "这份文书已被替换，或者它准予的许可已终止，不用再盖。")
    request = seals.ask(
        SEALS[paper.what],
        paper=paper.number,
        paper_kind=paper.kind,
        digest=paper.digest,
        subject=paper.subject,
        step=paper.step,
        unit=paper.unit,
        approver=approver_of(paper),
        is_afterwards=True,
        at=at,
    )
    made = Rendering.objects.filter(paper=paper).select_related("file").first()
    event = PaperReissued(
        subject=f"paper-seal:{paper.number}", before=made.file.digest if made else ""
    )
    ledger.record(event, by=by.ref, at=at)
    if made is not None:
        old = [made.file_id]
        made.delete()
        transaction.on_commit(partial(files.forget, old))
    return request


def cut_off(by: Actor) -> QuerySet[SealRequest]:
    """Return what asked afterwards and was not sealed yet; not what the keeper approved."""
    waiting = SealRequest.objects.filter(is_afterwards=True, state=RequestState.WAITING.value)
    mine = waiting.exclude(approver=by.ref).select_related("unit")
    return mine.order_by("asked_at", "paper")


def kinds_cut_off(by: Actor) -> set[SealKind]:
    """Return the kinds of seals that what was cut off needs."""
    return {SealKind(kind) for kind in cut_off(by).values_list("kind", flat=True).distinct()}


def left_for(by: Actor) -> int:
    """Return how many papers this keeper may still give out again."""
    return cut_off(by).count() + _of_others(unsealed(), by).count()


def reissue_some(
    *, by: Actor, at: datetime, pin: str = "", numbers: Sequence[str] = ()
) -> sealing.Outcome:
    """Give the next papers out again, or those named: what was cut off first, then the oldest.

    Nothing asks before the keeper's keys are open: a wrong PIN changes no paper. What has its
    seal by now, or what the keeper approved, is left as it is.
    """
    asked, papers = cut_off(by), _of_others(unsealed(), by)
    if numbers:
        _all_known(numbers)
        asked, papers = asked.filter(paper__in=numbers), papers.filter(number__in=numbers)
    rows = list(asked[:BATCH])
    asking = list(papers[: BATCH - len(rows)])
    for kind in sorted({row.what for row in rows} | {SEALS[paper.what] for paper in asking}):
        seals.opened(kind, pin=pin, by=by, at=at)
    for paper in asking:
        try:
            rows.append(ask_again(paper, by=by, at=at))
        except IntegrityError:
            continue  # the other keeper asked at the same moment, and seals it
    return sealing.seal_all(rows, by=by, at=at, pin=pin)


def _all_known(numbers: Sequence[str]) -> None:
    known = set(Paper.objects.filter(number__in=numbers).values_list("number", flat=True))
    for number in numbers:
        if number not in known:
            raise NotFound("paper.unknown_number", "没有文号为 %(number)s 的文书。", number=number)


def reissue(
    papers: QuerySet[Paper], *, limit: int, by: Actor, at: datetime, pin: str = ""
) -> Iterator[int]:
    """Give up to so many papers out again sealed by their keeper; yield how many each time.

    Whoever is cut off goes on where it stopped: what has asked is not found again, and what asked
    and was not sealed yet is taken up first. What the keeper approved waits for the other keeper.
    """
    left = limit
    mine = cut_off(by)
    while True:
        rows = list(mine[:BATCH])
        if rows:
            sealing.seal_all(rows, by=by, at=at, pin=pin)
            yield len(rows)
        asking = list(papers[: min(BATCH, left)])
        for paper in asking:
            ask_again(paper, by=by, at=at)
        left -= len(asking)
        if not asking and not rows:
            return
