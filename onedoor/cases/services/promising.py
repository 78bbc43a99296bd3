"""Acceptance on the promise to bring later what the item lets follow (容缺受理).

The applicant signs what is still to come and by when; the office begins at once. Nothing is granted
while it is awaited, and a day after the last day the papers go back (T23).

Basis: the item's list of materials that may follow (容缺后补) and their limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from onedoor.accounts.rules import TIMER, Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import Handed, one_each, plain
from onedoor.cases.models import Case, CaseMaterial, Draft, Pause
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.rules.words import MaterialState, Promised
from onedoor.cases.services.answering import answered, may_supplement_online, take_in
from onedoor.cases.services.committing import refuse_barred
from onedoor.cases.services.moving import (
    Effect,
    Words,
    end_pauses,
    guard,
    move,
    supplement_due,
    visited,
)
from onedoor.cases.services.uploading import sent_facts
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def promise(case: Case, *, identity_checked: bool, seen: int, by: Actor, at: datetime) -> Case:
    """Take the applicant's promise to bring later what is missing (T5a); the paper is signed twice.

    Promised is all that is missing and may follow: nobody is asked a second time.
    """
    met = queries.completeness(case) | ({Need.IDENTITY} if identity_checked else set())
    step = guard(case, Action.PROMISE, by=by, seen=seen, met=met)
    refuse_barred(case, (), on=day_of(at))
    rows = case.materials.filter(
        state=MaterialState.MISSING.value, promised="", material__necessity="tolerant"
    ).select_related("material")
    waits = list(rows.order_by("order"))
    details: dict[str, Fact] = {"promised": [row.order for row in waits]}
    paper = partial(contents.promise, waits=waits, by=by)
    moved = move(case, step, Effect({}, details, paper=paper), by=by, at=at)
    CaseMaterial.objects.filter(pk__in=[row.pk for row in waits]).update(
        promised=Promised.LATER.value
    )
    return moved


@ledger.recorded
def supplement(
    case: Case,
    *,
    materials: Sequence[Handed],
    identity_checked: bool,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Take what was promised (T5c): all of it, or what is there by now; the rest stays awaited."""
    waits = queries.awaited(case)
    handed = one_each(materials, [row.order for row in waits])
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    met |= conditions.of_supplement(case, on=day_of(at))
    step = guard(case, Action.SUPPLEMENT, by=by, seen=seen, met=met)
    came = [row for row in waits if handed[row.order].state is MaterialState.OK]
    if not came:
        raise Refusal(
            "case.nothing_supplied",
            "还没有一份合格的材料可收。请当面说清哪里不合格，期限内再补。",
            basis=step.basis,
        )
    details: dict[str, Fact] = {
        "supplied": [{"order": h.order, "state": h.state.value} for h in handed.values()]
    }
    changes = _kept(case, len(came) == len(waits), at=at) | visited(case, at=at)
    taken = [
        (row.material.name, h.state, h.originals, h.copies)
        for row in waits
        if (h := handed[row.order])
    ]
    paper = partial(contents.supplement_receipt, taken=taken, by=by)
    moved = move(case, step, Effect(changes, details, paper=paper), by=by, at=at)
    for row in waits:
        each = handed[row.order]
        CaseMaterial.objects.filter(pk=row.pk).update(
            state=each.state.value, originals=each.originals, copies=each.copies
        )
    return moved


def _kept(case: Case, is_all: bool, *, at: datetime) -> dict[str, Any]:
    return {"supplemented_at": at} if is_all and case.is_tolerant else {}


@ledger.recorded
def supplement_online(
    case: Case, draft: Draft | None, *, seen: int, by: Actor, at: datetime
) -> Case:
    """Send from home what was promised (T5e): everything still awaited at once."""
    waits = queries.awaited(case)
    came, uploads, rows = answered(case, {row.pk for row in waits}, draft)
    met = conditions.of_supplement(case, on=day_of(at))
    if may_supplement_online(case, waits):
        met |= {Need.ONLINE}
    if all(uploads.get(order) for order in rows):
        met |= {Need.GIVEN}
    step = guard(case, Action.SUPPLEMENT_ONLINE, by=by, seen=seen, met=met)
    taken = [(row.material.name, MaterialState.OK, 0, 0) for row in rows.values()]
    paper = partial(contents.supplement_receipt, taken=taken, by=by)
    effect = Effect(_kept(case, True, at=at), sent_facts(came, uploads), paper=paper)
    moved = move(case, step, effect, by=by, at=at)
    take_in(moved, rows, came, uploads, draft, at=at)
    return moved


MOST_PUT_OFF = 60
"""So many working days a supplement is put off at once; what lasts longer is put off again."""


@ledger.recorded
def put_off(case: Case, *, days: int, reason: str, seen: int, by: Actor, at: datetime) -> Case:
    """Put off the last day of a promised supplement (T5i): what prevents it is nobody's fault.

    Before it is over, as often as it lasts; the limit of the decision stays where it is.

    Basis: 民法典180 (不可抗力).
    """
    words = Words(plain("reason", reason, "为什么补不来", most=1000))
    met = conditions.of_supplement(case, on=day_of(at)) | {Need.REASON}
    step = guard(case, Action.PUT_OFF, by=by, seen=seen, met=met)
    if not 1 <= days <= MOST_PUT_OFF:
        raise NotValid(
            "case.put_off_days",
            "顺延的天数应在 1 到 %(most)s 之间。",
            field="days",
            most=MOST_PUT_OFF,
        )
    before = case.supplement_due_on
    assert case.tolerated_at is not None
    assert before is not None
    more = case.supplement_put_off + days
    after = altered(case, {"supplement_put_off": more})
    due = supplement_due(after, at=case.tolerated_at)["supplement_due_on"]
    changes = {"supplement_put_off": more, "supplement_due_on": max(due, before)}
    details: dict[str, Fact] = {"days": days, "before": before}
    return move(case, step, Effect(changes, details, words), by=by, at=at)


@ledger.recorded
def return_unkept(case: Case, *, at: datetime) -> Case:
    """Return a case whose promised material did not come by its day (T23); one may apply again.

    The last day is in time to its end, whenever the worker runs; after it nothing is taken.
    """
    met = conditions.of_supplement(case, on=day_of(at))
    step = guard(case, Action.RETURN_UNKEPT, by=TIMER, seen=case.version, met=met)
    changes = {"ended_at": at, **end_pauses(case, Pause.objects.all(), on=day_of(at))}
    paper = partial(contents.returned_unkept, waits=queries.awaited(case), by=TIMER)
    return move(case, step, Effect(changes, paper=paper), by=TIMER, at=at)
