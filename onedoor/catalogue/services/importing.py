"""Take in an item list, whole or not at all. What changed waits for another person to publish it.

The file is read twice: first every row is checked, then, when none is refused, all are written in
one transaction, a few hundred at a time. The same list again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import IntegrityError, transaction

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import queries
from onedoor.catalogue.events import ItemsImported
from onedoor.catalogue.rules.code_sets import CodeSets
from onedoor.catalogue.rules.columns import ITEM_COLUMNS, ITEM_REQUIRED
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.services import units
from onedoor.catalogue.services.folders import Folder
from onedoor.catalogue.services.import_batches import BATCH, Batch, not_your_unit, place_of
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Line, Table, misfit
from onedoor.catalogue.services.units import Department
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger


class _RowsRefused(Exception):
    """Rolls back what was written, because rows were refused while writing."""


def import_items(
    path_or_bytes: Path | str | bytes,
    *,
    filename: str,
    by: Actor,
    at: datetime,
    codes: str = "",
) -> ImportReport:
    """Take in a list of items as versions that wait for publication; any refused row stops it.

    ``codes`` names the place whose code tables the file is written in, where not the nation's.
    """
    allowed = by.units_of((Role.EDITOR, Role.SYSTEM))
    if allowed is not None and not allowed:
        raise NotAllowed("catalogue.not_editor", "导入事项需要“事项编辑”岗位。请找系统管理员开通。")
    content = Path(path_or_bytes) if isinstance(path_or_bytes, str) else path_or_bytes
    table: Table | Folder
    if isinstance(content, Path) and content.is_dir():
        table = Folder(content)
    else:
        table = Table(content, ITEM_COLUMNS, ITEM_REQUIRED)
    sets = _sets(codes)
    report, departments = _check(table, sets, at)
    known = units.match(departments.values())
    for key, each in departments.items():
        unit = known[key]
        if allowed is not None and (unit is None or unit.pk not in allowed):
            for number in each.rows:
                report.refuse(number, [not_your_unit(each.name)])
    report.refused.sort(key=lambda refused: refused.row)
    if report.refused:
        return report
    try:
        written = _write(table, sets, departments, report, allowed, by=by, at=at)
    except _RowsRefused:
        return report
    except IntegrityError:
        raise Refusal(
            "catalogue.changed_meanwhile",
            "导入时有人正在改同样的事项。没有做任何改动，请再导入一次。",
        ) from None
    report.created, report.changed, report.unchanged = written
    return report


def _sets(codes: str) -> CodeSets:
    sets = queries.code_sets()
    if codes and codes not in sets.upstreams:
        raise NotValid(
            "catalogue.unknown_codes",
            "没有叫“%(name)s”的代码对照表，可以用：%(known)s。",
            name=codes[:40],
            known="、".join(sorted(sets.upstreams)),
        )
    return replace(sets, upstream=codes)


def _rows(
    table: Table | Folder, sets: CodeSets, at: datetime
) -> Iterator[tuple[Line, ItemRow | RowFault]]:
    types, on = queries.item_types(), day_of(at)
    for line in table.lines():
        row = read_row(
            line.number,
            line.cells,
            names=line.names,
            types=types,
            sets=sets,
            on=on,
            lists=line.lists,
        )
        yield line, row


def _check(
    table: Table | Folder, sets: CodeSets, at: datetime
) -> tuple[ImportReport, dict[tuple[str, str], Department]]:
    """Read every row once; return what is refused, and the departments of the file."""
    report = ImportReport()
    first_with: dict[str, int] = {}
    departments: dict[tuple[str, str], Department] = {}
    for line, row in _rows(table, sets, at):
        report.read += 1
        faults = [misfit(line.misfit)] if line.misfit else []
        if isinstance(row, RowFault):
            report.refuse(row.number, [*faults, *row.reasons])
            continue
        other = first_with.setdefault(row.code, row.number)
        if other != row.number:
            faults.append(_code_twice(row.code, other))
        if faults:
            report.refuse(row.number, faults)
            continue
        place = place_of(row.division_code)
        department = departments.setdefault(
            (place, row.unit_name), Department(place, row.unit_name)
        )
        department.code = department.code or row.unit_code
        department.rows.append(row.number)
    report.unknown_columns = table.unknown
    if not report.read:
        raise NotValid("catalogue.no_rows", "文件里没有一行事项。")
    return report, departments


@ledger.recorded
def _write(
    table: Table | Folder,
    sets: CodeSets,
    departments: dict[tuple[str, str], Department],
    report: ImportReport,
    allowed: frozenset[object] | None,
    *,
    by: Actor,
    at: datetime,
) -> tuple[int, int, int]:
    """Write all rows, or none: an exception takes everything back, in a larger service too."""
    created = changed = unchanged = aliases = 0
    content = sha256()
    with transaction.atomic():
        known = units.create(departments.values(), units.match(departments.values()))
        for rows in _batches(row for _, row in _rows(table, sets, at) if isinstance(row, ItemRow)):
            batch = Batch(rows, known, by=by, at=at)
            batch.refuse_strangers(report, allowed)
            if report.refused:
                continue
            batch.write()
            batch.look(report, on=day_of(at))
            created += batch.created
            changed += batch.changed
            unchanged += batch.unchanged
            aliases += batch.aliases
            for version in batch.versions:
                content.update(f"{version.item.code} {version.content_digest}\n".encode())
        if report.refused:
            raise _RowsRefused
        if created or changed or aliases:
            event = ItemsImported(
                subject="catalogue:items",
                file=table.digest(),
                content=f"sha256:{content.hexdigest()}",
                read=report.read,
                created=created,
                changed=changed,
                unchanged=unchanged,
                aliases=aliases,
            )
            ledger.record(event, by=by.ref, at=at)
    return created, changed, unchanged


def _batches(rows: Iterable[ItemRow]) -> Iterator[list[ItemRow]]:
    batch: list[ItemRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _code_twice(code: str, other: int) -> NotValid:
    return NotValid(
        "catalogue.code_twice", "编码 %(item)s 和第 %(other)s 行重复。", item=code, other=other
    )
