"""Extension of the limit that a joint application's cases share (联合办理延期).

Basis: 许可法42(二): not finished in 45 days, 15 more with the approval of the government's head,
and the applicant is told the reason.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import contents, joint
from onedoor.cases.events import ApplicationExtended
from onedoor.cases.inputs import plain
from onedoor.cases.models import Application
from onedoor.cases.rules.joint import Why
from onedoor.cases.services.joint import RECEIVED
from onedoor.catalogue.rules.packages import JOINT_CAP, JOINT_EXTENSION
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import services as papers

STEP = RECEIVED + 1
"""What a joint application does after its receipt: the step its notice belongs to."""


def refusal_of_extension(whole: joint.Whole, by: Actor, *, at: datetime) -> Refusal | None:
    """Return why this person may not extend the application now; nothing where they may."""
    application, road, basis = whole.application, whole.road, JOINT_EXTENSION.basis
    if Role.GOVERNMENT not in by.roles_in(application.unit_id):
        return NotAllowed(
            "application.wrong_role",
            "联合办理延期要由%(role)s批准。",
            basis=basis,
            role=Role.GOVERNMENT,
        )
    if not application.is_joint:
        return Refusal(
            "application.not_joint", "这份申请不是联合办理，没有共同的期限可以延。", basis=basis
        )
    if application.extension is not None:
        return Refusal("application.extended_before", "已经延期过一次，不能再延。", basis=basis)
    if all(leg.why is Why.DONE for leg in road.legs):
        return Refusal("application.all_decided", "每一项都有结果了，不用延期。", basis=basis)
    if road.is_stopped:
        return Refusal(
            "application.stopped",
            "有特别程序在进行，共同的期限暂停计时。恢复以后再延期。",
            basis="许可法45",
        )
    if road.cap_on is None or day_of(at) > road.cap_on:
        return Refusal(
            "application.too_late",
            "%(days)s 个工作日的期限已经过了，不能再延期。",
            basis=basis,
            days=JOINT_CAP.count,
        )
    return None


@ledger.recorded
def extend_joint(
    application: Application, *, days: int, reason: str, by: Actor, at: datetime
) -> Application:
    """Add working days to the 45 that all cases share (T11 of a joint application), once."""
    text = plain("reason", reason, "延期理由", most=1000)
    before = joint.whole(application, at=at)
    if (refusal := refusal_of_extension(before, by, at=at)) is not None:
        raise refusal
    if not 1 <= days <= JOINT_EXTENSION.count:
        raise NotValid(
            "case.extension_days",
            "延期应在 1 到 %(most)s 个工作日之间。",
            basis=JOINT_EXTENSION.basis,
            field="days",
            most=JOINT_EXTENSION.count,
        )
    salt = secrets.token_hex(16)
    unextended = Application.objects.filter(pk=application.pk, extended_days=0)
    if not unextended.update(
        extended_days=days, extended_on=day_of(at), extension_reason=text, extension_salt=salt
    ):
        raise Refusal("application.extended_before", "已经延期过一次，不能再延。")
    extended = Application.objects.select_related(*joint.WITH).get(pk=application.pk)
    was, due = before.road.cap_on, joint.whole(extended, at=at).road.cap_on
    assert was is not None
    assert due is not None
    event = ApplicationExtended(
        subject=extended.subject, days=days, was=was, due=due, note=salted(text, salt)
    )
    ledger.record(event, by=by.ref, at=at)
    paper = contents.joint_extension(extended, reason=text, was=was, due=due, by=by)
    papers.issue(paper, unit=extended.unit, subject=extended.number, step=STEP, by=by, at=at)
    return extended
