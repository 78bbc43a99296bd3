"""Seeing an applicant's data or files, with the purpose on record (个人信息保护法 51)."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.cases.events import FileShown, PersonalDataShown
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import Applicant, Case
from onedoor.cases.queries import KeptFile
from onedoor.cases.rules.words import ApplicantKind, IdType, Purpose
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger


@ledger.recorded
def show_personal_data(case: Case, *, purpose: str, by: Actor, at: datetime) -> ApplicantData:
    """Return the applicant's data in full, and record who saw it and what for."""
    _refuse_unknown(purpose)
    event = PersonalDataShown(subject=f"case-access:{case.number}", purpose=purpose)
    ledger.record(event, by=by.ref, at=at)
    return applicant_data(case.applicant)


@ledger.recorded
def show_file(case: Case, kept: KeptFile, *, purpose: str, by: Actor, at: datetime) -> None:
    """Record who opens a file of the case and what for; called before it is served."""
    _refuse_unknown(purpose)
    event = FileShown(subject=f"case-access:{case.number}", purpose=purpose, file=kept.file.digest)
    ledger.record(event, by=by.ref, at=at)


def _refuse_unknown(purpose: str) -> None:
    if purpose not in {each.value for each in Purpose}:
        raise NotValid("case.unknown_purpose", "请选择查看目的。", field="purpose")


def applicant_data(person: Applicant) -> ApplicantData:
    """Return an applicant's row as the data it holds; for services, never for a page."""
    return ApplicantData(
        ApplicantKind(person.kind),
        person.name,
        IdType(person.id_type),
        person.id_number,
        person.phone,
        person.address,
        person.agent,
        person.is_served_online,
    )
