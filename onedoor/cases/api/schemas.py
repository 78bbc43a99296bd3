"""What the operations take and give: shapes, never the model."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState, RejectionGround
from onedoor.catalogue.rules.words import SpecialKind

Text = Annotated[str, StringConstraints(max_length=2000)]
Short = Annotated[str, StringConstraints(max_length=200)]
Ref = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
"""What a row is looked for by; no database keeps or looks for a NUL."""
Count = Annotated[int, Field(ge=0, le=999)]


# --- What comes in ----------------------------------------------------------------------------


class In(BaseModel):
    """What a program sends. A member nobody knows is refused: it may be a slip of one that is."""

    model_config = ConfigDict(extra="forbid")


class ApplicantIn(In):
    kind: ApplicantKind
    name: Short
    id_type: IdType
    id_number: Short
    phone: Short
    address: Short = ""
    agent: Short = ""


class MaterialIn(In):
    order: int
    state: MaterialState
    originals: Count = 0
    copies: Count = 0


class LateIn(In):
    brought_at: AwareDatetime
    """When the papers really came; kept apart from the time of entry, from which clocks run."""
    reason: Text


class ReceiveIn(In):
    item: Ref
    applicant: ApplicantIn
    materials: Annotated[list[MaterialIn], Field(max_length=200)]
    identity_checked: bool
    item_version: int | None = None
    """The version whose materials were judged; refused (409) when another is in force by now."""
    finish: bool = False
    """即办件: receive, decide and hand out in one action."""
    late: LateIn | None = None
    """补录: the papers were taken before and are entered only now; supervision counts it."""


class RetypedIn(In):
    minutes: Annotated[int, Field(ge=0, le=600)]


class GapIn(In):
    order: int
    problem: MaterialState
    demand: Text = ""
    basis: Text = ""
    """What a demand in own words rests on; without it supervision shows red."""


class CorrectionIn(In):
    gaps: Annotated[list[GapIn], Field(max_length=200)]
    reason: Text = ""


class SupplyIn(In):
    materials: Annotated[list[MaterialIn], Field(max_length=200)]
    identity_checked: bool


class ReceiveSubmittedIn(In):
    materials: Annotated[list[MaterialIn], Field(max_length=200)]
    identity_checked: bool


class MendIn(In):
    order: int
    demand: Text = ""
    """What to mend; left empty, the item's own standard."""


class PreReturnIn(In):
    demands: Annotated[list[MendIn], Field(max_length=200)]


class RejectIn(In):
    ground: RejectionGround
    reason: Text
    basis: Text
    """One of the articles the item lists, or of 许可法32 for a licence; else refused."""
    competent: Short = ""
    """The body to turn to; required where the ground is ``not_ours``."""


class RefuseIn(In):
    facts: Text
    """What was found; printed on the decision."""
    reason: Text
    basis: Text
    """One of the articles the item or a usual sentence lists; else refused."""


class OpinionIn(In):
    opinion: Text


class GrantIn(OpinionIn):
    attached: Text = ""
    """Conditions attached to the grant (附加条件), printed on the decision."""


class ProposeSpecialIn(In):
    kind: SpecialKind
    planned_days: int
    reason: Text


class TurnDownIn(In):
    reason: Text


class ResumeIn(In):
    kind: SpecialKind
    result: Text


class ExtendIn(In):
    days: int
    reason: Text


class ForwardIn(In):
    body: Text
    expected_on: date
    """By when the upper body is expected to answer."""


class ReplyIn(In):
    is_approved: bool
    reference: Text
    """The number of the upper body's paper."""
    replied_on: date
    reason: Text


class HandOutIn(In):
    identity_checked: bool
    relation: Relation = Relation.SELF
    """What the recipient is to the applicant; anybody but ``self`` shows document and authority."""
    recipient: Text = ""
    """Name on the document shown; of the applicant and the agent on the case it has to agree."""
    id_type: IdType | None = None
    id_number: Short = ""
    """Only its masked form is kept, on the proof of delivery."""
    authority: Short = ""
    """What was seen that entitles the recipient: 授权委托书, 法定代表人身份证明."""


