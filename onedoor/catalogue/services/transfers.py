"""The transfer list (划转事项清单): drafted by one person, published by another, held from a day.

Commands test the day and do not wait for the worker; cases received before it go on as they began.

Basis: 许可法25, 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import unit_named
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import (
    ItemTransferred,
    TransferDrafted,
    TransferDropped,
    TransferPublished,
)
from onedoor.catalogue.models import LICENCE_TYPE, Item, TransferBatch, TransferItem
from onedoor.catalogue.queries.transfers import transferred
from onedoor.catalogue.rules.cells import Row
from onedoor.catalogue.rules.columns import TRANSFER_COLUMNS, TRANSFER_REQUIRED
from onedoor.catalogue.rules.transfers import (
    BatchState,
    BatchTold,
    Moved,
    check,
    check_day,
    read_moved,
)
from onedoor.catalogue.services.reports import ImportReport
from onedoor.catalogue.services.tables import Table
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact, digest


@ledger.recorded
def draft_transfer(told: BatchTold, *, by: Actor, at: datetime) -> TransferBatch:
    """Write a batch down, or put another in the place of its draft; it holds once published."""
    _editors_only(by)
    check(told, today=day_of(at))
    unit = Organisation.objects.filter(code=told.unit, is_active=True).first()
    if unit is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=told.unit)
    there = _locked(told.number)
    if there is not None:
        _still_a_draft(there)
        there.items.all().delete()
    batch = there or TransferBatch(number=told.number)
    batch.basis, batch.effective_on, batch.unit = told.basis.strip(), told.effective_on, unit
    batch.drafted_by, batch.drafted_at = by.ref, at
    batch.save(force_insert=there is None)
    rows = [
        TransferItem(
            batch=batch,
            item=(item := _item(moved, unit, batch=told.number)),
            former_unit=item.unit,
            kept_duties=moved.kept_duties.strip(),
            liaison=moved.liaison.strip(),
        )
        for moved in told.items
    ]
    TransferItem.objects.bulk_create(rows)
    event = TransferDrafted(
        subject=_subject(batch),
        basis=digest(batch.basis.encode()),
        effective_on=batch.effective_on,
        unit=unit.code,
        items=_codes(rows),
    )
    ledger.record(event, by=by.ref, at=at)
    return batch


def _item(moved: Moved, unit: Organisation, *, batch: int) -> Item:
    """Return an item that may go over in this batch, or refuse."""
    item = Item.objects.select_related("unit", "current_version").filter(code=moved.code).first()
    if item is None or item.current_version is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=moved.code)
    if item.current_version.item_type != LICENCE_TYPE:
        raise NotValid(
            "transfer.not_a_licence",
            "“%(item)s”不是行政许可，不能按相对集中行政许可权划转。",
            basis="许可法25",
            item=item.current_version.name,
        )
    if item.unit_id == unit.pk:
        raise NotValid(
            "transfer.own_item", "“%(item)s”本来就是承接机关的。", item=item.current_version.name
        )
    named = {item.unit.name, item.unit.short_name, item.unit.code, ""}
    if moved.former_unit not in named:
        raise NotValid(
            "transfer.other_unit",
            "“%(item)s”在目录里属于%(unit)s，清单写的是“%(told)s”。",
            item=item.current_version.name,
            unit=item.unit.name,
            told=moved.former_unit,
        )
    earlier = TransferItem.objects.select_related("batch").filter(item=item).first()
    if earlier is not None and earlier.batch.number != batch:
        raise Refusal(
            "transfer.already",
            "“%(item)s”已经在第 %(number)s 批里。",
            item=item.current_version.name,
            number=earlier.batch.number,
        )
    return item


@ledger.recorded
def drop_transfer(number: int, *, by: Actor, at: datetime) -> None:
    """Throw a draft away."""
    _editors_only(by)
    batch = _there(number)
    _still_a_draft(batch)
    batch.delete()
    ledger.record(TransferDropped(subject=_subject(batch)), by=by.ref, at=at)


@ledger.recorded
def publish_transfer(number: int, *, by: Actor, at: datetime) -> TransferBatch:
    """Publish a batch: from its day on the receiving body decides, and the departments do not."""
    if not by.holds(Role.PUBLISHER):
        raise NotAllowed("transfer.not_publisher", "划转事项清单由全中心的“事项发布”岗位公布。")
    batch = _there(number)
    _still_a_draft(batch)
    if batch.drafted_by == by.ref:
        raise NotAllowed("transfer.same_person", "这份清单是您自己写的，请由另一位同事公布。")
    check_day(batch.effective_on, today=day_of(at))
    batch.state, batch.published_by, batch.published_at = BatchState.PUBLISHED.value, by.ref, at
    batch.save(update_fields=["state", "published_by", "published_at"])
    rows = list(transferred(batch))
    Item.objects.filter(pk__in=[row.item_id for row in rows]).update(
        transferred_to=batch.unit, transferred_at=at_local(batch.effective_on, 0)
    )
    event = TransferPublished(
        subject=_subject(batch),
        basis=digest(batch.basis.encode()),
        effective_on=batch.effective_on,
        unit=batch.unit.code,
        drafted_by=batch.drafted_by,
        items=_codes(rows),
    )
    ledger.record(event, by=by.ref, at=at)
    for row in rows:
        each = ItemTransferred(
            subject=f"item:{row.item.code}",
            batch=batch.number,
            former_unit=row.former_unit.code,
            unit=batch.unit.code,
            effective_on=batch.effective_on,
        )
        ledger.record(each, by=by.ref, at=at)
    return batch


def import_transfers(
    path_or_bytes: Path | bytes, *, filename: str, by: Actor, at: datetime
) -> ImportReport:
    """Take in a transfer list as drafts, whole or not at all; a draft that is the same stays."""
    _editors_only(by)
    table = Table(path_or_bytes, TRANSFER_COLUMNS, TRANSFER_REQUIRED)
    report = ImportReport()
    told: dict[int, BatchTold] = {}
    for line in table.lines():
        report.read += 1
        row = Row(line.cells, line.names)
        number, basis, day, unit_name, moved = read_moved(row)
        body = unit_named(unit_name)
        if body is None and unit_name:
            row.fault("no_unit", "没有叫“%(value)s”的单位。", "unit", value=unit_name[:40])
        if row.faults or number is None or day is None or body is None:
            report.refuse(line.number, row.faults)
            continue
        batch = told.get(number, BatchTold(number, basis, day, body.code, ()))
        if (batch.basis, batch.effective_on, batch.unit) != (basis, day, body.code):
            row.fault("batch_differs", "同一批的依据、生效日期和承接机关要一样。", "number")
            report.refuse(line.number, row.faults)
            continue
        try:
            _item(moved, body, batch=number)
        except Refusal as refusal:
            report.refuse(line.number, [refusal])
            continue
        told[number] = BatchTold(number, basis, day, body.code, (*batch.items, moved))
    report.unknown_columns = table.unknown
    if not report.read:
        raise NotValid("catalogue.no_rows", "文件里没有一行。")
    return report if report.refused else _write(list(told.values()), report, by=by, at=at)


@ledger.recorded
def _write(
    batches: Sequence[BatchTold], report: ImportReport, *, by: Actor, at: datetime
) -> ImportReport:
    for told in batches:
        there = _locked(told.number)
        if there is not None and _is_as_told(there, told):
            report.unchanged += len(told.items)
            continue
        draft_transfer(told, by=by, at=at)
        if there is None:
            report.created += len(told.items)
        else:
            report.changed += len(told.items)
    return report


def _is_as_told(batch: TransferBatch, told: BatchTold) -> bool:
    rows = batch.items.values_list("item__code", "kept_duties", "liaison")
    return (
        batch.basis == told.basis
        and batch.effective_on == told.effective_on
        and batch.unit.code == told.unit
        and sorted(rows) == sorted((m.code, m.kept_duties, m.liaison) for m in told.items)
    )


def _locked(number: int) -> TransferBatch | None:
    found = TransferBatch.objects.select_for_update(of=("self",)).select_related("unit")
    return found.filter(number=number).first()


def _there(number: int) -> TransferBatch:
    batch = _locked(number)
    if batch is None:
        raise NotFound("transfer.not_found", "划转事项清单没有第 %(number)s 批。", number=number)
    return batch


def _still_a_draft(batch: TransferBatch) -> None:
    if batch.standing is not BatchState.DRAFT:
        raise Refusal(
            "transfer.published", "第 %(number)s 批已经公布，不能再改。", number=batch.number
        )


def _editors_only(by: Actor) -> None:
    if not by.holds(Role.EDITOR) and not by.holds(Role.SYSTEM):
        raise NotAllowed("transfer.not_editor", "划转事项清单由全中心的“事项编辑”岗位来写。")


def _codes(rows: Sequence[TransferItem]) -> list[Fact]:
    return [*sorted(row.item.code for row in rows)]


def _subject(batch: TransferBatch) -> str:
    return f"transfer:{batch.number}"
