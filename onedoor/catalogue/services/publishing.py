"""Publish what an editor handed in: one version, or all that wait. A published version stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.catalogue import judging, queries
from onedoor.catalogue.events import ItemPublished, ItemVersionReturned, ItemVersionTookOver
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.words import VersionStatus
from onedoor.catalogue.services import reductions
from onedoor.catalogue.services.searching import refresh
from onedoor.catalogue.services.states import locked
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger

BATCH = 500


@dataclass
class PublishReport:
    """How many versions were published, and which were not and why."""

    published: int = 0
    refused: list[tuple[str, Refusal]] = field(default_factory=list)


@ledger.recorded
def publish(
    code: str,
    *,
    by: Actor,
    at: datetime,
    number: int | None = None,
    effective_on: date | None = None,
) -> ItemVersion:
    """Publish the version of an item that waits; ``number`` is the one that was looked at.

    It is in force at once, or from 00:00 of the day planned for it (``plan_effective_date``).
    """
    version = _waiting_version(code, number, by=by)
    if effective_on is not None:
        ItemVersion.objects.filter(pk=version.pk).update(plan_on=effective_on)
        version.plan_on = effective_on
    if refusal := judging.obstacles([version], by=by.ref, on=day_of(at)).get(version.pk):
        raise refusal
    _publish([version], by=by, at=at)
    version.refresh_from_db()
    return version


@ledger.recorded
def send_back(
    code: str, *, reason: str, by: Actor, at: datetime, number: int | None = None
) -> ItemVersion:
    """Send the version that waits back to its editor, with the reason."""
    version = _waiting_version(code, number, by=by)
    if not reason.strip():
        raise NotValid("catalogue.return_without_reason", "请写明退回的原因。", field="reason")
    version.status, version.returned_reason = VersionStatus.REJECTED.value, reason.strip()
    version.save(update_fields=["status", "returned_reason"])
    event = ItemVersionReturned(
        subject=f"item:{code}", number=version.number, edited_by=version.edited_by
    )
    ledger.record(event, by=by.ref, at=at)
    return version


def _waiting_version(code: str, number: int | None, *, by: Actor) -> ItemVersion:
    """Return the version that waits, its item locked, or refuse whoever may not decide on it."""
    item = locked(code)
    found = ItemVersion.objects.filter(item=item, status=VersionStatus.SUBMITTED.value)
    version = found.select_related("item").first()
    if version is None or number not in (None, version.number):
        raise queries.not_waiting(code)
    if not by.holds(Role.PUBLISHER, version.unit_id):
        raise _not_publisher()
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
    obstacles = judging.obstacles(versions, by=by.ref, on=day_of(at))
    for version in versions:
        if refusal := obstacles.get(version.pk):
            refused.append((version.item.code, refusal))
        else:
            passed.append(version)
    _publish(passed, by=by, at=at)
    return len(passed), refused


def _publish(versions: Sequence[ItemVersion], *, by: Actor, at: datetime) -> None:
    """Put the versions in force, now or on their day; the ledger is told which and from when."""
    settle(versions, at=at)
    now: list[ItemVersion] = []
    for version in versions:
        if version.plan_on is not None and version.plan_on > day_of(at):
            _plan(version, by=by, at=at)
        else:
            now.append(version)
    _put_in_force([version.pk for version in now], published_by=by.ref, at=at)
    for version in versions:
        event = ItemPublished(
            subject=f"item:{version.item.code}",
            number=version.number,
            content=version.content_digest,
            edited_by=version.edited_by,
            effective_at=_effective(version, at).isoformat(),
        )
        ledger.record(event, by=by.ref, at=at)
    reductions.write(now, at=at)


def _effective(version: ItemVersion, at: datetime) -> datetime:
    is_later = version.plan_on is not None and version.plan_on > day_of(at)
    return at_local(version.plan_on, 0) if version.plan_on and is_later else at


def _plan(version: ItemVersion, *, by: Actor, at: datetime) -> None:
    """Let the version wait for its day, in place of one that waited before."""
    planned = ItemVersion.objects.filter(item=version.item_id, status=VersionStatus.PLANNED.value)
    planned.update(status=VersionStatus.SUPERSEDED.value)
    version.status, version.effective_at = VersionStatus.PLANNED.value, _effective(version, at)
    version.published_by, version.published_at = by.ref, at
    version.save(update_fields=["status", "effective_at", "published_by", "published_at"])
    Item.objects.filter(pk=version.item_id).update(
        planned_version=version, planned_at=version.effective_at
    )


def _put_in_force(versions: Sequence[UUID], *, at: datetime, published_by: str = "") -> None:
    """Let these versions count in place of those before them, planned ones too: four statements."""
    if not versions:
        return
    fresh = ItemVersion.objects.filter(pk__in=versions)
    items = list(fresh.values_list("item_id", flat=True))
    before = ItemVersion.objects.filter(
        item__in=items,
        status__in=[VersionStatus.PUBLISHED.value, VersionStatus.PLANNED.value],
    ).exclude(pk__in=versions)
    before.update(status=VersionStatus.SUPERSEDED.value)
    said = (
        {"published_by": published_by, "published_at": at, "effective_at": at}
        if published_by
        else {}
    )
    fresh.update(status=VersionStatus.PUBLISHED.value, **said)
    current = ItemVersion.objects.filter(item=OuterRef("pk"), status=VersionStatus.PUBLISHED.value)
    Item.objects.filter(pk__in=items).update(
        current_version_id=Subquery(current.values("id")[:1]),
        unit_id=Subquery(current.values("unit_id")[:1]),
        planned_version=None,
        planned_at=None,
    )
    refresh(items)


def settle(versions: Sequence[ItemVersion], *, at: datetime) -> None:
    """Write down what came into force by its day before anything else is published."""
    due = Item.objects.filter(pk__in=[v.item_id for v in versions], planned_at__lte=at)
    for item in due.select_related("planned_version").order_by("code"):
        _take_over(item, at=at)


def take_over(*, at: datetime) -> int:
    """Write down the planned versions whose day has come; return how many."""
    due = Item.objects.filter(planned_at__lte=at).order_by("planned_at", "code")
    codes = list(due.values_list("code", flat=True)[:BATCH])
    for code in codes:
        _take_over_one(code, at=at)
    return len(codes)


@ledger.recorded
def _take_over_one(code: str, *, at: datetime) -> None:
    item = locked(code)
    if item.planned_at is not None and item.planned_at <= at:
        _take_over(item, at=at)


def _take_over(item: Item, *, at: datetime) -> None:
    version = item.planned_version
    assert version is not None, "a plan has a version: catalogue_item_plan_is_dated"
    version.item = item
    _put_in_force([version.pk], at=at)
    event = ItemVersionTookOver(subject=f"item:{item.code}", number=version.number)
    ledger.record(event, by=TIMER.ref, at=at)
    reductions.write([version], at=at)


def _not_publisher() -> NotAllowed:
    return NotAllowed("catalogue.not_publisher", "发布事项需要“事项发布”岗位。请找系统管理员开通。")
