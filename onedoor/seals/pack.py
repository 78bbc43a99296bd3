"""What a county's pack says about seals."""

from __future__ import annotations

from onedoor.kernel import packs

PIN_TRIES = 5


def pin_tries() -> int:
    """Return how often in a row a PIN may be wrong before its seal is locked."""
    told = packs.county().get("seals", {})
    return int(told.get("pin_tries", PIN_TRIES))
