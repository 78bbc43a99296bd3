"""What was handed in, what is lacking, and what a notice asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from onedoor.cases.models import (
    Attachment,
    Case,
    CaseMaterial,
    Entrusting,
    Forwarding,
    Gap,
    Leaving,
    Pause,
    PrecheckGap,
    Verification,
)
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.kernel.prepared import Prepared

OF_CASE: Prepared[CaseMaterial] = Prepared(
    lambda: CaseMaterial.objects.select_related("material").order_by("order"), by="case"
)


def is_lacking(row: CaseMaterial) -> bool:
    """Say whether a material has to be asked for: it must be there, and nobody promised it."""
    if row.found is MaterialState.DEFECTIVE:
        return True
    is_missing = row.found is MaterialState.MISSING and row.material.necessity != "optional"
    return is_missing and not row.promised


def is_gathering(case: Case) -> bool:
    """Say whether materials still come in: before acceptance, or because they were promised."""
    awaits = case.supplement_due_on is not None and case.supplemented_at is None
    return case.state in (Status.RECEIVED, Status.CORRECTING) or (
        awaits and case.state in (Status.IN_REVIEW, Status.SPECIAL)
    )


def materials_of(case: Case) -> list[CaseMaterial]:
    """Return the materials of a case as they lie with it, in order; one statement."""
    rows = OF_CASE.all(case.pk)
    for row in rows:
        row.case = case
    return rows


def awaited(case: Case) -> list[CaseMaterial]:
    """Return what was promised for later and is not there yet, in the order of the list."""
    return [row for row in materials_of(case) if row.is_awaited]


def listed(case: Case) -> list[CaseMaterial]:
    """Return the materials of a case in order, each with what was asked about it last."""
    rows = case.materials.select_related("material").prefetch_related("gaps", "attachments__file")
    return list(rows.order_by("order"))


class KeptFile(NamedTuple):
    """A file of a case, and the name it was handed in under."""

    file: StoredFile
    name: str


def file_of(case: Case, digest: str) -> KeptFile:
    """Return a file handed in for the case, with which a special procedure ended, which shows what
    a check found, by which the upper body answered, or that shows how a paper was served."""
    scan = Attachment.objects.filter(case_material__case=case, file__digest=digest)
    if attachment := scan.select_related("file").first():
        return KeptFile(attachment.file, str(attachment.name))
    for model in (Verification, Pause, Forwarding, Leaving, Entrusting):
        rows = model.objects.filter(case=case, document__digest=digest)
        row = rows.select_related("document").first()
        if row is not None and row.document is not None:
            return KeptFile(row.document, str(row.document_name))
    raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")


def precheck_gaps(case: Case) -> list[PrecheckGap]:
    """Return what a pre-check sent the application back for and is not mended yet."""
    gaps = PrecheckGap.objects.filter(case_material__case=case, mended_at__isnull=True)
    return list(gaps.select_related("case_material__material").order_by("case_material__order"))


def sent_materials(case: Case) -> list[CaseMaterial]:
    """Return what was sent online, in order, with the files and what a pre-check said of each."""
    rows = case.materials.select_related("material")
    return list(rows.prefetch_related("precheck_gaps", "attachments__file").order_by("order"))


def open_gaps(case: Case) -> list[Gap]:
    """Return what the applicant still has to bring."""
    if case.state is not Status.CORRECTING:
        return []
    gaps = Gap.objects.filter(case_material__case=case, supplied_at__isnull=True)
    return list(gaps.select_related("case_material__material").order_by("case_material__order"))


@dataclass(frozen=True)
class HandedBefore:
    """A material the same applicant already gave to the centre: where, when, with which case."""

    unit: str
    alias: str
    on: date


def handed_before(case: Case) -> dict[str, HandedBefore]:
    """Return what the applicant of a case handed in with other cases within a year, by name.

    The centre does not ask twice for what it holds (重复提交, bad-review code 210); one statement.
    """
    assert case.received_at is not None
    since = case.received_at - timedelta(days=365)
    rows = (
        CaseMaterial.objects.filter(
            case__applicant__id_index=case.applicant.id_index,
            case__received_at__gte=since,
            case__received_at__lte=case.received_at,
            state=MaterialState.OK.value,
        )
        .exclude(case=case)
        .order_by("case__received_at")
        .values_list("material__name", "case__unit__name", "case__alias", "case__received_at")[:500]
    )
    return {name: HandedBefore(unit, alias, day_of(at)) for name, unit, alias, at in rows if at}
