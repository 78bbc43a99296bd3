"""How an appointment goes (预约): who may do what with it, and what each step asks for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from onedoor.accounts import steps
from onedoor.accounts.rules import Role
from onedoor.kernel.terms import Term


class Standing(Term):
    """How an appointment stands (预约状态)."""

    NEW = "new", "还没有"
    WAITING = "waiting", "候补中"
    TO_CONFIRM = "to_confirm", "等窗口确认"
    BOOKED = "booked", "约好了"
    CHECKED_IN = "checked_in", "已取号"
    CANCELLED = "cancelled", "已取消"
    DECLINED = "declined", "不能安排"
    MISSED = "missed", "没有来"
    NO_PLACE = "no_place", "没有等到"


class BookingAction(Term):
    """What may be done with an appointment (动作)."""

    BOOK = "book", "预约"
    ASK = "ask", "约非工作日"
    QUEUE = "queue", "排候补"
    MOVE_UP = "move_up", "候补补上"
    MOVE_UP_ASKING = "move_up_asking", "候补补上，等确认"
    CONFIRM = "confirm", "确认"
    DECLINE = "decline", "不能安排"
    CHECK_IN = "check_in", "签到取号"
    CANCEL = "cancel", "取消"
    MISS = "miss", "没有来"
    GIVE_UP = "give_up", "候补没有等到"


class BookingNeed(Term):
    """What a step asks for (条件)."""

    PLACE = "place", "这个时间还有名额"
    FULL = "full", "这个时间约满了"
    IN_LIMITS = "in_limits", "没有超过每人的次数"
    BY_NOON = "by_noon", "前一天 12:00 以前"
    NO_ANSWER = "no_answer", "到前一天 12:00 没有答复，视为确认"
    REASON = "reason", "写明理由"
    NOT_BEGUN = "not_begun", "约的时间还没到"
    ON_TIME = "on_time", "当天，提前 15 分钟以内"
    DAY_OVER = "day_over", "约的那天已经过去"
    NO_TIME = "no_time", "离约的时间不到 2 小时"


Step = steps.Step[Standing, BookingAction, BookingNeed]
S, A, R, N = Standing, BookingAction, Role, BookingNeed
WHO = (R.APPLICANT, R.GUIDE, R.DUTY)
B = "大厅预约规则"

# fmt: off
LIFECYCLE: tuple[Step, ...] = (
    Step("B1",  S.NEW,        A.BOOK,     WHO,         (N.IN_LIMITS, N.PLACE),  S.BOOKED, B),
    Step("B1a", S.NEW,        A.ASK,      WHO,         (N.IN_LIMITS, N.PLACE),  S.TO_CONFIRM, B),
    Step("B1b", S.NEW,        A.QUEUE,    WHO,         (N.IN_LIMITS, N.FULL),   S.WAITING, B),
    Step("B2",  S.WAITING,    A.MOVE_UP,  (R.SYSTEM,), (N.PLACE,),              S.BOOKED, B),
    Step("B2a", S.WAITING,    A.MOVE_UP_ASKING, (R.SYSTEM,), (N.PLACE,),        S.TO_CONFIRM, B),
    Step("B3",  S.TO_CONFIRM, A.CONFIRM,  (R.DUTY,),   (N.BY_NOON,),            S.BOOKED, B),
    Step("B3a", S.TO_CONFIRM, A.CONFIRM,  (R.TIMER,),  (N.NO_ANSWER,),          S.BOOKED, B),
    Step("B4",  S.TO_CONFIRM, A.DECLINE,  (R.DUTY,),   (N.BY_NOON, N.REASON),   S.DECLINED, B),
    Step("B4a", S.BOOKED,     A.DECLINE,  (R.DUTY,),   (N.REASON,),             S.DECLINED, B),
    Step("B4b", S.WAITING,    A.DECLINE,  (R.DUTY,),   (N.REASON,),             S.DECLINED, B),
    Step("B5",  S.BOOKED,     A.CHECK_IN, (*WHO, R.DESK), (N.ON_TIME,),         S.CHECKED_IN, B),
    Step("B6",  S.BOOKED,     A.CANCEL,   WHO,         (N.NOT_BEGUN,),         S.CANCELLED, B),
    Step("B6a", S.TO_CONFIRM, A.CANCEL,   WHO,         (N.NOT_BEGUN,),         S.CANCELLED, B),
    Step("B6b", S.WAITING,    A.CANCEL,   WHO,         (N.NOT_BEGUN,),         S.CANCELLED, B),
    Step("B7",  S.BOOKED,     A.MISS,     (R.TIMER,),  (N.DAY_OVER,),           S.MISSED, B),
    Step("B8",  S.WAITING,    A.GIVE_UP,  (R.TIMER,),  (N.NO_TIME,),            S.NO_PLACE, B),
)
# fmt: on

WITH_PLACE = (S.BOOKED, S.TO_CONFIRM)
"""States in which an appointment keeps a place of its half hour from others."""
OPEN = (S.WAITING, *WITH_PLACE)
"""States that count against the number of appointments of a person."""
STORED = tuple(each for each in S if each is not S.NEW)


def step_for(
    standing: Standing,
    action: BookingAction,
    *,
    roles: AbstractSet[Role],
    met: AbstractSet[BookingNeed],
) -> Step:
    """Return the row that lets somebody take this action now, or refuse with the reason."""
    return steps.step_for("booking", LIFECYCLE, standing, action, roles=roles, met=met)