class OrderSurveyIn(In):
    first: Ref
    """User name of one of the two who go; ``second`` of the other."""
    second: Ref
    planned_on: date
    place: Text


class RecordSurveyIn(In):
    surveyed_at: AwareDatetime
    """When they were there, with its offset from UTC: not before the planned day, nor ahead."""
    passed: bool
    findings: Text


class TellHearingIn(In):
    reason: Text


class AskHearingIn(In):
    asked_by: Text


class CallHearingIn(In):
    held_at: datetime
    """With its offset from UTC."""
    place: Text
    chair: Ref
    """User name of somebody who had no hand in the case."""


class RecordHearingIn(In):
    attendants: Text
    """One person a line: 申请人：张三."""
    minutes: Text


class LinkLicenceIn(In):
    number: Ref


class PostIn(In):
    carrier: Text
    waybill: Text


class ConfirmIn(In):
    signed_on: date
    relation: Relation = Relation.SELF
    """What whoever signed the carrier's receipt is to the applicant."""
    recipient: Text = ""


class PromiseIn(In):
    identity_checked: bool
    """The applicant was there, saw what is to follow, and signs."""


class CommitIn(In):
    orders: Annotated[list[int], Field(min_length=1, max_length=200)]
    """The missing materials a commitment is to stand for."""
    identity_checked: bool
    """The applicant was there, saw what was told, and signs."""


class WithdrawIn(In):
    identity_checked: bool
    reason: Text = ""


# --- What goes out ----------------------------------------------------------------------------


class MaterialOut(Schema):
    order: int
    name: str
    necessity: str
    state: MaterialState
    channel: str
    """How it came: window, upload, bring (announced for the window) or none."""
    originals: int
    copies: int
    promised: str


class StepOut(Schema):
    version: int
    step: str
    action: str
    status: str
    at: datetime
    by: str
    acting_for: str
    note: str
    basis: str
    paper: str


class CaseOut(Schema):
    number: str
    alias: str
    status: str
    status_zh: str
    outcome: str
    light: str
    item: str
    item_name: str
    item_version: int
    unit: str
    applicant: str
    id_number: str
    fee_fen: int
    submitted_at: datetime | None
    received_at: datetime | None
    accepted_at: datetime | None
    brought_at: datetime | None
    """When its papers really came, where it was entered afterwards (补录)."""
    retyped_minutes: int
    is_deemed: bool
    is_tolerant: bool
    extended_days: int
    decided_at: datetime | None
    ended_at: datetime | None
    precheck_due_on: date | None
    resubmit_due_on: date | None
    receipt_due_on: date | None
    correction_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    special_due_on: date | None
    forwarded_at: datetime | None
    upper_due_on: date | None
    replied_on: date | None
    supplement_due_on: date | None
    supplemented_at: datetime | None
    delivery_due_on: date | None
    due_provisional: bool
    urgent_on: date | None
    version: int
    materials: list[MaterialOut] = []


class ActionOut(Schema):
    action: str
    """The operation of the same name takes it."""
    action_zh: str
    possible: bool
    why: dict[str, Any] | None
    """The problem document the step would be answered with now."""


class ReceiptOut(CaseOut):
    query_code: str
    track_path: str


class CaseList(Schema):
    cases: list[CaseOut]
    next: str | None


class SealedOut(Schema):
    version: int
    text: str
    """The entry as it was hashed."""
    digest: str
    position: int
    """From 1, among all entries of the ledger."""
    size: int
    root: str
    at: str
    signature: str
    """Of the installation's key over the canonical JSON of at, root and size."""
    path: list[str]
    """Hashes from the leaf upwards, RFC 9162."""


class WaitingOut(Schema):
    version: int
    digest: str
    recorded_at: datetime


class ProofOut(Schema):
    subject: str
    sealed: SealedOut | None
    waiting: list[WaitingOut]
    retry_after: int
    """Seconds until the next head is due; 0 when nothing waits."""


class AttachmentOut(Schema):
    digest: str
    size: int
    media_type: str
