"""What is typed about a finding. Shape only; what is allowed is decided by the services."""

from onedoor.rectification.forms.asking import (
    AnswerUpForm,
    DecideForm,
    DoubtForm,
    ExtensionForm,
    LetterForm,
    ReplyForm,
    SettleForm,
    SignForm,
    UpForm,
    letters_of,
)
from onedoor.rectification.forms.fields import FindingForm
from onedoor.rectification.forms.steps import (
    CompleteForm,
    ConfirmForm,
    NoForm,
    RecogniseForm,
    SubmitForm,
    TextForm,
)
from onedoor.rectification.forms.work import (
    AmountForm,
    EvidenceForm,
    JudgeForm,
    MeasureForm,
    PayForm,
    ProgressForm,
    ReachForm,
    WithdrawForm,
    measures_of,
)

__all__ = [
    "AmountForm",
    "AnswerUpForm",
    "CompleteForm",
    "ConfirmForm",
    "DecideForm",
    "DoubtForm",
    "EvidenceForm",
    "ExtensionForm",
    "FindingForm",
    "JudgeForm",
    "LetterForm",
    "MeasureForm",
    "NoForm",
    "PayForm",
    "ProgressForm",
    "ReachForm",
    "RecogniseForm",
    "ReplyForm",
    "SettleForm",
    "SignForm",
    "SubmitForm",
    "TextForm",
    "UpForm",
    "WithdrawForm",
    "letters_of",
    "measures_of",
]
