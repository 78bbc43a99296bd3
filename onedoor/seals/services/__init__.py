"""What may be done with seals: register one, put it on a paper, lock it."""

from onedoor.seals.services.keeping import (
    ask_unlock,
    confirm_unlock,
    destroy,
    given,
    hand_over,
    lock,
    register,
    stop,
)
from onedoor.seals.services.pressing import press
from onedoor.seals.services.sealing import ask, opened, put_aside, take_back, use

__all__ = [
    "ask",
    "ask_unlock",
    "confirm_unlock",
    "destroy",
    "given",
    "hand_over",
    "lock",
    "opened",
    "press",
    "put_aside",
    "register",
    "stop",
    "take_back",
    "use",
]
