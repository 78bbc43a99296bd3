"""Special procedures (特别程序): proposed by a reviewer, approved by the head, ended by a result.

The clock stops with the approval and not before, and the applicant is told in writing for what, how
long and from which day. Only what the item lists may stop it, and no longer than it lists.

Basis: 许可法45.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Hearing, Pause, Proposal
from onedoor.cases.rules import clock, special
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, end_pauses, guard, handling_dues, move
from onedoor.cases.services.uploading import Upload
from onedoor.catalogue.rules.limits import Limit
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def propose_special(
    case: Case,
    *,
    kind: SpecialKind,
    planned_days: int,
    reason: str,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Propose to stop the clock for a procedure the item lists (T9a); until then it runs."""
    words = Words(plain("reason", reason, "理由", most=1000))
    listed = special.listed(case.item_version.procedures, kind)
    met = conditions.of_special(case, by) | {Need.KIND_LISTED, Need.REASON}
    step = guard(case, Action.PROPOSE_SPECIAL, by=by, seen=seen, met=met)
    told = Pause.objects.filter(case=case, kind=kind.value).select_related("proposal")
    if any(pause.resumed_on is None for pause in told):
        raise Refusal("case.kind_runs", "%(kind)s已经在进行。", basis=step.basis, kind=kind)
    special.check_days(planned_days, listed, told=sum(p.proposal.planned_days for p in told))
    if kind is SpecialKind.HEARING and not _is_hearing_awaited(case):
        raise Refusal(
            "case.no_hearing_awaited",
            "没有等着举行的听证，不能为听证停计时。有人申请听证的，先登记申请。",
            basis="许可法47",
        )
    details: dict[str, Fact] = {"kind": kind.value, "planned_days": planned_days}
    moved = move(case, step, Effect({}, details, words), by=by, at=at)
    Proposal.objects.create(
        case=moved,
        version=moved.version,
        kind=kind.value,
        planned_days=planned_days,
        proposed_by=by.ref,
        proposed_on=day_of(at),
    )
    return moved


def _is_hearing_awaited(case: Case) -> bool:
    waiting = Hearing.objects.filter(case=case, asked_on__isnull=False, recorded_on__isnull=True)
    return waiting.exists()


@ledger.recorded
def suspend(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Approve the procedure proposed (T9): the clock stops today, and the applicant is told."""
    step = guard(case, Action.SUSPEND, by=by, seen=seen, met=conditions.of_special(case, by))
    proposal = Proposal.objects.get(case=case, is_approved__isnull=True)
    listed = special.listed(case.item_version.procedures, proposal.procedure)
    on = day_of(at)
    limit = Limit(proposal.planned_days, listed.unit)
    until = clock.due(on, limit, calendar=calendar.working_days()).on
    assert until is not None
    changes = {
        # No date is promised while the clock stands; resuming computes it again.
        "promised_due_on": None,
        "statutory_due_on": None,
        "special_due_on": min(until, case.special_due_on or until),
    }
    details: dict[str, Fact] = {
        "kind": proposal.kind,
        "planned_days": proposal.planned_days,
        "planned_until": until,
        "proposed_by": proposal.proposed_by,
    }
    paper = partial(contents.special, proposal=proposal, listed=listed, until=until, by=by)
    moved = move(case, step, Effect(changes, details, paper=paper), by=by, at=at)
    _answer(proposal, is_approved=True, by=by, at=at)
    Pause.objects.create(
        case=moved,
        proposal=proposal,
        kind=proposal.kind,
        first_on=on,
        planned_until=until,
        document_name="",
    )
    return moved


@ledger.recorded
def turn_down_special(case: Case, *, reason: str, seen: int, by: Actor, at: datetime) -> Case:
    """Turn down what was proposed, with the reason (T9b); the clock has never stopped."""
    words = Words(plain("reason", reason, "理由", most=1000))
    met = conditions.of_special(case, by) | {Need.REASON}
    step = guard(case, Action.TURN_DOWN_SPECIAL, by=by, seen=seen, met=met)
    proposal = Proposal.objects.get(case=case, is_approved__isnull=True)
    moved = move(case, step, Effect({}, {"kind": proposal.kind}, words), by=by, at=at)
    _answer(proposal, is_approved=False, by=by, at=at)
    return moved


def _answer(proposal: Proposal, *, is_approved: bool, by: Actor, at: datetime) -> None:
    answer = {"is_approved": is_approved, "answered_by": by.ref, "answered_on": day_of(at)}
    Proposal.objects.filter(pk=proposal.pk).update(**answer)


@ledger.recorded
def resume(
    case: Case,
    *,
    kind: SpecialKind,
    result: str,
    document: Upload | None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """End a procedure with its result document (T10); after the last one today counts again.

    While others run the clock stays where it is (T10a). What a hearing ends with is its record,
    which the case has already.
    """
    words = Words(plain("result", result, "程序结果", most=1000))
    running = Pause.objects.filter(case=case, resumed_on__isnull=True)
    ended = running.filter(kind=kind.value)
    met = conditions.of_special(case, by) | _of_result(case, kind, document)
    action = Action.END_SPECIAL if Need.OTHERS_RUN in met else Action.RESUME
    step = guard(case, action, by=by, seen=seen, met=met)
    if not ended.exists():
        raise Refusal("case.kind_not_running", "%(kind)s没有在进行。", kind=kind)
    how = {"ended_by": by.ref, "document": document.file if document else None}
    name = plain("document", document.name if document else "", "文件名", most=200, required=False)
    changes = end_pauses(case, ended, on=day_of(at), document_name=name, **how)
    details: dict[str, Fact] = {"kind": kind.value}
    if document is not None:
        details["document"] = document.file.digest
    if action is Action.END_SPECIAL:
        return move(case, step, Effect(changes, details, words), by=by, at=at)
    changes |= handling_dues(case, queries.pauses_of(case))
    paper = partial(contents.special_over, kind=kind, result=words.text, by=by)
    return move(case, step, Effect(changes, details, words, paper), by=by, at=at)


def _of_result(case: Case, kind: SpecialKind, document: Upload | None) -> frozenset[Need]:
    if kind is SpecialKind.HEARING:
        is_filed = not _is_hearing_awaited(case)
    else:
        is_filed = document is not None
    return frozenset({Need.RESULT_FILED} if is_filed else ())
