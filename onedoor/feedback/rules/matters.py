"""What may be sent to the centre, by when it is answered, and the steps on the way (反映).

No law sets these days: each county does, and says so. Whoever had a hand in what somebody
complains of neither answers the complaint nor files it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Kind(Term):
    """What was sent (反映类型)."""

    CANNOT = "cannot", "办不成事"
    NO_RECEIPT = "no_receipt", "交了材料没给收据"
    ASK = "ask", "咨询"
    FIND = "find", "帮我找要办的事"
    SUGGEST = "suggest", "建议"

    @property
    def is_complaint(self) -> bool:
        """Whether somebody says that they were not served as they should have been."""
        return self in (Kind.CANNOT, Kind.NO_RECEIPT)


class Source(Term):
    """How it came (反映渠道)."""

    WEB = "web", "网上"
    WINDOW = "window", "窗口"
    PHONE = "phone", "电话"


class State(Term):
    """How far it is (反映状态)."""

    WAITING = "waiting", "待分派"
    ASSIGNED = "assigned", "已转办"
    ANSWERED = "answered", "已答复"
    ARCHIVED = "archived", "归档"


class Outcome(Term):
    """What came of it (办理结果)."""

    DONE = "done", "办成了"
    MENDED = "mended", "已经改正"
    EXPLAINED = "explained", "说清楚了"
    UNLAWFUL = "unlawful", "依法不能办"


class Action(Term):
    """What may be done about it (动作)."""

    ASSIGN = "assign", "转办"
    ANSWER = "answer", "答复"
    HAND_BACK = "hand_back", "退回分派"
    LONGER = "longer", "延长期限"
    ARCHIVE = "archive", "核查归档"
    SEND_BACK = "send_back", "退回重办"
    REOPEN = "reopen", "说还没有解决"


class Need(Term):
    """What a step asks for (条件)."""

    NO_HAND = "no_hand", "办理的人没有经手反映的这一件"
    UNIT = "unit", "选定办理单位"
    TEXT = "text", "写明情况"
    OUTCOME = "outcome", "选定办理结果；依法不能办的写明依据"
    CONTACT = "contact", "办不成事的：写明怎么回访的"
    OTHER_HAND = "other_hand", "由答复的人以外的人来办"
    FIRST_TIME = "first_time", "还没有延长过"
    SOON = "soon", "在可以说没有解决的期限以内"


Step = steps.Step[State, Action, Need]
S, A, R, N = State, Action, Role, Need
B = "县里的规定"

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    #    id    in state     action        by               if                                  leads to     basis
    Step("U1", S.WAITING,   A.ASSIGN,     (R.SUPERVISOR,), (N.UNIT,),                          S.ASSIGNED, B),
    Step("U2", S.WAITING,   A.ANSWER,     (R.SUPERVISOR,), (N.NO_HAND, N.TEXT, N.OUTCOME),     S.ANSWERED, B),
    Step("U3", S.ASSIGNED,  A.ANSWER,     (R.HEAD,),       (N.NO_HAND, N.TEXT, N.OUTCOME),     S.ANSWERED, B),
    Step("U4", S.ASSIGNED,  A.HAND_BACK,  (R.HEAD,),       (N.TEXT,),                          S.WAITING,  B),
    Step("U5", S.ASSIGNED,  A.LONGER,     (R.SUPERVISOR,), (N.TEXT, N.FIRST_TIME),             S.ASSIGNED, B),
    Step("U6", S.ANSWERED,  A.ARCHIVE,    (R.SUPERVISOR,), (N.NO_HAND, N.OTHER_HAND, N.CONTACT), S.ARCHIVED, B),
    Step("U7", S.ANSWERED,  A.SEND_BACK,  (R.SUPERVISOR,), (N.TEXT,),                          S.WAITING,  B),
    Step("U8", S.ANSWERED,  A.REOPEN,     (R.APPLICANT,),  (N.TEXT, N.SOON),                   S.WAITING,  B),
    Step("U9", S.ARCHIVED,  A.REOPEN,     (R.APPLICANT,),  (N.TEXT, N.SOON),                   S.WAITING,  B),
)
# fmt: on


def step_for(
    state: State, action: Action, *, roles: AbstractSet[Role], met: AbstractSet[Need]
) -> Step:
    """Return the row for an action, or refuse: not in this state, not by these roles, not yet."""
    return steps.step_for("matter", LIFECYCLE, state, action, roles=roles, met=met)


@dataclass(frozen=True)
class MatterRules:
    """Working days to the answer by kind; to it once made longer; and to say it is not solved."""

    answer: Mapping[Kind, Limit]
    longer: Limit
    reopen: Limit


USUAL = {Kind.CANNOT: 5, Kind.NO_RECEIPT: 1, Kind.ASK: 5, Kind.FIND: 1, Kind.SUGGEST: 15}
MOST = 60
"""No answer takes longer than a quarter of a year."""


def read_rules(told: Mapping[str, object]) -> MatterRules:
    """Return the limits a county's file states (``[matters]``), or refuse it.

    >>> read_rules({"cannot_days": 3}).answer[Kind.CANNOT].count
    3
    """
    basis = str(told.get("basis", "天数由县里定"))

    def limit(name: str, usual: int) -> Limit:
        days = told.get(f"{name}_days", usual)
        if type(days) is not int or not 1 <= days <= MOST:
            raise NotValid(
                "matter.limits",
                "反映的期限 %(name)s_days 写 1 到 %(most)s 个工作日。",
                name=name,
                most=MOST,
            )
        return Limit(days, LimitUnit.WD, basis)

    by_kind = {kind: limit(kind.value, usual) for kind, usual in USUAL.items()}
    return MatterRules(by_kind, limit("longer", 10), limit("reopen", 15))
