"""Take in the basic directory (基本目录), whole or not at all. Nobody here edits it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import queries
from onedoor.catalogue.events import DirectoryImported
from onedoor.catalogue.models import BasicItem
from onedoor.catalogue.rules.columns import DIRECTORY_COLUMNS, DIRECTORY_REQUIRED
from onedoor.catalogue.rules.directory import SAID, BasicLine, read_basic
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Table, misfit
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger

BATCH = 500


def import_directory(
    path_or_bytes: Path | str | bytes, *, filename: str, by: Actor, at: datetime
) -> ImportReport:
    """Take in lines of the directory; what is there already is brought up to date.

    A line the file does not have stays: the directory comes in parts. An older version of a line
    than the one known is refused.
    """
    if not by.holds(Role.SYSTEM) and not by.holds(Role.EDITOR):
        raise NotAllowed("catalogue.not_editor", "导入基本目录需要全中心的“事项编辑”岗位。")
    content = Path(path_or_bytes) if isinstance(path_or_bytes, str) else path_or_bytes
    table = Table(content, DIRECTORY_COLUMNS, DIRECTORY_REQUIRED)
    report, lines = _read(table)
    if report.refused:
        return report
    try:
        return _write(table, lines, report, by=by, at=at)
    except IntegrityError:
        raise Refusal(
            "catalogue.changed_meanwhile",
            "导入时有人正在改同样的事项。没有做任何改动，请再导入一次。",
        ) from None


def _read(table: Table) -> tuple[ImportReport, dict[str, tuple[int, BasicLine]]]:
    report, lines = ImportReport(), dict[str, tuple[int, BasicLine]]()
    types, sets = queries.item_types(), queries.code_sets()
    for line in table.lines():
        report.read += 1
        faults = [misfit(line.misfit)] if line.misfit else []
        found = read_basic(line.cells, line.names, types=types, sets=sets)
        if not isinstance(found, BasicLine):
            faults += found
        elif found.code in lines:
            faults.append(_twice(found.code, lines[found.code][0]))
        if faults:
            report.refuse(line.number, faults)
        elif isinstance(found, BasicLine):
            lines[found.code] = (line.number, found)
    report.unknown_columns = table.unknown
    if not report.read:
        raise NotValid("catalogue.no_rows", "文件里没有一行。")
    return report, lines


@ledger.recorded
def _write(
    table: Table,
    lines: dict[str, tuple[int, BasicLine]],
    report: ImportReport,
    *,
    by: Actor,
    at: datetime,
) -> ImportReport:
    there = {row.code: row for row in BasicItem.objects.select_for_update().iterator()}
    fresh, other = [], []
    for number, line in lines.values():
        known = there.get(line.code)
        if known is None:
            fresh.append(_row(line, line.version or 1))
            continue
        is_same = all(getattr(known, name) == getattr(line, name) for name in SAID)
        version = line.version or known.version + (not is_same)
        if version < known.version:
            report.refuse(number, [_older(line.code, version, known.version)])
        elif not is_same or version != known.version:
            other.append(_row(line, version))
    if report.refused:
        return report
    with transaction.atomic():
        BasicItem.objects.bulk_create(fresh, batch_size=BATCH)
    BasicItem.objects.bulk_update(other, [*SAID, "version"], batch_size=BATCH)
    report.created, report.changed = len(fresh), len(other)
    report.unchanged = len(lines) - len(fresh) - len(other)
    if fresh or other:
        _tell(table, report, by=by, at=at)
    return report


def _row(line: BasicLine, version: int) -> BasicItem:
    said = {name: getattr(line, name) for name in SAID}
    return BasicItem(code=line.code, version=version, **said | {"state": line.state.value})


def _tell(table: Table, report: ImportReport, *, by: Actor, at: datetime) -> None:
    event = DirectoryImported(
        subject="catalogue:directory",
        file=table.digest(),
        read=report.read,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
    )
    ledger.record(event, by=by.ref, at=at)


def _twice(code: str, other: int) -> NotValid:
    return NotValid(
        "catalogue.code_twice", "编码 %(item)s 和第 %(other)s 行重复。", item=code, other=other
    )


def _older(code: str, version: int, known: int) -> NotValid:
    return NotValid(
        "catalogue.basic_older",
        "%(item)s 在文件里是第 %(version)s 版，这里已有第 %(known)s 版。",
        item=code,
        version=version,
        known=known,
    )
