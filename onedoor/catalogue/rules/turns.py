"""Turns of an item (暂停、恢复、取消): which state each leads to, and what must be said for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.terms import Term


class Turn(Term):
    """What is asked for (状态变更)."""

    SUSPEND = "suspend", "暂停办理"
    RESUME = "resume", "恢复办理"
    CANCEL = "cancel", "取消事项"


class TurnStatus(Term):
    """How far it has come (状态变更进度)."""

    ASKED = "asked", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "未同意"


S = ItemState

MOVES: Mapping[Turn, tuple[frozenset[ItemState], ItemState]] = {
    Turn.SUSPEND: (frozenset({S.IN_USE}), S.SUSPENDED),
    Turn.RESUME: (frozenset({S.SUSPENDED}), S.IN_USE),
    Turn.CANCEL: (frozenset({S.IN_USE, S.SUSPENDED}), S.CANCELLED),
}


def after(turn: Turn, state: ItemState, *, item: str) -> ItemState:
    """Return the state a turn leads to, or refuse.

    >>> after(Turn.SUSPEND, ItemState.IN_USE, item="A")
    <ItemState.SUSPENDED: 'suspended'>
    """
    sources, target = MOVES[turn]
    if state not in sources:
        raise Refusal(
            "catalogue.wrong_state",
            "事项 %(item)s 现在是“%(state)s”，不能改为“%(target)s”。",
            item=item,
            state=state,
            target=target,
        )
    return target


def check(
    turn: Turn, *, reason: str, basis: str, notice: str, effective_on: date, today: date
) -> None:
    """Refuse a turn that does not say why, by what law, what the public is told, and from when.

    Intake stops; cases that run go on under the version they were received under.

    Basis: 许可法8 (what was granted may not be changed at will), 30; 立法法104.
    """
    if not reason.strip():
        raise NotValid("catalogue.turn_without_reason", "请写明原因。", field="reason")
    if not basis.strip():
        raise NotValid("catalogue.turn_without_basis", "请写明依据。", field="basis")
    if not notice.strip() and turn is not Turn.RESUME:
        raise NotValid("catalogue.turn_without_notice", "请写明对外公告的话。", field="notice")
    if effective_on < today:
        raise NotValid(
            "catalogue.turn_in_the_past",
            "生效日期不能早于今天。",
            field="effective_on",
        )
