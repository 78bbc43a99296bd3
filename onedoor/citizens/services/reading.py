"""Noting what somebody has read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onedoor.citizens.models import Citizen, Reading
from onedoor.messages.models import Message


def mark_read(citizen: Citizen, messages: Iterable[Message], *, at: datetime) -> None:
    """Note that somebody has read these messages; what was read before stays so."""
    rows = [Reading(citizen=citizen, message=each, read_at=at) for each in messages]
    Reading.objects.bulk_create(rows, ignore_conflicts=True)
