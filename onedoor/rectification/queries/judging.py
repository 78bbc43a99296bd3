"""What a reviewer has to know: is it somebody else's finding, what is proven, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from onedoor.accounts.models import Organisation, Post
from onedoor.accounts.rules import Actor
from onedoor.kernel.clock import day_of
from onedoor.rectification import pack
from onedoor.rectification.models import (
    Amount,
    Evidence,
    EvidenceRevision,
    Finding,
    Measure,
    Milestone,
    RuleLink,
    Signature,
    Suspicion,
    UpwardMatter,
)
from onedoor.rectification.rules import outcomes, repeats, signals
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.outcomes import Facts, Hint
from onedoor.rectification.rules.words import Answer, EvidenceKind, EvidenceState, Outcome


def is_own(finding: Finding, actor: Actor, *, on: date, units: Collection[UUID] = ()) -> bool:
    """Say whether somebody works in a unit that answers for the finding, by post or by role.

    ``units`` are those that are about to answer for it.
    """
    mine: set[UUID | None] = {finding.unit_id, *units}
    mine |= set(finding.co_units.values_list("unit_id", flat=True))
    if any(h.unit is not None and h.unit in mine for h in actor.holdings):
        return True
    if actor.person_id is None:
        return False
    posts = Post.objects.filter(person=actor.person_id, organisation__in=[u for u in mine if u])
    return posts.filter(Q(last_on__isnull=True) | Q(last_on__gte=on), first_on__lte=on).exists()


def facts_of(finding: Finding, *, on: date, reason: str = "") -> Facts:
    """Return what speaks for and against an outcome today."""
    evidence = Evidence.objects.filter(finding=finding)
    proven = set(
        evidence.filter(state=EvidenceState.APPROVED.value)
        .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
        .values_list("measure_id", flat=True)
    )
    measures = list(
        Measure.objects.filter(finding=finding).order_by("sequence").values_list("pk", "sequence")
    )
    rules = list(RuleLink.objects.filter(finding=finding))
    upward = UpwardMatter.objects.filter(finding=finding)
    money = Amount.objects.filter(finding=finding).aggregate(rest=Sum(F("due_fen") - F("done_fen")))
    return Facts(
        measures=len(measures),
        unproven=tuple(n for pk, n in measures if pk not in proven),
        open_milestones=Milestone.objects.filter(measure__finding=finding, done_on=None).count(),
        undecided=evidence.filter(state=EvidenceState.WAITING.value).count(),
        rest_fen=int(money["rest"] or 0),
        upward_open=upward.filter(answer=Answer.WAITING.value).count(),
        upward_answered=upward.exclude(answer=Answer.WAITING.value).count(),
        signals=Suspicion.objects.filter(finding=finding, settled_at=None).count(),
        rules_fired=tuple(
            r.rule for r in rules if r.fired_on and on - r.fired_on <= timedelta(r.window_days)
        ),
        has_reason=bool(reason.strip()),
    )


def hints_of(finding: Finding, *, on: date) -> tuple[Hint, ...]:
    """Return what a reviewer should look at twice."""
    texts = Measure.objects.filter(finding=finding).values_list("text", flat=True)
    return outcomes.hints(texts, pack.rulebook(on).empty_phrases)


def signing_round(finding: Finding) -> int:
    """Return the round of signatures a finding is in: it begins with each first signature."""
    return Signature.objects.filter(finding=finding, place=1).count()


def first_signer(finding: Finding) -> str:
    """Return who signed first in the running round; empty before anybody did."""
    rows = Signature.objects.filter(finding=finding, place=1, round=signing_round(finding))
    return rows.values_list("signer", flat=True).first() or ""


def claim_of(finding: Finding) -> signals.Claim:
    """Return a finding as the rules for signals look at it: three statements."""
    kept = Evidence.objects.filter(finding=finding).exclude(state=EvidenceState.WITHDRAWN.value)
    rows = EvidenceRevision.objects.filter(evidence__in=kept).select_related("evidence__measure")
    last = {row.evidence_id: row for row in rows.order_by("number")}
    elsewhere = used_elsewhere(finding, [row.file_id for row in last.values()])
    found = finding.served_on or day_of(finding.opened_at)
    money = Amount.objects.filter(finding=finding).aggregate(done=Sum("done_fen"))
    return signals.Claim(
        found_on=min(found, day_of(finding.opened_at)),
        deadline_on=finding.deadline_on,
        claimed_on=day_of(finding.submitted_at) if finding.submitted_at else None,
        text=finding.claim_result if finding.is_claim_explicit else "",
        files=tuple(_shown(row, elsewhere) for row in last.values()),
        handled_fen=money["done"],
    )


def _shown(row: EvidenceRevision, elsewhere: Mapping[UUID, str]) -> signals.Shown:
    measure = row.evidence.measure
    return signals.Shown(
        label=f"{row.evidence.sequence}.{row.number}",
        kind=row.evidence.what,
        dated_on=row.dated_on,
        taken_on=row.taken_on if row.evidence.what is EvidenceKind.PHOTO else None,
        begun_on=measure.starts_on if measure else None,
        elsewhere=elsewhere.get(row.file_id, ""),
    )


def used_elsewhere(finding: Finding, files: Collection[UUID]) -> dict[UUID, str]:
    """Return, by file, the number of another finding that shows the same one."""
    rows = EvidenceRevision.objects.filter(file__in=files).exclude(evidence__finding=finding)
    told = rows.order_by("-evidence__finding__number")
    return dict(told.values_list("file", "evidence__finding__number"))


def earlier_of(finding: Finding, unit: Organisation, *, on: date) -> Finding | None:
    """Return the earlier finding this one repeats (屡审屡犯), were the unit to answer for it."""
    rows = Finding.objects.filter(unit=unit).exclude(state=State.VOID.value)
    others = {row.number: row for row in rows.exclude(pk=finding.pk).order_by("number")}
    found = repeats.repeated(
        _seen(finding), map(_seen, others.values()), months=pack.rulebook(on).repeat_months
    )
    return others[found.number] if found else None


def _seen(finding: Finding) -> repeats.Seen:
    kind = repeats.Kind(finding.category, finding.subcategory)
    day = day_of(finding.opened_at)
    return repeats.Seen(finding.number, str(finding.project_id), day, kind)


def possible(finding: Finding, *, on: date) -> list[tuple[Outcome, tuple[outcomes.Lack, ...]]]:
    """Return every outcome with what stands against it today, as the reviewer's page shows it."""
    facts = facts_of(finding, on=on, reason=finding.claim_result)
    return [(row.outcome, outcomes.lacks(row.outcome, facts)) for row in outcomes.OUTCOMES]
