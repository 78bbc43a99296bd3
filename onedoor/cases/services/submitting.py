"""What the applicant does online: send an application, send it again, answer a notice.

Basis: 许可法29 (applications by electronic data), 31 (the applicant answers for the truth), 33.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from onedoor.accounts.rules import Actor
from onedoor.accounts.services import count_attempt
from onedoor.calendar import queries as calendar
from onedoor.cases import codes, conditions, contents, queries
from onedoor.cases.county import online_rules
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import (
    NO_DATE,
    Attachment,
    Case,
    CaseMaterial,
    Draft,
    DraftFile,
    Gap,
    PrecheckGap,
)
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Action, Need, Status, step_for
from onedoor.cases.rules.online import is_lacking, is_taken_here
from onedoor.cases.rules.words import Channel, MaterialState
from onedoor.cases.services import drafting
from onedoor.cases.services.committing import commit_online
from onedoor.cases.services.intake import Receipt, Slot
from onedoor.cases.services.moving import Effect, guard, issue_paper, move, receipt_due, record
from onedoor.cases.services.opening import applicant_row, opened
from onedoor.catalogue.rules.words import Form, Necessity
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.written import insert
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS, Fact, salted

SENT_FOR_ONE, DAY = 10, timedelta(days=1)
"""How many applications for one person a day are taken: this stops machines, not people."""


@dataclass(frozen=True)
class Upload:
    """A stored file under the name its owner gave it."""

    file: StoredFile
    name: str


def uploaded(sent: UploadedFile[Any] | None, *, at: datetime) -> Upload | None:
    """Keep a file that came with a form or from a program, if one did."""
    if sent is None or sent.file is None:
        return None
    return Upload(files.store(sent.file, at=at), sent.name or "")


def precheck_due(at: datetime) -> clock.Due:
    """Return by when the centre looks at what was sent now."""
    return clock.due(day_of(at), online_rules().precheck, calendar=calendar.working_days())


def count_for_one(applicant: ApplicantData, *, at: datetime) -> None:
    """Count an application for this person, from wherever it comes; refuse one too many."""
    number = applicant.checked(on=day_of(at)).id_number
    person = crypto.index_of(number, purpose="applicant.id_number")
    count_attempt(f"sent-for:{person}", limit=SENT_FOR_ONE, window=DAY, at=at)


@ledger.recorded
def submit(
    slot: Slot,
    *,
    applicant: ApplicantData,
    channels: Mapping[int, Channel],
    uploads: Mapping[int, Sequence[Upload]],
    committed: Collection[int] = (),
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take an application sent online (T1): it has a number, and no limit of the law runs yet.

    Refused unless the item is taken here and every required material is there, announced, or
    vouched for: ``committed`` are those the applicant commits to instead (T1a).
    """
    version = slot.version
    if unknown := (channels.keys() | uploads.keys()) - {m.order for m in version.materials}:
        raise NotValid(
            "case.no_such_material",
            "这一件没有第 %(order)s 份材料。",
            field="materials",
            order=min(unknown),
        )
    came = {m.order: channels.get(m.order, Channel.NONE) for m in version.materials}
    for order, channel in came.items():
        if channel is Channel.UPLOAD and not uploads.get(order):
            came[order] = Channel.NONE  # said, but not there
    met = {Need.ONLINE} if is_taken_here(version) else set()
    vouched = {order for order in committed if came.get(order) is Channel.NONE}
    asked = [m for m in version.materials if m.order not in vouched]
    if not any(is_lacking(came[m.order], m.necessity) for m in asked):
        met.add(Need.GIVEN)
    roles = by.roles_in(version.unit_id)
    step = step_for(Status.NEW, Action.SUBMIT, roles=roles, met=met)
    checked = applicant.checked(on=day_of(at))
    due = precheck_due(at)
    assert due.on is not None
    changes = {
        "submitted_at": at,
        "precheck_due_on": due.on,
        "due_provisional": due.provisional,
        "urgent_on": due.on or NO_DATE,
    }
    person = applicant_row(checked)
    case, token = opened(slot.number, version, step, person, at=at, changes=changes)
    rows = [
        CaseMaterial(
            case=case,
            material_id=m.id,
            order=m.order,
            state=_there(came[m.order]),
            channel=came[m.order].value,
        )
        for m in version.materials
    ]
    details: dict[str, Fact] = {
        "applicant": salted(checked.text(), person.salt),
        **sent_facts(came, uploads),
    }
    case.version, case.head = record(
        case, step, Effect(details=details), by=by, at=at, link=GENESIS
    )
    insert([person])
    insert([case])
    insert(rows)
    _attach({row.order: row for row in rows}, uploads, at=at)
    sent = [(m.name, came[m.order], len(uploads.get(m.order, ()))) for m in version.materials]
    issue_paper(case, contents.submission(case, step, sent, by=by), by=by, at=at)
    if vouched:
        case = commit_online(case, orders=vouched, seen=case.version, by=by, at=at)
    return Receipt(case, codes.query_code(case.pk, case.code_key), token)


