"""Take in an item list, whole or not at all. What changed waits for another person to publish it.

The file is read twice: first every row is checked, then, when none is refused, all are written in
one transaction, a few hundred at a time. The same list again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import queries
from onedoor.catalogue.events import ItemsImported
from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.code_sets import CodeSets
from onedoor.catalogue.rules.columns import ITEM_COLUMNS, ITEM_REQUIRED
from onedoor.catalogue.rules.content import Content, columns, keeping
from onedoor.catalogue.rules.gates import look
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.words import Origin, VersionStatus
from onedoor.catalogue.services import units
from onedoor.catalogue.services.aliases import add_aliases
from onedoor.catalogue.services.drafts import material_rows
from onedoor.catalogue.services.folders import Folder
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Line, Table, misfit
from onedoor.catalogue.services.units import Department
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger

BATCH = 400
Units = dict[tuple[str, str], Organisation]


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
                report.refuse(number, [_not_your_unit(each.name)])
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
            batch = _Batch(rows, known, by=by, at=at)
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


class _Batch:
    """Some hundred rows: what is there of them already, and what they make."""

    def __init__(self, rows: list[ItemRow], known: Units, *, by: Actor, at: datetime) -> None:
        self.rows, self.known, self.by, self.at = rows, known, by, at
        codes = [row.code for row in rows]
        self.items = {item.code: item for item in Item.objects.filter(code__in=codes)}
        self.latest: dict[object, ItemVersion] = {}
        self.in_force: dict[object, ItemVersion] = {}
        there = ItemVersion.objects.filter(item__in=list(self.items.values()))
        current = {item.current_version_id for item in self.items.values()}
        for version in there.order_by("number"):
            self.latest[version.item_id] = version
            if version.pk in current:
                self.in_force[version.item_id] = version
        self.before = queries.contents_of([*self.latest.values(), *self.in_force.values()])
        self.versions: list[ItemVersion] = []
        self.contents: list[Content] = []
        self.created = self.changed = self.unchanged = self.aliases = 0

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
            content, item = row.content, self.items.get(row.code)
            if item is None:
                item = Item(
                    code=row.code,
                    parent_code=row.parent_code,
                    unit=unit,
                    division_code=row.division_code,
                )
                fresh.append(item)
                number = 1
                self.created += 1
            else:
                last = self.latest.get(item.pk)
                # What is in force is still so while another version waits for its day.
                if any(self._says(row, v, unit) for v in (last, self.in_force.get(item.pk)) if v):
                    self.unchanged += 1
                    continue
                if last is not None:
                    content = keeping(content, self.before[last.pk], stated=row.stated)
                number = last.number + 1 if last else 1
                if last is not None and last.status == VersionStatus.SUBMITTED.value:
                    superseded.append(last.pk)
                self.changed += 1
            version = self._version(row, content, item, unit, number)
            self.versions.append(version)
            self.contents.append(content)
            materials += material_rows(content, version)
        Item.objects.bulk_create(fresh, batch_size=BATCH)
        if superseded:
            ItemVersion.objects.filter(pk__in=superseded).update(
                status=VersionStatus.SUPERSEDED.value
            )
        ItemVersion.objects.bulk_create(self.versions, batch_size=100)
        Material.objects.bulk_create(materials, batch_size=500)
        items = self.items | {item.code: item for item in fresh}
        self.aliases = add_aliases({items[r.code].pk: r.aliases for r in self.rows if r.aliases})

    def look(self, report: ImportReport, *, on: date) -> None:
        """Count what the publish gates will say of the new versions."""
        known = queries.known_of(self.contents)
        for content in self.contents:
            setting = known.setting(content, on=on, origin=Origin.IMPORTED)
            report.warn(look(content, setting))

    def _says(self, row: ItemRow, version: ItemVersion, unit: Organisation) -> bool:
        """Say whether a version already says what the row says."""
        said = keeping(row.content, self.before[version.pk], stated=row.stated)
        return said.digest(code=row.code, unit=unit.code) == version.content_digest

    def _version(
        self, row: ItemRow, content: Content, item: Item, unit: Organisation, number: int
    ) -> ItemVersion:
        return ItemVersion(
            item=item,
            number=number,
            status=VersionStatus.SUBMITTED.value,
            unit=unit,
            unit_code=row.unit_code,
            origin=Origin.IMPORTED.value,
            plan_on=row.effective_on,
            edited_by=self.by.ref,
            edited_at=self.at,
            content_digest=content.digest(code=row.code, unit=unit.code),
            **columns(content),
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
