"""What may be done: rate a finished case, send a matter, and follow both to their end."""

from onedoor.feedback.services.following import Said, follow, show_rater
from onedoor.feedback.services.matters import (
    Move,
    Sent,
    move_matter,
    reopen,
    send,
    show_photo,
    show_sender,
)
from onedoor.feedback.services.rating import Told, rate

__all__ = [
    "Move",
    "Said",
    "Sent",
    "Told",
    "follow",
    "move_matter",
    "rate",
    "reopen",
    "send",
    "show_photo",
    "show_rater",
    "show_sender",
]
