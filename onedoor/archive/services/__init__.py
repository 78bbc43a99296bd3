"""What may be done with the archive: enter, pack, read, hold, dispose of by two persons."""

from onedoor.archive.services.disposing import (
    approve_disposal,
    lift_hold,
    place_hold,
    propose_disposal,
    turn_down_disposal,
)
from onedoor.archive.services.keeping import (
    enter,
    pack_now,
    pack_one,
    pack_waiting,
    read,
    supplement,
    supplement_sealed,
)

__all__ = [
    "approve_disposal",
    "enter",
    "lift_hold",
    "pack_now",
    "pack_one",
    "pack_waiting",
    "place_hold",
    "propose_disposal",
    "read",
    "supplement",
    "supplement_sealed",
    "turn_down_disposal",
]
