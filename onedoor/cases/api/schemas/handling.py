"""What a step between acceptance and decision takes."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime

from onedoor.cases.api.schemas.shapes import In, Ref, Short, Text
from onedoor.cases.rules.words import RejectionGround
from onedoor.catalogue.rules.words import SpecialKind


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
