"""Telling the supervising department what was granted (审管联动): states, days, answers.

The bureau decides, the former department supervises (谁审批谁负责、谁主管谁监管). No law sets the
days; the county says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class PushState(Term):
    """How far a push has come (推送状态)."""

    PUSHED = "pushed", "已推送"
    SIGNED = "signed", "已签收"
    ANSWERED = "answered", "已反馈"


class Feedback(Term):
    """What the supervising department says of what was granted (监管反馈)."""

    INCLUDED = "included", "已纳入监管"
    ODD = "odd", "发现异常"
    REVOKE = "revoke", "建议撤销"


@dataclass(frozen=True)
class PushRules:
    """The county's days, all working days: to sign, to answer after that, and to escalate."""

    sign_days: int = 2
    answer_days: int = 10
    escalate_days: int = 2
    """So long after the reminder it goes to the head of the department and the supervision."""


def read_push_rules(told: Mapping[str, object]) -> PushRules:
    """Return the county's days, or refuse what is no count of days.

    >>> read_push_rules({"sign_days": 1}).sign_days
    1
    """
    names = PushRules.__dataclass_fields__.keys()
    days = [value for value in told.values() if type(value) is int and 1 <= value <= 60]
    if not told.keys() <= names or len(days) != len(told):
        raise NotValid(
            "county.supervision",
            "县的设定里 [supervision] 只写 sign_days、answer_days 和 escalate_days，"
            "值是 1 到 60 的整数（工作日）。",
        )
    return PushRules(**{name: int(str(value)) for name, value in told.items()})
