"""Scans kept with the materials of a case, or with those its joint application shares."""

from __future__ import annotations

from datetime import datetime
from typing import IO
from uuid import UUID

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import joint, joint_gaps, queries
from onedoor.cases.events import FileAttached
from onedoor.cases.inputs import plain
from onedoor.cases.models import Application, ApplicationFile, Attachment, Case, CaseMaterial
from onedoor.catalogue.rules.packages import key_of
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.kernel.written import insert
from onedoor.ledger import services as ledger


@ledger.recorded
def attach(
    case: Case, *, order: int, name: str, content: IO[bytes], by: Actor, at: datetime
) -> Attachment:
    """Keep a scan of a material with the case; the file is stored once, by digest.

    Only by those who receive or accept, and only while materials are still to come.
    """
    _may_attach(by, case.unit_id)
    if not queries.is_gathering(case):
        raise Refusal(
            "case.files_closed",
            "这一件现在是“%(status)s”，不能再加材料。",
            status=case.state,
        )
    row = case.materials.filter(order=order).first()
    if row is None:
        raise NotFound("case.no_such_material", "这一件没有第 %(order)s 份材料。", order=order)
    stored = files.store(content, at=at)
    attachment = Attachment(case_material=row, file=stored, name=_named(name), added_at=at)
    insert([attachment])
    _record(f"case-files:{case.number}", order, stored, by=by, at=at)
    return attachment


@ledger.recorded
def attach_joint(
    application: Application, *, order: int, name: str, content: IO[bytes], by: Actor, at: datetime
) -> ApplicationFile:
    """Keep a scan of a shared material once; every case that needs it points to the same file."""
    _may_attach(by, application.unit_id)
    row = application.materials.filter(order=order).first()
    if row is None:
        raise NotFound("case.no_such_material", "这一件没有第 %(order)s 份材料。", order=order)
    application = held(application)
    if not joint_gaps.is_gathering(application):
        raise Refusal("application.files_closed", "每一项都受理了，不能再加材料。")
    stored = files.store(content, at=at)
    kept = ApplicationFile(material=row, file=stored, name=_named(name), added_at=at)
    ApplicationFile.objects.bulk_create([kept])
    for member in application.members.filter(case__status__in=joint.GATHERING):
        assert member.case is not None
        link_files(application, member.case, at=at, only=kept)
    _record(f"application-files:{application.number}", order, stored, by=by, at=at)
    return kept


def held(application: Application) -> Application:
    """Hold the application until the transaction ends: a file that is added while a member
    begins would be missed by both."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def link_files(
    application: Application, case: Case, *, at: datetime, only: ApplicationFile | None = None
) -> None:
    """Let the materials of a case point to the files of the application's."""
    kept = ApplicationFile.objects.filter(material__application=application)
    by_key: dict[str, list[ApplicationFile]] = {}
    for each in [only] if only else kept.select_related("material").order_by("added_at"):
        by_key.setdefault(each.material.key, []).append(each)
    if not by_key:
        return
    rows = CaseMaterial.objects.filter(case=case).select_related("material").order_by("order")
    Attachment.objects.bulk_create(
        [
            Attachment(case_material=row, file_id=each.file_id, name=each.name, added_at=at)
            for row in rows
            for each in by_key.get(key_of(row.material.name), ())
        ]
    )


def _may_attach(by: Actor, unit: UUID) -> None:
    if by.roles_in(unit).isdisjoint({Role.DESK, Role.ACCEPTOR}):
        raise NotAllowed("case.files_not_yours", "材料由综窗或受理岗上传。")


def _named(name: str) -> str:
    return plain("name", name, "文件名", most=200, required=False) or "file"


def _record(subject: str, order: int, stored: StoredFile, *, by: Actor, at: datetime) -> None:
    event = FileAttached(
        subject=subject,
        material=order,
        file=stored.digest,
        size=stored.size,
        media_type=stored.media_type,
    )
    ledger.record(event, by=by.ref, at=at)
