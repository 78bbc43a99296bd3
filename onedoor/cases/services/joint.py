"""Several cases under one application (一件事一次办): received once, each on its own road.

All that need not wait become cases in the transaction of the receipt. The others begin when what
they wait for is granted, each in a transaction of its own, or are told that they are not done.

Basis: 国发〔2024〕3号; 许可法26, 29, 31, 32.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.cases import codes, contents, joint, one_seal
from onedoor.cases.events import (
    ApplicationReceived,
    ApplicationSupplied,
    FileAttached,
    MemberDropped,
    MemberStarted,
)
from onedoor.cases.inputs import ApplicantData, Handed, one_each, plain
from onedoor.cases.models import (
    Applicant,
    Application,
    ApplicationFile,
    ApplicationMaterial,
    ApplicationMember,
    Attachment,
    Case,
    CaseMaterial,
)
from onedoor.cases.rules import numbers
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.lifecycle import Action, Need, Status, step_for
from onedoor.cases.rules.words import MaterialState
from onedoor.cases.services.correction import take_correction
from onedoor.cases.services.intake import Receipt, Slot, next_number, reserve, take
from onedoor.cases.services.moving import changed_meanwhile, receipt_due
from onedoor.cases.services.opening import applicant_row
from onedoor.cases.services.viewing import applicant_data
from onedoor.catalogue.packages import PackageFacts, open_package
from onedoor.catalogue.rules.packages import key_of
from onedoor.files import services as files
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.kernel.fields import new_id
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import services as papers

RECEIVED = 1
"""The first entry of a joint application: the step its receipt belongs to."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JointSlot:
    """A package as it is now, a number for the application, and a slot for each first case."""

    facts: PackageFacts
    number: str
    slots: Mapping[int, Slot]


@dataclass(frozen=True)
class JointReceipt:
    """What the applicant takes home: one number and one code for all, and the cases begun."""

    application: Application
    query_code: str
    track_token: str
    cases: tuple[Case, ...]


def reserve_joint(package: str, *, at: datetime, seen: str = "") -> JointSlot:
    """Read the package in force and take the numbers; called before the transaction of receipt.

    ``seen`` is the edition whose materials were judged; when another is in force by now, the
    list has to be judged again. Refused as a whole where one member is not in use.
    """
    facts = open_package(package, at=at)
    if seen and seen != facts.edition:
        raise Refusal(
            "application.package_changed",
            "您打开以后，“%(name)s”的事项或材料改了。请按新的材料清单重新判断。",
            name=facts.package.name,
        )
    first = [m for m in facts.members if m.place.after is None]
    slots = {m.place.order: reserve(m.item.code, at=at) for m in first}
    unit = facts.package.unit
    return JointSlot(facts, next_number(unit.sequence, at=at), slots)


@ledger.recorded
def receive_joint(
    slot: JointSlot,
    *,
    applicant: ApplicantData,
    materials: Sequence[Handed],
    identity_checked: bool,
    by: Actor,
    at: datetime,
) -> JointReceipt:
    """Take a joint application at the window (T2 for each member that waits for nothing)."""
    facts = slot.facts
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    checked = applicant.checked(on=day_of(at))
    handed = one_each(materials, [m.order for m in facts.materials])
    person = applicant_row(checked)
    digest = salted(checked.text(), person.salt)
    clerk = ""
    application, receipt = _application(slot, by=by, at=at)
    application.applicant = person
    Applicant.objects.bulk_create([person])
    Application.objects.bulk_create([application])
    by_key = {m.key: handed[m.order] for m in facts.materials}
    begun: dict[int, Receipt] = {}
    for order, each in slot.slots.items():
        one_seal.not_the_department(each.version, by=by)
        step = step_for(
            Status.NEW, Action.RECEIVE, roles=by.roles_in(each.version.unit_id), met=met
        )
        begun[order] = take(
            each,
            step,
            person=person,
            digest=digest,
            handed={m.order: _as(by_key[key_of(m.name)], m.order) for m in each.version.materials},
            by=by,
            at=at,
        )
        clerk = clerk or contents.signed(begun[order].case, step, by)
    _members(application, facts, begun)
    ApplicationMaterial.objects.bulk_create(
        [
            ApplicationMaterial(
                application=application,
                order=m.order,
                key=m.key,
                name=m.name,
                members=list(m.members),
                state=handed[m.order].state.value,
                originals=handed[m.order].originals,
                copies=handed[m.order].copies,
                judged_at=at,
            )
            for m in facts.materials
        ]
    )
    event = ApplicationReceived(
        subject=application.subject,
        package=facts.package.code,
        edition=facts.edition,
        unit=facts.package.unit.code,
        members=[m.item.code for m in facts.members],
        cases=[r.case.number for r in begun.values()],
        applicant=digest,
    )
    ledger.record(event, by=by.ref, at=at)
    _issue_receipt(application, clerk=clerk, by=by, at=at)
    cases = tuple(r.case for r in begun.values())
    return JointReceipt(application, receipt[0], receipt[1], cases)


