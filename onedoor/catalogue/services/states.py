"""Whether an item is applied for: suspend, resume, cancel (暂停、恢复、取消), by two persons.

An editor asks with reason, basis and the words for the public; a publisher confirms. It holds from
a day on: commands test the day and do not wait for the worker.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.catalogue.events import ItemStateAsked, ItemStateChanged
from onedoor.catalogue.models import Item, StateOrder
from onedoor.catalogue.queries import state_of
from onedoor.catalogue.rules.turns import Turn, TurnStatus, after, check
from onedoor.catalogue.rules.words import ItemState
from onedoor.catalogue.services.searching import refresh
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger

BATCH = 200


@ledger.recorded
def ask_turn(
    code: str,
    turn: Turn,
    *,
    reason: str,
    basis: str,
    notice: str = "",
    effective_on: date | None = None,
    successor: str = "",
    by: Actor,
    at: datetime,
) -> StateOrder:
    """Ask that an item be suspended, resumed or cancelled; another person confirms it.

    ``successor`` is the code of the item people apply for in place of a cancelled one.
    """
    item = locked(code)
    if not by.holds(Role.EDITOR, item.unit_id):
        raise NotAllowed("catalogue.not_editor", "这件事由“事项编辑”岗位做。请找系统管理员开通。")
    today = day_of(at)
    day = effective_on or today
    check(turn, reason=reason, basis=basis, notice=notice, effective_on=day, today=today)
    after(turn, state_of(item, at=at), item=item.code)
    follows = _successor(item, turn, successor.strip(), at=at)
    order = StateOrder(
        item=item,
        successor=follows,
        turn=turn.value,
        reason=reason.strip(),
        basis=basis.strip(),
        notice=notice.strip(),
        effective_on=day,
        asked_by=by.ref,
        asked_at=at,
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            "catalogue.turn_already_asked",
            "事项 %(item)s 已有一个待确认的状态变更，请先处理。",
            item=code,
        ) from None
    event = ItemStateAsked(
        subject=f"item:{item.code}",
        turn=turn.value,
        effective_on=day.isoformat(),
        successor=follows.code if follows else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return order


def _successor(item: Item, turn: Turn, code: str, *, at: datetime) -> Item | None:
    """Return the item named to follow, or refuse one that nobody can apply for."""
    if not code or turn is not Turn.CANCEL:
        return None
    found = Item.objects.filter(code=code, current_version__isnull=False).first()
    if found is None or found == item or state_of(found, at=at) is ItemState.CANCELLED:
        raise NotValid(
            "catalogue.no_such_successor",
            "没有编码为 %(item)s、还在办理的事项。请核对以后改办哪一项。",
            field="successor",
            item=code,
        )
    return found


@ledger.recorded
def confirm_turn(order_id: UUID, *, by: Actor, at: datetime) -> Item:
    """Let an asked turn hold from its day on: at once where that day has come."""
    order, item = _open(order_id, by=by)
    target = after(Turn(order.turn), state_of(item, at=at), item=item.code)
    _close(order, TurnStatus.CONFIRMED, by=by, at=at)
    apply_due(item, at=at)
    from_then = at_local(order.effective_on, 0)
    if from_then > at:
        item.turns_at, item.turns_to = from_then, target.value
        item.save(update_fields=["turns_at", "turns_to"])
        return item
    _turn(item, target, by=by, at=at, asked_by=order.asked_by)
    return item


@ledger.recorded
def decline_turn(order_id: UUID, *, by: Actor, at: datetime) -> StateOrder:
    """Do not let an asked turn come true; the item stays as it is."""
    order, _ = _open(order_id, by=by)
    return _close(order, TurnStatus.DECLINED, by=by, at=at)


def apply_turns(*, at: datetime) -> int:
    """Write down the turns whose day has come; return how many. Nobody waited for it."""
    due = Item.objects.filter(turns_at__lte=at).order_by("turns_at", "code")
    codes = list(due.values_list("code", flat=True)[:BATCH])
    for code in codes:
        _apply_one(code, at=at)
    return len(codes)


@ledger.recorded
def _apply_one(code: str, *, at: datetime) -> None:
    apply_due(locked(code), at=at)


def apply_due(item: Item, *, at: datetime) -> None:
    """Write down a locked item's turn whose day has come, before anything else is done to it."""
    if item.turns_at is not None and item.turns_at <= at:
        target, item.turns_at, item.turns_to = ItemState(item.turns_to), None, ""
        _turn(item, target, by=TIMER, at=at, asked_by="")


def _turn(item: Item, target: ItemState, *, by: Actor, at: datetime, asked_by: str) -> None:
    before = item.state
    item.state = target.value
    item.save(update_fields=["state", "turns_at", "turns_to"])
    refresh([item.pk])
    event = ItemStateChanged(
        subject=f"item:{item.code}", before=before, after=target.value, asked_by=asked_by
    )
    ledger.record(event, by=by.ref, at=at)


def _open(order_id: UUID, *, by: Actor) -> tuple[StateOrder, Item]:
    found = StateOrder.objects.filter(pk=order_id).values_list("item__code", flat=True).first()
    if found is None:
        raise NotFound("catalogue.no_such_turn", "没有这个状态变更。")
    item = locked(found)
    order = StateOrder.objects.select_for_update().get(pk=order_id)
    if order.status != TurnStatus.ASKED.value:
        raise Refusal("catalogue.turn_settled", "这个状态变更已经有人处理过了。")
    if not by.holds(Role.PUBLISHER, item.unit_id):
        raise NotAllowed("catalogue.not_publisher", "停用、恢复或取消事项需要“事项发布”岗位。")
    if order.asked_by == by.ref:
        raise Refusal(
            "catalogue.same_person",
            "这是您自己提出的，请由另一位同事确认。",
        )
    return order, item


def _close(order: StateOrder, status: TurnStatus, *, by: Actor, at: datetime) -> StateOrder:
    order.status, order.decided_by, order.decided_at = status.value, by.ref, at
    order.save(update_fields=["status", "decided_by", "decided_at"])
    return order


def locked(code: str) -> Item:
    """Return the item's row, held until the transaction ends, or refuse."""
    item = Item.objects.select_for_update(of=("self",)).filter(code=code).first()
    if item is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    return item
