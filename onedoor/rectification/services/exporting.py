"""Findings leave with their proofs: asked for, packed by the worker, every read on record.

Basis: 审计法 35 (systems are open to audit offices); 个人信息保护法 54 (what is done with personal
data is on record).
"""

from __future__ import annotations

import errno
import logging
import tempfile
import zipfile
from datetime import datetime, timedelta

from django.conf import settings

from onedoor.accounts.rules import Actor
from onedoor.archive.writing import Writer
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import installation, numbers
from onedoor.ledger import services as ledger
from onedoor.rectification import contents
from onedoor.rectification.events import EvidenceRead, ProofsAsked, ProofsRead
from onedoor.rectification.models import EvidenceRevision, ProofExport, ProofPart
from onedoor.rectification.queries import lists
from onedoor.rectification.queries.exports import EXPORTING
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.words import ProofUse

logger = logging.getLogger(__name__)

ZIP = "application/zip"
SIZE = 50
"""Findings in one part: a part is made in seconds, and the worker goes on to its other clocks."""
MOST = 10_000
IN_MEMORY = 8 * 1024 * 1024
AGAIN, LATER = timedelta(seconds=10), timedelta(hours=1)


@ledger.recorded
def ask_export(
    *, purpose: ProofUse, shown: Shown = Shown.ALL, unit: str = "", by: Actor, at: datetime
) -> ProofExport:
    """Ask for findings with evidence and proofs; the worker makes the parts one after another."""
    if not by.holds_any(*EXPORTING):
        raise NotAllowed("proofs.not_auditor", "带存证的导出由审计、督查人员来要。")
    found = lists.ledger(by, shown=shown, on=day_of(at), unit=unit).order_by("number")
    taken = list(found.values_list("number", flat=True)[: MOST + 1])
    if not taken:
        raise Refusal("proofs.nothing", "按这个条件没有问题可以导出。")
    if len(taken) > MOST:
        raise Refusal(
            "proofs.too_many", "一次最多导出 %(most)s 个问题，请按单位或状态分开。", most=MOST
        )
    row = ProofExport.objects.create(
        number=numbers.take_yearly("proofs", ProofExport.objects.all(), stem="DC", width=5, at=at),
        purpose=purpose.value,
        shown=shown.value,
        unit=unit[:64],
        finding_count=len(taken),
        asked_by=by.ref,
        asked_at=at,
    )
    ProofPart.objects.bulk_create(
        [
            ProofPart(export=row, place=n, findings=taken[first : first + SIZE], make_at=at)
            for n, first in enumerate(range(0, len(taken), SIZE), 1)
        ]
    )
    event = ProofsAsked(
        subject=f"proofs:{row.number}",
        purpose=purpose.value,
        shown=shown.value,
        unit=row.unit,
        findings=len(taken),
    )
    ledger.record(event, by=by.ref, at=at)
    return row


def make_parts(*, at: datetime) -> int:
    """Make the part that waits longest; a timer. What cannot be made yet says why and waits."""
    waiting = ProofPart.objects.filter(make_at__lte=at).select_related("export")
    part = waiting.order_by("make_at", "export__number", "place").first()
    if part is None:
        return 0
    proven = contents.proven(part.findings)
    if proven is None:
        return _postpone(part, "proofs.proof_awaited", at + AGAIN)
    try:
        is_made = _make(part, proven, at=at)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        logger.warning("%s was not made: the disk is full", part.name)
        return _postpone(part, "proofs.disk_full", at + LATER)
    return 1 if is_made else _postpone(part, "proofs.proof_awaited", at + AGAIN)


def _postpone(part: ProofPart, why: str, until: datetime) -> int:
    ProofPart.objects.filter(pk=part.pk, package=None).update(fault=why, make_at=until)
    return 0


def _make(part: ProofPart, proven: contents.Proven, *, at: datetime) -> bool:
    """Write, sign and keep a part; half a package is never left behind.

    Not kept when something was recorded meanwhile: it would tell of a step without its proof.
    """
    folder = settings.DATA / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder)) as draft:
        with zipfile.ZipFile(draft, "w") as archive:
            writer = Writer(archive, day_of(part.export.asked_at))
            contents.fill(writer, part.findings, proven)
            about = {
                "number": part.name,
                "title": "审计整改带存证导出",
                "purpose": part.export.what_for.zh,
                "made_at": at.isoformat(),
                "findings": len(part.findings),
            }
            writer.sign(
                about,
                public_key=installation.current().ledger_key,
                sign=crypto.signing_key("ledger").sign,
            )
        if not contents.is_all(part.findings, proven):
            return False
        stored = files.keep(draft, media_type=ZIP, at=at)
    waiting = ProofPart.objects.filter(pk=part.pk, package=None)
    waiting.update(package=stored, file_count=len(writer.files), made_at=at, make_at=None, fault="")
    return True


@ledger.recorded
def read_part(part: ProofPart, *, by: Actor, at: datetime) -> StoredFile:
    """Return the package of a part, and record who took it out and what for."""
    if not by.holds_any(*EXPORTING) or part.package is None:
        raise NotAllowed("proofs.not_auditor", "带存证的导出由审计、督查人员来要。")
    event = ProofsRead(
        subject=f"proofs:{part.export.number}",
        purpose=part.export.purpose,
        part=part.place,
        package=part.package.digest,
    )
    ledger.record(event, by=by.ref, at=at)
    return part.package


@ledger.recorded
def read_evidence(row: EvidenceRevision, *, by: Actor, at: datetime) -> StoredFile:
    """Return a file of evidence, and record who opened it."""
    event = EvidenceRead(
        subject=f"finding-access:{row.evidence.finding.number}",
        evidence=row.evidence.sequence,
        version=row.number,
        file=row.file.digest,
    )
    ledger.record(event, by=by.ref, at=at)
    return row.file
