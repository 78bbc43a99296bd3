"""How far a ticket is (排队号): who may do what with it, and what each step asks for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.terms import Term


class State(Term):
    """How far a ticket is (号的状态)."""

    NEW = "new", "未取号"
    WAITING = "waiting", "等待中"
    CALLED = "called", "已呼叫"
    SERVING = "serving", "正在办理"
    HELD = "held", "挂起"
    DONE = "done", "已办完"
    SKIPPED = "skipped", "过号"
    VOID = "void", "作废"


class Action(Term):
    """What may be done with a ticket (动作)."""

    TAKE = "take", "取号"
    CALL = "call", "呼叫"
    PICK = "pick", "点名呼叫"
    RECALL = "recall", "重呼"
    START = "start", "开始办理"
    SKIP = "skip", "过号"
    LAPSE = "lapse", "再次过号作废"
    RETURN = "return", "回来了"
    TRANSFER = "transfer", "转窗"
    PUT_BACK = "put_back", "放回队列"
    HOLD = "hold", "挂起"
    RESUME = "resume", "接着办"
    END = "end", "办完"
    CANCEL = "cancel", "不办了"
    CLOSE_DAY = "close_day", "当天结束"


class Need(Term):
    """What a step asks for (条件)."""

    SERVED = "served", "有开着的窗口办这类事，或者导办员同意"
    REASON = "reason", "写明理由"
    CALLS_LEFT = "calls_left", "重呼没有超过次数"
    GAP = "gap", "离上一次呼叫够久"
    CALLED_OUT = "called_out", "叫满次数，最后一次以后又等够"
    NOT_RETURNED = "not_returned", "没有回来过"
    HAS_RETURNED = "has_returned", "已经回来过一次"
    SAME_DAY = "same_day", "是当天的号"
    PLACE = "place", "说明转到哪里"
    OUTCOME = "outcome", "登记办理结果"


Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
W = (R.DESK, R.ACCEPTOR, R.ISSUER, R.DUTY)
G = (R.GUIDE, R.DUTY)
B = "大厅叫号规则"

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id      in state    action        by                    if                              leads to     basis
    Step("Q1",   S.NEW,      A.TAKE,       (R.APPLICANT, *G, R.DESK, R.SYSTEM), (N.SERVED,),     S.WAITING, B),
    Step("Q2",   S.WAITING,  A.CALL,       W,                    (N.SAME_DAY,),                  S.CALLED, B),
    Step("Q2a",  S.WAITING,  A.PICK,       W,                    (N.SAME_DAY, N.REASON),         S.CALLED, B),
    Step("Q3",   S.CALLED,   A.RECALL,     W,                    (N.CALLS_LEFT, N.GAP),          S.CALLED, B),
    Step("Q4",   S.CALLED,   A.START,      W,                    (N.SAME_DAY,),                  S.SERVING, B),
    Step("Q5",   S.CALLED,   A.SKIP,       W,                    (N.NOT_RETURNED, N.CALLED_OUT), S.SKIPPED, B),
    Step("Q5a",  S.CALLED,   A.LAPSE,      W,                    (N.HAS_RETURNED, N.CALLED_OUT), S.VOID, B),
    Step("Q6",   S.SKIPPED,  A.RETURN,     (R.APPLICANT, *G, R.DESK, R.SYSTEM), (N.SAME_DAY, N.NOT_RETURNED), S.WAITING, B),
    Step("Q7",   S.SERVING,  A.TRANSFER,   W,                    (N.SAME_DAY, N.PLACE, N.REASON), S.WAITING, B),
    Step("Q7a",  S.CALLED,   A.TRANSFER,   W,                    (N.SAME_DAY, N.PLACE, N.REASON), S.WAITING, B),
    Step("Q8",   S.CALLED,   A.PUT_BACK,   W,                    (N.SAME_DAY, N.REASON),         S.WAITING, B),
    Step("Q9",   S.SERVING,  A.HOLD,       W,                    (N.SAME_DAY,),                  S.HELD, B),
    Step("Q10",  S.HELD,     A.RESUME,     W,                    (N.SAME_DAY,),                  S.SERVING, B),
    Step("Q11",  S.SERVING,  A.END,        W,                    (N.OUTCOME,),                   S.DONE, B),
    Step("Q11a", S.HELD,     A.END,        W,                    (N.OUTCOME,),                   S.DONE, B),
    Step("Q12",  S.WAITING,  A.CANCEL,     (R.APPLICANT, *G),    (),                             S.VOID, B),
    Step("Q12a", S.SKIPPED,  A.CANCEL,     (R.APPLICANT, *G),    (),                             S.VOID, B),
    Step("Q13",  S.WAITING,  A.CLOSE_DAY,  (R.TIMER,),           (),                             S.SKIPPED, B),
    Step("Q13a", S.CALLED,   A.CLOSE_DAY,  (R.TIMER,),           (),                             S.SKIPPED, B),
    Step("Q13b", S.SERVING,  A.CLOSE_DAY,  (R.TIMER,),           (),                             S.DONE, B),
    Step("Q13c", S.HELD,     A.CLOSE_DAY,  (R.TIMER,),           (),                             S.DONE, B),
)
# fmt: on

AT_WINDOW = frozenset({S.CALLED, S.SERVING})
"""States in which a ticket keeps its window from calling another."""

OPEN = frozenset({S.WAITING, S.CALLED, S.SERVING, S.HELD})
"""States in which somebody is still to be served: one of these for a person and a business."""

STORED = tuple(each for each in S if each is not S.NEW)


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row that lets somebody take this action now, or refuse with the reason."""
    return steps.step_for("hall", LIFECYCLE, state, action, roles=roles, met=met)
