"""What we do when others announce something. Idempotent: it may be heard twice."""

from __future__ import annotations

from datetime import datetime

from onedoor.archive import services as archive
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import OPEN, Status
from onedoor.ledger.queries import Recorded
from onedoor.papers.models import Paper


def on_case_moved(entry: Recorded, at: datetime) -> None:
    """Enter a case that has just been closed."""
    if Status(entry.facts["target"]) in OPEN:
        return
    number = entry.subject.removeprefix("case:")
    case = Case.objects.select_related("item", "item_version", "unit").filter(number=number).first()
    if case is not None and not case.is_open:
        archive.enter(case, at=at)


def on_licence_ended(entry: Recorded, at: datetime) -> None:
    """Add to the file of a case what ended its licence, and how that was announced and served."""
    case = Case.objects.filter(number=entry.subject.removeprefix("licence:")).first()
    if case is not None:
        archive.supplement(case, at=at)


def on_seal_used(entry: Recorded, at: datetime) -> None:
    """Add to the file of a closed case a paper as it is now, under its seal."""
    number = entry.subject.removeprefix("seal-use:")
    about = Paper.objects.filter(number=number).values_list("subject", flat=True).first() or ""
    case = Case.objects.filter(number=about.removeprefix("licence:")).first()
    if case is not None:
        archive.supplement_sealed(case, sealed_at=entry.at, at=at)
