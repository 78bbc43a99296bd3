"""A closed case becomes a file: entered when it closes, packed by the worker, read for a use."""

from __future__ import annotations

import errno
import logging
import tempfile
import zipfile
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.db import transaction

from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.archive import contents, pack
from onedoor.archive.events import FilePacked, FileRead
from onedoor.archive.models import ArchiveFile
from onedoor.archive.rules.retention import file_number, kept_until
from onedoor.archive.rules.words import FileState, Use
from onedoor.archive.writing import Writer
from onedoor.cases.models import Case
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel import crypto
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import installation
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger

logger = logging.getLogger(__name__)
EVENING = 20
"""From this hour on, what closed that day is packed: the windows need the machine by day."""

ROUND = 5
AGAIN = timedelta(minutes=2)
LATER = timedelta(hours=1)
IN_MEMORY = 32 * 1024 * 1024
"""A package larger than this waits on the disk, in a file without a name, while it is written."""

ZIP = "application/zip"


@ledger.recorded
def enter(case: Case, *, at: datetime) -> ArchiveFile:
    """Enter a closed case, to be packed this evening; entered once, however often."""
    there = ArchiveFile.objects.filter(case=case).first()
    if there is not None:
        return there
    table = pack.table()
    closed = day_of(case.ended_at or case.moved_at)
    term = table.of(item=case.item.code, item_type=case.item_version.item_type)
    year, unit = closed.year, case.unit
    serial = series.take_within(
        f"archive-{unit.pk}-{term.value}:{year}",
        highest_used=lambda: _highest(case, term.value, year),
        block=1,
    )
    return ArchiveFile.objects.create(
        number=file_number(table.fonds, year, term, unit.sequence, serial),
        case=case,
        year=year,
        serial=serial,
        retention=term.value,
        closed_on=closed,
        kept_until=kept_until(closed, term),
        pack_at=_evening(at),
    )


def _evening(at: datetime) -> datetime:
    """Return the next moment at which the machine has time to pack."""
    tonight = at_local(day_of(at), EVENING)
    return tonight if at < tonight else tonight + timedelta(days=1)


def _highest(case: Case, term: str, year: int) -> int:
    rows = ArchiveFile.objects.filter(case__unit=case.unit_id, retention=term, year=year)
    return rows.order_by("-serial").values_list("serial", flat=True).first() or 0


def pack_now(file: ArchiveFile, *, by: Actor, at: datetime) -> None:
    """Let the worker pack a file at its next round instead of this evening."""
    _keeper_only(by)
    ArchiveFile.objects.filter(pk=file.pk, state=FileState.WAITING.value).update(pack_at=at)


def supplement(case: Case, *, at: datetime) -> None:
    """Have a kept file packed again: its licence was ended, by a paper that belongs to it."""
    kept = ArchiveFile.objects.filter(case=case, state=FileState.KEPT.value)
    kept.update(state=FileState.WAITING.value, pack_at=at)


def supplement_sealed(case: Case, *, sealed_at: datetime, at: datetime) -> None:
    """Have a kept file packed again in the evening: a paper in it has got its seal only now."""
    kept = ArchiveFile.objects.filter(case=case, state=FileState.KEPT.value)
    earlier = kept.filter(packed_at__lte=sealed_at)
    earlier.update(state=FileState.WAITING.value, pack_at=_evening(at))


def pack_waiting(*, at: datetime) -> int:
    """Pack what has its hour, a few a round; a timer. What cannot be packed says why and waits."""
    waiting = ArchiveFile.objects.filter(state=FileState.WAITING.value, pack_at__lte=at)
    return sum(pack_one(file, at=at) for file in waiting.order_by("pack_at")[:ROUND])


