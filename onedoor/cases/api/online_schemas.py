"""What a platform sends for somebody, and what it is told: shapes, never the model."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from onedoor.cases.api.schemas import ApplicantIn, In, Ref
from onedoor.catalogue.api import CommitmentOut

Orders = Annotated[list[int], Field(max_length=200)]


class DraftIn(In):
    item: Ref


class WantedOut(Schema):
    order: int
    name: str
    necessity: str
    may_bring: bool
    """Whether the original may be brought to the window instead of uploaded."""
    commitment: CommitmentOut | None
    """What the applicant may commit to instead of handing it in."""


class DraftOut(Schema):
    draft: str
    item: str
    item_version: int
    materials: list[WantedOut]


class FileOut(Schema):
    file: str
    order: int
    name: str
    digest: str
    size: int
    media_type: str


class SubmitIn(In):
    draft: Ref
    applicant: ApplicantIn
    brought: Orders = []
    """The materials whose originals will be brought to the window."""
    committed: Orders = []
    """The materials for which the applicant, shown what is told of them, commits instead."""


class ResubmitIn(In):
    brought: Orders = []


class AskedOut(Schema):
    order: int
    name: str
    demand: str
    may_bring: bool


class SubmissionOut(Schema):
    number: str
    alias: str
    item: str
    item_name: str
    item_version: int
    applicant: str
    status: str
    status_zh: str
    outcome: str
    submitted_at: datetime | None
    received_at: datetime | None
    accepted_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    precheck_due_on: date | None
    resubmit_due_on: date | None
    receipt_due_on: date | None
    correction_due_on: date | None
    supplement_due_on: date | None
    promised_due_on: date | None
    due_provisional: bool
    version: int
    is_served_online: bool
    """Whether the applicant agrees to be served electronically."""
    pickup_code: str
    """What opens the compartment of a cabinet in which the paper lies now; else empty."""
    answer_by: str
    """The operation that answers what is asked: resubmit, supply, or empty."""
    asked: list[AskedOut]


class SubmissionReceiptOut(SubmissionOut):
    query_code: str
    track_token: str
    track_path: str
