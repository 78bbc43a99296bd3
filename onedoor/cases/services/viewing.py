"""Seeing an applicant's data unmasked, with its purpose on record (个人信息保护法 51)."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases.events import PersonalDataShown
from onedoor.cases.inputs import ApplicantData, plain
from onedoor.cases.models import Case
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger

PURPOSES = {
    "identity": "核对身份",
    "contact": "联系申请人",
    "paper": "制作文书",
    "review": "审查材料",
}
"""What somebody in a post may need an applicant's data for (查看目的)."""


@ledger.recorded
def show_personal_data(case: Case, *, purpose: str, by: Actor, at: datetime) -> ApplicantData:
    """Return the applicant's data in full, and record who saw it and what for."""
    purpose = plain("purpose", purpose, "查看目的", most=20)
    if purpose not in PURPOSES:
        raise NotValid("case.unknown_purpose", "请选择查看目的。", field="purpose")
    event = PersonalDataShown(subject=f"case-access:{case.number}", purpose=purpose)
    ledger.record(event, by=by.ref, at=at)
    person = case.applicant
    return ApplicantData(
        ApplicantKind(person.kind),
        person.name,
        IdType(person.id_type),
        person.id_number,
        person.phone,
        person.address,
        person.agent,
    )
