"""Items as the public and the window find them."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models import Item, ItemVersion, StateOrder
from onedoor.catalogue.rules.turns import TurnStatus
from onedoor.catalogue.rules.words import ItemState, VersionStatus
from onedoor.kernel.errors import NotFound


def takeable() -> QuerySet[ItemVersion]:
    """Return the versions under which a window may take applications."""
    return _in_force().filter(item__state=ItemState.IN_USE.value)


def published(unit_code: str = "") -> QuerySet[ItemVersion]:
    """Return what the public may read: versions in force, of items not cancelled."""
    found = _in_force().exclude(item__state=ItemState.CANCELLED.value)
    return found.filter(unit__code=unit_code) if unit_code else found


def _in_force() -> QuerySet[ItemVersion]:
    found = ItemVersion.objects.filter(status=VersionStatus.PUBLISHED.value)
    return found.select_related("item", "unit").order_by("name", "item__code")


def units_with_items() -> QuerySet[Organisation]:
    """Return the units of which the public may read items, in the order of the centre."""
    theirs = Item.objects.filter(unit=OuterRef("pk"), current_version__isnull=False)
    there = Exists(theirs.exclude(state=ItemState.CANCELLED.value))
    return Organisation.objects.filter(there).order_by("sequence", "code")


def unit_named(code: str) -> Organisation | None:
    """Return the unit with this code."""
    return Organisation.objects.filter(code=code).first()


def any_item(code: str) -> Item:
    """Return an item staff may work on, published or not, or refuse."""
    item = Item.objects.filter(code=code).select_related("unit", "transferred_to").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item


def notice_of(item: Item) -> StateOrder | None:
    """Return the last confirmed change of state, with what the public is told."""
    found = item.turns.filter(status=TurnStatus.CONFIRMED.value)
    return found.select_related("successor__current_version").order_by("-asked_at").first()


def item_by_short(short: str) -> Item:
    """Return the item behind a short address (``/i/…``), or refuse."""
    item = Item.objects.filter(short=short.lower()).select_related("unit", "transferred_to").first()
    if item is None:
        raise NotFound("catalogue.no_short", "没有这个短地址。请核对，或直接查事项名称。")
    return item


class Part(NamedTuple):
    """A handling item (业务办理项) as the guide of its entry names it."""

    code: str
    name: str


def parts_of(item: Item) -> list[Part]:
    """Return an item's handling items in force, by code."""
    if item.parent_code:
        return []
    found = Item.objects.filter(
        parent_code=item.code, state=ItemState.IN_USE.value, current_version__isnull=False
    )
    rows = found.order_by("code").values_list("code", "current_version__name")
    return [Part(*row) for row in rows]


def item_named(code: str) -> Item:
    """Return an item the public may read about, whatever its state, or refuse."""
    found = Item.objects.filter(code=code).exclude(current_version=None, planned_version=None)
    item = found.select_related("unit", "transferred_to").first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item


def aliases(item: Item) -> list[str]:
    """Return what people call an item."""
    return list(item.aliases.order_by("text").values_list("text", flat=True))
