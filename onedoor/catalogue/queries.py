"""What may be asked of the catalogue. A published version never changes: it is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from onedoor.calendar.queries import working_days
from onedoor.catalogue.models import Item, ItemVersion, Material
from onedoor.catalogue.rules.item_types import ItemTypes, read_types
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.publishing import Draft, gate
from onedoor.catalogue.rules.words import ItemState, Kind, VersionStatus
from onedoor.kernel.errors import NotFound, Refusal

KEPT = 5000
"""So many versions are kept in a process before it starts afresh."""


@dataclass(frozen=True)
class MaterialFacts:
    """A material as the version states it."""

    id: UUID
    order: int
    name: str
    necessity: str
    form: str
    originals: int
    copies: int
    source: str
    basis: str
    standard: str


@dataclass(frozen=True)
class VersionFacts:
    """A version with its item, unit and materials; what a case is received under."""

    version_id: UUID
    item_id: UUID
    unit_id: UUID
    unit_code: str
    unit_name: str
    unit_sequence: int
    code: str
    name: str
    number: int
    item_type: str
    kind: str
    statutory: Limit | None
    promised: Limit | None
    deemed_acceptance: bool
    instant_authorised: bool
    limit_basis: str
    legal_basis: str
    main_item: str
    conditions: str
    place: str
    hours: str
    phone: str
    complaint_phone: str
    fee_fen: int
    fee_basis: str
    visits: int | None
    is_online: bool | None
    result_name: str
    effective_at: datetime | None
    materials: tuple[MaterialFacts, ...]

    @property
    def is_instant(self) -> bool:
        """Whether the window itself may answer on the spot."""
        return self.kind == Kind.INSTANT.value and self.instant_authorised

    def as_row(self) -> ItemVersion:
        """Return the version as a row that was not read, to stand beside a new case."""
        return ItemVersion(
            id=self.version_id,
            item_id=self.item_id,
            unit_id=self.unit_id,
            status=VersionStatus.PUBLISHED.value,
            number=self.number,
            name=self.name,
            main_item=self.main_item,
            item_type=self.item_type,
            kind=self.kind,
            statutory_limit=self.statutory.count if self.statutory else None,
            statutory_unit=self.statutory.unit.value if self.statutory else "",
            promised_limit=self.promised.count if self.promised else None,
            promised_unit=self.promised.unit.value if self.promised else "",
            deemed_acceptance=self.deemed_acceptance,
            instant_authorised=self.instant_authorised,
            limit_basis=self.limit_basis,
            legal_basis=self.legal_basis,
            conditions=self.conditions,
            place=self.place,
            hours=self.hours,
            phone=self.phone,
            complaint_phone=self.complaint_phone,
            fee_fen=self.fee_fen,
            fee_basis=self.fee_basis,
            visits=self.visits,
            is_online=self.is_online,
            result_name=self.result_name,
            effective_at=self.effective_at,
        )


_kept: dict[tuple[str, UUID], VersionFacts] = {}


def current_version(code: str, *, at: datetime) -> VersionFacts:
    """Return the version under which applications are taken now, or refuse; one statement warm."""
    item = Item.objects.filter(code=code).select_related("unit").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    if item.state == ItemState.SUSPENDED.value:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 暂停办理，现在不能收件。恢复以后才能再收。",
            item=code,
            state=item.state,
        )
    if item.state == ItemState.CANCELLED.value:
        raise Refusal(
            "catalogue.not_in_use",
            "事项 %(item)s 已经取消，不再办理。",
            item=code,
            state=item.state,
        )
    facts = facts_of(item)
    if facts is None or (facts.effective_at is not None and facts.effective_at > at):
        raise Refusal(
            "catalogue.not_published",
            "事项 %(item)s 还没有发布，不能收件。请先由另一位同事发布。",
            item=code,
        )
    return facts


def facts_of(item: Item) -> VersionFacts | None:
    """Return the item's version in force, from memory where it was read before."""
    if item.current_version_id is None:
        return None
    key = (str(connection.settings_dict["NAME"]), item.current_version_id)
    facts = _kept.get(key)
    if facts is None:
        facts = version_facts(item, ItemVersion.objects.get(pk=item.current_version_id))
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = facts
    unit = item.unit
    if (facts.unit_name, facts.unit_code, facts.unit_sequence) != (
        unit.name,
        unit.code,
        unit.sequence,
    ):
        return replace(facts, unit_name=unit.name, unit_code=unit.code, unit_sequence=unit.sequence)
    return facts


