"""Who may receive a paper for an applicant, what has to be known of them (送达), and what may be
done when nobody takes it.

Basis: 行政许可法 44; for the ways to serve 民事诉讼法 88 (to whom), 89 (留置), 90 (电子), 91 (委托,
邮寄), 95 (公告).
"""

from __future__ import annotations

from datetime import date

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules.clock import due
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.terms import Term


class Relation(Term):
    """What whoever takes the paper is to the applicant (与申请人关系)."""

    SELF = "self", "本人"
    REPRESENTATIVE = "representative", "法定代表人（负责人）"
    AGENT = "agent", "办件登记的代办人"
    ENTRUSTED = "entrusted", "受托代领人"
    HOUSEHOLD = "household", "同住成年家属"
    RECEPTION = "reception", "单位收件人员"


AT_WINDOW = (Relation.SELF, Relation.REPRESENTATIVE, Relation.AGENT, Relation.ENTRUSTED)
"""Who comes to the window; all but the applicant show an identity document and an authority."""

BY_POST = (
    Relation.SELF,
    Relation.REPRESENTATIVE,
    Relation.AGENT,
    Relation.HOUSEHOLD,
    Relation.RECEPTION,
)
"""Who may sign a carrier's receipt; of them it says a name, nobody saw a document."""


class Way(Term):
    """How a paper reached whom it concerns (送达方式)."""

    WINDOW = "window", "窗口领取"
    POST = "post", "邮寄"
    LEFT = "left", "留置送达"
    NOTICE = "notice", "公告送达"
    ONLINE = "online", "电子送达"
    ENTRUSTED = "entrusted", "委托送达"
    CABINET = "cabinet", "自助柜领取"


SYSTEM = "本中心网站的“办理进度”页"
"""Where papers are served electronically: what is put there has arrived (民事诉讼法90)."""


class Unserved(Term):
    """Why nothing is left but to announce it (公告原因). Basis: 民事诉讼法95."""

    UNKNOWN = "whereabouts_unknown", "受送达人下落不明"
    FAILED = "other_ways_failed", "用其他方式送不到"


NOTICE = Limit(30, LimitUnit.ND, "民事诉讼法95")
"""For how long it is announced; then it counts as served."""


def served_on(announced_on: date, *, calendar: WorkingDays) -> date:
    """Return the day on which a paper announced that day counts as served.

    Basis: 民事诉讼法95; 民法典201, 203: a last day that is not worked moves on.
    """
    last = due(announced_on, NOTICE, calendar=calendar).on
    assert last is not None
    return last
