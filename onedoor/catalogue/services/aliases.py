"""What people call an item: effective at once, for it changes nothing that the item says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import AliasesChanged
from onedoor.catalogue.models import Alias, Item
from onedoor.catalogue.rules.aliases import read_aliases
from onedoor.catalogue.services.searching import refresh
from onedoor.kernel.errors import NotAllowed, NotFound
from onedoor.ledger import services as ledger


@ledger.recorded
def name_aliases(code: str, text: str, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Let an item be called as the text lists, and not otherwise; return the names."""
    item = _locked(code, by)
    names = read_aliases(text)
    before = list(Alias.objects.filter(item=item).values_list("text", flat=True))
    if set(names) == set(before):
        return names
    Alias.objects.filter(item=item).exclude(text__in=names).delete()
    Alias.objects.bulk_create(Alias(item=item, text=n) for n in names if n not in before)
    refresh([item.pk])
    event = AliasesChanged(subject=f"item:{code}", before=len(before), after=len(names))
    ledger.record(event, by=by.ref, at=at)
    return names


@ledger.recorded
def add_alias(code: str, text: str, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Let an item be called by one more name; return all its names."""
    item = _locked(code, by)
    there = Alias.objects.filter(item=item).order_by("text").values_list("text", flat=True)
    return name_aliases(code, "\n".join((*there, text)), by=by, at=at)


def add_aliases(names: Mapping[UUID, tuple[str, ...]]) -> int:
    """Add what a list brings for many items, in the importer's transaction; return how many."""
    there = set(Alias.objects.filter(item__in=names).values_list("item", "text"))
    fresh = [
        Alias(item_id=item, text=text)
        for item, texts in names.items()
        for text in texts
        if (item, text) not in there
    ]
    Alias.objects.bulk_create(fresh, batch_size=300)
    if fresh:
        refresh({alias.item_id for alias in fresh})
    return len(fresh)


def _locked(code: str, by: Actor) -> Item:
    item = Item.objects.select_for_update(of=("self",)).filter(code=code).first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    if not by.holds(Role.EDITOR, item.unit_id):
        raise NotAllowed("catalogue.not_editor_here", "改这一项的叫法需要本单位的“事项编辑”岗位。")
    return item
