"""Take in an item list, whole or not at all. What changed waits for another person to publish it.

The file is read twice: first every row is checked, then, when none is refused, all are written in
one transaction, a few hundred at a time. The same list again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import queries
from onedoor.catalogue.events import ItemsImported
from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.columns import ITEM_COLUMNS, ITEM_REQUIRED
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.words import VersionStatus
from onedoor.catalogue.services import units
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Line, Table
from onedoor.catalogue.services.units import Department
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger

BATCH = 400
Units = dict[tuple[str, str], Organisation]


class _RowsRefused(Exception):
    """Rolls back what was written, because rows were refused while writing."""


def import_items(
    path_or_bytes: Path | str | bytes, *, filename: str, by: Actor, at: datetime
) -> ImportReport:
    """Take in a list of items as versions that wait for publication; any refused row stops it."""
    allowed = by.units_of((Role.EDITOR, Role.SYSTEM))
    if allowed is not None and not allowed:
        raise NotAllowed("catalogue.not_editor", "导入事项需要“事项编辑”岗位。请找系统管理员开通。")
    content = Path(path_or_bytes) if isinstance(path_or_bytes, str) else path_or_bytes
    table = Table(content, ITEM_COLUMNS, ITEM_REQUIRED)
    report, departments = _check(table, at)
    known = units.match(departments.values())
    for key, each in departments.items():
        unit = known[key]
        if allowed is not None and (unit is None or unit.pk not in allowed):
            for number in each.rows:
                report.refuse(number, [_not_your_unit(each.name)])
    report.refused.sort(key=lambda refused: refused.row)
    if report.refused:
        return report
    try:
        written = _write(table, departments, report, allowed, by=by, at=at)
    except _RowsRefused:
        return report
    except IntegrityError:
        raise Refusal(
            "catalogue.changed_meanwhile",
            "导入时有人正在改同样的事项。没有做任何改动，请再导入一次。",
        ) from None
    report.created, report.changed, report.unchanged = written
    return report


def _rows(table: Table, at: datetime) -> Iterator[tuple[Line, ItemRow | RowFault]]:
    types, on = queries.item_types(), day_of(at)
    for line in table.lines():
        row = read_row(
            line.number, line.cells, names=line.names, types=types, on=on, materials=line.materials
        )
        yield line, row


def _check(table: Table, at: datetime) -> tuple[ImportReport, dict[tuple[str, str], Department]]:
    """Read every row once; return what is refused, and the departments of the file."""
    report = ImportReport()
    first_with: dict[str, int] = {}
    departments: dict[tuple[str, str], Department] = {}
    for line, row in _rows(table, at):
        report.read += 1
        faults = [_misfit(line.misfit)] if line.misfit else []
        if isinstance(row, RowFault):
            report.refuse(row.number, [*faults, *row.reasons])
            continue
        other = first_with.setdefault(row.code, row.number)
        if other != row.number:
            faults.append(_code_twice(row.code, other))
        if faults:
            report.refuse(row.number, faults)
            continue
        place = _place(row.division_code)
        department = departments.setdefault(
            (place, row.unit_name), Department(place, row.unit_name)
        )
        department.code = department.code or row.unit_code
        department.rows.append(row.number)
    report.unknown_columns = table.unknown
    if not report.read:
        raise NotValid("catalogue.no_rows", "文件里没有一行事项。")
    return report, departments


def _place(division: str) -> str:
    """Return the shortest code of a division: 511602000000 and 511602 are one place."""
    return division.removesuffix("000").removesuffix("000") if len(division) > 6 else division


@ledger.recorded
def _write(
    table: Table,
    departments: dict[tuple[str, str], Department],
    report: ImportReport,
    allowed: frozenset[object] | None,
    *,
    by: Actor,
    at: datetime,
) -> tuple[int, int, int]:
    """Write all rows, or none: an exception takes everything back, in a larger service too."""
    created = changed = unchanged = 0
    content = sha256()
    with transaction.atomic():
        known = units.create(departments.values(), units.match(departments.values()))
        for rows in _batches(row for _, row in _rows(table, at) if isinstance(row, ItemRow)):
            batch = _Batch(rows, known, by=by, at=at)
            batch.refuse_strangers(report, allowed)
            if report.refused:
                continue
            batch.write()
            created += batch.created
            changed += batch.changed
            unchanged += batch.unchanged
            for version in batch.versions:
                content.update(f"{version.item.code} {version.content_digest}\n".encode())
        if report.refused:
            raise _RowsRefused
        if created or changed:
            event = ItemsImported(
                subject="catalogue:items",
                file=table.digest(),
                content=f"sha256:{content.hexdigest()}",
                read=report.read,
                created=created,
                changed=changed,
                unchanged=unchanged,
            )
            ledger.record(event, by=by.ref, at=at)
    return created, changed, unchanged


class _Batch:
    """Some hundred rows: what is there of them already, and what they make."""

    def __init__(self, rows: list[ItemRow], known: Units, *, by: Actor, at: datetime) -> None:
        self.rows, self.known, self.by, self.at = rows, known, by, at
        codes = [row.code for row in rows]
        self.items = {item.code: item for item in Item.objects.filter(code__in=codes)}
        self.latest: dict[object, ItemVersion] = {}
        there = ItemVersion.objects.filter(item__in=list(self.items.values()))
        for version in there.only("item_id", "number", "status", "content_digest").order_by(
            "number"
        ):
            self.latest[version.item_id] = version
        self.versions: list[ItemVersion] = []
        self.created = self.changed = self.unchanged = 0

    def refuse_strangers(self, report: ImportReport, allowed: frozenset[object] | None) -> None:
        """Refuse rows whose code is that of another place, or of a unit not the importer's."""
        for row in self.rows:
            item = self.items.get(row.code)
            if item is None:
                continue
            if (
                item.division_code
                and row.division_code
                and _place(item.division_code) != _place(row.division_code)
            ):
                report.refuse(row.number, [_code_elsewhere(row.code, item.division_code)])
            elif allowed is not None and item.unit_id not in allowed:
                report.refuse(row.number, [_not_your_unit(row.unit_name)])

    def write(self) -> None:
        fresh: list[Item] = []
        superseded: list[UUID] = []
        materials: list[Material] = []
        for row in self.rows:
            unit = self.known[_place(row.division_code), row.unit_name]
            digest = row.content_digest()
            item = self.items.get(row.code)
            if item is None:
                item = Item(code=row.code, unit=unit, division_code=row.division_code)
                fresh.append(item)
                number = 1
                self.created += 1
            else:
                last = self.latest.get(item.pk)
                if last is not None and last.content_digest == digest:
                    self.unchanged += 1
                    continue
                number = last.number + 1 if last else 1
                if last is not None and last.status == VersionStatus.SUBMITTED.value:
                    superseded.append(last.pk)
                self.changed += 1
            version = self._version(row, item, unit, number, digest)
            self.versions.append(version)
            materials += _materials(row, version)
        Item.objects.bulk_create(fresh, batch_size=BATCH)
        if superseded:
            ItemVersion.objects.filter(pk__in=superseded).update(
                status=VersionStatus.SUPERSEDED.value
            )
        ItemVersion.objects.bulk_create(self.versions, batch_size=100)
        Material.objects.bulk_create(materials, batch_size=500)

    def _version(
        self, row: ItemRow, item: Item, unit: Organisation, number: int, digest: str
    ) -> ItemVersion:
        return ItemVersion(
            item=item,
            number=number,
            status=VersionStatus.SUBMITTED.value,
            unit=unit,
            unit_code=row.unit_code,
            name=row.name,
            main_item=row.main_item,
            basic_code=row.basic_code,
            item_type=row.item_type,
            kind=row.kind.value,
            statutory_limit=row.statutory.count if row.statutory else None,
            statutory_unit=row.statutory.unit.value if row.statutory else "",
            promised_limit=row.promised.count if row.promised else None,
            promised_unit=row.promised.unit.value if row.promised else "",
            deemed_acceptance=row.deemed_acceptance,
            instant_authorised=row.instant_authorised,
            legal_basis=row.legal_basis,
            limit_basis=row.limit_basis,
            conditions=row.conditions,
            place=row.place,
            hours=row.hours,
            phone=row.phone,
            complaint_phone=row.complaint_phone,
            fee_fen=row.fee_fen,
            fee_basis=row.fee_basis,
            visits=row.visits,
            is_online=row.is_online,
            result_name=row.result_name,
            edited_by=self.by.ref,
            edited_at=self.at,
            content_digest=digest,
        )


