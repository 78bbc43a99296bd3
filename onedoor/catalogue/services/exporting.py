"""Give the items in force out in the national tables: files that can be read back unchanged."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from onedoor.catalogue import queries
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.content import Content, flow_of
from onedoor.catalogue.rules.national_tables import (
    BASIC,
    CHILD_TABLES,
    ITEM_KEY,
    PUBLIC_SERVICE,
    Problem,
    file_name,
    problems,
)
from onedoor.catalogue.rules.spelled import as_cells, as_lists
from onedoor.catalogue.rules.spellings import NUMBERS
from onedoor.catalogue.rules.words import ItemState, VersionStatus
from onedoor.kernel.clock import day_of, local

BATCH = 500
STATES = {ItemState.IN_USE: "1", ItemState.SUSPENDED: "2", ItemState.CANCELLED: "3"}


@dataclass
class ExportReport:
    """How many items were written, and what the exchange would refuse of them."""

    items: int = 0
    problems: list[Problem] = field(default_factory=list)


def export_items(folder: Path, *, at: datetime) -> ExportReport:
    """Write every item in force into a folder; ``problems.csv`` says what would be refused."""
    folder.mkdir(parents=True, exist_ok=True)
    report = ExportReport()
    with ExitStack() as open_files:
        tables = _Tables(folder, open_files)
        for version, content in _in_force():
            _write(tables, version, content, report, at=at)
            report.items += 1
        out = tables.writer("problems.csv", Problem._fields)
        for problem in report.problems:
            out.writerow(problem._asdict())
    return report


class _Tables:
    """The files being written, each opened with its headings once."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.writers: dict[str, csv.DictWriter[str]] = {}
        for item_type in ("01", PUBLIC_SERVICE):
            self.writer(file_name("basic", item_type=item_type), [c.name for c in BASIC])
            for name, columns in CHILD_TABLES.items():
                self.writer(
                    file_name(name, item_type=item_type), [ITEM_KEY, *(c.name for c in columns)]
                )

    def writer(self, name: str, headings: Any = ()) -> csv.DictWriter[str]:
        if name not in self.writers:
            path = self.folder / name
            file = self.stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self.writers[name] = csv.DictWriter(file, list(headings))
            self.writers[name].writeheader()
        return self.writers[name]


def _in_force() -> Iterator[tuple[ItemVersion, Content]]:
    found = ItemVersion.objects.filter(status=VersionStatus.PUBLISHED.value)
    last = ""
    while batch := list(
        found.filter(item__code__gt=last)
        .select_related("item", "unit")
        .order_by("item__code")[:BATCH]
    ):
        contents = queries.contents_of(batch)
        for version in batch:
            yield version, contents[version.pk]
        last = batch[-1].item.code


def _write(
    tables: _Tables, version: ItemVersion, content: Content, report: ExportReport, *, at: datetime
) -> None:
    code, item_type = version.item.code, content.item_type
    cells = as_cells(content) | _envelope(version, content, at)
    row = {column.name: cells.get(column.name, cells.get(column.field, "")) for column in BASIC}
    name = file_name("basic", item_type=item_type)
    tables.writer(name).writerow(row)
    report.problems += problems(code, name, BASIC, row)
    for table, rows in as_lists(content).items():
        columns = CHILD_TABLES[table]
        name = file_name(table, item_type=item_type)
        for order, one in enumerate(rows, start=1):
            said = {f: NUMBERS.get((f, value), value) for f, value in one.items()}
            line = {c.name: said.get(c.field, "") for c in columns} | {"order_num": str(order)}
            tables.writer(name).writerow({ITEM_KEY: code, **line})
            report.problems += problems(code, name, columns, line)


def _cancelled_on(item: Item) -> str:
    """Return from which day on an item is planned to be cancelled, if it is."""
    if item.turns_at is None or item.turns_to != ItemState.CANCELLED.value:
        return ""
    return day_of(item.turns_at).isoformat()


def _envelope(version: ItemVersion, content: Content, at: datetime) -> dict[str, str]:
    """Return the columns that are not said by the content, or said otherwise by the exchange."""
    item = version.item
    now = local(at).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "row_guid": str(version.pk),
        "task_code": item.parent_code or item.code,
        "task_handle_item": item.code if item.parent_code else "",
        "task_state": STATES[queries.state_of(item, at=at)],
        "task_version": str(version.number),
        "plan_effective_date": version.plan_on.isoformat() if version.plan_on else "",
        "plan_cancel_date": _cancelled_on(item),
        "dept_code": version.unit_code or version.unit.code,
        "dept_name": version.unit.name,
        "project_type": NUMBERS["kind", content.kind.value],
        "handle_flow": content.flow or flow_of(content.steps),
        "special_procedure": "；".join(
            f"{one.kind.zh} {one.days} {one.unit.zh}" for one in content.special_procedures
        )
        or "无",
        "service_type": "；".join(one.name for one in content.intermediaries),
        "is_fee": "1" if content.fee_fen else "0",
        "division_code": item.division_code,
        "cd_operation": "U" if version.number > 1 else "I",
        "cd_batch": local(at).strftime("%Y%m%d%H%M%S"),
        "cd_time": now,
        "data_source": item.division_code or "onedoor",
    }
