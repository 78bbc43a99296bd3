"""What a person may do in the market."""

from onedoor.market.services.draws import Asked, Told, list_draw, move_draw, void_overdue
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
