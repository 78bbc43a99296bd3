"""What a reviewer has to know: is it somebody else's finding, what is proven, what is missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from onedoor.accounts.models import Post
from onedoor.accounts.rules import Actor
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
from onedoor.rectification.rules import outcomes
from onedoor.rectification.rules.outcomes import Facts, Hint
from onedoor.rectification.rules.words import Answer, EvidenceState, Outcome


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


def used_elsewhere(finding: Finding, digest: str) -> str:
    """Return the number of another finding that shows the same file, if there is one."""
    rows = EvidenceRevision.objects.filter(file__digest=digest).exclude(evidence__finding=finding)
    return rows.values_list("evidence__finding__number", flat=True).first() or ""


def possible(finding: Finding, *, on: date) -> list[tuple[Outcome, tuple[outcomes.Lack, ...]]]:
    """Return every outcome with what stands against it today, as the reviewer's page shows it."""
    facts = facts_of(finding, on=on, reason=finding.claim_result)
    return [(row.outcome, outcomes.lacks(row.outcome, facts)) for row in outcomes.OUTCOMES]
