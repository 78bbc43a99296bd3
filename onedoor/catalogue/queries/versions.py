"""What is in force. A published version never changes: it is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.content import Content, MaterialContent
from onedoor.catalogue.rules.content_columns import columns, from_columns, material_from
from onedoor.catalogue.rules.transfers import is_in_force
from onedoor.catalogue.rules.words import ItemState, Kind, VersionStatus
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.kernel.prepared import Prepared

KEPT = 5000
"""So many versions are kept in a process before it starts afresh."""


@dataclass(frozen=True, kw_only=True)
class MaterialFacts(MaterialContent):
    """A material as the version states it."""

    id: UUID
    order: int


@dataclass(frozen=True, kw_only=True)
class VersionFacts(Content):
    """A version with its item, unit and materials; what a case is received under."""

    version_id: UUID
    item_id: UUID
    unit_id: UUID
    unit_code: str
    unit_name: str
    unit_english: str
    unit_sequence: int
    code: str
    parent_code: str
    number: int
    effective_at: datetime | None
    materials: tuple[MaterialFacts, ...]
    former_unit_id: UUID | None = None
    """The department that lost the power to decide (划转), where another body has it now."""
    former_unit_name: str = ""
    transferred_on: date | None = None

    @property
    def is_instant(self) -> bool:
        """Whether the window itself may answer on the spot."""
        return self.kind is Kind.INSTANT and self.instant_authorised

    def as_row(self) -> ItemVersion:
        """Return the version as a row that was not read, to stand beside a new case."""
        return copy(self._row)

    @cached_property
    def _row(self) -> ItemVersion:
        return ItemVersion(
            id=self.version_id,
            item_id=self.item_id,
            unit_id=self.former_unit_id or self.unit_id,
            status=VersionStatus.PUBLISHED.value,
            number=self.number,
            effective_at=self.effective_at,
            **columns(self),
        )


BY_CODE: Prepared[Item] = Prepared(
    lambda: Item.objects.select_related("unit", "transferred_to"), by="code"
)

_kept: dict[tuple[str, UUID], VersionFacts] = {}


def forget() -> None:
    """Drop what this process keeps of versions."""
    _kept.clear()


def current_version(code: str, *, at: datetime) -> VersionFacts:
    """Return the version under which applications are taken now, or refuse; one statement warm."""
    item = BY_CODE.first(code)
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    state = state_of(item, at=at)
    if state is ItemState.SUSPENDED:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 暂停办理，现在不能收件。恢复以后才能再收。",
            item=code,
            state=state.value,
        )
    if state is ItemState.CANCELLED:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 已经取消，不再办理。",
            item=code,
            state=state.value,
        )
    facts = facts_of(item, at=at)
    if facts is None or (facts.effective_at is not None and facts.effective_at > at):
        raise Refusal(
            "catalogue.not_published",
            "事项 %(item)s 还没有发布，不能收件。请先由另一位同事发布。",
            item=code,
        )
    return facts


def state_of(item: Item, *, at: datetime) -> ItemState:
    """Return whether the item is applied for at this instant, whatever was written down so far."""
    is_due = item.turns_at is not None and item.turns_at <= at
    return ItemState(item.turns_to if is_due else item.state)


def facts_of(item: Item, *, at: datetime) -> VersionFacts | None:
    """Return the item's version in force at this instant, from memory where it was read before.

    A planned version counts from its first second, whether or not the worker has noticed.
    """
    is_due = item.planned_at is not None and item.planned_at <= at
    version_id = item.planned_version_id if is_due else item.current_version_id
    if version_id is None:
        return None
    key = (str(connection.settings_dict["NAME"]), version_id)
    facts = _kept.get(key)
    if facts is None:
        facts = version_facts(item, ItemVersion.objects.select_related("unit").get(pk=version_id))
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = facts
    unit = item.unit
    if facts.unit_id == unit.pk:
        said: dict[str, Any] = {
            "unit_name": unit.name,
            "unit_english": unit.english_name,
            "unit_code": unit.code,
            "unit_sequence": unit.sequence,
        }
        if any(getattr(facts, name) != value for name, value in said.items()):
            facts = replace(facts, **said)
    return _transferred(item, facts, at=at)


def _transferred(item: Item, facts: VersionFacts, *, at: datetime) -> VersionFacts:
    """Return the facts with the body that decides at this instant, where the power has gone over.

    Basis: 许可法25.
    """
    body = item.transferred_to
    if body is None or not is_in_force(item.transferred_at, at=at):
        return facts
    assert item.transferred_at is not None
    return replace(
        facts,
        unit_id=body.pk,
        unit_code=body.code,
        unit_name=body.name,
        unit_english=body.english_name,
        unit_sequence=body.sequence,
        former_unit_id=facts.unit_id,
        former_unit_name=facts.unit_name,
        transferred_on=day_of(item.transferred_at),
    )


def version_facts(item: Item, version: ItemVersion) -> VersionFacts:
    """Return all that a version states, with its materials."""
    return VersionFacts(
        version_id=version.pk,
        item_id=item.pk,
        unit_id=version.unit.pk,
        unit_code=version.unit.code,
        unit_name=version.unit.name,
        unit_english=version.unit.english_name,
        unit_sequence=version.unit.sequence,
        code=item.code,
        parent_code=item.parent_code,
        number=version.number,
        effective_at=version.effective_at,
        **from_columns(vars(version), materials=_facts(version.materials.order_by("order"))),
    )


def _facts(rows: Iterable[Material]) -> tuple[MaterialFacts, ...]:
    return tuple(MaterialFacts(id=row.pk, order=row.order, **material(row)) for row in rows)


def material(row: Material) -> dict[str, Any]:
    """Return what a material's row says, as the fields of its content."""
    return material_from({f.name: getattr(row, f.name) for f in fields(MaterialContent)})


def contents_of(versions: Sequence[ItemVersion]) -> dict[UUID, Content]:
    """Return what these versions say, by version; one statement for all their materials."""
    rows: dict[UUID, list[MaterialContent]] = {version.pk: [] for version in versions}
    for row in Material.objects.filter(version__in=list(rows)).order_by("version", "order"):
        rows[row.version_id].append(MaterialContent(**material(row)))
    return {
        version.pk: Content(**from_columns(vars(version), materials=tuple(rows[version.pk])))
        for version in versions
    }
