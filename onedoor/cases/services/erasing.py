"""Erasing what a case knows of a person, once its file has been disposed of.

Numbers, states, dates and digests stay; the ledger holds only digests whose salts go with the rest.
Basis: 个人信息保护法 47.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from onedoor.cases.models import (
    Applicant,
    Application,
    ApplicationFile,
    Attachment,
    Case,
    Draft,
    EndServing,
    Entrusting,
    Forwarding,
    Hearing,
    Leaving,
    LicenceNote,
    Note,
    Pause,
    Posting,
    Sender,
    SupervisionPush,
    Survey,
    Verification,
)
from onedoor.files import services as files
from onedoor.kernel.errors import Refusal
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField
from onedoor.ledger import services as ledger
from onedoor.messages import services as messages
from onedoor.papers import services as papers

OF_CASE: dict[type[Model], str] = {
    Note: "case",
    LicenceNote: "licence__case",
    Forwarding: "case",
    Pause: "case",
    Survey: "case",
    Hearing: "case",
    Posting: "case",
    Leaving: "case",
    Entrusting: "case",
    EndServing: "licence__case",
    Verification: "case",
    SupervisionPush: "licence__case",
}
"""Rows that stay, with what was written in them gone: the way from each to its case."""

DOCUMENTED = {
    model: OF_CASE[model]
    for model in (Forwarding, Leaving, Entrusting, EndServing, Pause, Verification)
}
"""Those of them that have a file."""


@ledger.recorded
def erase(case: Case, *, at: datetime) -> None:
    """Erase personal data, texts, files and papers of a closed case; part of a disposal."""
    if case.is_open:
        raise Refusal("case.still_open", "这一件还没有办结，不能销毁。")
    loose: list[UUID] = []
    for model, path in DOCUMENTED.items():
        rows = model._default_manager.filter(**{path: case}, document__isnull=False)
        loose += rows.values_list("document", flat=True)
        rows.update(document=None)
    for kept, path in OF_CASE.items():
        kept._default_manager.filter(**{path: case}).update(**_blank(kept))
    attached = Attachment.objects.filter(case_material__case=case)
    loose += attached.values_list("file", flat=True)
    attached.delete()
    Draft.objects.filter(case=case).delete()
    Sender.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(erased_at=at)
    _erase_applicant(case)
    loose += _erase_joint(case)
    for subject in (case.number, f"licence:{case.number}"):
        papers.erase(subject, at=at)
    messages.forget_about(case.subject)
    transaction.on_commit(partial(files.forget, loose))


def _erase_applicant(case: Case) -> None:
    """Erase who applied, unless another case of the same application still needs it."""
    applicant = case.applicant_id
    if not Case.objects.filter(applicant=applicant, erased_at__isnull=True).exists():
        Applicant.objects.filter(pk=applicant).update(**_blank(Applicant))


def _erase_joint(case: Case) -> list[UUID]:
    """Erase the joint application with the last of its cases, and return its files."""
    whole = Application.objects.filter(members__case=case).first()
    if whole is None or whole.members.filter(case__erased_at__isnull=True, case__isnull=False):
        return []
    handed = ApplicationFile.objects.filter(material__application=whole)
    loose = list(handed.values_list("file", flat=True))
    handed.delete()
    Application.objects.filter(pk=whole.pk).update(extension_reason="", extension_salt="")
    papers.erase(whole.number, at=case.moved_at)
    return loose


def _blank(model: type[Model]) -> dict[str, Any]:
    return {
        field.name: ""
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField | EqualityIndexField) or field.name == "salt"
    }
