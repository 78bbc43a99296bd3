"""Take in administrative divisions (行政区划), whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import DivisionsImported
from onedoor.catalogue.models import Division
from onedoor.catalogue.rules.cells import Row, half_width
from onedoor.catalogue.rules.columns import DIVISION_COLUMNS, DIVISION_REQUIRED
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Line, Table, misfit
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import services as ledger

NAME_LIMIT = 100
BATCH = 500
CODE_LENGTHS = {2, 4, 6, 9, 12}


def import_divisions(
    path_or_bytes: Path | str | bytes, *, filename: str, by: Actor, at: datetime
) -> ImportReport:
    """Take in a list of divisions; what is there already is brought up to date."""
    if not by.holds(Role.SYSTEM) and not by.holds(Role.EDITOR):
        raise NotAllowed("catalogue.not_editor", "导入区划需要全中心的“事项编辑”岗位。")
    content = Path(path_or_bytes) if isinstance(path_or_bytes, str) else path_or_bytes
    table = Table(content, DIVISION_COLUMNS, DIVISION_REQUIRED)
    report = ImportReport()
    rows: dict[str, Division] = {}
    for line in table.lines():
        report.read += 1
        faults = [misfit(line.misfit)] if line.misfit else []
        found = _read(line, rows)
        if not isinstance(found, Division):
            faults += found
        if faults:
            report.refuse(line.number, faults)
        elif isinstance(found, Division):
            rows[found.code] = found
    report.unknown_columns = table.unknown
    if not report.read:
        raise NotValid("catalogue.no_rows", "文件里没有一行。")
    return report if report.refused else _write(table, rows, report, by=by, at=at)


def _read(line: Line, earlier: dict[str, Division]) -> Division | list[NotValid]:
    row = Row(line.cells, line.names)
    code, name = half_width(row.required("code", 12)), row.required("name", NAME_LIMIT)
    parent = row.plain("parent", 12)
    for field, value in (("code", code), ("parent", parent)):
        if value and not (value.isascii() and value.isdigit() and len(value) in CODE_LENGTHS):
            row.fault("bad_division", "区划代码“%(value)s”不对，应是数字。", field, value=value)
    if code in earlier:
        row.fault("division_twice", "区划代码 %(value)s 前面已有一行。", "code", value=code)
    return row.faults or Division(code=code, name=name, parent=parent)


@ledger.recorded
def _write(
    table: Table, rows: dict[str, Division], report: ImportReport, *, by: Actor, at: datetime
) -> ImportReport:
    there = {d.code: (d.name, d.parent) for d in Division.objects.all().iterator()}
    fresh = [d for code, d in rows.items() if code not in there]
    other = [
        d for code, d in rows.items() if there.get(code, (d.name, d.parent)) != (d.name, d.parent)
    ]
    Division.objects.bulk_create(fresh, batch_size=BATCH)
    Division.objects.bulk_update(other, ["name", "parent"], batch_size=BATCH)
    report.created, report.changed = len(fresh), len(other)
    report.unchanged = len(rows) - len(fresh) - len(other)
    if fresh or other:
        event = DivisionsImported(
            subject="catalogue:divisions",
            file=table.digest(),
            read=report.read,
            created=report.created,
            changed=report.changed,
            unchanged=report.unchanged,
        )
        ledger.record(event, by=by.ref, at=at)
    return report
