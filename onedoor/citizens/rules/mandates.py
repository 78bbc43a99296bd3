"""Acting for somebody else (代办授权): who may, for how long, and how it was agreed to. Pure.

Basis: 民法典 161–163, 165, 173, 174 (agency, its form and end); 行政许可法 29 (agents may apply).
"""

from __future__ import annotations

from datetime import date, timedelta

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Kind(Term):
    """As what somebody acts for another (代办关系)."""

    FAMILY = "family", "亲友代办"
    LEGAL = "legal", "法定代表人"
    AGENT = "agent", "企业经办人"


class Scope(Term):
    """What somebody may do for another (代办范围)."""

    APPLY = "apply", "申请、交材料、看进度"
    FOLLOW = "follow", "只看进度"


class State(Term):
    """How far an authority is (授权状态)."""

    ASKED = "asked", "等同意"
    GIVEN = "given", "已同意"
    ENDED = "ended", "已结束"


class How(Term):
    """How it was agreed to (怎样同意的)."""

    SMS = "sms", "短信验证码"
    WINDOW = "window", "到窗口，看过证件和委托书"
    ACCOUNT = "account", "本人登录同意"
    REGISTER = "register", "企业登记信息"


class Ended(Term):
    """How it ended (怎样结束的)."""

    TAKEN_BACK = "taken_back", "被代办人收回"
    GIVEN_UP = "given_up", "代办人不办了"
    AT_WINDOW = "at_window", "到窗口收回"
    LAPSED = "lapsed", "到期"
    ACCOUNT_CLOSED = "account_closed", "账户注销"
    REPLACED = "replaced", "换了法定代表人"


class Used(Term):
    """What was done under an authority (代办做了什么)."""

    TURNED = "turned", "转到代办"
    APPLIED = "applied", "交了申请"


MONTHS = (1, 6, 12)
"""What may be chosen; nobody acts for a relative for longer without being asked again."""
MOST = 10
"""So many relatives at most one person acts for: more is a trade."""
ANSWER_IN = timedelta(days=7)
"""So long a request may be answered."""


def last_day(first_on: date, months: int) -> date:
    """Return the last day of an authority of so many months, or refuse another number.

    >>> last_day(date(2026, 1, 31), 1), last_day(date(2026, 3, 6), 12)
    (datetime.date(2026, 2, 28), datetime.date(2027, 3, 5))
    """
    if months not in MONTHS:
        raise NotValid("mandate.months", "请选择代办到什么时候。", field="months")
    year, month = divmod(first_on.month - 1 + months, 12)
    year, month = first_on.year + year, month + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    if first_on.day > (after - timedelta(days=1)).day:
        return after - timedelta(days=1)
    return date(year, month, first_on.day) - timedelta(days=1)
