"""Taking in for another place (异地代收, 跨省通办): states, steps, and the one limit that is ours.

We check who it is and the form of the papers, and send them on; whether they are accepted and how
long it takes is for the home body alone, whose clock starts with its own acceptance. Two people
sign for the papers before they leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.terms import Term

SEND_WITHIN = Limit(1, LimitUnit.WD, "跨省通办“收受分离”")
MOST_MATERIALS = 60


class RemoteState(Term):
    """How far it has come (代收状态)."""

    TAKEN = "taken", "已代收"
    PACKED = "packed", "已封装"
    SENT = "sent", "已寄出"
    ACCEPTED = "accepted", "对方已受理"
    ENDED = "ended", "对方已办结"
    HANDED = "handed", "已交申请人"


class RemoteStep(Term):
    """What is done with it (代收动作)."""

    PACK = "pack", "点清封装"
    SEND = "send", "核对寄出"
    ACCEPTED = "accepted", "登记对方受理"
    RESULT = "result", "登记对方结果"
    HAND_OVER = "hand_over", "交给申请人"


class RemoteOutcome(Term):
    """What the home body answered (对方的结果)."""

    NONE = "", "还没有"
    GRANTED = "granted", "办好了"
    REFUSED = "refused", "不予"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    RETURNED = "returned", "材料退回"


S = RemoteState
MOVES: Mapping[RemoteStep, tuple[frozenset[RemoteState], RemoteState]] = {
    RemoteStep.PACK: (frozenset({S.TAKEN}), S.PACKED),
    RemoteStep.SEND: (frozenset({S.PACKED}), S.SENT),
    RemoteStep.ACCEPTED: (frozenset({S.SENT}), S.ACCEPTED),
    RemoteStep.RESULT: (frozenset({S.SENT, S.ACCEPTED}), S.ENDED),
    RemoteStep.HAND_OVER: (frozenset({S.ENDED}), S.HANDED),
}
HERE = (S.TAKEN, S.PACKED)
"""While the papers are still with us the day by which they are sent runs."""


def after(step: RemoteStep, state: RemoteState) -> RemoteState:
    """Return the state a step leads to, or refuse.

    >>> after(RemoteStep.PACK, RemoteState.TAKEN)
    <RemoteState.PACKED: 'packed'>
    """
    sources, target = MOVES[step]
    if state not in sources:
        raise Refusal(
            "remote.wrong_state",
            "这一件现在是“%(state)s”，不能%(step)s。",
            state=state,
            step=step,
        )
    return target


def steps_of(state: RemoteState) -> list[RemoteStep]:
    """Return what may be done next.

    >>> [step.value for step in steps_of(RemoteState.SENT)]
    ['accepted', 'result']
    """
    return [step for step, (sources, _) in MOVES.items() if state in sources]


@dataclass(frozen=True)
class RemotePaper:
    """A paper taken in: its name, and how many."""

    name: str
    originals: int = 1
    copies: int = 0


def read_papers(text: str) -> tuple[RemotePaper, ...]:
    """Return the papers of a list, one a line: name｜originals｜copies.

    >>> read_papers("身份证｜0｜1")
    (RemotePaper(name='身份证', originals=0, copies=1),)
    >>> read_papers("申请书")[0].originals
    1
    """
    found = []
    for line in text.splitlines():
        name, *counts = (part.strip() for part in line.replace("|", "｜").split("｜"))
        if not name and not counts:
            continue
        numbers = [int(c) for c in counts if c.isascii() and c.isdecimal() and len(c) < 4]
        if not name or len(name) > 100 or len(numbers) != len(counts) or len(numbers) > 2:
            raise NotValid(
                "remote.paper_line",
                "“%(line)s”读不懂。一行一份：材料名称｜原件几份｜复印件几份。",
                field="materials",
                line=line[:40],
            )
        found.append(RemotePaper(name, *numbers))
    return tuple(found)