def _issue_receipt(application: Application, *, clerk: str, by: Actor, at: datetime) -> None:
    """Issue the one receipt for all of it; each case has its own beside it.

    Basis: 许可法32(六).
    """
    due = receipt_due(at)
    assert due.on is not None
    receipt = contents.joint_receipt(
        joint.whole(application, at=at),
        application.materials.order_by("order"),
        clerk=clerk,
        answer_by=due.on,
        by=by,
    )
    number, unit = application.number, application.unit
    papers.issue(receipt, unit=unit, subject=number, step=RECEIVED, by=by, at=at)


def _application(
    slot: JointSlot, *, by: Actor, at: datetime
) -> tuple[Application, tuple[str, str]]:
    """Return the row of a new application, and the codes of its receipt."""
    key, pk, package = crypto.keyring().active, new_id(), slot.facts.package
    token = codes.track_token(pk, key)
    row = Application(
        id=pk,
        number=slot.number,
        alias=numbers.new_alias(),
        track_digest=sha256(token.encode()).hexdigest(),
        code_key=key,
        package=package,
        name=package.name,
        is_joint=package.is_joint,
        unit=package.unit,
        received_by=by.ref,
        received_at=at,
        extension_reason="",
    )
    return row, (codes.query_code(pk, key), token)


def _members(application: Application, facts: PackageFacts, begun: Mapping[int, Receipt]) -> None:
    """Write the members: those before others first, for the others point to them."""
    rows: dict[int, ApplicationMember] = {}
    for member in facts.members:
        order, receipt = member.place.order, begun.get(member.place.order)
        rows[order] = ApplicationMember(
            application=application,
            order=order,
            item=member.item,
            after=rows[member.place.after] if member.place.after else None,
            state=(MemberState.STARTED if receipt else MemberState.WAITING).value,
            case=receipt.case if receipt else None,
        )
    ApplicationMember.objects.bulk_create(rows.values())


def _as(handed: Handed, order: int) -> Handed:
    return Handed(order, handed.state, handed.originals, handed.copies)


# --- What begins later ------------------------------------------------------------------------


def start_members(*, at: datetime) -> int:
    """Begin every member whose predecessor was granted, drop those that have none; say how many.

    Done by the worker again and again: what is left by a crash, or waits for its item to be
    resumed, is found the next time. Each member is one transaction, so no two hinder each other.
    """
    moved = 0
    for member in joint.to_drop():
        moved += drop_member(member, at=at)
    for member in joint.to_begin():
        try:
            slot = reserve(member.item.code, at=at)
            moved += start_member(member, slot, at=at) is not None
        except Refusal as refusal:
            # Another worker was faster, or the item was suspended just now: not for today.
            if refusal.code not in ("application.changed_meanwhile", "catalogue.not_in_use"):
                logger.error("Member %s cannot begin: %s", member.pk, refusal)
    return moved


@ledger.recorded
def start_member(member: ApplicationMember, slot: Slot, *, at: datetime) -> Case:
    """Make a waiting member a case (T2b): what was handed in is carried over, its clock starts."""
    version, application = slot.version, _alone(member.application)
    met = {Need.LIST_JUDGED}
    if joint.may_begin(member):
        met.add(Need.GRANTED_BEFORE)
    roles = SYSTEM.roles_in(version.unit_id)
    step = step_for(Status.NEW, Action.FOLLOW_ON, roles=roles, met=met)
    person = application.applicant
    carried = joint.carried(member)
    case = take(
        slot,
        step,
        person=person,
        digest=salted(applicant_data(person).text(), person.salt),
        handed={
            m.order: _as(carried.get(key_of(m.name), NOTHING), m.order) for m in version.materials
        },
        by=SYSTEM,
        at=at,
        received_by=application.received_by,
    ).case
    waiting = ApplicationMember.objects.filter(pk=member.pk, state=MemberState.WAITING.value)
    if not waiting.update(state=MemberState.STARTED.value, case=case):
        raise Refusal("application.changed_meanwhile", "这一项已经开始了。")
    _link_files(application, case, at=at)
    event = MemberStarted(
        subject=application.subject, item=version.code, order=member.order, case=case.number
    )
    ledger.record(event, by=SYSTEM.ref, at=at)
    return case


NOTHING = Handed(0, MaterialState.MISSING)


