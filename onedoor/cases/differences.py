"""What does not add up between decisions, papers and uses of the seal, as work for somebody.

Every evening's difference is an item until it is gone by itself or somebody says why it may stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.cases.events import DifferenceFound, DifferenceSettled
from onedoor.cases.inputs import plain
from onedoor.cases.models import SealDifference
from onedoor.cases.rules.words import DifferenceState
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest

SETTLING = (Role.KEEPER, Role.ADMIN)


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


def open_differences() -> QuerySet[SealDifference]:
    """Return what waits for somebody, the oldest first."""
    found = SealDifference.objects.filter(state=DifferenceState.OPEN.value)
    return found.order_by("found_at", "about", "code")


def settled_differences() -> QuerySet[SealDifference]:
    """Return what was settled, the latest first."""
    found = SealDifference.objects.exclude(state=DifferenceState.OPEN.value)
    return found.order_by("-settled_at", "about")


@ledger.recorded
def work_items(found: Reconciliation, *, at: datetime) -> int:
    """Make an item of each difference that is new, close those that are gone; return the new ones.

    What somebody settled with a reason is not brought up again.
    """
    known = {(row.about, row.code): row for row in SealDifference.objects.all()}
    there = {(each.subject, each.why.code): each for each in found.differences}
    fresh = 0
    for key, each in sorted(there.items()):
        row = known.get(key)
        if row is not None and row.state != DifferenceState.GONE.value:
            continue
        if row is None:
            row = SealDifference(about=each.subject, code=each.why.code)
        row.text, row.state, row.found_at = each.why.text, DifferenceState.OPEN.value, at
        row.settled_at, row.settled_by, row.reason = None, "", ""
        row.save()
        event = DifferenceFound(subject=row.subject, code=row.code)
        ledger.record(event, by=SYSTEM.ref, at=at)
        fresh += 1
    for key, row in sorted(known.items()):
        if row.state == DifferenceState.OPEN.value and key not in there:
            _settle(row, DifferenceState.GONE, reason="", by=SYSTEM, at=at)
    return fresh


@ledger.recorded
def settle_difference(item: str, *, reason: str, by: Actor, at: datetime) -> SealDifference:
    """Say why a difference may stand, or how it was put right."""
    if not by.holds_any(*SETTLING):
        raise NotAllowed("seal.not_settling", "用印差异由印章管理员或系统管理员处理。")
    said = plain("reason", reason, "处理结果", most=300)
    try:
        key = UUID(item)
    except ValueError:
        raise NotFound("seal.no_difference", "没有这条差异。") from None
    row = SealDifference.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise NotFound("seal.no_difference", "没有这条差异。")
    if row.state != DifferenceState.OPEN.value:
        raise Refusal("seal.difference_settled", "这条差异已经处理过了。")
    _settle(row, DifferenceState.SETTLED, reason=said, by=by, at=at)
    return row


def _settle(
    row: SealDifference, state: DifferenceState, *, reason: str, by: Actor, at: datetime
) -> None:
    row.state, row.reason = state.value, reason
    row.settled_at, row.settled_by = at, by.ref
    row.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    event = DifferenceSettled(
        subject=row.subject,
        code=row.code,
        state=state.value,
        reason=digest(reason.encode()) if reason else "",
    )
    ledger.record(event, by=by.ref, at=at)
