"""What is sent until a case is accepted: the applicant, materials, what is lacking, promises."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from onedoor.cases.api.schemas.shapes import Count, In, Ref, Short, Text
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState
from onedoor.cases.services.retyping import MOST


class ApplicantIn(In):
    kind: ApplicantKind
    name: Short
    id_type: IdType
    id_number: Short
    phone: Short
    address: Short = ""
    agent: Short = ""
    is_served_online: bool = False
    """Whether they agree to be served electronically on the progress page (民事诉讼法90)."""


class MaterialIn(In):
    order: int
    state: MaterialState
    originals: Count = 0
    copies: Count = 0


class LateIn(In):
    brought_at: AwareDatetime
    """When the papers really came; the receipt clock runs from it (许可法32)."""
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
    minutes: Annotated[int, Field(ge=0, le=MOST)]


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
