"""The facts this app announces."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """A step of the lifecycle table was taken."""

    kind: ClassVar[str] = "case.moved"

    step: str
    action: str
    source: str
    target: str
    paper: str
    unit: str
    item: str
    item_version: int
    light: str
    acting_for: str = ""
    note: str = ""
    """Salted digest of the step's free text, empty where there is none."""
    due: dict[str, Fact] = field(default_factory=dict)
    details: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FileAttached(Event):
    kind: ClassVar[str] = "case.file_attached"

    material: int
    file: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True)
class RetypingNoted(Event):
    """A clerk said how long the facts of a case were typed again into upper systems (重复录入)."""

    kind: ClassVar[str] = "case.retyping_noted"

    minutes: int


@dataclass(frozen=True, kw_only=True)
class ServingChosen(Event):
    """An applicant agreed to be served electronically (电子送达), or took that back."""

    kind: ClassVar[str] = "case.serving_chosen"

    online: bool


@dataclass(frozen=True, kw_only=True)
class PersonalDataShown(Event):
    """Somebody saw an applicant's data unmasked, and said what for."""

    kind: ClassVar[str] = "case.personal_data_shown"

    purpose: str


@dataclass(frozen=True, kw_only=True)
class FileShown(Event):
    """Somebody opened a file of a case, and said what for."""

    kind: ClassVar[str] = "case.file_shown"

    purpose: str
    file: str


@dataclass(frozen=True, kw_only=True)
class DueDatesRecomputed(Event):
    """The calendar changed and with it the due dates of open cases: one entry for the batch."""

    kind: ClassVar[str] = "case.due_dates_recomputed"

    cause: str
    examined: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class LicenceIssued(Event):
    """A grant was entered in the register of licences."""

    kind: ClassVar[str] = "licence.issued"

    identifier: str
    item: str
    unit: str
    valid_from: Fact
    valid_to: Fact
    follows: str


@dataclass(frozen=True, kw_only=True)
class LicenceEnded(Event):
    """A licence was renewed, revoked or cancelled; ``note`` is a digest of the reason."""

    kind: ClassVar[str] = "licence.ended"

    state: str
    ground: str
    note: str


@dataclass(frozen=True, kw_only=True)
class LicenceEndServed(Event):
    """The decision that ended a licence was served; the proof says how and on whom (送达)."""

    kind: ClassVar[str] = "licence.end_served"

    decision: str
    proof: str
    way: str
    served_on: date
    relation: str = ""
    document: str = ""
    """Digest of what shows it, where the way asks for that."""


@dataclass(frozen=True, kw_only=True)
class LicenceEndAnnounced(Event):
    """The decision that ended a licence was announced: nothing else was left (公告送达)."""

    kind: ClassVar[str] = "licence.end_announced"

    decision: str
    notice: str
    ground: str
    served_on: date
    account: str
    """Salted digest of what was tried."""


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(Event):
    """A joint application was taken: which items, and which of them became cases at once."""

    kind: ClassVar[str] = "application.received"

    package: str
    edition: str
    unit: str
    members: list[Fact]
    cases: list[Fact]
    applicant: str
    """Salted digest of who applied."""


@dataclass(frozen=True, kw_only=True)
class MemberStarted(Event):
    """What a member waited for was granted, and it became a case."""

    kind: ClassVar[str] = "application.member_started"

    item: str
    order: int
    case: str


@dataclass(frozen=True, kw_only=True)
class MemberDropped(Event):
    """A member is no longer done: what it waited for was not granted, or its item is no more."""

    kind: ClassVar[str] = "application.member_dropped"

    item: str
    order: int
    after: int
    status: str


@dataclass(frozen=True, kw_only=True)
class ApplicationExtended(Event):
    """The limit of all cases of a joint application was extended; ``note`` digests the reason."""

    kind: ClassVar[str] = "application.extended"

    days: int
    was: Fact
    due: Fact
    note: str


@dataclass(frozen=True, kw_only=True)
class ApplicationSupplied(Event):
    """The applicant brought what was asked, for all the cases that asked for it."""

    kind: ClassVar[str] = "application.supplied"

    cases: list[Fact]
    given: int


@dataclass(frozen=True, kw_only=True)
class SealsReconciled(Event):
    """An evening's count of decisions, papers and uses of the seal, with what does not add up."""

    kind: ClassVar[str] = "seal.reconciled"

    day: date
    decisions: int
    papers: int
    uses: int
    waiting: int
    differences: list[Fact]


@dataclass(frozen=True, kw_only=True)
class SealMended(Event):
    """A request and the register of uses were apart after a crash, and say the same again."""

    kind: ClassVar[str] = "seal.mended"

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DifferenceFound(Event):
    """An evening's reconciliation found a difference; somebody has to see to it."""

    kind: ClassVar[str] = "seal_difference.found"

    code: str


@dataclass(frozen=True, kw_only=True)
class DifferenceSettled(Event):
    """A difference is gone, or somebody said why it may stand."""

    kind: ClassVar[str] = "seal_difference.settled"

    code: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CheckOrdered(Event):
    """With a grant that rests on a commitment its check was ordered, by a day."""

    kind: ClassVar[str] = "check.ordered"

    way: str
    due_on: Fact


@dataclass(frozen=True, kw_only=True)
class CommitmentChecked(Event):
    """A commitment was checked: the outcome, its evidence, and what follows where it is false."""

    kind: ClassVar[str] = "check.done"

    outcome: str
    findings: str
    """Salted digest of what was found."""
    document: str
    object_by: Fact
    barred_until: Fact


@dataclass(frozen=True, kw_only=True)
class CheckObjected(Event):
    """The applicant objected to what a check found; ``text`` is a salted digest."""

    kind: ClassVar[str] = "check.objected"

    text: str


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(Event):
    """An objection was upheld or turned down; ``text`` is a salted digest of the reasons."""

    kind: ClassVar[str] = "check.objection_answered"

    is_upheld: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Pushed(Event):
    """What was granted under the one seal was told to the department that supervises it."""

    kind: ClassVar[str] = "push.pushed"

    unit: str
    sign_due_on: date


@dataclass(frozen=True, kw_only=True)
class PushSigned(Event):
    """The supervising department signed for what it was told."""

    kind: ClassVar[str] = "push.signed"

    answer_due_on: date
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class PushLate(Event):
    """The department let its day go by: it is reminded, and later its head and the supervision."""

    kind: ClassVar[str] = "push.late"

    unit: str
    is_escalated: bool


@dataclass(frozen=True, kw_only=True)
class PushAnswered(Event):
    """The department says how what was granted stands under supervision."""

    kind: ClassVar[str] = "push.answered"

    feedback: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RemoteTaken(Event):
    """Papers were taken in for another place's body; ``content`` is a salted digest."""

    kind: ClassVar[str] = "remote.taken"

    unit: str
    content: str
    materials: int
    send_due_on: date


@dataclass(frozen=True, kw_only=True)
class RemoteMoved(Event):
    """What was taken in for another place went on: counted, sent, accepted, ended, handed over."""

    kind: ClassVar[str] = "remote.moved"

    step: str
    state: str
    details: dict[str, Fact] = field(default_factory=dict)
