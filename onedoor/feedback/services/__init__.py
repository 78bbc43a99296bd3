"""What may be done: rate a case or visit, send a matter, and follow both to their end."""

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
from onedoor.feedback.services.rating import Served, Told, rate, rate_served

__all__ = [
    "Move",
    "Said",
    "Sent",
    "Served",
    "Told",
    "follow",
    "move_matter",
    "rate",
    "rate_served",
    "reopen",
    "send",
    "show_photo",
    "show_rater",
    "show_sender",
]
