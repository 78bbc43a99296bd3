"""What may be done in the hall: take a number, call, serve, sit down at a window, close the day."""

from onedoor.hall.services.calling import (
    call_next,
    end,
    hold,
    pick,
    put_back,
    recall,
    resume,
    skip,
    start,
    transfer,
)
from onedoor.hall.services.closing import close_days, forget_people
from onedoor.hall.services.setting import set_hall
from onedoor.hall.services.taking import Taken, Wanted, add_case, cancel, come_back, reserve, take
from onedoor.hall.services.windows import close_window, open_window, pause, say, set_skills, unpause

__all__ = [
    "Taken",
    "Wanted",
    "add_case",
    "call_next",
    "cancel",
    "close_days",
    "close_window",
    "come_back",
    "end",
    "forget_people",
    "hold",
    "open_window",
    "pause",
    "pick",
    "put_back",
    "recall",
    "reserve",
    "resume",
    "say",
    "set_hall",
    "set_skills",
    "skip",
    "start",
    "take",
    "transfer",
    "unpause",
]
