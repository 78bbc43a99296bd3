"""What a process is: one table of steps, each taken by some roles if some needs are met.

Pure. A step of a case has more columns: ``cases.rules.lifecycle``.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Generic, NamedTuple, TypeVar

from onedoor.accounts.rules import Role
from onedoor.kernel.errors import NotAllowed, Refusal
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


def step_for(
    process: str,
    table: Iterable[Step[State, Action, Need]],
    state: State,
    action: Action,
    *,
    roles: AbstractSet[Role],
    met: AbstractSet[Need],
) -> Step[State, Action, Need]:
    """Return the row that lets somebody take this action now, or refuse with the reason.

    ``process`` begins the code of a refusal: ``draw.wrong_state``, ``draw.wrong_role``,
    ``draw.need``. Where several rows have the action, the first that is theirs is taken.
    """
    rows = [s for s in table if s.source is state and s.action is action]
    if not rows:
        raise Refusal(
            f"{process}.wrong_state",
            "现在是“%(state)s”，不能%(action)s。",
            state=state,
            action=action,
        )
    step = next((s for s in rows if not roles.isdisjoint(s.by)), None)
    if step is None:
        raise NotAllowed(
            f"{process}.wrong_role",
            "%(action)s要由%(roles)s来做。",
            basis=rows[0].basis,
            action=action,
            roles=rows[0].by,
        )
    for need in step.needs:
        if need not in met:
            raise Refusal(
                f"{process}.need",
                "还不能%(action)s，条件还不满足：%(need)s。",
                basis=step.basis,
                action=action,
                need=need,
            )
    return step


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
