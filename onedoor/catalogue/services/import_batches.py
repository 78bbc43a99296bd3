"""Some hundred rows of an item list: compared with what is there, and written."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.catalogue import queries
from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.content import Content, keeping
from onedoor.catalogue.rules.content_columns import columns
from onedoor.catalogue.rules.gates import look
from onedoor.catalogue.rules.item_file import ItemRow
from onedoor.catalogue.rules.words import Origin, VersionStatus
from onedoor.catalogue.services.aliases import add_aliases
from onedoor.catalogue.services.drafts import material_rows
from onedoor.catalogue.services.reports import ImportReport
from onedoor.kernel.errors import NotValid

BATCH = 400
Units = dict[tuple[str, str], Organisation]


def place_of(division: str) -> str:
    """Return the shortest code of a division: 511602000000 and 511602 are one place."""
    return division.removesuffix("000").removesuffix("000") if len(division) > 6 else division


class Batch:
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
                and place_of(item.division_code) != place_of(row.division_code)
            ):
                report.refuse(row.number, [_code_elsewhere(row.code, item.division_code)])
            elif allowed is not None and item.unit_id not in allowed:
                report.refuse(row.number, [not_your_unit(row.unit_name)])

    def write(self) -> None:
        fresh: list[Item] = []
        superseded: list[UUID] = []
        materials: list[Material] = []
        for row in self.rows:
            unit = self.known[place_of(row.division_code), row.unit_name]
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


def _code_elsewhere(code: str, division: str) -> NotValid:
    return NotValid(
        "catalogue.code_elsewhere",
        "编码 %(item)s 已是区划 %(division)s 的事项。",
        item=code,
        division=division,
    )


def not_your_unit(name: str) -> NotValid:
    return NotValid(
        "catalogue.not_your_unit", "您只能导入本单位的事项，这一行是“%(name)s”的。", name=name
    )
