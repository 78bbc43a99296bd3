"""The archive of the demo: every closed case is entered, the latest few are packed at once."""

from __future__ import annotations

from datetime import datetime

from onedoor.archive import services as archive
from onedoor.archive.models import ArchiveFile
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Status

PACKED = 3
"""Packages made while the demo is built; the worker makes the others in the evening."""


def archive_closed(*, at: datetime) -> None:
    """Enter what is closed; called once entries stand under a signed tree head."""
    closed = Case.objects.filter(is_open=False, archive_file__isnull=True)
    for case in closed.select_related("item", "item_version", "unit").order_by("ended_at"):
        archive.enter(case, at=at)
    if ArchiveFile.objects.filter(package__isnull=False).exists():
        return
    waiting = ArchiveFile.objects.filter(case__status=Status.CLOSED.value)
    for file in waiting.order_by("-closed_on", "number")[:PACKED]:
        archive.pack_one(file, at=at)
