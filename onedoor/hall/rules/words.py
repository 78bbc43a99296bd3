"""The words of the hall: kinds of windows, why somebody goes first, what came of a visit."""

from __future__ import annotations

from onedoor.kernel.terms import Term

LETTERS = "AFHKMRSW"
"""Letters a ticket may begin with: spoken Chinese tells them apart, unlike B, D, E, G, P and T."""


class WindowKind(Term):
    """What a window is for (窗口类型)."""

    GENERAL = "general", "综合受理"
    SPECIAL = "special", "专窗"
    PICKUP = "pickup", "出件"
    ADVICE = "advice", "咨询导办"
    HELP = "help", "帮办代办"
    UNSOLVED = "unsolved", "办不成事反映"
    CROSS = "cross", "跨省通办"
    TIDE = "tide", "潮汐窗口"
    GREEN = "green", "绿色通道"


class WindowState(Term):
    """Whether a window calls (窗口状态)."""

    CLOSED = "closed", "未开"
    OPEN = "open", "服务中"
    PAUSED = "paused", "暂停"


class Pause(Term):
    """Why a window calls nobody for a while (暂停原因)."""

    BREAK = "break", "短时离席"
    MEAL = "meal", "用餐"
    EQUIPMENT = "equipment", "设备故障"
    MEETING = "meeting", "处理公务"


class Priority(Term):
    """Why somebody is called earlier than they came (优先类别)."""

    GREEN = "green", "绿色通道"
    APPOINTED = "appointed", "预约"
    RETURNED = "returned", "转窗或回来的"
    ORDINARY = "ordinary", "普通"


class Channel(Term):
    """Where a ticket was taken (取号渠道)."""

    KIOSK = "kiosk", "取号机"
    GUIDE = "guide", "导办台"
    PHONE = "phone", "手机"
    APPOINTMENT = "appointment", "预约签到"
    WINDOW = "window", "窗口"
    PAPER = "paper", "纸质号补录"


class Outcome(Term):
    """What came of a visit (办理结果)."""

    ACCEPTED = "accepted", "已收件"
    PICKED_UP = "picked_up", "领证"
    ADVISED = "advised", "咨询"
    OTHER = "other", "其他"
    UNRECORDED = "unrecorded", "没有登记"


class Reason(Term):
    """Why a step was taken that the order of the queue does not explain (理由)."""

    GREEN_NEED = "green_need", "有特殊需要，先办"
    FOLLOW_UP = "follow_up", "刚办过，回来补一步"
    URGENT = "urgent", "当天到期或事情紧急"
    SAME_VISIT = "same_visit", "一次来办几件事"
    WRONG_GROUP = "wrong_group", "取错了号"
    OTHER_UNIT = "other_unit", "归别的窗口办"
    EQUIPMENT = "equipment", "这个窗口的设备坏了"
    LANGUAGE = "language", "语言不通，换人接待"
    MISTAKE = "mistake", "按错了"
    HANDED_BACK = "handed_back", "窗口要停下来"
