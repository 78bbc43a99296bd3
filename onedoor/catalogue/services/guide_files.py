"""Blank forms and samples (指南文件): an editor uploads them, everybody may download them."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from onedoor.accounts.rules import Actor
from onedoor.catalogue.events import GuideFileUploaded
from onedoor.catalogue.models import GuideFile, Item
from onedoor.catalogue.services.drafts import require_editor
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel.errors import Refusal
from onedoor.ledger import services as ledger


def upload_guide_file(item: Item, content: IO[bytes], *, by: Actor, at: datetime) -> str:
    """Keep a file that the item's guide will show, and return its digest.

    An image that cannot be opened is refused at once. No lock is held while a file is written.

    Basis: 个人信息保护法25 (what people handed in is never made public; who publishes a file is
    known).
    """
    require_editor(by, item.unit)
    stored = files.store(content, at=at)
    try:
        files.try_to_open(stored)
    except Refusal:
        files.forget([stored.pk])
        raise
    return _show(item, stored, by=by, at=at)


@ledger.recorded
def _show(item: Item, stored: StoredFile, *, by: Actor, at: datetime) -> str:
    _, is_new = GuideFile.objects.get_or_create(
        file=stored, defaults={"uploaded_by": by.ref, "uploaded_at": at}
    )
    if is_new:
        event = GuideFileUploaded(subject=f"item:{item.code}", file=stored.digest)
        ledger.record(event, by=by.ref, at=at)
    return str(stored.digest)