def pack_one(file: ArchiveFile, *, at: datetime) -> bool:
    """Pack one file; say whether it is kept now. Half a package is never left behind."""
    file = ArchiveFile.objects.select_related(
        "case__item", "case__item_version", "case__unit", "case__applicant", "package"
    ).get(pk=file.pk)
    if why := contents.ready(file):
        return _postpone(file, why, at + AGAIN)
    try:
        _pack(file, at=at)
    except Refusal as refusal:
        logger.warning("%s was not packed: %s", file.number, refusal.code)
        return _postpone(file, refusal.code, at + LATER)
    return True


def _postpone(file: ArchiveFile, why: str, until: datetime) -> bool:
    waiting = ArchiveFile.objects.filter(pk=file.pk, state=FileState.WAITING.value)
    waiting.update(fault=why, pack_at=until)
    return False


def _pack(file: ArchiveFile, *, at: datetime) -> None:
    folder = settings.DATA / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder)) as draft:
            writer = _written(draft, file, at=at)
            _announce(file, files.digest_of(draft))
            stored = files.keep(draft, media_type=ZIP, at=at)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise Refusal("archive.disk_full", "磁盘满了，没有归档，也没有留下任何东西。") from None
    if not _keep(file, stored, count=len(writer.files), at=at) and not _is_used(stored):
        files.forget([stored.pk])


def _announce(file: ArchiveFile, digest: str) -> None:
    """Note what is about to be kept, and drop what an earlier try left behind when it died."""
    left = ArchiveFile.objects.get(pk=file.pk).digest
    if left not in ("", digest) and not ArchiveFile.objects.filter(package__digest=left).exists():
        files.drop(left)
    same = ArchiveFile.objects.filter(
        pk=file.pk, state=FileState.WAITING.value, edition=file.edition
    )
    same.update(digest=digest)


def _is_used(stored: StoredFile) -> bool:
    return ArchiveFile.objects.filter(package=stored).exists()


def _written(draft: IO[bytes], file: ArchiveFile, *, at: datetime) -> Writer:
    with zipfile.ZipFile(draft, "w") as archive:
        writer = Writer(archive, file.closed_on)
        contents.fill(writer, file, at=at)
        writer.sign(
            contents.about(file, edition=file.edition + 1),
            public_key=installation.current().ledger_key,
            sign=crypto.signing_key("ledger").sign,
        )
    return writer


@ledger.recorded
def _keep(file: ArchiveFile, stored: StoredFile, *, count: int, at: datetime) -> bool:
    """Make the package the file's own, unless somebody else just did."""
    same = ArchiveFile.objects.filter(
        pk=file.pk, state=FileState.WAITING.value, edition=file.edition
    )
    changed = same.update(
        state=FileState.KEPT.value,
        edition=file.edition + 1,
        package=stored,
        digest=stored.digest,
        size=stored.size,
        file_count=count,
        packed_at=at,
        fault="",
    )
    if not changed:
        return False
    event = FilePacked(
        subject=file.subject,
        case=file.case.number,
        edition=file.edition + 1,
        package=stored.digest,
        size=stored.size,
        files=count,
        retention=file.retention,
        kept_until=file.kept_until or "",
    )
    ledger.record(event, by=SYSTEM.ref, at=at)
    if file.package_id is not None and file.package_id != stored.pk:
        transaction.on_commit(partial(files.forget, [file.package_id]))
    return True


@ledger.recorded
def read(file: ArchiveFile, *, purpose: str, by: Actor, at: datetime) -> StoredFile:
    """Return the package of a file, and record who took it out and what for."""
    if purpose not in set(Use):
        raise NotValid("archive.no_purpose", "请选择利用目的。", field="purpose")
    if file.package is None:
        raise Refusal(
            "archive.not_kept", "这份档案现在是“%(state)s”，没有可以下载的。", state=file.standing
        )
    event = FileRead(subject=f"archive-access:{file.number}", purpose=purpose, package=file.digest)
    ledger.record(event, by=by.ref, at=at)
    return file.package


def _keeper_only(by: Actor) -> None:
    if not by.holds(Role.ARCHIVIST):
        raise NotAllowed("archive.keeper_only", "这一步由档案管理员来办。")
