"""Decisions = papers = uses of the seal: counted, and each difference named.

Kept here until audit exists. Under the one seal every decision has one paper, every licence a
certificate, every such paper a request, every request in time a use, every use its sealed file
and its entry in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from onedoor.accounts.rules import SYSTEM
from onedoor.cases import pressing
from onedoor.cases.differences import Difference, Reconciliation, work_items
from onedoor.cases.events import SealMended, SealsReconciled
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules.licences import LicenceState
from onedoor.cases.rules.lifecycle import Outcome, Status
from onedoor.files.services import is_whole
from onedoor.kernel.clock import at_local, day_of, end_of, local
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.models import Entry
from onedoor.papers import pack
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.sealing import HANDED, SEALS
from onedoor.seals import queries as seals
from onedoor.seals.events import SealPressed, SealUsed
from onedoor.seals.models import HandUse, SealRequest, SealUse
from onedoor.seals.rules.words import RequestState, SealKind

PATIENCE = timedelta(days=2)
"""What waits longer for the approval seal is a difference: the applicant waits with it, or whoever
lost a licence by it.
"""

LONGER = timedelta(days=7)
"""Receipts wait longer: they are in the applicants' hands already. What is late is told once for
all of them; the desk lists them.
"""

EVENING = time(18)
"""The windows close at five: what is late then was left."""

SUBJECT = "seals:evening"
OPENED = 1000
"""Of so many uses, the latest, the sealed file is opened and its digest computed again."""

MADE = (Status.MAKING.value, Status.READY.value, Status.CLOSED.value)
"""Where what was granted has its certificate, if it is to have one."""

DECIDED = (Kind.GRANT.value, Kind.REFUSAL.value, Kind.AT_ONCE.value)
"""The papers a decision has: one of these."""

DECISIONS = {kind.value for kind in (*HANDED, Kind.REVOCATION, Kind.CANCELLATION)}
"""What decides, among the papers that need a seal."""


@dataclass(frozen=True)
class Period:
    """The days that are compared, both included; open where not given."""

    first: date | None = None
    last: date | None = None

    def has(self, moment: str) -> Q:
        """Return the condition that this moment of a row lies within the period."""
        found = Q()
        if self.first:
            found &= Q(**{f"{moment}__gte": at_local(self.first)})
        if self.last:
            found &= Q(**{f"{moment}__lt": end_of(self.last)})
        return found


ALWAYS = Period()


def reconcile(*, at: datetime, period: Period = ALWAYS) -> Reconciliation:
    """Count what was decided, issued and sealed under the one seal, by the day it was decided."""
    decided = _decided().filter(period.has("decided_at")).exclude(outcome=Outcome.NONE.value)
    issued = _issued().filter(period.has("issued_at"))
    papers = issued.filter(kind__in=DECIDED, replaced_by__isnull=True)
    asked = SealRequest.objects.filter(period.has("asked_at"))
    requests = asked.filter(paper_kind__in=DECIDED, is_afterwards=False)
    pressed = HandUse.objects.filter(paper__in=papers.values("number"))
    return Reconciliation(
        decisions=decided.count(),
        papers=papers.count(),
        uses=requests.filter(state=RequestState.SEALED.value).count() + pressed.count(),
        waiting=requests.exclude(state=RequestState.SEALED.value).count(),
        differences=(
            *_unpapered(decided, papers),
            *_uncertified(decided, at),
            *_unlicensed(issued),
            *_unasked(issued),
            *_unmatched(asked),
            *_unsealed(asked, at),
            *_unpressed(at, period),
            *_unrecorded(period),
            *_lost(period),
        ),
    )


def reconcile_tonight(*, at: datetime) -> int:
    """Reconcile once an evening: mend what a crash left, put the count on record; a timer.

    Each difference becomes a work item of whoever keeps the seal. Without requests, nothing.
    """
    day = day_of(at)
    if local(at).time() < EVENING or not (SealRequest.objects.exists() or seals.hand_terms()):
        return 0
    if Entry.objects.filter(subject=SUBJECT, at__gte=at_local(day)).exists():
        return 0
    mend(at=at)
    found = reconcile(at=at)
    _put_on_record(found, day=day, at=at)
    work_items(found, at=at)
    return 1


@ledger.recorded
def mend(*, at: datetime) -> int:
    """Let a request say what the register says, where a crash left the two apart; return how many.

    A use is never made up: what says it is sealed and has no use waits for its seal again.
    """
    used, sealed = Q(use__isnull=False), Q(state=RequestState.SEALED.value)
    apart = SealRequest.objects.filter((used & ~sealed) | (sealed & ~used))
    count = 0
    for asked in apart.select_related("use").order_by("paper"):
        state = RequestState.SEALED if hasattr(asked, "use") else RequestState.WAITING
        before = asked.state
        SealRequest.objects.filter(pk=asked.pk).update(state=state.value)
        event = SealMended(subject=f"seal-use:{asked.paper}", before=before, after=state.value)
        ledger.record(event, by=SYSTEM.ref, at=at)
        count += 1
    return count


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


def _decided() -> QuerySet[Case]:
    """Return the cases under the one seal: of a transferred item, or of a unit that is listed."""
    rows = Q(former_unit__isnull=False)
    for unit, first in _began():
        rows |= Q(unit=unit, decided_at__gte=first)
    return Case.objects.filter(rows)


def _issued() -> QuerySet[Paper]:
    """Return the papers that go out under the one seal."""
    theirs = Case.objects.filter(number=OuterRef("subject"), former_unit__isnull=False)
    rows = Q(Exists(theirs))
    for unit, first in _began():
        rows |= Q(unit=unit, issued_at__gte=first)
    return Paper.objects.filter(rows)


def _began() -> list[tuple[UUID, datetime]]:
    """Return the units listed, each with the moment its first paper asked for a seal."""
    listed = SealRequest.objects.filter(
        unit__code__in=pack.words().sealed_units, is_afterwards=False
    )
    return list(listed.values_list("unit").annotate(first=Min("asked_at")))


def _unpapered(decided: QuerySet[Case], papers: QuerySet[Paper]) -> Iterator[Difference]:
    its_own = papers.filter(subject=OuterRef("number"))
    for case in decided.exclude(Exists(its_own)):
        yield Difference(case.number, Refusal("seal.no_decision_paper", "有决定，没有决定文书。"))


def _uncertified(decided: QuerySet[Case], at: datetime) -> Iterator[Difference]:
    """Yield licences that hold and have no certificate, though it was made or is overdue."""
    theirs = Paper.objects.filter(subject=OuterRef("number"), kind=Kind.CERTIFICATE.value)
    sealed = SealRequest.objects.filter(
        subject=OuterRef("number"), paper_kind__in=DECIDED, state=RequestState.SEALED.value
    )
    overdue = Q(Exists(sealed), case__delivery_due_on__lt=day_of(at))
    found = Licence.objects.filter(
        ~Exists(theirs),
        Q(case__status__in=MADE) | overdue,
        case__in=decided,
        state=LicenceState.VALID.value,
    )
    for licence in found.order_by("number"):
        yield Difference(
            licence.number, Refusal("seal.no_certificate", "准予了许可，没有证照文书。")
        )


def _unlicensed(issued: QuerySet[Paper]) -> Iterator[Difference]:
    licence = Licence.objects.filter(number=OuterRef("subject"))
    made = issued.filter(~Exists(licence), kind=Kind.CERTIFICATE.value)
    for number in made.order_by("number").values_list("number", flat=True):
        yield Difference(number, Refusal("seal.no_licence", "有证照文书，证照台账里没有这本证照。"))


def _unasked(issued: QuerySet[Paper]) -> Iterator[Difference]:
    needing = issued.filter(kind__in=[kind.value for kind in SEALS])
    asked = SealRequest.objects.filter(paper=OuterRef("number"))
    by_hand: dict[tuple[SealKind, date], bool] = {}
    for paper in needing.exclude(Exists(asked)):
        key = SEALS[paper.what], day_of(paper.issued_at)
        if key not in by_hand:
            by_hand[key] = seals.is_by_hand(key[0], on=key[1])
        if by_hand[key]:
            continue  # that day this seal was one of rubber, pressed at the window
        yield Difference(paper.number, Refusal("seal.never_asked", "要用印的文书没有用印申请。"))


def _unmatched(requests: QuerySet[SealRequest]) -> Iterator[Difference]:
    same = Paper.objects.filter(number=OuterRef("paper"), digest=OuterRef("digest"))
    for asked in requests.exclude(Exists(same)):
        yield Difference(
            asked.paper, Refusal("seal.other_digest", "文书和批准时的摘要对不上，或者找不到。")
        )


def _unsealed(requests: QuerySet[SealRequest], at: datetime) -> Iterator[Difference]:
    """Yield what should have its seal by now, and what a half-done sealing would leave behind."""
    for asked in requests.filter(state=RequestState.SET_ASIDE.value):
        yield Difference(asked.paper, Refusal("seal.still_aside", "搁置着，没有用印。"))
    waiting = requests.filter(state=RequestState.WAITING.value)
    late = waiting.filter(kind=SealKind.APPROVAL.value, asked_at__lt=at - PATIENCE)
    for asked in late:
        why = Refusal("seal.late", "决定两天了，还没有用印。")
        if asked.paper_kind not in DECISIONS:
            why = Refusal("seal.notice_late", "告知书出了两天，还没有用印。")
        yield Difference(asked.paper, why)
    if waiting.filter(kind=SealKind.RECEIPT.value, asked_at__lt=at - LONGER).exists():
        why = Refusal("seal.receipts_late", "有凭证等了一周，还没有用印。请在用印页看。")
        seal = seals.in_use(SealKind.RECEIPT)
        yield Difference(seal.code if seal else SealKind.RECEIPT.value, why)
    used = Q(use__isnull=False)
    sealed = Q(state=RequestState.SEALED.value)
    for asked in requests.filter((used & ~sealed) | (sealed & ~used)):
        yield Difference(asked.paper, Refusal("seal.half_done", "申请和用印记录对不上。"))


def _unpressed(at: datetime, period: Period) -> Iterator[Difference]:
    """Yield the seals of rubber whose book lacks a paper that was issued a week ago."""
    told: set[SealKind] = set()
    for paper in pressing.unpressed(period.has("issued_at") & Q(issued_at__lt=at - LONGER)):
        kind = SEALS[paper.what]
        seal = seals.hand_seal(kind, on=day_of(paper.issued_at))
        if seal is None or kind in told:
            continue
        told.add(kind)
        why = Refusal("seal.unpressed", "有文书盖了实物印章，一周还没有登记。请在实物用印页登记。")
        yield Difference(seal.code, why)


def _unrecorded(period: Period) -> Iterator[Difference]:
    """Yield uses the ledger does not know, and those it knows that are not in the register."""
    entries = Entry.objects.filter(period.has("at"), kind=SealUsed.kind)
    told = {s.removeprefix("seal-use:") for s in entries.values_list("subject", flat=True)}
    uses = SealUse.objects.filter(period.has("used_at"), file__erased_at__isnull=True)
    kept = set(uses.values_list("request__paper", flat=True))
    for paper in sorted(kept - told):
        yield Difference(paper, Refusal("seal.not_in_ledger", "用印记录不在总台账里。"))
    for paper in sorted(told - kept):
        yield Difference(paper, Refusal("seal.not_in_register", "总台账有用印，用印台账没有。"))
    pressed = Entry.objects.filter(period.has("at"), kind=SealPressed.kind)
    known = {s.removeprefix("seal-use:") for s in pressed.values_list("subject", flat=True)}
    book = HandUse.objects.filter(period.has("used_at"))
    for paper in sorted(known ^ set(book.values_list("paper", flat=True))):
        why = Refusal("seal.hand_not_in_both", "实物用印登记和总台账对不上。")
        yield Difference(paper, why)


def _lost(period: Period) -> Iterator[Difference]:
    uses = SealUse.objects.filter(period.has("used_at"), file__erased_at__isnull=True)
    latest = uses.select_related("file", "request").order_by("-used_at")
    for use in latest[:OPENED]:
        if not is_whole(use.file.digest):
            yield Difference(
                use.request.paper, Refusal("seal.file_lost", "盖了章的文件不在，或者被改过。")
            )
