"""Builders: a closed case with a scan, its file, and that file's package."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from onedoor.archive import services as archive
from onedoor.archive.models import ArchiveFile
from onedoor.archive.rules.verify import Fault, Package, verify
from onedoor.archive.subscribers import on_case_moved
from onedoor.cases import services as cases
from onedoor.cases.models import Case
from onedoor.cases.tests import given
from onedoor.cases.tests.given import FRIDAY
from onedoor.files import services as files
from onedoor.ledger import queries as ledger
from onedoor.ledger import sealing
from onedoor.ledger.models import Entry
from onedoor.ledger.signatures import is_signed

DAY = timedelta(days=1)
CLOSED = FRIDAY + 5 * DAY
TONIGHT = CLOSED + timedelta(hours=12)
SCAN = b"%PDF-1.4 a scan of an application %%EOF"
DECADES = timedelta(days=365 * 31)


def closed(scan: bytes = SCAN, *, item: str = given.LICENCE, at: datetime = FRIDAY) -> Case:
    """Return a case with a scan, taken back by the applicant: the shortest road to its end."""
    case = given.case(item=item, at=at)
    by = given.actor("clerk")
    cases.attach(case, order=1, name="申请书.pdf", content=BytesIO(scan), by=by, at=at)
    said = {"reason": "不办了示例", "identity_checked": True}
    return given.step(cases.withdraw, case, "clerk", at=CLOSED - FRIDAY + at, **said)


def entered(case: Case) -> ArchiveFile:
    """Return the file of a closed case, entered by the worker's listener, which hears it twice."""
    for entry in Entry.objects.filter(subject=case.subject).order_by("-version")[:1]:
        on_case_moved(ledger.read(entry), CLOSED)
        on_case_moved(ledger.read(entry), CLOSED)
    return ArchiveFile.objects.get(case=case)


def sealed() -> None:
    """Give every entry its position under a signed tree head, as the worker does."""
    while sealing.seal():
        pass
    sealing.sign_head(at=datetime.now(UTC))


def kept(case: Case | None = None) -> ArchiveFile:
    """Return the packed file of a case."""
    file = entered(case or closed())
    sealed()
    assert archive.pack_one(file, at=TONIGHT), ArchiveFile.objects.get(pk=file.pk).fault
    return ArchiveFile.objects.select_related("package", "case").get(pk=file.pk)


def package_of(file: ArchiveFile) -> bytes:
    return files.opened(file.digest).read()


def faults(content: bytes, public_key: str = "") -> list[Fault]:
    """Return what is wrong with a package."""
    return list(verify(BytesIO(content), Package(), signed_by=is_signed, public_key=public_key))


def written(content: bytes, folder: Path) -> Path:
    place = folder / "package.zip"
    place.write_bytes(content)
    return place


def altered(content: bytes, change: dict[str, bytes | None]) -> bytes:
    """Return the package with members replaced, taken out (None) or added."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in change.items():
            if data is not None and name not in old.namelist():
                new.writestr(name, data)
    return made.getvalue()
