"""Members of a joint application that begin later, or never."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from onedoor.accounts.rules import SYSTEM
from onedoor.cases import joint
from onedoor.cases.events import MemberDropped, MemberStarted
from onedoor.cases.inputs import Handed
from onedoor.cases.models import ApplicationMember, Case
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.lifecycle import Action, Need, Status, step_for
from onedoor.cases.rules.words import MaterialState
from onedoor.cases.services.attaching import held, link_files
from onedoor.cases.services.intake import Slot, reserve, take
from onedoor.cases.services.viewing import applicant_data
from onedoor.catalogue.rules.packages import key_of
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted

logger = logging.getLogger(__name__)


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
    version, application = slot.version, held(member.application)
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
            m.order: replace(carried.get(key_of(m.name), NOTHING), order=m.order)
            for m in version.materials
        },
        by=SYSTEM,
        at=at,
        received_by=application.received_by,
    ).case
    waiting = ApplicationMember.objects.filter(pk=member.pk, state=MemberState.WAITING.value)
    if not waiting.update(state=MemberState.STARTED.value, case=case):
        raise Refusal("application.changed_meanwhile", "这一项已经开始了。")
    link_files(application, case, at=at)
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
