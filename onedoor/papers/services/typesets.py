"""Documents are set once: made at the first reading, kept by the digest of what they say."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction

from onedoor.accounts.services import count_attempt
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.ledger.rules.chain import digest
from onedoor.papers.models import Typeset
from onedoor.papers.rules.official import Document
from onedoor.papers.typesetting import official
from onedoor.version import VERSION


class Way(NamedTuple):
    """A form a document leaves in."""

    media_type: str
    make: Callable[[Document], bytes]


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WAYS = {"pdf": Way("application/pdf", official.pdf), "docx": Way(DOCX, official.docx)}


MOST, WINDOW = 60, timedelta(minutes=10)
"""So many documents are set for one person or address within the window; those kept do not count:
the compiler sets one after the other, for everybody."""


def file_of(document: Document, form: str, *, at: datetime, by: str = "") -> bytes:
    """Return a document as a file; the compiler is asked once, however often it is read.

    ``by`` is who asks, where somebody does: too many new documents are refused.
    """
    key = digest(f"{VERSION} {form} {document!r}".encode())
    kept = Typeset.objects.filter(digest=key).select_related("file").first()
    if kept is not None and files.is_whole(kept.file.digest):
        with files.opened(kept.file.digest) as content:
            return content.read()
    if by:
        count_attempt(f"set-by:{by}", limit=MOST, window=WINDOW, at=at)
    way = WAYS[form]
    made = way.make(document)
    stored = files.keep(io.BytesIO(made), media_type=way.media_type, at=at)
    if kept is None:
        _keep(key, stored, at=at)
    return made


def _keep(key: str, stored: StoredFile, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            Typeset.objects.create(digest=key, file=stored, made_at=at)
    except IntegrityError:  # somebody read it at the same moment; the bytes are the same
        pass
