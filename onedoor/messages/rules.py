"""When a message goes out, and how often it is tried. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Topic(Term):
    """What a message tells (短信内容)."""

    PRE_RETURNED = "pre_returned", "预审退回"
    RECEIVED = "received", "已收件"
    CORRECTING = "correcting", "请补正"
    ACCEPTED = "accepted", "已受理"
    REJECTED = "rejected", "不予受理"
    STOPPED = "stopped", "暂停计时"
    EXTENDED = "extended", "延期"
    PUT_OFF = "put_off", "补交期限顺延"
    FORWARDED = "forwarded", "转报上级"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予"
    READY = "ready", "可以领取"
    SERVED = "served", "电子送达"
    DEPOSITED = "deposited", "放进自助柜"
    RETURNED = "returned", "退件"
    ANSWERED = "answered", "反映有答复"
    BOOKED = "booked", "约好了"
    BOOKING_ASKED = "booking_asked", "周末预约等确认"
    BOOKING_DECLINED = "booking_no", "预约不能安排"
    CODE = "code", "登录验证码"
    CONSENT = "consent", "代办要您同意"
    MANDATE = "mandate", "同意了代办"
    INVITED = "invited", "请您做经办人"
    ACTED = "acted", "有人替您申请"
    MAIL_CODE = "mail_code", "邮箱验证码"


AT_ONCE = frozenset({Topic.CODE, Topic.MAIL_CODE, Topic.CONSENT})
"""What somebody waits for: no quiet hours hold it back."""


class Channel(Term):
    """How something is told (消息通道)."""

    SMS = "sms", "短信"
    MAIL = "mail", "邮件"
    APP = "app", "站内"


class State(Term):
    """How far a message is (短信状态)."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "没有发出"


WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 480))
"""After each failed try; then it is given up, and somebody may send it again."""

NEWS = timedelta(days=1)
"""What happened longer ago is no news: nobody is woken by a worker that was away."""


@dataclass(frozen=True)
class Quiet:
    """The hours in which nobody is disturbed; they may reach over midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Say whether it is quiet at this time of day.

        >>> Quiet(time(21), time(8)).holds(time(7, 59)), Quiet(time(21), time(8)).holds(time(8))
        (True, False)
        """
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def over(self, at: datetime) -> datetime:
        """Return when a message of this moment, in local time, may go: now, or when quiet ends."""
        if not self.holds(at.time()):
            return at
        end = at.replace(hour=self.ends.hour, minute=self.ends.minute, second=0, microsecond=0)
        return end if end > at else end + timedelta(days=1)


def read_quiet(told: Mapping[str, object]) -> Quiet:
    """Return the quiet hours a county's file states (``[messages]``), or refuse it.

    >>> read_quiet({}).begins
    datetime.time(21, 0)
    """
    try:
        return Quiet(
            time.fromisoformat(str(told.get("quiet_from", "21:00"))),
            time.fromisoformat(str(told.get("quiet_to", "08:00"))),
        )
    except ValueError:
        raise NotValid(
            "messages.quiet", "免打扰时段写 quiet_from、quiet_to，比如 21:00、08:00。"
        ) from None
