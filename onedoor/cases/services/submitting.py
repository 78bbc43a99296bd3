"""What the applicant sends online, and a draft that is sent.

Basis: 许可法29 (applications by electronic data), 31 (the applicant answers for the truth), 33.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from onedoor.accounts.rules import Actor
from onedoor.accounts.services import count_attempt
from onedoor.calendar import queries as calendar
from onedoor.cases import codes, contents, queries
from onedoor.cases.county import online_rules
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import NO_DATE, Case, CaseMaterial, Draft, Sender
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Action, Need, Status, step_for
from onedoor.cases.rules.online import is_lacking, is_taken_here
from onedoor.cases.rules.words import Channel
from onedoor.cases.services import drafting
from onedoor.cases.services.committing import commit_online
from onedoor.cases.services.intake import Receipt, Slot
from onedoor.cases.services.moving import Effect, issue_paper, record
from onedoor.cases.services.opening import applicant_row, opened
from onedoor.cases.services.uploading import Upload, attach_all, sent_facts, state_of, uploads_of
from onedoor.citizens import services as citizens
from onedoor.citizens.models import Mandate
from onedoor.citizens.rules.mandates import Used
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.written import insert
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS, Fact, salted
from onedoor.messages import services as messages
from onedoor.messages.rules import Topic

SENT_FOR_ONE, DAY = 10, timedelta(days=1)
"""How many applications for one person a day are taken: this stops machines, not people."""


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
            state=state_of(came[m.order]),
            channel=came[m.order].value,
        )
        for m in version.materials
    ]
    details: dict[str, Fact] = {
        "applicant": salted(checked.text(), person.salt),
        **sent_facts(came, uploads),
    }
    if person.is_served_online:
        details["served_online"] = True
    case.version, case.head = record(
        case, step, Effect(details=details), by=by, at=at, link=GENESIS
    )
    insert([person])
    insert([case])
    insert(rows)
    attach_all({row.order: row for row in rows}, uploads, at=at)
    sent = [(m.name, came[m.order], len(uploads.get(m.order, ()))) for m in version.materials]
    issue_paper(case, contents.submission(case, step, sent, by=by), by=by, at=at)
    if vouched:
        case = commit_online(case, orders=vouched, seen=case.version, by=by, at=at)
    return Receipt(case, codes.query_code(case.pk, case.code_key), token)


@ledger.recorded
def submit_draft(
    draft: Draft, slot: Slot, *, applicant: ApplicantData, by: Actor, at: datetime
) -> Receipt:
    """Send a draft. Sent twice, even at once, it is one case with one receipt."""
    kept = Draft.objects.select_for_update(of=("self",)).select_related("mandate").get(pk=draft.pk)
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
        uploads=uploads_of(given),
        committed=content.committed,
        by=by,
        at=at,
    )
    if kept.mandate is not None:
        case = receipt.case
        citizens.use(kept.mandate, Used.APPLIED, on=day_of(at), case=case.number, at=at)
        _tell_acted(case, kept.mandate, receipt.track_token, at=at)
    if kept.citizen_id is not None:
        insert([Sender(case=receipt.case, citizen_id=kept.citizen_id, mandate_id=kept.mandate_id)])
    drafting.spend(kept, receipt.case, at=at)
    return receipt


def _tell_acted(case: Case, mandate: Mandate, token: str, *, at: datetime) -> None:
    """Tell whoever was acted for, at the number they agreed with, and in their own space."""
    messages.tell(
        Topic.ACTED,
        phone=str(mandate.party_phone),
        facts={
            "who": str(mandate.agent_name),
            "item": case.item_version.name,
            "alias": case.alias,
            "address": settings.PUBLIC_URL + reverse("cases:progress", args=[token]),
        },
        about=case.subject,
        key=f"{case.subject}:acted",
        at=at,
        in_app=True,
    )


def receipt_of(case: Case) -> Receipt:
    """Return the receipt of a case again: its codes are derived, not kept."""
    return Receipt(
        case,
        codes.query_code(case.pk, case.code_key),
        codes.track_token(case.pk, case.code_key),
    )


def refuse_elsewhere(is_here: bool) -> None:
    """Refuse what cannot be done on this site, and say where it can."""
    if not is_here:
        raise Refusal("case.not_online", "这件事不能在这里网上办，请到窗口办。")
