"""Lists of findings: who may see which, what waits for whom, how many, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from onedoor.accounts.models import Organisation, Post
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.clock import at_local
from onedoor.kernel.terms import Term
from onedoor.rectification.models import (
    Evidence,
    Finding,
    FindingUnit,
    Measure,
    Supervision,
    UpwardMatter,
)
from onedoor.rectification.rules.lifecycle import DONE, LIFECYCLE, Action, State
from onedoor.rectification.rules.words import (
    Answer,
    Decision,
    EvidenceState,
    Outcome,
    RectificationClass,
    Rung,
)
from onedoor.rectification.wordings import NO_OFFICE

SIDE = (Role.AUDITOR, Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE, Role.SUPERVISOR, Role.AUDIT_ADMIN)
UNITS = (Role.OFFICER, Role.HEAD)
STAFF = (*SIDE, *UNITS)
OVER = [state.value for state in DONE]


class Shown(Term):
    """Which part of the ledger is shown (台账筛选)."""

    ALL = "", "全部"
    OPEN = "open", "没有销号"
    LATE = "late", "逾期"
    CLAIMED = "claimed", "自述已整改，待核验"
    CLOSED = "closed", "已销号"
    REOPENED = "reopened", "反弹过"
    REPEATED = "repeated", "屡审屡犯"


def visible(actor: Actor) -> QuerySet[Finding]:
    """Return the findings somebody may see: everybody the published ones, staff their own too."""
    rows = Finding.objects.select_related("project", "unit")
    if actor.holds_any(*SIDE):
        return rows
    units = actor.units_of(UNITS)
    if actor.holds_any(*UNITS) and units is None:
        return rows
    if units:
        return rows.filter(Q(is_public=True) | Q(unit__in=units) | Q(pk__in=_shared(units)))
    return rows.filter(is_public=True)


def related(finding: Finding, actor: Actor) -> tuple[Finding | None, list[Finding]]:
    """Return which earlier finding this repeats and which later ones repeat it, as far as seen."""
    seen = visible(actor)
    earlier = seen.filter(pk=finding.repeats_id).first() if finding.repeats_id else None
    return earlier, list(seen.filter(repeats=finding).order_by("number"))


def inside(rows: QuerySet[Finding], actor: Actor) -> QuerySet[Finding]:
    """Return the findings somebody handles or supervises: names, notes and files are for them.

    Staff of another unit read a published finding as everybody does.
    """
    if actor.holds_any(*SIDE):
        return rows
    units = actor.units_of(UNITS)
    if units is None:
        return rows
    return rows.filter(Q(unit__in=units) | Q(pk__in=_shared(units)))


def is_inside(finding: Finding, actor: Actor) -> bool:
    """Say whether somebody handles or supervises a finding."""
    return inside(Finding.objects.filter(pk=finding.pk), actor).exists()


def after(rows: QuerySet[Finding], deadline_on: date, number: str) -> QuerySet[Finding]:
    """Return what follows a place in the ledger."""
    return rows.filter(
        Q(deadline_on__gt=deadline_on) | Q(deadline_on=deadline_on, number__gt=number)
    )


def _shared(units: Iterable[UUID]) -> QuerySet[FindingUnit, UUID]:
    return FindingUnit.objects.filter(unit__in=list(units)).values_list("finding", flat=True)


def ledger(
    actor: Actor, *, shown: Shown, on: date, unit: str = "", text: str = ""
) -> QuerySet[Finding]:
    """Return the ledger, the nearest deadline first."""
    rows = visible(actor)
    if shown is Shown.OPEN:
        rows = rows.exclude(state__in=OVER)
    elif shown is Shown.LATE:
        rows = rows.filter(deadline_on__lt=on).exclude(state__in=OVER)
    elif shown is Shown.CLAIMED:
        rows = rows.filter(claimed=Outcome.RECTIFIED.value).exclude(state__in=OVER)
    elif shown is Shown.CLOSED:
        rows = rows.filter(state__in=[State.CLOSED.value, State.RECHECK.value])
    elif shown is Shown.REOPENED:
        rows = rows.filter(reopened_count__gt=0)
    elif shown is Shown.REPEATED:
        rows = rows.filter(repeats__isnull=False)
    if unit:
        rows = rows.filter(unit__code=unit)
    if text:
        rows = rows.filter(Q(number=text) | Q(title__contains=text))
    return rows.order_by("deadline_on", "number")


@dataclass(frozen=True)
class Row:
    """A finding as the ledger shows it."""

    finding: Finding
    measures: int
    evidence: int
    approved: int
    days_late: int


BRIEF = (
    "number",
    "title",
    "unit__name",
    "unit__short_name",
    "deadline_on",
    "claimed",
    "claim_label",
    "state",
    "outcome",
)
"""What a list says of a finding; its long texts are left where they are."""


def page_of(found: QuerySet[Finding]) -> list[Finding]:
    """Return the findings of one page: their numbers by the index, then those rows alone.

    Whatever stands before the page is passed over without being read.
    """
    numbers = list(found.values_list("number", flat=True))
    rows = Finding.objects.select_related("unit").only(*BRIEF).filter(number__in=numbers)
    told = {row.number: row for row in rows}
    return [told[number] for number in numbers]


def rows_of(found: Sequence[Finding], *, on: date) -> list[Row]:
    """Return findings with their counts; two statements for all of them."""
    ids = [finding.pk for finding in found]
    measures = dict(
        Measure.objects.filter(finding__in=ids).values_list("finding").annotate(n=Count("pk"))
    )
    evidence: dict[UUID, tuple[int, int]] = {
        pk: (n, ok)
        for pk, n, ok in Evidence.objects.filter(finding__in=ids)
        .exclude(state=EvidenceState.WITHDRAWN.value)
        .values_list("finding")
        .annotate(n=Count("pk"), ok=Count("pk", filter=Q(state=EvidenceState.APPROVED.value)))
    }
    return [
        Row(
            f,
            measures.get(f.pk, 0),
            *evidence.get(f.pk, (0, 0)),
            days_late=f.days_late(on),
        )
        for f in found
    ]


_UNASKED = {Action.SET_ASIDE, Action.REOPEN, Action.BEGIN_RECHECK}
"""Steps that nobody waits for: they are taken when a fact calls for them."""


def inbox(actor: Actor) -> list[tuple[Action, QuerySet[Finding]]]:
    """Return what waits for somebody, by what they may do next, in the order of the table."""
    found: dict[State, Action] = {}
    for step in LIFECYCLE:
        if step.action not in _UNASKED and actor.holds_any(*step.by):
            found.setdefault(step.source, step.action)
    queue = []
    for state, action in found.items():
        by = next(s.by for s in LIFECYCLE if s.source is state and s.action is action)
        rows = visible(actor).filter(state=state.value)
        units = actor.units_of(by)
        if units is not None:
            rows = rows.filter(unit__in=units)
        queue.append((action, rows.order_by("deadline_on", "number")))
    return queue


def waiting_for_decision(actor: Actor) -> QuerySet[Finding]:
    """Return findings with a later deadline asked for and not decided yet."""
    return (
        visible(actor)
        .filter(extensions__decision=Decision.WAITING.value)
        .order_by("deadline_on", "number")
    )


def unsigned(actor: Actor) -> QuerySet[Finding]:
    """Return findings for which the clock drafted an urging that nobody sent yet."""
    rows = visible(actor).filter(supervisions__issued_by="").exclude(state__in=OVER)
    return rows.distinct().order_by("deadline_on", "number")


def concluding(finding: Finding) -> QuerySet[Supervision]:
    """Return what was urged, talked over, made known or transferred, and has no result yet."""
    sent = finding.supervisions.filter(concluded_on=None).exclude(issued_by="")
    return sent.exclude(rung=Rung.REMIND.value)


def replying(finding: Finding) -> QuerySet[Supervision]:
    """Return what its unit has to answer; a transfer went to somebody else."""
    sent = finding.supervisions.filter(replied_on=None).exclude(issued_by="")
    return sent.exclude(rung=Rung.TRANSFER.value)


def unanswered(actor: Actor, *, on: date) -> QuerySet[Finding]:
    """Return findings with a letter to those above whose answer is overdue."""
    late = UpwardMatter.objects.filter(answer=Answer.WAITING.value, answer_due_on__lt=on)
    rows = inside(visible(actor), actor).filter(pk__in=late.values("finding"))
    return rows.exclude(state__in=OVER).order_by("deadline_on", "number")


def doubtful(actor: Actor) -> QuerySet[Finding]:
    """Return findings with signals that nobody looked into yet."""
    rows = visible(actor).filter(signals__settled_at=None, signals__isnull=False)
    return rows.distinct().order_by("deadline_on", "number")


@dataclass(frozen=True)
class ClassRate:
    """One class's figures, never mixed with another's."""

    kind: RectificationClass
    found: int
    claimed: int
    verified: int
    late: int

    @property
    def rate(self) -> str:
        return f"{self.verified * 100 / self.found:.1f}%" if self.found else "—"

    @property
    def claimed_rate(self) -> str:
        return f"{self.claimed * 100 / self.found:.1f}%" if self.found else "—"


def class_rates(rows: QuerySet[Finding], *, on: date) -> list[ClassRate]:
    """Return the rates of the classes apart (三类分开算): claimed and verified, one statement."""
    is_late = Q(deadline_on__lt=on) & ~Q(state__in=OVER)
    counted = (
        rows.order_by()
        .values_list("rectification_class")
        .annotate(
            found=Count("pk"),
            claimed=Count("pk", filter=Q(claimed=Outcome.RECTIFIED.value)),
            verified=Count("pk", filter=Q(outcome=Outcome.RECTIFIED.value, state__in=OVER)),
            late=Count("pk", filter=is_late),
        )
    )
    told = {RectificationClass(name): numbers for name, *numbers in counted}
    return [ClassRate(kind, *told[kind]) for kind in RectificationClass if kind in told]


AGES = ((0, 90), (91, 180), (181, 365), (366, 100_000))


def ages(rows: QuerySet[Finding], *, on: date) -> list[tuple[str, int]]:
    """Return how long open findings have been open, in four ranges of days."""
    opened = rows.exclude(state__in=OVER).order_by()
    counted = opened.aggregate(
        **{
            f"from_{first}": Count(
                "pk",
                filter=Q(
                    opened_at__gte=at_local(on - timedelta(days=last)),
                    opened_at__lt=at_local(on - timedelta(days=first - 1)),
                ),
            )
            for first, last in AGES
        }
    )
    return [
        (f"{first}–{last}" if last < 100_000 else f">{first - 1}", counted[f"from_{first}"])
        for first, last in AGES
    ]


def office(actor: Actor) -> str:
    """Return the unit in whose name somebody prints the ledger: that of their post."""
    posts = Post.objects.filter(person=actor.person_id).select_related("organisation")
    post = posts.order_by("-first_on").first()
    return post.organisation.name if post else NO_OFFICE


def sending(finding: Finding, actor: Actor, *, on: date) -> Organisation | None:
    """Return the unit in whose name somebody writes about a finding: that of their present post.

    Never one that answers for the finding; none for a program, the clock, or whoever has no other.
    """
    if actor.person_id is None:
        return None
    posts = Post.objects.filter(person=actor.person_id, first_on__lte=on)
    valid = posts.filter(Q(last_on__isnull=True) | Q(last_on__gte=on))
    theirs = valid.exclude(organisation=finding.unit_id).select_related("organisation")
    post = theirs.order_by("-first_on").first()
    return post.organisation if post else None


def sender(finding: Finding, actor: Actor) -> str:
    """Return in whose name a letter about a finding goes out: never that of whom it is for."""
    if actor.holds_any(*SIDE):
        return office(actor)
    return finding.project.audit_body or NO_OFFICE
