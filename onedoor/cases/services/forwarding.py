"""Forwarding (转报): the lower body reviews, the upper body decides, the applicant is told of both.

Only for items whose decision is the upper body's; of those nothing is decided here before its
answer. The own limit ends when the opinion and all materials have gone up.

Basis: 许可法35, 43, 44.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Forwarding
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def forward(
    case: Case, *, body: str, expected_on: date, seen: int, by: Actor, at: datetime
) -> Case:
    """Send the first opinion with all materials up (T18), and tell the applicant (T18a)."""
    on = day_of(at)
    upper = plain("body", body, "上级机关", most=100)
    met = queries.decision_needs(case, by=by) | conditions.of_decision(case, by=by, on=on)
    met |= conditions.of_forwarding(case) | queries.completeness(case)
    step = guard(case, Action.FORWARD, by=by, seen=seen, met=met)
    if expected_on <= on:
        raise NotValid(
            "case.expected_on",
            "预计答复的日期应在今天以后。",
            field="expected_on",
            basis=step.basis,
        )
    changes = {"forwarded_at": at, "upper_due_on": expected_on}
    details: dict[str, Fact] = {"body": upper, "expected_on": expected_on}
    opinion = queries.first_opinion(case)
    paper = partial(contents.forward, upper=upper, opinion=opinion, by=by)
    moved = move(case, step, Effect(changes, details, paper=paper), by=by, at=at)
    Forwarding.objects.create(case=moved, body=upper, document_name="")
    told = guard(moved, Action.TELL_FORWARDED, by=SYSTEM, seen=moved.version, met=set())
    notice = partial(contents.forward_notice, upper=upper, by=by)
    return move(moved, told, Effect(paper=notice), by=SYSTEM, at=at)


@ledger.recorded
def record_reply(
    case: Case,
    *,
    is_approved: bool,
    reference: str,
    replied_on: date,
    reason: str,
    document: Upload | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Record what the upper body answered (T22); from its day the delivery limit runs (许可法44).

    ``document`` is its paper, where it came as one; its digest is on record.

    The decider then passes it on, and can pass on nothing else.
    """
    words = Words(plain("reason", reason, "上级的意见和理由", most=1000))
    number = plain("reference", reference, "上级文号", most=100)
    name = plain("document", document.name if document else "", "文件名", most=200, required=False)
    met = conditions.of_forwarding(case) | {Need.REASON}
    step = guard(case, Action.RECORD_REPLY, by=by, seen=seen, met=met)
    assert case.forwarded_at is not None
    first = day_of(case.forwarded_at)
    if not first <= replied_on <= day_of(at):
        raise NotValid(
            "case.replied_on",
            "上级作决定的日期应在转报（%(first)s）以后，不晚于今天。",
            field="replied_on",
            first=first,
        )
    due = clock.due(replied_on, clock.DELIVERY, calendar=calendar.working_days())
    changes = {
        "replied_on": replied_on,
        "delivery_due_on": due.on,
        "due_provisional": due.provisional,
    }
    details: dict[str, Fact] = {
        "is_approved": is_approved,
        "reference": number,
        "replied_on": replied_on,
    }
    if document is not None:
        details["document"] = document.file.digest
    moved = move(case, step, Effect(changes, details, words), by=by, at=at)
    Forwarding.objects.filter(case=case).update(
        is_approved=is_approved,
        reference=number,
        document=document.file if document else None,
        document_name=name,
    )
    return moved
