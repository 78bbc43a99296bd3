"""What we do when others announce something. Idempotent: it may be heard twice."""

from __future__ import annotations

from datetime import datetime

from onedoor.cases import services as cases
from onedoor.cases import telling
from onedoor.ledger.queries import Recorded


def on_calendar_changed(entry: Recorded, at: datetime) -> None:
    """Compute the due dates of open cases again."""
    cases.recompute_due_dates(cause=f"{entry.subject} {entry.version}", at=at)


def on_case_moved(entry: Recorded, at: datetime) -> None:
    """Tell the applicant by message what changes for them."""
    telling.tell_of(entry, at=at)


def on_licence_end_served(entry: Recorded, at: datetime) -> None:
    """Tell the holder by message that the decision on their licence is on their page."""
    telling.tell_of_end(entry, at=at)
