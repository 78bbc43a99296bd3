"""Which kind of paper needs which seal: the one table.

Source: service-centre appendix A (文书与用印), after the forms the licence law names (许可法32, 38,
39, 42, 45–48). A paper missing here goes out without a seal: it is signed by the
applicant or by those who were there, or stays in the house.
"""

from __future__ import annotations

from onedoor.papers.rules.kinds import Kind
from onedoor.seals.rules.words import SealKind

SEALS: dict[Kind, SealKind] = {
    # What says that something was received or taken up: 受理专用章.
    Kind.RECEIPT: SealKind.RECEIPT,
    Kind.CORRECTION: SealKind.RECEIPT,
    Kind.CORRECTION_RECEIPT: SealKind.RECEIPT,
    Kind.ACCEPTANCE: SealKind.RECEIPT,
    Kind.REJECTION: SealKind.RECEIPT,
    Kind.RETURN: SealKind.RECEIPT,
    Kind.RETURN_LIST: SealKind.RECEIPT,
    Kind.SUPPLEMENT_RECEIPT: SealKind.RECEIPT,
    # What decides, or stops and moves the clock of a decision: 审批专用章.
    Kind.SPECIAL: SealKind.APPROVAL,
    Kind.EXTENSION: SealKind.APPROVAL,
    Kind.VERIFICATION: SealKind.APPROVAL,
    Kind.HEARING_RIGHT: SealKind.APPROVAL,
    Kind.HEARING_NOTICE: SealKind.APPROVAL,
    Kind.ANNOUNCEMENT: SealKind.APPROVAL,
    Kind.GRANT: SealKind.APPROVAL,
    Kind.REFUSAL: SealKind.APPROVAL,
    Kind.CERTIFICATE: SealKind.APPROVAL,
    Kind.REVOCATION: SealKind.APPROVAL,
    Kind.CANCELLATION: SealKind.APPROVAL,
    # Receipt, acceptance and decision in one: the decision is what binds.
    Kind.AT_ONCE: SealKind.APPROVAL,
}

HANDED = (Kind.GRANT, Kind.REFUSAL, Kind.AT_ONCE, Kind.CERTIFICATE)
"""What goes to the applicant, and not before it has its seal: the decision and its certificate.

Those of one case are one work for the keeper."""
