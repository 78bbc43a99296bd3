"""Several cases under one application (一件事一次办): received once, each on its own road.

All that need not wait become cases in the transaction of the receipt. The others begin when what
they wait for is granted, each in a transaction of its own, or are told that they are not done.

Basis: 国发〔2024〕3号; 许可法26, 29, 31, 32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases import codes, contents, joint, one_seal
from onedoor.cases.events import ApplicationReceived
from onedoor.cases.inputs import ApplicantData, Handed, LateEntry, one_each
from onedoor.cases.models import (
    Applicant,
    Application,
    ApplicationMaterial,
    ApplicationMember,
    Case,
)
from onedoor.cases.rules import numbers
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.lifecycle import Action, Need, Status, step_for
from onedoor.cases.services.intake import Receipt, Slot, next_number, reserve, take
from onedoor.cases.services.moving import receipt_due
from onedoor.cases.services.opening import applicant_row
from onedoor.catalogue.packages import PackageFacts, open_package
from onedoor.catalogue.rules.packages import key_of
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal
from onedoor.kernel.fields import new_id
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import services as papers

RECEIVED = 1
"""The first entry of a joint application: the step its receipt belongs to."""


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
    late: LateEntry | None = None,
) -> JointReceipt:
    """Take a joint application at the window (T2 for each member that waits for nothing).

    ``late``: the papers came before and are entered only now (补录), all of them at once.
    """
    facts = slot.facts
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    checked = applicant.checked(on=day_of(at))
    handed = one_each(materials, [m.order for m in facts.materials])
    late = late.checked(at=at) if late else None
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
            handed={
                m.order: replace(by_key[key_of(m.name)], order=m.order)
                for m in each.version.materials
            },
            by=by,
            at=at,
            late=late,
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
    _issue_receipt(application, clerk=clerk, late=late, by=by, at=at)
    cases = tuple(r.case for r in begun.values())
    return JointReceipt(application, receipt[0], receipt[1], cases)


def _issue_receipt(
    application: Application, *, clerk: str, late: LateEntry | None, by: Actor, at: datetime
) -> None:
    """Issue the one receipt for all of it; each case has its own beside it.

    Basis: 许可法32(六).
    """
    due = receipt_due(late.brought_at if late else at)
    assert due.on is not None
    receipt = contents.joint_receipt(
        joint.whole(application, at=at),
        application.materials.order_by("order"),
        clerk=clerk,
        answer_by=due.on,
        by=by,
        brought_at=late.brought_at if late else None,
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
        track_digest=crypto.token_digest(token),
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
