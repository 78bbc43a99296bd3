"""What may be done in the hall: take a number, call, serve, sit down at a window, close the day."""

from onedoor.hall.services.arriving import arrive, run_booking_timers
from onedoor.hall.services.booking import (
    book,
    cancel_booking,
    confirm,
    decline,
    forget_bookings,
    queue,
)
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
from onedoor.hall.services.opening import (
    copy_roster,
    forget_opening,
    put_on_duty,
    set_opening,
    take_off_duty,
    watch_breaks,
)
from onedoor.hall.services.setting import set_hall
from onedoor.hall.services.taking import (
    Taken,
    Wanted,
    add_case,
    cancel,
    come_back,
    follow_token,
    reserve,
    take,
)
from onedoor.hall.services.windows import close_window, open_window, pause, say, set_skills, unpause

__all__ = [
    "Taken",
    "Wanted",
    "add_case",
    "arrive",
    "book",
    "call_next",
    "cancel",
    "cancel_booking",
    "close_days",
    "close_window",
    "come_back",
    "confirm",
    "copy_roster",
    "decline",
    "end",
    "follow_token",
    "forget_bookings",
    "forget_opening",
    "forget_people",
    "hold",
    "open_window",
    "pause",
    "pick",
    "put_back",
    "put_on_duty",
    "queue",
    "recall",
    "reserve",
    "resume",
    "run_booking_timers",
    "say",
    "set_hall",
    "set_opening",
    "set_skills",
    "skip",
    "start",
    "take",
    "take_off_duty",
    "transfer",
    "unpause",
    "watch_breaks",
]
