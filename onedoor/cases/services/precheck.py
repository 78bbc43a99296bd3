"""What the centre does with an application sent online: receive it, pass it, send it back.

Before receipt no limit of the law runs; what the county set binds the centre all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from onedoor.accounts.rules import TIMER, Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, one_seal, queries
from onedoor.cases.county import online_rules
from onedoor.cases.inputs import Demand, Handed, by_place, counted, one_each, plain
from onedoor.cases.models import Case, CaseMaterial, PrecheckGap
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import WAITING_ONLINE, Action, Need
from onedoor.cases.services.moving import Effect, guard, move, receipt_due, visited
from onedoor.kernel.clock import day_of
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def receive_submitted(
    case: Case,
    *,
    materials: Sequence[Handed],
    identity_checked: bool,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Receive what was sent online (T2d, T2e): every material judged, the receipt clock starts.

    Who brought an original has been to the hall; who sent everything has not.

    Basis: 许可法29, 32.
    """
    rows = {row.order: row for row in queries.listed(case)}
    handed = one_each(materials, list(rows))
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    step = guard(case, Action.RECEIVE, by=by, seen=seen, met=met)
    due = receipt_due(at)
    details: dict[str, Fact] = {"materials": counted(handed.values())}
    changes = one_seal.taken_over(case, by=by, at=at) | {
        "received_by": by.ref,
        "received_at": at,
        "complete_at": at,
        "prechecked_at": case.prechecked_at or at,
        "resubmit_due_on": None,
        "receipt_due_on": due.on,
        "due_provisional": due.provisional,
    }
    if any(each.originals or each.copies for each in handed.values()):
        changes |= visited(case, at=at)
    taken = [
        (rows[order].material.name, each.state, each.originals, each.copies)
        for order, each in sorted(handed.items())
    ]
    paper = partial(contents.receipt, taken=taken, by=by)
    moved = move(case, step, Effect(changes, details, paper=paper), by=by, at=at)
    for order, each in handed.items():
        CaseMaterial.objects.filter(pk=rows[order].pk).update(
            state=each.state.value, originals=each.originals, copies=each.copies
        )
    return moved


@ledger.recorded
def pre_pass(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Say that what was sent will do and the originals can be brought now (T21a)."""
    step = guard(case, Action.PRE_PASS, by=by, seen=seen, met=conditions.of_originals(case))
    return move(case, step, Effect(_looked_at(at)), by=by, at=at)


@ledger.recorded
def pre_return(
    case: Case, *, demands: Sequence[Demand], seen: int, by: Actor, at: datetime
) -> Case:
    """Send an application back to be mended (T21): everything that is wrong, in words, once.

    A second time only for what was sent since; whatever else is wrong then is for the notice of
    the law, after receipt.
    """
    rows = {row.order: row for row in case.materials.select_related("material")}
    said: dict[int, str] = {}
    for order, demand in by_place(demands, rows).items():
        text = demand.text.strip() or rows[order].material.standard.strip()
        said[order] = plain("demands", text, "要怎么改", most=500)
    before = set(
        PrecheckGap.objects.filter(case_material__case=case).values_list(
            "case_material__order", flat=True
        )
    )
    met = {Need.GAPS} if said else set()
    if not before or said.keys() <= before:
        met.add(Need.FIRST_NOTICE)
    step = guard(case, Action.PRE_RETURN, by=by, seen=seen, met=met)
    details: dict[str, Fact] = {"returned": [*sorted(said)]}
    moved = move(case, step, Effect(_looked_at(at), details), by=by, at=at)
    PrecheckGap.objects.bulk_create(
        [
            PrecheckGap(case_material=rows[order], case_version=moved.version, demand=text)
            for order, text in sorted(said.items())
        ]
    )
    return moved


def _looked_at(at: datetime) -> dict[str, object]:
    due = clock.due(day_of(at), online_rules().resubmit, calendar=calendar.working_days())
    return {
        "prechecked_at": at,
        "resubmit_due_on": due.on,
        "due_provisional": due.provisional,
    }


# --- Nobody answers -----------------------------------------------------------------------------


def is_left_alone(case: Case, *, at: datetime) -> bool:
    """Say whether the applicant let the county's days go by; the last day is still in time."""
    due_on = case.resubmit_due_on
    return case.state in WAITING_ONLINE and due_on is not None and day_of(at) > due_on


@ledger.recorded
def lapse(case: Case, *, at: datetime) -> Case:
    """Close what was left alone, as if withdrawn (T21b, T21c); one may apply again at any time."""
    met = {Need.LEFT_ALONE} if is_left_alone(case, at=at) else set()
    step = guard(case, Action.LAPSE, by=TIMER, seen=case.version, met=met)
    return move(case, step, Effect({"ended_at": at}), by=TIMER, at=at)
