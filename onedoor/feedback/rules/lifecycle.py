"""How far a bad rating is (差评工单): who may do what, and what each step asks for.

Basis: 国办发〔2019〕51号: 核实、整改、反馈、复核; whoever is rated never closes it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.terms import Term


class State(Term):
    """How far a bad rating is (工单状态)."""

    TO_VERIFY = "to_verify", "待核实"
    CALLED = "called", "已回访"
    MENDING = "mending", "整改中"
    TO_ANSWER = "to_answer", "待反馈"
    ANSWERED = "answered", "已反馈"
    ARCHIVED = "archived", "归档"
    APPEALED = "appealed", "申诉"
    VOID = "void", "认定无效"
    RETRACTED = "retracted", "评价人已改"


class Action(Term):
    """What may be done about it (动作)."""

    CALL = "call", "回访核实"
    MEND = "mend", "开始整改"
    EXPLAIN = "explain", "说明情况"
    FINISH = "finish", "整改完成"
    ANSWER = "answer", "反馈评价人"
    ARCHIVE = "archive", "复核归档"
    SEND_BACK = "send_back", "退回整改"
    APPEAL = "appeal", "提出申诉"
    UPHOLD = "uphold", "申诉成立"
    DISMISS = "dismiss", "申诉不成立"
    RETRACT = "retract", "评价人改了评价"


class Need(Term):
    """What a step asks for (条件)."""

    NOT_RATED = "not_rated", "办理的人没有经手被评价的这一件"
    TEXT = "text", "写明情况"
    CONTACT = "contact", "写明怎么联系的"
    LEVEL = "level", "记下评价人再次评价，或者没有联系上"
    OTHER_HAND = "other_hand", "由上一步以外的人来办"


Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
B = "国办发〔2019〕51号"

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id     in state      action       by                        if                                    leads to     basis
    Step("H1",  S.TO_VERIFY,  A.CALL,      (R.SUPERVISOR, R.HEAD),   (N.NOT_RATED, N.CONTACT, N.TEXT),     S.CALLED, B),
    Step("H2",  S.CALLED,     A.MEND,      (R.HEAD, R.SUPERVISOR),   (N.NOT_RATED, N.TEXT),                S.MENDING, B),
    Step("H3",  S.CALLED,     A.EXPLAIN,   (R.HEAD, R.SUPERVISOR),   (N.NOT_RATED, N.TEXT),                S.TO_ANSWER, B),
    Step("H4",  S.MENDING,    A.FINISH,    (R.HEAD, R.SUPERVISOR),   (N.NOT_RATED, N.TEXT),                S.TO_ANSWER, B),
    Step("H5",  S.TO_ANSWER,  A.ANSWER,    (R.SUPERVISOR, R.HEAD),   (N.NOT_RATED, N.CONTACT, N.TEXT, N.LEVEL), S.ANSWERED, B),
    Step("H6",  S.ANSWERED,   A.ARCHIVE,   (R.SUPERVISOR,),          (N.NOT_RATED, N.OTHER_HAND),          S.ARCHIVED, B),
    Step("H7",  S.ANSWERED,   A.SEND_BACK, (R.SUPERVISOR,),          (N.NOT_RATED, N.TEXT),                S.MENDING, B),
    Step("H8",  S.TO_VERIFY,  A.APPEAL,    (R.HEAD,),                (N.TEXT,),                            S.APPEALED, B),
    Step("H8a", S.CALLED,     A.APPEAL,    (R.HEAD,),                (N.TEXT,),                            S.APPEALED, B),
    Step("H9",  S.APPEALED,   A.UPHOLD,    (R.SUPERVISOR,),          (N.NOT_RATED, N.OTHER_HAND, N.TEXT),  S.VOID, B),
    Step("H10", S.APPEALED,   A.DISMISS,   (R.SUPERVISOR,),          (N.NOT_RATED, N.OTHER_HAND, N.TEXT),  S.TO_VERIFY, B),
    Step("H11", S.TO_VERIFY,  A.RETRACT,   (R.APPLICANT,),           (),                                   S.RETRACTED, B),
)
# fmt: on

OVER = frozenset({S.ARCHIVED, S.VOID, S.RETRACTED})
"""States in which nothing more is to be done."""

UNCALLED = frozenset({S.TO_VERIFY, S.APPEALED})
"""States in which the one who rated may not have been called yet."""


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row for an action, or refuse: not in this state, not by these roles, not yet."""
    return steps.step_for("feedback", LIFECYCLE, state, action, roles=roles, met=met)
