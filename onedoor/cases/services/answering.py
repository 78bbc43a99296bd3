"""What the applicant answers online: what was returned, a notice, a promise.

Basis: 许可法29, 32(四), 33.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.models import Case, CaseMaterial, Draft, Gap, PrecheckGap
from onedoor.cases.rules.lifecycle import Action, Need, Status
from onedoor.cases.rules.online import is_taken_here
from onedoor.cases.rules.words import Channel, MaterialState
from onedoor.cases.services import drafting
from onedoor.cases.services.moving import Effect, guard, move, receipt_due
from onedoor.cases.services.submitting import precheck_due
from onedoor.cases.services.uploading import Upload, attach_all, sent_facts, state_of, uploads_of
from onedoor.catalogue.rules.words import Form, Necessity
from onedoor.kernel.clock import day_of
from onedoor.ledger import services as ledger


@ledger.recorded
def resubmit(case: Case, draft: Draft | None, *, seen: int, by: Actor, at: datetime) -> Case:
    """Send an application again after it was returned (T20): what was named is mended.

    The centre has its days again; nothing that was not named has to be sent a second time.
    """
    gaps = queries.precheck_gaps(case)
    came, uploads, rows = answered(case, {g.case_material_id for g in gaps}, draft)
    met = {Need.GIVEN} if _is_all_there(rows, came) else set()
    step = guard(case, Action.RESUBMIT, by=by, seen=seen, met=met)
    due = precheck_due(at)
    changes = {
        "submitted_at": at,
        "prechecked_at": None,
        "precheck_due_on": due.on,
        "resubmit_due_on": None,
        "due_provisional": due.provisional,
    }
    sent = [(rows[o].material.name, came[o], len(uploads.get(o, ()))) for o in rows]
    paper = partial(contents.submission, sent=sent, by=by)
    moved = move(case, step, Effect(changes, sent_facts(came, uploads), paper=paper), by=by, at=at)
    PrecheckGap.objects.filter(pk__in=[g.pk for g in gaps]).update(mended_at=at)
    take_in(moved, rows, came, uploads, draft, at=at)
    return moved


@ledger.recorded
def supply(case: Case, draft: Draft | None, *, seen: int, by: Actor, at: datetime) -> Case:
    """Send what a correction notice asked for (T4a); a new receipt clock starts today.

    Basis: 许可法29, 32(四): what arrives as data has arrived.
    """
    gaps = queries.open_gaps(case)
    came, uploads, rows = answered(case, {g.case_material_id for g in gaps}, draft)
    met = {Need.ONLINE} if may_supply_online(case, gaps) else set()
    met |= conditions.of_correction(case, on=day_of(at))
    if all(uploads.get(order) for order in rows):
        met.add(Need.GIVEN)
    step = guard(case, Action.SUPPLY, by=by, seen=seen, met=met)
    due = receipt_due(at)
    changes = {
        "complete_at": at,
        "receipt_due_on": due.on,
        "due_provisional": due.provisional,
        "correction_due_on": None,
    }
    taken = [(row.material.name, MaterialState.OK, 0, 0) for row in rows.values()]
    paper = partial(contents.correction_receipt, taken=taken, by=by)
    moved = move(case, step, Effect(changes, sent_facts(came, uploads), paper=paper), by=by, at=at)
    Gap.objects.filter(pk__in=[g.pk for g in gaps]).update(supplied_at=at)
    take_in(moved, rows, came, uploads, draft, at=at)
    return moved


def may_supply_online(case: Case, gaps: Sequence[Gap]) -> bool:
    """Say whether a notice can be answered online: the item is, and nothing asked for is paper."""
    papers = [g for g in gaps if g.case_material.material.form == Form.PAPER.value]
    return is_taken_here(case.item_version) and bool(gaps) and not papers


def may_supplement_online(case: Case, waits: Sequence[CaseMaterial]) -> bool:
    """Say whether what was promised may come online: the item is, and none of it is paper."""
    is_open = case.is_tolerant and case.state in (Status.IN_REVIEW, Status.SPECIAL)
    papers = [row for row in waits if row.material.form == Form.PAPER.value]
    return is_open and is_taken_here(case.item_version) and bool(waits) and not papers


def answered(
    case: Case, asked: set[object], draft: Draft | None
) -> tuple[dict[int, Channel], dict[int, list[Upload]], dict[int, CaseMaterial]]:
    """Return how each material that was asked about comes now, its files, and its row."""
    if draft is not None:
        draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    rows = {
        row.order: row
        for row in case.materials.select_related("material").order_by("order")
        if row.pk in asked
    }
    given = {o: f for o, f in drafting.given_files(draft).items() if o in rows}
    materials = [Asked(row) for row in rows.values()]
    came = drafting.channels(materials, given, drafting.content_of(draft).brought)
    return came, uploads_of(given), rows


class Asked:
    """A material of a case in the words of the catalogue."""

    def __init__(self, row: CaseMaterial) -> None:
        self.order, self.name, self.standard = row.order, row.material.name, row.material.standard
        self.form, self.necessity = Form(row.material.form), Necessity(row.material.necessity)


def asked_of(case: Case) -> list[tuple[Asked, str]]:
    """Return what the applicant can answer online now, and in which words it was asked."""
    if case.state is Status.PRE_RETURNED:
        return [(Asked(g.case_material), g.demand) for g in queries.precheck_gaps(case)]
    waits = queries.awaited(case)
    if may_supplement_online(case, waits):
        return [(Asked(row), row.material.standard or row.material.name) for row in waits]
    gaps = queries.open_gaps(case)
    if not may_supply_online(case, gaps):
        return []
    return [(Asked(g.case_material), g.demand) for g in gaps]


def _is_all_there(rows: Mapping[int, CaseMaterial], came: Mapping[int, Channel]) -> bool:
    """Say whether everything named has an answer: named once, even an optional paper needs one."""
    return bool(rows) and all(came[order] is not Channel.NONE for order in rows)


def take_in(
    case: Case,
    rows: Mapping[int, CaseMaterial],
    came: Mapping[int, Channel],
    uploads: Mapping[int, Sequence[Upload]],
    draft: Draft | None,
    *,
    at: datetime,
) -> None:
    for order, row in rows.items():
        CaseMaterial.objects.filter(pk=row.pk).update(
            channel=came[order].value, state=state_of(came[order])
        )
    attach_all(rows, uploads, at=at)
    if draft is not None:
        drafting.spend(draft, case, at=at)
