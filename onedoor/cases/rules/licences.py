"""What becomes of a licence once it is granted: how long it holds, and on what grounds it ends.

Basis: 行政许可法 50 (renewal), 57 (limited numbers), 69 (revocation), 70 (cancellation).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from onedoor.kernel.terms import Term

APPLY_BEFORE = timedelta(days=30)
"""Who asks for renewal so long before the end is renewed by silence (许可法50)."""


class LicenceState(Term):
    """Where a licence stands (证照状态). That it expired follows from its last day."""

    VALID = "valid", "有效"
    RENEWED = "renewed", "已延续换证"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"


class Shown(Term):
    """How a licence stands on a day, for whoever asks (证照效力)."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已过期"
    RENEWED = "renewed", "已延续换证"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"


def shown(state: LicenceState, valid_to: date | None, *, on: date) -> Shown:
    """Return how a licence stands that day.

    >>> shown(LicenceState.VALID, date(2026, 3, 9), on=date(2026, 3, 10)).zh
    '已过期'
    """
    is_over = valid_to is not None and valid_to < on
    return Shown.EXPIRED if state is LicenceState.VALID and is_over else Shown(state.value)


class RevocationGround(Term):
    """Why a licence may be revoked (撤销情形). Basis: 许可法69."""

    ABUSE = "abuse", "工作人员滥用职权、玩忽职守作出的决定"
    BEYOND_POWER = "beyond_power", "超越法定职权作出的决定"
    PROCEDURE = "procedure", "违反法定程序作出的决定"
    UNQUALIFIED = "unqualified", "申请人不具备资格或者不符合法定条件"
    FRAUD = "fraud", "被许可人以欺骗、贿赂等不正当手段取得"
    FALSE_PROMISE = "false_promise", "告知承诺核查发现承诺不实"


class CancellationGround(Term):
    """Why a licence is to be cancelled (注销情形). Basis: 许可法70."""

    EXPIRED = "expired", "有效期届满未延续"
    INCAPABLE = "incapable", "公民死亡或者丧失行为能力"
    DISSOLVED = "dissolved", "法人或者其他组织依法终止"
    REVOKED = "revoked_before", "许可依法被撤销、撤回，或者证件依法被吊销"
    IMPOSSIBLE = "impossible", "不可抗力使许可事项无法实施"
    OTHER = "other", "法律、法规规定的其他情形"


_LAW = "《中华人民共和国行政许可法》"

LAWS: dict[RevocationGround | CancellationGround, str] = {
    RevocationGround.ABUSE: _LAW + "第六十九条第一款第（一）项",
    RevocationGround.BEYOND_POWER: _LAW + "第六十九条第一款第（二）项",
    RevocationGround.PROCEDURE: _LAW + "第六十九条第一款第（三）项",
    RevocationGround.UNQUALIFIED: _LAW + "第六十九条第一款第（四）项",
    RevocationGround.FRAUD: _LAW + "第六十九条第二款",
    RevocationGround.FALSE_PROMISE: _LAW
    + "第六十九条第一款第（五）项；国办发〔2020〕42号关于承诺不实的规定",
    CancellationGround.EXPIRED: _LAW + "第七十条第（一）项",
    CancellationGround.INCAPABLE: _LAW + "第七十条第（二）项",
    CancellationGround.DISSOLVED: _LAW + "第七十条第（三）项",
    CancellationGround.REVOKED: _LAW + "第七十条第（四）项",
    CancellationGround.IMPOSSIBLE: _LAW + "第七十条第（五）项",
    CancellationGround.OTHER: _LAW + "第七十条第（六）项",
}
"""The article each ground is; printed on the decision."""


def consequence(ground: RevocationGround) -> str:
    """Return what a revocation means for what the holder gained or lost by it (许可法69)."""
    if ground is RevocationGround.FRAUD:
        return "您基于这项许可取得的利益不受保护。"
    return "您的合法权益因撤销受到损害的，可以依法请求赔偿。"


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TERM = re.compile(
    r"(?:自\S{1,8}之日起|有效期限?|为|[：:])*\s*(\d{1,3}|[一二两三四五六七八九十])\s*(年|个?月)(?:内?有效)?"
)
_FOREVER = re.compile(r"(?:有效期限?)?[：:为]?长期(?:有效)?")


def months_of(text: str) -> int | None:
    """Return for how many months a guide says its result holds, or nothing where it does not say.

    Only where it says nothing else: what depends on more than the day of the decision is words.

    >>> months_of("有效期5年"), months_of("三年"), months_of("36个月"), months_of("长期有效")
    (60, 36, 36, None)
    >>> months_of("成年人10年，未成年人5年"), months_of("不超过2年"), months_of("自发证之日起4年")
    (None, None, 48)
    """
    found = _TERM.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else _DIGITS[found[1]]
    return (number * 12 if found[2] == "年" else number) or None


def worded_term(text: str) -> str:
    """Return the words of a validity that names no last day; nothing where it holds for good.

    >>> worded_term("许可的采砂期内"), worded_term("长期有效"), worded_term("5年"), worded_term("")
    ('许可的采砂期内', '', '', '')
    """
    text = text.strip()
    return "" if months_of(text) or _FOREVER.fullmatch(text) else text


def last_day(first: date, months: int) -> date:
    """Return the last day of a licence that holds so many months from ``first``.

    >>> last_day(date(2026, 3, 6), 60), last_day(date(2026, 8, 31), 6)
    (datetime.date(2031, 3, 5), datetime.date(2027, 2, 27))
    """
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    day = min(first.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def is_asked_in_time(received_on: date, valid_to: date) -> bool:
    """Say whether renewal was asked for early enough to be renewed by silence.

    >>> is_asked_in_time(date(2026, 3, 1), date(2026, 3, 31))
    True
    """
    return received_on + APPLY_BEFORE <= valid_to