def _there(channel: Channel) -> str:
    is_here = channel in (Channel.UPLOAD, Channel.WINDOW)
    return (MaterialState.OK if is_here else MaterialState.MISSING).value


def sent_facts(
    came: Mapping[int, Channel], uploads: Mapping[int, Sequence[Upload]]
) -> dict[str, Fact]:
    """Return what the ledger keeps of what was sent: how each came, and each file's digest."""
    return {
        "channels": {str(order): channel.value for order, channel in came.items()},
        "files": [
            {"order": order, "file": upload.file.digest}
            for order, given in sorted(uploads.items())
            for upload in given
        ],
    }


def _attach(
    rows: Mapping[int, CaseMaterial], uploads: Mapping[int, Sequence[Upload]], *, at: datetime
) -> None:
    Attachment.objects.bulk_create(
        [
            Attachment(case_material=rows[order], file=upload.file, name=upload.name, added_at=at)
            for order, given in uploads.items()
            for upload in given
        ]
    )


@ledger.recorded
def submit_draft(
    draft: Draft, slot: Slot, *, applicant: ApplicantData, by: Actor, at: datetime
) -> Receipt:
    """Send a draft. Sent twice, even at once, it is one case with one receipt."""
    kept = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if kept.case_id is not None:
        return receipt_of(Case.objects.select_related(*queries.WITH).get(pk=kept.case_id))
    given = drafting.given_files(kept)
    content = drafting.content_of(kept)
    receipt = submit(
        slot,
        applicant=applicant,
        channels=drafting.channels(
            slot.version.materials, given, content.brought, content.committed
        ),
        uploads=_uploads(given),
        committed=content.committed,
        by=by,
        at=at,
    )
    _spent(kept, receipt.case, at=at)
    return receipt


def receipt_of(case: Case) -> Receipt:
    """Return the receipt of a case again: its codes are derived, not kept."""
    return Receipt(
        case,
        codes.query_code(case.pk, case.code_key),
        codes.track_token(case.pk, case.code_key),
    )


def _uploads(given: Mapping[int, Sequence[DraftFile]]) -> dict[int, list[Upload]]:
    return {o: [Upload(row.file, str(row.name)) for row in rows] for o, rows in given.items()}


def _spent(draft: Draft, case: Case, *, at: datetime) -> None:
    """Empty a draft that was sent; its row stays to answer the form sent again."""
    DraftFile.objects.filter(draft=draft).delete()
    Draft.objects.filter(pk=draft.pk).update(case=case, content="", touched_at=at)


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
    return came, _uploads(given), rows


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
            channel=came[order].value, state=_there(came[order])
        )
    _attach(rows, uploads, at=at)
    if draft is not None:
        _spent(draft, case, at=at)


def refuse_elsewhere(is_here: bool) -> None:
    """Refuse what cannot be done on this site, and say where it can."""
    if not is_here:
        raise Refusal("case.not_online", "这件事不能在这里网上办，请到窗口办。")
