"""Publish what an editor handed in: one version, or all that wait. A published version stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Subquery

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue import queries
from onedoor.catalogue.events import ItemPublished
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.words import VersionStatus
from onedoor.catalogue.services.searching import refresh
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import services as ledger

BATCH = 500


@dataclass
class PublishReport:
    """How many versions were published, and which were not and why."""

    published: int = 0
    refused: list[tuple[str, Refusal]] = field(default_factory=list)


@ledger.recorded
def publish(code: str, *, by: Actor, at: datetime, number: int | None = None) -> ItemVersion:
    """Publish the version of an item that waits; ``number`` is the one that was looked at."""
    item = Item.objects.select_for_update(of=("self",)).filter(code=code).first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    found = ItemVersion.objects.filter(item=item, status=VersionStatus.SUBMITTED.value)
    version = found.select_related("item").first()
    if version is None or number not in (None, version.number):
        raise Refusal(
            "catalogue.not_waiting",
            "事项 %(item)s 的这一版已不在待发布里，可能有人先发布或又改了。请刷新再看。",
            item=code,
        )
    if not by.holds(Role.PUBLISHER, version.unit_id):
        raise _not_publisher()
    if refusal := queries.obstacles([version], by=by.ref, on=day_of(at)).get(version.pk):
        raise refusal
    _publish([version], by=by, at=at)
    version.refresh_from_db()
    return version


def publish_all(*, by: Actor, at: datetime, unit: Organisation | None = None) -> PublishReport:
    """Publish all that waits and may be published, some hundred in one transaction."""
    units = by.units_of((Role.PUBLISHER,))
    if units is not None and (not units or (unit is not None and unit.pk not in units)):
        raise _not_publisher()
    if unit is not None:
        units = frozenset({unit.pk})
    report = PublishReport()
    last = ""
    while codes := _waiting(units, after=last):
        _publish_batch(codes, report, by=by, at=at)
        last = codes[-1]
    return report


def _waiting(units: frozenset[object] | None, *, after: str) -> list[str]:
    waiting = ItemVersion.objects.filter(status=VersionStatus.SUBMITTED.value, item__code__gt=after)
    if units is not None:
        waiting = waiting.filter(unit__in=list(units))
    codes = waiting.order_by("item__code").values_list("item__code", flat=True)
    return list(codes[:BATCH])


def _publish_batch(codes: Sequence[str], report: PublishReport, *, by: Actor, at: datetime) -> None:
    """Publish these items' waiting versions; note in the report which may not be."""
    published, refused = _publish_codes(codes, by=by, at=at)
    report.published += published
    report.refused += refused


@ledger.recorded
def _publish_codes(
    codes: Sequence[str], *, by: Actor, at: datetime
) -> tuple[int, list[tuple[str, Refusal]]]:
    list(Item.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("code"))
    found = ItemVersion.objects.filter(
        item__code__in=codes, status=VersionStatus.SUBMITTED.value
    ).select_related("item")
    passed, refused = [], []
    versions = list(found.order_by("item__code"))
    obstacles = queries.obstacles(versions, by=by.ref, on=day_of(at))
    for version in versions:
        if refusal := obstacles.get(version.pk):
            refused.append((version.item.code, refusal))
        else:
            passed.append(version)
    _publish(passed, by=by, at=at)
    return len(passed), refused


def _publish(versions: Sequence[ItemVersion], *, by: Actor, at: datetime) -> None:
    """Put the versions in force in place of those before them, for the search too."""
    items = [version.item_id for version in versions]
    published = ItemVersion.objects.filter(item__in=items, status=VersionStatus.PUBLISHED.value)
    published.update(status=VersionStatus.SUPERSEDED.value)
    ItemVersion.objects.filter(pk__in=[version.pk for version in versions]).update(
        status=VersionStatus.PUBLISHED.value,
        published_by=by.ref,
        published_at=at,
        effective_at=at,
    )
    current = ItemVersion.objects.filter(item=OuterRef("pk"), status=VersionStatus.PUBLISHED.value)
    Item.objects.filter(pk__in=items).update(
        current_version_id=Subquery(current.values("id")[:1]),
        unit_id=Subquery(current.values("unit_id")[:1]),
    )
    refresh(items)
    for event in _events(versions):
        ledger.record(event, by=by.ref, at=at)


def _events(versions: Sequence[ItemVersion]) -> Iterator[ItemPublished]:
    for version in versions:
        yield ItemPublished(
            subject=f"item:{version.item.code}",
            number=version.number,
            content=version.content_digest,
            edited_by=version.edited_by,
        )


def _not_publisher() -> NotAllowed:
    return NotAllowed("catalogue.not_publisher", "发布事项需要“事项发布”岗位。请找系统管理员开通。")
