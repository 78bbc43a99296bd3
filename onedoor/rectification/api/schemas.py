"""What the operations of a finding take and give: shapes, never the model."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from onedoor.cases.api.schemas import In, Ref, Short, Text
from onedoor.rectification.rules.lifecycle import Action, State
from onedoor.rectification.rules.words import (
    Answer,
    EvidenceKind,
    EvidenceState,
    LetterKind,
    MoneyKind,
    Outcome,
    RecheckWay,
    RectificationClass,
    Severity,
)

Number = Annotated[int, Field(ge=1, le=9999)]
Fen = Annotated[int, Field(gt=0, le=10**15)]


# --- What comes in ----------------------------------------------------------------------------


class ProjectIn(In):
    key: Annotated[str, Field(min_length=1, max_length=71, pattern=r"^[^\x00-\x1f]*$")]
    title: Annotated[str, Field(min_length=1, max_length=300)]
    audit_body: Short = ""
    report_number: Annotated[str, Field(max_length=100)] = ""
    report_date: Annotated[str, Field(max_length=20)] = ""


class OpenIn(In):
    project: ProjectIn
    code: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]
    """Its code within the audit; a code that is known already is not opened again."""
    title: Annotated[str, Field(min_length=1, max_length=500)]
    detail: Text = ""
    basis: Annotated[str, Field(max_length=500)] = ""
    category: Annotated[str, Field(max_length=100)] = ""
    subcategory: Annotated[str, Field(max_length=100)] = ""
    severity: Severity = Severity.UNSET
    rules: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)] = []


class NothingIn(In):
    """A step that needs no words."""


class TextIn(In):
    text: Text


class SubmitIn(In):
    claimed: Outcome
    text: Text


class RecogniseIn(In):
    outcome: Outcome
    text: Text = ""


class ConfirmIn(In):
    way: RecheckWay
    text: Text


class CompleteIn(In):
    unit: Ref
    rectification_class: RectificationClass
    served_on: date | None = None
    deadline_on: date | None = None
    leader: Annotated[str, Field(max_length=100)] = ""
    officer: Annotated[str, Field(max_length=100)] = ""
    section: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    severity: Severity = Severity.UNSET
    co_units: Annotated[list[Ref], Field(max_length=30)] = []


class MilestoneIn(In):
    due_on: date
    text: Annotated[str, Field(min_length=1, max_length=300)]


class MeasureIn(In):
    text: Text
    goal: Annotated[str, Field(max_length=300)] = ""
    mark: Annotated[str, Field(max_length=300)] = ""
    unit: Ref = ""
    starts_on: date | None = None
    due_on: date | None = None
    milestones: Annotated[list[MilestoneIn], Field(max_length=50)] = []


class ProgressIn(In):
    measure: Number
    percent: Annotated[int, Field(ge=0, le=100)]
    text: Text = ""


class ReachIn(In):
    milestone: UUID


class MilestoneToIn(MilestoneIn):
    measure: Number


class MoveIn(ReachIn):
    due_on: date
    text: Text


class JudgeIn(In):
    evidence: Number
    approved: bool
    text: Text = ""


class WithdrawIn(In):
    evidence: Number
    text: Text


class AmountIn(In):
    kind: MoneyKind
    due_fen: Fen


class PayIn(In):
    kind: MoneyKind
    fen: Fen
    on: date
    voucher: Annotated[str, Field(max_length=100)]


class ExtendIn(In):
    until: date
    text: Text


class DecideIn(In):
    granted: bool
    text: Text = ""


class UpIn(In):
    addressee: Short
    basis: Annotated[str, Field(max_length=300)]
    text: Text
    answer_due_on: date | None = None


class LetterIn(In):
    letter: UUID


class AnswerIn(In):
    letter: UUID
    answer: Answer
    text: Text
    on: date | None = None


class SignIn(In):
    supervision: Ref
    addressee: Annotated[str, Field(max_length=200)] = ""
    """Of a transfer: to which body, and as what."""
    clue: Annotated[str, Field(max_length=100)] = ""


class ConcludeIn(In):
    supervision: Ref
    text: Annotated[str, Field(min_length=1, max_length=300)]
    persons: Annotated[int, Field(ge=0, le=9999)] | None = None
    on: date | None = None


class ReplyIn(In):
    supervision: Ref
    text: Text


class SettleIn(In):
    signal: UUID
    text: Text


class EvidenceIn(In):
    """The fields beside the file."""

    measure: Number
    kind: EvidenceKind
    title: Short
    dated_on: date | None = None
    replaces: Number | None = None


# --- What goes out ----------------------------------------------------------------------------


class FindingOut(Schema):
    number: str
    project: str
    title: str
    state: State
    state_zh: str
    outcome: Outcome
    """What was verified; ``claimed`` is what the unit says, and never sets it."""
    claimed: Outcome
    claim_label: str
    unit: str | None
    rectification_class: RectificationClass
    severity: Severity
    served_on: date | None
    deadline_on: date | None
    days_late: int
    reopened_count: int
    is_public: bool
    submitted_at: datetime | None
    closed_at: datetime | None
    version: int


class FindingList(Schema):
    findings: list[FindingOut]
    next: str | None


class MoveOut(Schema):
    due_on: date
    """When the goal was due before."""
    at: datetime


class MilestoneOut(Schema):
    id: UUID
    due_on: date
    text: str
    done_on: date | None
    moves: list[MoveOut]


class MeasureOut(Schema):
    sequence: int
    text: str
    goal: str
    unit: str | None
    due_on: date | None
    progress: int
    milestones: list[MilestoneOut]


class EvidenceOut(Schema):
    sequence: int
    measure: int | None
    kind: EvidenceKind
    title: str
    state: EvidenceState
    digests: list[str]
    """Of every version, the first first."""


class AmountOut(Schema):
    kind: MoneyKind
    due_fen: int
    done_fen: int


class WholeFindingOut(FindingOut):
    repeats: str | None
    """An earlier finding of the same unit and kind in another audit (屡审屡犯)."""
    repeated_by: list[str]
    heading: str
    detail: str
    basis: str
    gaps: list[str]
    measures: list[MeasureOut]
    evidence: list[EvidenceOut]
    amounts: list[AmountOut]
    letters: list[dict[str, Any]]
    rechecks: list[dict[str, Any]]
    supervisions: list[dict[str, Any]]
    """Only for those who handle or supervise it, as ``signals``."""
    signals: list[dict[str, Any]]


class EntryOut(Schema):
    at: datetime
    what: str
    what_zh: str
    by: str
    note: str
    digest: str


class PaperOut(Schema):
    kind: LetterKind
    place: int
    title: str
    number: str | None
    """None while it is a draft, as all below."""
    recipient: str | None
    issued_at: datetime | None
    digest: str | None
    sm3: str | None


class WayOut(Schema):
    action: Action
    action_zh: str


class ProvenOut(Schema):
    subject: str
    sealed: dict[str, Any] | None
    waiting: list[dict[str, Any]]
    retry_after: int
