"""Taking in for another place (异地代收): receipt, two signatures, sent, and what came of it.

Nothing of it is a case of ours: no clock of the law runs here. What we owe is to send the papers
on within a working day, whole, and to hand the result over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from onedoor.accounts.queries import unit_at
from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import contents, remote
from onedoor.cases.events import RemoteMoved, RemoteTaken
from onedoor.cases.inputs import ApplicantData, plain
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules import clock
from onedoor.cases.rules.remote import (
    MOST_MATERIALS,
    SEND_WITHIN,
    RemoteOutcome,
    RemotePaper,
    RemoteStep,
    after,
)
from onedoor.cases.services.delivery import carried
from onedoor.cases.services.opening import applicant_row
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.written import insert
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact, salted
from onedoor.papers import services as papers


@dataclass(frozen=True)
class RemoteData:
    """What is to be done, by which body, and where the papers go."""

    item: str
    body: str
    body_address: str
    body_phone: str = ""

    def checked(self) -> RemoteData:
        """Return it tidied, or refuse with the field that is wrong."""
        return RemoteData(
            plain("item", self.item, "办什么事", most=200),
            plain("body", self.body, "受理机关", most=100),
            plain("body_address", self.body_address, "受理机关的地址", most=200),
            plain("body_phone", self.body_phone, "受理机关的电话", most=40, required=False),
        )


@ledger.recorded
def take_remote(
    told: RemoteData,
    *,
    applicant: ApplicantData,
    materials: Sequence[RemotePaper],
    identity_checked: bool,
    by: Actor,
    at: datetime,
) -> RemoteIntake:
    """Take in papers for another place's body: who it is and their form are looked at, no more."""
    unit = unit_at(by.person_id, on=day_of(at))
    if unit is None or not by.holds_any(*remote.WORKING):
        raise NotAllowed("remote.not_a_desk", "代收要由综合窗口来做。")
    said, checked = told.checked(), applicant.checked(on=day_of(at))
    if not identity_checked:
        raise NotValid("remote.identity", "请先核对证件原件，再勾选。", field="identity_checked")
    if not 0 < len(materials) <= MOST_MATERIALS:
        raise NotValid(
            "remote.papers",
            "请写明收了哪些材料，1 到 %(most)s 份。",
            field="materials",
            most=MOST_MATERIALS,
        )
    due = clock.due(day_of(at), SEND_WITHIN, calendar=calendar.working_days())
    assert due.on is not None
    person = applicant_row(checked)
    insert([person])
    rows = RemoteIntake.objects.all()
    made = RemoteIntake(
        number=numbers.take_yearly("remote", rows, stem="YD", width=5, at=at),
        unit=unit,
        applicant=person,
        item=said.item,
        body=said.body,
        body_address=said.body_address,
        body_phone=said.body_phone,
        materials=[asdict(each) for each in materials],
        received_at=at,
        received_by=by.ref,
        send_due_on=due.on,
    )
    made.save(force_insert=True)
    about = "\n".join((checked.text(), said.item, said.body, said.body_address))
    event = RemoteTaken(
        subject=made.subject,
        unit=unit.code,
        content=salted(about, person.salt),
        materials=len(materials),
        send_due_on=due.on,
    )
    ledger.record(event, by=by.ref, at=at)
    paper = contents.remote_receipt(made, by=by)
    papers.issue(paper, unit=unit, subject=made.number, by=by, at=at)
    return made


def pack(found: RemoteIntake, *, checked: bool, by: Actor, at: datetime) -> RemoteIntake:
    """Sign that the papers were counted against the list and lie in the envelope."""
    _whole(checked)
    return _move(found, RemoteStep.PACK, {"packed_at": at, "packed_by": by.ref}, {}, by=by, at=at)


def send(
    found: RemoteIntake, *, checked: bool, carrier: str, waybill: str, by: Actor, at: datetime
) -> RemoteIntake:
    """Check what a colleague counted, sign as the second, and send it under a number."""
    if found.packed_by == by.ref:
        raise Refusal("remote.same_person", "是您点清封装的，请另一位同事核对寄出：两个人签字。")
    _whole(checked)
    company, number = carried(carrier, waybill)
    changes = {"sent_at": at, "sent_by": by.ref, "carrier": company, "waybill": number}
    details: dict[str, Fact] = {"is_late": day_of(at) > found.send_due_on}
    return _move(found, RemoteStep.SEND, changes, details, by=by, at=at)


def note_acceptance(
    found: RemoteIntake, *, home_number: str, accepted_on: date, by: Actor, at: datetime
) -> RemoteIntake:
    """Note when the home body accepted: its clock runs from then."""
    number = plain("home_number", home_number, "对方的办件编号", most=64)
    _between(found, accepted_on, "accepted_on", at)
    changes = {"home_number": number, "accepted_on": accepted_on}
    details: dict[str, Fact] = {"accepted_on": accepted_on}
    return _move(found, RemoteStep.ACCEPTED, changes, details, by=by, at=at)


def note_result(
    found: RemoteIntake,
    *,
    outcome: RemoteOutcome,
    ended_on: date,
    carrier: str = "",
    waybill: str = "",
    by: Actor,
    at: datetime,
) -> RemoteIntake:
    """Note what came of it, and under which number the result travels back."""
    if outcome is RemoteOutcome.NONE:
        raise NotValid("form.required", "请填写%(label)s。", field="outcome", label="结果")
    _between(found, ended_on, "ended_on", at)
    company, number = carried(carrier, waybill) if carrier or waybill else ("", "")
    changes = {
        "outcome": outcome.value,
        "ended_on": ended_on,
        "result_carrier": company,
        "result_waybill": number,
    }
    details: dict[str, Fact] = {"outcome": outcome.value, "ended_on": ended_on}
    return _move(found, RemoteStep.RESULT, changes, details, by=by, at=at)


def hand_over_remote(
    found: RemoteIntake, *, identity_checked: bool, by: Actor, at: datetime
) -> RemoteIntake:
    """Hand the result to the applicant against their document, or note that the post did."""
    if not identity_checked:
        raise NotValid("remote.identity", "请先核对证件原件，再勾选。", field="identity_checked")
    return _move(found, RemoteStep.HAND_OVER, {"handed_at": at}, {}, by=by, at=at)


@ledger.recorded
def _move(
    found: RemoteIntake,
    step: RemoteStep,
    changes: dict[str, Any],
    details: dict[str, Fact],
    *,
    by: Actor,
    at: datetime,
) -> RemoteIntake:
    if not by.holds_any(*remote.WORKING):
        raise NotAllowed("remote.not_a_desk", "代收要由综合窗口来做。")
    target = after(step, found.standing)
    rows = RemoteIntake.objects.filter(pk=found.pk, state=found.state)
    if not rows.update(state=target.value, **changes):
        raise Refusal("remote.changed", "这一件刚被别人办过。请看过再办。")
    event = RemoteMoved(subject=found.subject, step=step.value, state=target.value, details=details)
    ledger.record(event, by=by.ref, at=at)
    return remote.remote_for(by, found.number)


def _whole(checked: bool) -> None:
    if not checked:
        raise NotValid("remote.not_counted", "请逐份点过，和清单一致再勾选。", field="checked")


def _between(found: RemoteIntake, day: date, field: str, at: datetime) -> None:
    assert found.sent_at is not None or found.standing.value in ("taken", "packed")
    first = day_of(found.sent_at or found.received_at)
    if not first <= day <= day_of(at):
        raise NotValid("remote.day", "日期应在寄出那天和今天之间。", field=field)
