"""What a process is: one table of steps, each taken by some roles if some needs are met.

Pure. A step of a case has more columns: ``cases.rules.lifecycle``.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Generic, NamedTuple, TypeVar

from onedoor.accounts.rules import Role
from onedoor.kernel.terms import Term

State = TypeVar("State", bound=Term)
Action = TypeVar("Action", bound=Term)
Need = TypeVar("Need", bound=Term)


class Step(NamedTuple, Generic[State, Action, Need]):
    """One row: in this state, this action, by one of these roles, if these needs are met."""

    id: str
    source: State
    action: Action
    by: tuple[Role, ...]
    needs: tuple[Need, ...]
    target: State
    basis: str


def open_actions(
    table: Iterable[Step[State, Action, Need]], state: State, *, roles: AbstractSet[Role]
) -> list[Action]:
    """Return what somebody with these roles may try now, in the order of the table."""
    return [s.action for s in table if s.source is state and not roles.isdisjoint(s.by)]


def as_markdown(table: Iterable[Step[State, Action, Need]]) -> str:
    """Return the table for the handbook, in Chinese."""
    head = "| 号 | 状态 | 动作 | 执行人 | 条件 | 结果 | 依据 |\n" + "|---" * 7 + "|\n"
    return head + "".join(
        f"| {s.id} | {s.source.zh} | {s.action.zh} | {'、'.join(r.zh for r in s.by)} "
        f"| {'、'.join(n.zh for n in s.needs) or '—'} | {s.target.zh} | {s.basis} |\n"
        for s in table
    )
