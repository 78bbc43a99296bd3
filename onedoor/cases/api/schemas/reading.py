"""What is told of a case, its history and its proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from onedoor.cases.rules.words import MaterialState


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
