"""What people type about a case. Shape only; what is allowed is decided by the services."""

from onedoor.cases.forms.commitments import AnswerObjectionForm, CommitForm, ObjectForm, VerifyForm
from onedoor.cases.forms.deciding import GrantForm, OpinionForm, ReasonForm, RefuseForm, RejectForm
from onedoor.cases.forms.fields import DateOf, Listed, SeenForm, SomebodyOf
from onedoor.cases.forms.handing import (
    AnnounceForm,
    ConfirmForm,
    HandOutForm,
    LeaveForm,
    PostForm,
    RecipientForm,
    ServeForm,
)
from onedoor.cases.forms.licences import EndLicenceForm, LinkLicenceForm
from onedoor.cases.forms.looking import CodeForm, PeriodForm, TrackForm
from onedoor.cases.forms.procedures import (
    ExtendForm,
    ExtendJointForm,
    ForwardForm,
    ProposeSpecialForm,
    ReplyForm,
    ResultForm,
    TurnDownForm,
)
from onedoor.cases.forms.pushes import FeedbackForm
from onedoor.cases.forms.receiving import (
    ApplicantForm,
    LateForm,
    MaterialsForm,
    NoticeForm,
    PromiseForm,
    WithdrawForm,
)
from onedoor.cases.forms.surveys import (
    AskHearingForm,
    CallHearingForm,
    OrderSurveyForm,
    RecordHearingForm,
    RecordSurveyForm,
    TellHearingForm,
)

__all__ = [
    "AnnounceForm",
    "AnswerObjectionForm",
    "ApplicantForm",
    "AskHearingForm",
    "CallHearingForm",
    "CodeForm",
    "CommitForm",
    "ConfirmForm",
    "DateOf",
    "EndLicenceForm",
    "ExtendForm",
    "ExtendJointForm",
    "FeedbackForm",
    "ForwardForm",
    "GrantForm",
    "HandOutForm",
    "LateForm",
    "LeaveForm",
    "LinkLicenceForm",
    "Listed",
    "MaterialsForm",
    "NoticeForm",
    "ObjectForm",
    "OpinionForm",
    "OrderSurveyForm",
    "PeriodForm",
    "PostForm",
    "PromiseForm",
    "ProposeSpecialForm",
    "ReasonForm",
    "RecipientForm",
    "RecordHearingForm",
    "RecordSurveyForm",
    "RefuseForm",
    "RejectForm",
    "ReplyForm",
    "ResultForm",
    "SeenForm",
    "ServeForm",
    "SomebodyOf",
    "TellHearingForm",
    "TrackForm",
    "TurnDownForm",
    "VerifyForm",
    "WithdrawForm",
]
