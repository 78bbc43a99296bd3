"""How far an edition of information is (公开流程): which step leads where, by whom, under what.

Who wrote it, who checked it and who publishes it are three people.
Basis: 政府信息公开条例 14–17, 23, 26; 保守国家秘密法 (审查 before publication).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.errors import NotAllowed
from onedoor.kernel.terms import Term


class State(Term):
    """How far an edition is on its way to the public (公开状态)."""

    DRAFT = "draft", "起草"
    REVIEW = "review", "公开前审查"
    CLEARED = "cleared", "待发布"
    PUBLISHED = "published", "已公开"
    REPLACED = "replaced", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"
    DROPPED = "dropped", "不予公开"


class Action(Term):
    """What may be done to an edition (动作)."""

    EDIT = "edit", "修改"
    SUBMIT = "submit", "送审"
    DROP = "drop", "定为不予公开"
    SETTLE = "settle", "处理提示"
    SEND_BACK = "send_back", "退回修改"
    CLEAR = "clear", "审查通过"
    PUBLISH = "publish", "发布"
    REPLACE = "replace", "被更正的版本代替"
    WITHDRAW = "withdraw", "撤回"
    CORRECT = "correct", "更正"


class Need(Term):
    """What a step asks for (条件)."""

    FIELDS = "fields", "必填的项目都写了"
    TEXT = "text", "写明理由"
    NOT_WRITER = "not_writer", "办理的人没有起草过这一版"
    NOT_CHECKER = "not_checker", "办理的人没有审查过这一版"
    SETTLED = "settled", "审查提示都处理了"


Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
WRITERS = (R.LEAD_OFFICE, R.AUDITOR)

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id     in state      action        by               if                                       leads to      basis
    Step("G1", S.DRAFT,      A.EDIT,       WRITERS,         (),                                      S.DRAFT,      "信息公开条例23"),
    Step("G2", S.DRAFT,      A.SUBMIT,     WRITERS,         (N.FIELDS,),                             S.REVIEW,     "信息公开条例17"),
    Step("G3", S.DRAFT,      A.DROP,       WRITERS,         (N.TEXT,),                               S.DROPPED,    "信息公开条例14、15、16"),
    Step("G4", S.REVIEW,     A.SETTLE,     (R.CHECKER,),    (N.NOT_WRITER, N.TEXT),                  S.REVIEW,     "信息公开条例14、15、17"),
    Step("G5", S.REVIEW,     A.SEND_BACK,  (R.CHECKER,),    (N.NOT_WRITER, N.TEXT),                  S.DRAFT,      "信息公开条例17"),
    Step("G6", S.REVIEW,     A.CLEAR,      (R.CHECKER,),    (N.NOT_WRITER, N.SETTLED),               S.CLEARED,    "信息公开条例17"),
    Step("G7", S.CLEARED,    A.SEND_BACK,  (R.DISCLOSER,),  (N.TEXT,),                               S.DRAFT,      "信息公开条例17"),
    Step("G8", S.CLEARED,    A.PUBLISH,    (R.DISCLOSER,),  (N.NOT_WRITER, N.NOT_CHECKER, N.SETTLED), S.PUBLISHED, "信息公开条例23、26"),
    Step("G9", S.PUBLISHED,  A.REPLACE,    (R.DISCLOSER,),  (),                                      S.REPLACED,   "信息公开条例26"),
    Step("G10", S.PUBLISHED, A.WITHDRAW,   (R.DISCLOSER,),  (N.TEXT,),                               S.WITHDRAWN,  "信息公开条例14、15"),
    Step("G11", S.REPLACED,  A.WITHDRAW,   (R.DISCLOSER,),  (N.TEXT,),                               S.WITHDRAWN,  "信息公开条例14、15"),
    # The next edition is begun; this one stays as it is until that is published.
    Step("G12", S.PUBLISHED, A.CORRECT,    WRITERS,         (N.TEXT,),                               S.PUBLISHED,  "信息公开条例26"),
    Step("G13", S.WITHDRAWN, A.CORRECT,    WRITERS,         (N.TEXT,),                               S.WITHDRAWN,  "信息公开条例26"),
)
# fmt: on

OPEN = (S.DRAFT, S.REVIEW, S.CLEARED)
"""States in which the clock runs."""

SHOWN = (S.PUBLISHED, S.REPLACED)
"""States whose text everybody reads; of what was withdrawn only that, when and why."""


_OTHERS = frozenset({N.NOT_WRITER, N.NOT_CHECKER})
"""Needs that another person would meet."""


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row for an action, or refuse: not in this state, not by these roles, not yet.

    >>> step_for(S.REVIEW, A.CLEAR, roles={R.CHECKER}, met={N.NOT_WRITER, N.SETTLED}).id
    'G6'
    """
    step = steps.step_for("information", LIFECYCLE, state, action, roles=roles, met=met | _OTHERS)
    for need in step.needs:
        if need in _OTHERS - met:
            raise NotAllowed(
                "information.same_person",
                "%(action)s要由另一个人来做：%(need)s。",
                basis=step.basis,
                action=action,
                need=need,
            )
    return step
