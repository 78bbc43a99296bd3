"""Whether an item is applied for: suspend, resume, cancel (暂停、恢复、取消)."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import ItemStateChanged
from onedoor.catalogue.models import Item
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.services.searching import refresh
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import services as ledger


def suspend(code: str, *, by: Actor, at: datetime) -> Item:
    """Take no applications for the item until it is resumed; cases that run go on."""
    return _move(code, {ItemState.IN_USE}, ItemState.SUSPENDED, by=by, at=at)


def resume(code: str, *, by: Actor, at: datetime) -> Item:
    """Take applications for a suspended item again."""
    return _move(code, {ItemState.SUSPENDED}, ItemState.IN_USE, by=by, at=at)


def cancel(code: str, *, by: Actor, at: datetime) -> Item:
    """Take no applications for the item any more; for good."""
    return _move(code, {ItemState.IN_USE, ItemState.SUSPENDED}, ItemState.CANCELLED, by=by, at=at)


@ledger.recorded
def _move(
    code: str, sources: set[ItemState], target: ItemState, *, by: Actor, at: datetime
) -> Item:
    item = Item.objects.select_for_update(of=("self",)).filter(code=code).first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    if not by.holds(Role.PUBLISHER, item.unit_id):
        raise NotAllowed("catalogue.not_publisher", "停用、恢复或取消事项需要“事项发布”岗位。")
    before = ItemState(item.state)
    if before not in sources:
        raise Refusal(
            "catalogue.wrong_state",
            "事项 %(item)s 现在是“%(state)s”，不能改为“%(target)s”。",
            item=code,
            state=before,
            target=target,
        )
    item.state = target.value
    item.save(update_fields=["state"])
    refresh([item.pk])
    event = ItemStateChanged(subject=f"item:{item.code}", before=before.value, after=target.value)
    ledger.record(event, by=by.ref, at=at)
    return item
