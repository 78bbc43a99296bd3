"""Decisions = papers = uses of the seal: counted, and each difference named.

Kept here until audit exists. Under the one seal every decision has one paper, every such paper a
request, every request in time a use, every use its sealed file and its entry in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from onedoor.accounts.rules import SYSTEM
from onedoor.cases.events import SealsReconciled
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Outcome
from onedoor.files.services import is_whole
from onedoor.kernel.clock import at_local, day_of, local
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.models import Entry
from onedoor.papers import pack
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import SEALS
from onedoor.seals.events import SealUsed
from onedoor.seals.models import SealRequest, SealUse
from onedoor.seals.rules.words import RequestState

PATIENCE = timedelta(days=2)
"""A decision that waits longer for its seal is a difference: the applicant waits with it."""

EVENING = time(18)
"""The windows close at five: what is late then was left."""

SUBJECT = "seals:evening"
OPENED = 1000
"""Of so many uses, the latest, the sealed file is opened and its digest computed again."""

DECIDED = (Kind.GRANT.value, Kind.REFUSAL.value, Kind.AT_ONCE.value)
"""The papers a decision has: one of these."""


class Difference(NamedTuple):
    """Something that does not add up: a case or a paper, and why."""

    subject: str
    why: Refusal


@dataclass(frozen=True)
class Reconciliation:
    """How many there are of each, and what does not add up."""

    decisions: int
    papers: int
    uses: int
    waiting: int
    differences: tuple[Difference, ...]


def reconcile(*, at: datetime) -> Reconciliation:
    """Count what was decided, issued and sealed since each unit came under the one seal."""
    decided, issued = _since("decided_at", Case), _since("issued_at", Paper)
    decided = decided.exclude(outcome=Outcome.NONE.value)
    papers = issued.filter(kind__in=DECIDED, replaced_by__isnull=True)
    requests = SealRequest.objects.filter(paper_kind__in=DECIDED)
    return Reconciliation(
        decisions=decided.count(),
        papers=papers.count(),
        uses=requests.filter(state=RequestState.SEALED.value).count(),
        waiting=requests.exclude(state=RequestState.SEALED.value).count(),
        differences=(
            *_unpapered(decided, papers),
            *_unasked(issued),
            *_unmatched(),
            *_unsealed(at),
            *_unrecorded(),
            *_lost(),
        ),
    )


def reconcile_tonight(*, at: datetime) -> int:
    """Reconcile once an evening and put the count on record; a timer. Without requests, nothing."""
    day = day_of(at)
    if local(at).time() < EVENING or not SealRequest.objects.exists():
        return 0
    if Entry.objects.filter(subject=SUBJECT, at__gte=at_local(day)).exists():
        return 0
    _put_on_record(reconcile(at=at), day=day, at=at)
    return 1


@ledger.recorded
def _put_on_record(found: Reconciliation, *, day: date, at: datetime) -> None:
    event = SealsReconciled(
        subject=SUBJECT,
        day=day,
        decisions=found.decisions,
        papers=found.papers,
        uses=found.uses,
        waiting=found.waiting,
        differences=[{each.subject: each.why.code} for each in found.differences],
    )
    ledger.record(event, by=SYSTEM.ref, at=at)


def _since(moment: str, model: Any) -> QuerySet[Any]:
    """Return the rows of the units listed, from the first paper of each that asked for a seal."""
    listed = SealRequest.objects.filter(unit__code__in=pack.words().sealed_units)
    began = listed.values_list("unit").annotate(first=Min("asked_at"))
    rows = Q(pk__in=())
    for unit, first in began:
        rows |= Q(unit=unit, **{f"{moment}__gte": first})
    found: QuerySet[Any] = model.objects.filter(rows)
    return found


def _unpapered(decided: QuerySet[Case], papers: QuerySet[Paper]) -> Iterator[Difference]:
    its_own = papers.filter(subject=OuterRef("number"))
    for case in decided.exclude(Exists(its_own)):
        yield Difference(case.number, Refusal("seal.no_decision_paper", "有决定，没有决定文书。"))


def _unasked(issued: QuerySet[Paper]) -> Iterator[Difference]:
    needing = issued.filter(kind__in=[kind.value for kind in SEALS])
    asked = SealRequest.objects.filter(paper=OuterRef("number"))
    for paper in needing.exclude(Exists(asked)):
        yield Difference(paper.number, Refusal("seal.never_asked", "要用印的文书没有用印申请。"))


def _unmatched() -> Iterator[Difference]:
    same = Paper.objects.filter(number=OuterRef("paper"), digest=OuterRef("digest"))
    for asked in SealRequest.objects.exclude(Exists(same)):
        yield Difference(
            asked.paper, Refusal("seal.other_digest", "文书和批准时的摘要对不上，或者找不到。")
        )


def _unsealed(at: datetime) -> Iterator[Difference]:
    """Yield what should have its seal by now, and what a half-done sealing would leave behind."""
    for asked in SealRequest.objects.filter(state=RequestState.SET_ASIDE.value):
        yield Difference(asked.paper, Refusal("seal.still_aside", "搁置着，没有用印。"))
    late = SealRequest.objects.filter(
        state=RequestState.WAITING.value, paper_kind__in=DECIDED, asked_at__lt=at - PATIENCE
    )
    for asked in late:
        yield Difference(asked.paper, Refusal("seal.late", "决定两天了，还没有用印。"))
    used = Q(use__isnull=False)
    sealed = Q(state=RequestState.SEALED.value)
    for asked in SealRequest.objects.filter((used & ~sealed) | (sealed & ~used)):
        yield Difference(asked.paper, Refusal("seal.half_done", "申请和用印记录对不上。"))


def _unrecorded() -> Iterator[Difference]:
    """Yield uses the ledger does not know, and those it knows that are not in the register."""
    entries = Entry.objects.filter(kind=SealUsed.kind).values_list("subject", flat=True)
    told = {subject.removeprefix("seal-use:") for subject in entries}
    kept = set(SealUse.objects.values_list("request__paper", flat=True))
    for paper in sorted(kept - told):
        yield Difference(paper, Refusal("seal.not_in_ledger", "用印记录不在总台账里。"))
    for paper in sorted(told - kept):
        yield Difference(paper, Refusal("seal.not_in_register", "总台账有用印，用印台账没有。"))


def _lost() -> Iterator[Difference]:
    latest = SealUse.objects.select_related("file", "request").order_by("-used_at")
    for use in latest[:OPENED]:
        if not is_whole(use.file.digest):
            yield Difference(
                use.request.paper, Refusal("seal.file_lost", "盖了章的文件不在，或者被改过。")
            )
