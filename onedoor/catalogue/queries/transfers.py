"""The transfer list as staff and the public read it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import Item, TransferBatch, TransferItem
from onedoor.catalogue.rules.transfers import BatchState, is_in_force
from onedoor.kernel.errors import NotFound


class FromUnit(NamedTuple):
    """How many items of a department are in a batch."""

    unit: Organisation
    items: int


def batches(*, with_drafts: bool) -> QuerySet[TransferBatch]:
    """Return the batches, the first one first; drafts only for those who work on them."""
    found = TransferBatch.objects.select_related("unit").annotate(
        item_count=Count("items"), unit_count=Count("items__former_unit", distinct=True)
    )
    if not with_drafts:
        found = found.filter(state=BatchState.PUBLISHED.value)
    return found.order_by("number")


def batch(number: int, *, with_drafts: bool) -> TransferBatch:
    """Return a batch by its number, or refuse."""
    found = batches(with_drafts=with_drafts).filter(number=number).first()
    if found is None:
        raise NotFound("transfer.not_found", "划转事项清单没有第 %(number)s 批。", number=number)
    return found


def transferred(batch: TransferBatch) -> QuerySet[TransferItem]:
    """Return the items of a batch, department by department."""
    found = batch.items.select_related("item__current_version", "former_unit")
    return found.order_by("former_unit__sequence", "item__code")


def from_units(batch: TransferBatch) -> list[FromUnit]:
    """Return the departments of a batch with how many items go from each."""
    rows = batch.items.values_list("former_unit").annotate(n=Count("pk"))
    counts = dict(rows)
    units = Organisation.objects.filter(pk__in=counts).order_by("sequence", "code")
    return [FromUnit(unit, counts[unit.pk]) for unit in units]


def competent_unit(item: Item, *, at: datetime) -> Organisation:
    """Return the body that decides on an item at this instant: the one it was transferred to."""
    body = item.transferred_to
    return body if body and is_in_force(item.transferred_at, at=at) else item.unit
