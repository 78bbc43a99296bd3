"""What a person may do in the market."""

from onedoor.market.services.draws import move_draw, void_overdue
from onedoor.market.services.listing import Asked, list_draw
from onedoor.market.services.needs import Told
from onedoor.market.services.packs import confirm, propose, sign

__all__ = [
    "Asked",
    "Told",
    "confirm",
    "list_draw",
    "move_draw",
    "propose",
    "sign",
    "void_overdue",
]
