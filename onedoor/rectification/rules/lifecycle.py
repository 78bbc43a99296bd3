"""How far a finding is (整改流程): which step leads from which state to which, by whom, under what.

Basis: 审计法 52; 审计法实施条例 54; the county's own rules for closing (销号).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.terms import Term


class State(Term):
    """How far a finding is (状态); what was recognised is another axis (``Outcome``)."""

    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "已挂号"
    ISSUED = "issued", "已交办"
    PLAN_REVIEW = "plan_review", "方案待审"
    IN_PROGRESS = "in_progress", "正在整改"
    SUBMITTED = "submitted", "申请销号"
    REVIEW = "review", "审核认定"
    RETURNED = "returned", "退回补充"
    RECOGNISED = "recognised", "已认定"
    CLOSED = "closed", "已销号"
    RECHECK = "recheck", "回头看"
    REOPENED = "reopened", "反弹重开"
    VOID = "void", "不再适用"


class Action(Term):
    """What may be done to a finding (动作)."""

    REGISTER = "register", "挂号"
    ISSUE = "issue", "交办"
    SUBMIT_PLAN = "submit_plan", "报送方案"
    APPROVE_PLAN = "approve_plan", "同意方案"
    RETURN_PLAN = "return_plan", "退回方案"
    START = "start", "开始整改"
    SUBMIT = "submit", "申请销号"
    TAKE = "take", "接手审核"
    SEND_BACK = "send_back", "退回"
    RECOGNISE = "recognise", "认定"
    CLOSE = "close", "销号"
    KEEP_OPEN = "keep_open", "继续整改"
    DISAGREE = "disagree", "不同意认定"
    BEGIN_RECHECK = "begin_recheck", "开始回头看"
    CONFIRM = "confirm", "确认巩固"
    REOPEN = "reopen", "重开"
    SET_ASIDE = "set_aside", "不再适用"


class Need(Term):
    """What a step asks for (条件)."""

    CLASSIFIED = "classified", "定了整改类型"
    UNIT = "unit", "写明责任单位"
    DEADLINE = "deadline", "定了整改时限"
    MEASURES = "measures", "有整改措施"
    AT_ONCE = "at_once", "属于立行立改，不用报方案"
    TEXT = "text", "写明情况或原因"
    OTHER_UNIT = "other_unit", "办理的人不属于责任单位"
    GROUNDS = "grounds", "认定的条件都满足"
    SECOND = "second", "由第一次签字以外的人来办"
    CLOSING = "closing", "认定为已整改"
    OPEN_OUTCOME = "open_outcome", "认定为还要继续"
    RECHECK_DUE = "recheck_due", "到了回头看的日子"


Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
_SIDE = (R.AUDITOR, R.LEAD_OFFICE)

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id      in state       action           by                         if                             leads to        basis
    Step("Z1",  S.DRAFT,       A.REGISTER,      _SIDE,                     (N.CLASSIFIED,),               S.REGISTERED,   "审计法52"),
    Step("Z2",  S.REGISTERED,  A.ISSUE,         _SIDE,                     (N.UNIT, N.DEADLINE),          S.ISSUED,       "审计法52"),
    Step("Z3",  S.ISSUED,      A.SUBMIT_PLAN,   (R.OFFICER, R.HEAD),       (N.MEASURES,),                 S.PLAN_REVIEW,  "县里的整改规定"),
    Step("Z4",  S.PLAN_REVIEW, A.APPROVE_PLAN,  _SIDE,                     (N.OTHER_UNIT,),               S.IN_PROGRESS,  "县里的整改规定"),
    Step("Z5",  S.PLAN_REVIEW, A.RETURN_PLAN,   _SIDE,                     (N.OTHER_UNIT, N.TEXT),        S.ISSUED,       "县里的整改规定"),
    Step("Z6",  S.ISSUED,      A.START,         (R.OFFICER, R.HEAD),       (N.AT_ONCE,),                  S.IN_PROGRESS,  "县里的整改规定"),
    Step("Z6a", S.REOPENED,    A.START,         (R.OFFICER, R.HEAD),       (),                            S.IN_PROGRESS,  "县里的整改规定"),
    Step("Z7",  S.IN_PROGRESS, A.SUBMIT,        (R.HEAD,),                 (N.TEXT,),                     S.SUBMITTED,    "审计法52"),
    Step("Z7a", S.RETURNED,    A.SUBMIT,        (R.HEAD,),                 (N.TEXT,),                     S.SUBMITTED,    "审计法52"),
    Step("Z8",  S.SUBMITTED,   A.TAKE,          (R.AUDITOR,),              (N.OTHER_UNIT,),               S.REVIEW,       "县里的销号规定"),
    Step("Z9",  S.SUBMITTED,   A.SEND_BACK,     (R.AUDITOR,),              (N.OTHER_UNIT, N.TEXT),        S.RETURNED,     "县里的销号规定"),
    Step("Z9a", S.REVIEW,      A.SEND_BACK,     (R.AUDITOR,),              (N.OTHER_UNIT, N.TEXT),        S.RETURNED,     "县里的销号规定"),
    Step("Z10", S.REVIEW,      A.RECOGNISE,     (R.AUDITOR,),              (N.OTHER_UNIT, N.GROUNDS),     S.RECOGNISED,   "县里的结果认定办法"),
    Step("Z11", S.RECOGNISED,  A.CLOSE,         (R.AUDIT_SUPERVISOR,),     (N.CLOSING, N.SECOND, N.OTHER_UNIT, N.GROUNDS), S.CLOSED, "县里的销号规定"),
    Step("Z12", S.RECOGNISED,  A.KEEP_OPEN,     (R.AUDIT_SUPERVISOR,),     (N.OPEN_OUTCOME, N.SECOND, N.OTHER_UNIT), S.IN_PROGRESS, "县里的结果认定办法"),
    Step("Z13", S.RECOGNISED,  A.DISAGREE,      (R.AUDIT_SUPERVISOR,),     (N.SECOND, N.OTHER_UNIT, N.TEXT), S.REVIEW,       "县里的结果认定办法"),
    Step("Z14", S.CLOSED,      A.BEGIN_RECHECK, (R.TIMER, R.AUDITOR),      (N.RECHECK_DUE,),              S.RECHECK,      "县里的跟踪检查办法"),
    Step("Z15", S.RECHECK,     A.CONFIRM,       (R.AUDITOR,),              (N.OTHER_UNIT, N.TEXT),        S.CLOSED,       "县里的跟踪检查办法"),
    Step("Z16", S.RECHECK,     A.REOPEN,        (R.AUDITOR, R.AUDIT_SUPERVISOR, R.SYSTEM), (N.TEXT,),     S.REOPENED,     "县里的跟踪检查办法"),
    Step("Z17", S.CLOSED,      A.REOPEN,        (R.AUDITOR, R.AUDIT_SUPERVISOR, R.SYSTEM), (N.TEXT,),     S.REOPENED,     "县里的跟踪检查办法"),
    Step("Z18", S.REGISTERED,  A.SET_ASIDE,     (R.AUDIT_SUPERVISOR,),     (N.OTHER_UNIT, N.TEXT),        S.VOID,         "县里的结果认定办法"),
    Step("Z19", S.ISSUED,      A.SET_ASIDE,     (R.AUDIT_SUPERVISOR,),     (N.OTHER_UNIT, N.TEXT),        S.VOID,         "县里的结果认定办法"),
    Step("Z20", S.IN_PROGRESS, A.SET_ASIDE,     (R.AUDIT_SUPERVISOR,),     (N.OTHER_UNIT, N.TEXT),        S.VOID,         "县里的结果认定办法"),
)
# fmt: on

DONE = frozenset({S.CLOSED, S.RECHECK, S.VOID})
"""States in which nothing runs late."""

BEFORE = frozenset({S.DRAFT, S.REGISTERED})
"""States in which no unit has been told yet."""


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row for an action, or refuse: not in this state, not by these roles, not yet."""
    return steps.step_for("finding", LIFECYCLE, state, action, roles=roles, met=met)