@ledger.recorded
def drop_member(member: ApplicationMember, *, at: datetime) -> bool:
    """Note that a member is no longer done, because what it waits for was not granted."""
    waiting = ApplicationMember.objects.filter(pk=member.pk, state=MemberState.WAITING.value)
    if not waiting.update(state=MemberState.DROPPED.value):
        return False
    assert member.after is not None
    before = member.after.case
    event = MemberDropped(
        subject=member.application.subject,
        item=member.item.code,
        order=member.order,
        after=member.after.order,
        status=before.status if before else "",
    )
    ledger.record(event, by=SYSTEM.ref, at=at)
    return True


# --- Materials of all at once -----------------------------------------------------------------


@ledger.recorded
def supply_joint(
    application: Application,
    *,
    materials: Sequence[Handed],
    identity_checked: bool,
    seen: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> list[Case]:
    """Take what the applicant supplies for all cases that asked for it (T4 for each of them).

    A case whose gaps are all closed goes on; one that still lacks something goes on waiting, and
    what it got is kept with the application. ``seen`` are the versions the page showed.
    """
    asked = joint.open_gaps(application)
    handed = one_each(materials, [gap.order for gap in asked])
    moved = []
    for case, own in joint.by_case(asked).items():
        if seen.get(case.number, case.version) != case.version:
            raise changed_meanwhile(case)
        given = [_as(handed[order], at_case) for order, at_case in own]
        if any(each.state is MaterialState.MISSING for each in given):
            continue
        moved.append(
            take_correction(
                case,
                materials=given,
                identity_checked=identity_checked,
                seen=case.version,
                by=by,
                at=at,
            )
        )
    if not moved:
        raise Refusal(
            "application.nothing_complete",
            "没有一项的材料补齐。请至少等一项补齐了一起收，免得收了材料没有凭证。",
            basis="许可法32(四)",
        )
    for gap in asked:
        each = handed[gap.order]
        if each.state is not MaterialState.MISSING:
            ApplicationMaterial.objects.filter(application=application, key=gap.key).update(
                state=each.state.value,
                originals=each.originals,
                copies=each.copies,
                judged_at=at,
            )
    event = ApplicationSupplied(
        subject=application.subject,
        cases=[case.number for case in moved],
        given=sum(h.state is not MaterialState.MISSING for h in handed.values()),
    )
    ledger.record(event, by=by.ref, at=at)
    return moved


@ledger.recorded
def attach_joint(
    application: Application, *, order: int, name: str, content: IO[bytes], by: Actor, at: datetime
) -> ApplicationFile:
    """Keep a scan of a shared material once; every case that needs it points to the same file."""
    if by.roles_in(application.unit_id).isdisjoint({Role.DESK, Role.ACCEPTOR}):
        raise NotAllowed("case.files_not_yours", "材料由综窗或受理岗上传。")
    row = application.materials.filter(order=order).first()
    if row is None:
        raise NotFound("case.no_such_material", "这一件没有第 %(order)s 份材料。", order=order)
    application = _alone(application)
    if not joint.is_gathering(application):
        raise Refusal("application.files_closed", "每一项都受理了，不能再加材料。")
    stored = files.store(content, at=at)
    kept = ApplicationFile(
        material=row,
        file=stored,
        name=plain("name", name, "文件名", most=200, required=False) or "file",
        added_at=at,
    )
    ApplicationFile.objects.bulk_create([kept])
    for member in application.members.filter(case__status__in=joint.GATHERING):
        assert member.case is not None
        _link_files(application, member.case, at=at, only=kept)
    event = FileAttached(
        subject=f"application-files:{application.number}",
        material=order,
        file=stored.digest,
        size=stored.size,
        media_type=stored.media_type,
    )
    ledger.record(event, by=by.ref, at=at)
    return kept


def _alone(application: Application) -> Application:
    """Hold the application until the transaction ends: a file that is added while a member
    begins would be missed by both."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def _link_files(
    application: Application, case: Case, *, at: datetime, only: ApplicationFile | None = None
) -> None:
    """Let the materials of a case point to the files of the application's."""
    kept = ApplicationFile.objects.filter(material__application=application)
    by_key: dict[str, list[ApplicationFile]] = {}
    for each in [only] if only else kept.select_related("material").order_by("added_at"):
        by_key.setdefault(each.material.key, []).append(each)
    if not by_key:
        return
    rows = CaseMaterial.objects.filter(case=case).select_related("material").order_by("order")
    Attachment.objects.bulk_create(
        [
            Attachment(case_material=row, file_id=each.file_id, name=each.name, added_at=at)
            for row in rows
            for each in by_key.get(key_of(row.material.name), ())
        ]
    )
