"""What the days of a case are for, as its applicant reads them. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from onedoor.kernel.terms import Term


class Ahead(Term):
    """What a day ahead of a case is for (要记的日子)."""

    LOOK = "look", "告诉您材料行不行"
    MEND = "mend", "改好材料再交"
    BRING = "bring", "带原件到窗口"
    ANSWER = "answer", "答复是否受理"
    SUPPLY = "supply", "补材料"
    SUPPLEMENT = "supplement", "交承诺后补的材料"
    DONE = "done", "办好的日子"
    RESUME = "resume", "恢复计时"
    UPPER = "upper", "上级有结果"
    COLLECT = "collect", "领取结果"
    NOTICE = "notice", "公告到期，视为送达"


THEIRS = frozenset({Ahead.MEND, Ahead.BRING, Ahead.SUPPLY, Ahead.SUPPLEMENT, Ahead.COLLECT})
"""What the applicant does; the rest is ours."""


class DayAhead(NamedTuple):
    """A day and what it is for."""

    what: Ahead
    on: date

    @property
    def is_theirs(self) -> bool:
        return self.what in THEIRS
