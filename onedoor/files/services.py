"""Keep a file under the digest of its content: once, whole, for good."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from onedoor.files.copies import clean
from onedoor.files.models import StoredFile
from onedoor.files.rules import sniff
from onedoor.kernel.errors import too_large

CHUNK = 1024 * 1024


def store(content: IO[bytes], *, at: datetime) -> StoredFile:
    """Keep the content and return its row; the same content again is the same row.

    Refused when empty, too large, or not of a kind that is taken. Written beside its place and
    moved in: a crash leaves no half file under a digest.
    """
    folder = Path(settings.DATA) / "files" / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / secrets.token_hex(16)
    try:
        digest, size = _copy(content, draft)
        with draft.open("rb") as file:
            media_type = sniff.media_type(file, size=size)
        place = path_of(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    row = StoredFile(digest=digest, size=size, media_type=media_type, created_at=at)
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(digest=digest)


def _copy(content: IO[bytes], draft: Path) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    content.seek(0)
    # Scans are of identity cards: nobody but the service reads them.
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > settings.UPLOAD_LIMIT:
                raise too_large(settings.UPLOAD_LIMIT)
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return f"sha256:{hashed.hexdigest()}", size


def try_to_open(stored: StoredFile) -> None:
    """Refuse an image that cannot be opened while its owner is still there to send another."""
    if stored.media_type in sniff.IMAGES:
        clean(path_of(stored.digest), stored.media_type)


def forget(ids: Collection[UUID]) -> None:
    """Delete these files unless something still refers to them: the row first, then the bytes."""
    for row in StoredFile.objects.filter(pk__in=ids):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue
        transaction.on_commit(partial(_unlink, row.digest))


def _unlink(digest: str) -> None:
    if StoredFile.objects.filter(digest=digest).exists():
        return  # somebody handed the same content in again
    place = path_of(digest)
    place.unlink(missing_ok=True)
    place.with_name(f"{place.name}.clean").unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """Return where the original with this digest lies."""
    name = digest.removeprefix("sha256:")
    return Path(settings.DATA) / "files" / "SHA-256" / name[:2] / name[2:4] / name
