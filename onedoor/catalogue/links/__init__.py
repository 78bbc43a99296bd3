"""Who asks an address whether it answers: the network, or in a demo and in tests a pretence."""

from __future__ import annotations

from typing import Protocol

from onedoor.catalogue.links.outside import Outside
from onedoor.catalogue.links.pretended import Pretended
from onedoor.catalogue.rules.links import Reply
from onedoor.ledger import installation


class Prober(Protocol):
    """Asks an address once and says how it answered; it never raises, and never takes long."""

    def ask(self, address: str) -> Reply: ...


def prober() -> Prober:
    """Return who asks here: a demo county's addresses are nobody's, and asked of nobody."""
    return Pretended() if installation.current().is_demo else Outside()