def _materials(row: ItemRow, version: ItemVersion) -> Iterator[Material]:
    for order, m in enumerate(row.materials, start=1):
        yield Material(
            version=version,
            order=order,
            name=m.name,
            necessity=m.necessity.value,
            form=m.form.value,
            originals=m.originals,
            copies=m.copies,
            source=m.source,
            basis=m.basis,
            standard=m.standard,
        )


def _batches(rows: Iterable[ItemRow]) -> Iterator[list[ItemRow]]:
    batch: list[ItemRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _misfit(cells: int) -> NotValid:
    if cells > 0:
        return NotValid("catalogue.cells_over", "这一行比表头多 %(count)s 格。", count=cells)
    return NotValid(
        "catalogue.cells_missing",
        "这一行比表头少 %(count)s 格，文件可能没有传完整。",
        count=-cells,
    )


def _code_twice(code: str, other: int) -> NotValid:
    return NotValid(
        "catalogue.code_twice", "编码 %(item)s 和第 %(other)s 行重复。", item=code, other=other
    )


def _code_elsewhere(code: str, division: str) -> NotValid:
    return NotValid(
        "catalogue.code_elsewhere",
        "编码 %(item)s 已是区划 %(division)s 的事项。",
        item=code,
        division=division,
    )


def _not_your_unit(name: str) -> NotValid:
    return NotValid(
        "catalogue.not_your_unit", "您只能导入本单位的事项，这一行是“%(name)s”的。", name=name
    )
