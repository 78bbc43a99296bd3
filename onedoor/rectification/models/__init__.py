"""What is kept about findings, what units do about them, and how they are watched."""

from onedoor.rectification.models.advice import AdoptionAnswer, Recommendation
from onedoor.rectification.models.exports import ProofExport, ProofPart
from onedoor.rectification.models.findings import (
    NO_DATE,
    Finding,
    FindingUnit,
    Gap,
    Note,
    Project,
)
from onedoor.rectification.models.watching import (
    Doubt,
    Extension,
    Recheck,
    RuleLink,
    Signature,
    Supervision,
    Suspicion,
    UpwardMatter,
)
from onedoor.rectification.models.work import (
    Amount,
    Evidence,
    EvidenceRevision,
    Measure,
    Milestone,
    MilestoneMove,
    Payment,
)

__all__ = [
    "NO_DATE",
    "AdoptionAnswer",
    "Amount",
    "Doubt",
    "Evidence",
    "EvidenceRevision",
    "Extension",
    "Finding",
    "FindingUnit",
    "Gap",
    "Measure",
    "Milestone",
    "MilestoneMove",
    "Note",
    "Payment",
    "Project",
    "ProofExport",
    "ProofPart",
    "Recheck",
    "Recommendation",
    "RuleLink",
    "Signature",
    "Supervision",
    "Suspicion",
    "UpwardMatter",
]
