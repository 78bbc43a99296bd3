"""What may be done: rate a finished case, change it once, and follow a bad rating to its end."""

from onedoor.feedback.services.following import Said, follow, show_rater
from onedoor.feedback.services.rating import Told, rate

__all__ = ["Said", "Told", "follow", "rate", "show_rater"]
