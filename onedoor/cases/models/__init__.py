"""Cases and what belongs to them: who applied, what was handed in, licences, hearings."""

from onedoor.cases.models.applicants import Applicant
from onedoor.cases.models.cases import NO_DATE, PROMISING, Case
from onedoor.cases.models.commitments import Verification
from onedoor.cases.models.drafts import Draft, DraftFile, Sender
from onedoor.cases.models.joint import (
    Application,
    ApplicationFile,
    ApplicationMaterial,
    ApplicationMember,
)
from onedoor.cases.models.licences import EndServing, Licence, LicenceKind, LicenceNote
from onedoor.cases.models.materials import Attachment, CaseMaterial, Gap, PrecheckGap
from onedoor.cases.models.procedures import Forwarding, Hearing, Pause, Proposal, Survey
from onedoor.cases.models.pushes import SupervisionPush
from onedoor.cases.models.remote import RemoteIntake
from onedoor.cases.models.sealing import SealDifference
from onedoor.cases.models.working import (
    Depositing,
    Entrusting,
    Leaving,
    Note,
    Phrase,
    Posting,
)

__all__ = [
    "NO_DATE",
    "PROMISING",
    "Applicant",
    "Application",
    "ApplicationFile",
    "ApplicationMaterial",
    "ApplicationMember",
    "Attachment",
    "Case",
    "CaseMaterial",
    "Depositing",
    "Draft",
    "DraftFile",
    "EndServing",
    "Entrusting",
    "Forwarding",
    "Gap",
    "Hearing",
    "Leaving",
    "Licence",
    "LicenceKind",
    "LicenceNote",
    "Note",
    "Pause",
    "Phrase",
    "Posting",
    "PrecheckGap",
    "Proposal",
    "RemoteIntake",
    "SealDifference",
    "Sender",
    "SupervisionPush",
    "Survey",
    "Verification",
]
