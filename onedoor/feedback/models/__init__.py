"""What people said of how they were served: ratings, and matters that need an answer."""

from onedoor.feedback.models.matters import Matter, MatterNote
from onedoor.feedback.models.ratings import Order, OrderNote, Rating

__all__ = ["Matter", "MatterNote", "Order", "OrderNote", "Rating"]