def version_facts(item: Item, version: ItemVersion) -> VersionFacts:
    """Return all that a version states, with its materials."""
    return VersionFacts(
        version_id=version.pk,
        item_id=item.pk,
        unit_id=item.unit.pk,
        unit_code=item.unit.code,
        unit_name=item.unit.name,
        unit_sequence=item.unit.sequence,
        code=item.code,
        name=version.name,
        number=version.number,
        item_type=version.item_type,
        kind=version.kind,
        statutory=version.statutory,
        promised=version.promised,
        deemed_acceptance=version.deemed_acceptance,
        instant_authorised=version.instant_authorised,
        limit_basis=version.limit_basis,
        legal_basis=version.legal_basis,
        main_item=version.main_item,
        conditions=version.conditions,
        place=version.place,
        hours=version.hours,
        phone=version.phone,
        complaint_phone=version.complaint_phone,
        fee_fen=version.fee_fen,
        fee_basis=version.fee_basis,
        visits=version.visits,
        is_online=version.is_online,
        result_name=version.result_name,
        effective_at=version.effective_at,
        materials=_facts(version.materials.order_by("order")),
    )


def _facts(rows: Iterable[Material]) -> tuple[MaterialFacts, ...]:
    return tuple(
        MaterialFacts(
            id=m.pk,
            order=m.order,
            name=m.name,
            necessity=m.necessity,
            form=m.form,
            originals=m.originals,
            copies=m.copies,
            source=m.source,
            basis=m.basis,
            standard=m.standard,
        )
        for m in rows
    )


def takeable(text: str) -> QuerySet[ItemVersion]:
    """Return the versions under which a window may take applications, found by name or code."""
    return _found(text).filter(item__state=ItemState.IN_USE.value)


def published(text: str = "", unit_code: str = "") -> QuerySet[ItemVersion]:
    """Return what the public may read: versions in force, of items not cancelled."""
    found = _found(text).exclude(item__state=ItemState.CANCELLED.value)
    return found.filter(unit__code=unit_code) if unit_code else found


def _found(text: str) -> QuerySet[ItemVersion]:
    found = ItemVersion.objects.filter(status=VersionStatus.PUBLISHED.value)
    for word in text[:100].split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(item__code__icontains=word))
    return found.select_related("item", "unit").order_by("name", "item__code")


def awaiting_publication() -> QuerySet[ItemVersion]:
    """Return the versions handed in and not yet published, the oldest first."""
    return (
        ItemVersion.objects.filter(status=VersionStatus.SUBMITTED.value)
        .select_related("item", "unit")
        .annotate(material_count=Count("materials"))
        .order_by("edited_at", "item__code")
    )


def obstacle(version: ItemVersion, *, by: str) -> Refusal | None:
    """Return why this person may not publish the version, or nothing."""
    draft = Draft(
        code=version.item.code,
        state=version.item.state,
        status=version.status,
        kind=version.kind,
        statutory=version.statutory,
        promised=version.promised,
        edited_by=version.edited_by,
    )
    return gate(draft, by=by)


def item_named(code: str) -> Item:
    """Return an item the public may read about, whatever its state, or refuse."""
    item = (
        Item.objects.filter(code=code, current_version__isnull=False).select_related("unit").first()
    )
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item


@lru_cache(maxsize=1)
def item_types() -> ItemTypes:
    """Return the item types of the national pack."""
    pack = files("onedoor") / "packs" / "national" / "item_types.toml"
    return read_types(pack.read_text(encoding="utf-8"))


def ready_on(limit: Limit, *, today: date) -> date | None:
    """Return when something accepted today is decided at the latest; hours and months: not said.

    Basis: 许可法82; 民法典201, 203.
    """
    calendar = working_days()
    if limit.unit is LimitUnit.WD:
        if limit.count == 0:
            return today
        return calendar.day_with_ordinal(calendar.ordinal(today) + limit.count)
    if limit.unit is LimitUnit.ND:
        return calendar.next_working_day(today + timedelta(days=limit.count))
    return None
