"""What we do when others announce something. Idempotent: it may be heard twice."""

from __future__ import annotations

from datetime import datetime

from onedoor.cases.models import Licence
from onedoor.disclosure import services as disclosure
from onedoor.ledger.queries import Recorded


def on_licence_issued(entry: Recorded, at: datetime) -> None:
    """Enter what was granted, to be public in time."""
    number = entry.subject.removeprefix("licence:")
    licence = Licence.objects.select_related("case").filter(number=number).first()
    if licence is not None:
        disclosure.enter(licence, at=at)
