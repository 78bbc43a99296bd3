"""What is sent when a paper goes out: who takes it, where it was posted."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from onedoor.cases.api.schemas.shapes import In, Ref, Short, Text
from onedoor.cases.rules.delivery import Relation, Unserved
from onedoor.cases.rules.words import IdType


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


class LeaveIn(In):
    left_on: date
    place: Text
    refusal: Text
    """How it was refused."""
    witnesses: Text
    """Two, one a line: name and where from."""


class EntrustIn(In):
    body: Text
    """Who is asked to hand the paper over."""


class ConfirmEntrustedIn(In):
    served_on: date
    relation: Relation = Relation.SELF
    recipient: Text = ""


class DepositIn(In):
    cabinet: Text
    compartment: Ref


class FetchIn(In):
    code: Ref
    """The one-time code that was typed at the cabinet."""
    fetched_at: AwareDatetime


class ServingChoiceIn(In):
    online: bool
    """Whether the applicant agrees to be served on the progress page (电子送达)."""
    identity_checked: bool = False
    """At a window: the applicant's document was looked at."""


class PostEndIn(PostIn, ConfirmIn):
    """The decision that ended a licence went by post and was signed for."""


class EntrustEndIn(EntrustIn, ConfirmEntrustedIn):
    """Another body handed over the decision that ended a licence."""


class FetchEndIn(DepositIn):
    fetched_at: AwareDatetime


class AnnounceIn(In):
    ground: Unserved
    account: Text
    """What was tried; it stays with the case and is not published."""
