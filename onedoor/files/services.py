"""Keep a file encrypted under the digest of its content: once, whole, for good."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from onedoor.files import copies, scanning
from onedoor.files.copies import clean
from onedoor.files.models import StoredFile
from onedoor.files.rules import sniff
from onedoor.kernel import crypto, encrypted
from onedoor.kernel.errors import too_large

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024
Progress = Callable[[str, int, int], None]
_DIGEST = re.compile("[0-9a-f]{64}")


def store(content: IO[bytes], *, at: datetime) -> StoredFile:
    """Keep the content encrypted and return its row; the same content again is the same row.

    Refused when empty, too large, not of a kind that is taken, or with a virus. Written beside
    its place and moved in: a crash leaves no half file under a digest.
    """
    digest, size = _measured(content, most=settings.UPLOAD_LIMIT)
    media_type = sniff.media_type(content, size=size)
    scanning.scan(content)
    place = path_of(digest)
    if not place.exists():
        _keep(content, place, name=digest)
    row = StoredFile(digest=digest, size=size, media_type=media_type, created_at=at)
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(digest=digest)


def keep(content: IO[bytes], *, media_type: str, at: datetime) -> StoredFile:
    """Keep what the house itself made, of whatever kind and size, as ``store`` keeps an upload."""
    digest, size = _measured(content, most=None)
    place = path_of(digest)
    if not place.exists():
        _keep(content, place, name=digest)
    row = StoredFile(digest=digest, size=size, media_type=media_type, created_at=at)
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(digest=digest)


def digest_of(content: IO[bytes]) -> str:
    """Return the digest under which a content would be kept."""
    return _measured(content, most=None)[0]


def _measured(content: IO[bytes], *, most: int | None) -> tuple[str, int]:
    """Return digest and size; read before anything is written, for every chunk is bound to it."""
    hashed, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(CHUNK):
        size += len(chunk)
        if most is not None and size > most:
            raise too_large(most)
        hashed.update(chunk)
    return f"sha256:{hashed.hexdigest()}", size


def _keep(content: IO[bytes], place: Path, *, name: str) -> None:
    folder = Path(settings.DATA) / "files" / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / secrets.token_hex(16)
    try:
        content.seek(0)
        encrypted.write(content, draft, name=name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def opened(digest: str) -> IO[bytes]:
    """Open the original with this digest, as it was handed in."""
    return encrypted.opened(path_of(digest), name=digest)


def is_whole(digest: str) -> bool:
    """Say whether the original with this digest is there, and as it was handed in."""
    place = path_of(digest)
    return place.exists() and encrypted.is_whole(place, name=digest)


def try_to_open(stored: StoredFile) -> None:
    """Refuse an image that cannot be opened while its owner is still there to send another."""
    if stored.media_type in sniff.IMAGES:
        clean(path_of(stored.digest), stored.media_type, name=stored.digest).close()


def taken_on(stored: StoredFile) -> date | None:
    """Return the day a photo says it was taken, if it is one and says so."""
    if stored.media_type not in sniff.IMAGES:
        return None
    return copies.taken_on(path_of(stored.digest), name=stored.digest)


def forget(ids: Collection[UUID]) -> None:
    """Delete these files unless something still refers to them: the row first, then the bytes."""
    for row in StoredFile.objects.filter(pk__in=ids):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue
        transaction.on_commit(partial(_unlink, row.digest))


def drop(digest: str) -> None:
    """Delete what lies under a digest and belongs to nothing: half a step left it behind."""
    forget(StoredFile.objects.filter(digest=digest).values_list("pk", flat=True))
    _unlink(digest)


def wipe(stored: StoredFile, *, at: datetime) -> None:
    """Delete the bytes of a file something still refers to; its digest stays known."""
    StoredFile.objects.filter(pk=stored.pk).update(erased_at=at)
    transaction.on_commit(partial(_remove, stored.digest))


def _unlink(digest: str) -> None:
    if StoredFile.objects.filter(digest=digest).exists():
        return  # somebody handed the same content in again
    _remove(digest)


def _remove(digest: str) -> None:
    place = path_of(digest)
    place.unlink(missing_ok=True)
    place.with_name(f"{place.name}.clean").unlink(missing_ok=True)


def encrypt_again(progress: Progress) -> int:
    """Move every original to the active key; return how many were moved.

    Clean copies go: they are made again. Killed half-way, it may simply be done again.
    """
    version, moved = crypto.keyring().active, 0
    places = sorted(path for path in _folder().glob("??/??/*") if path.is_file())
    for done, place in enumerate(places):
        progress("files", done, len(places))
        name = f"sha256:{place.name}"
        if not _DIGEST.fullmatch(place.name):
            place.unlink()
        elif encrypted.version_of(place) != version:
            if not encrypted.is_whole(place, name=name):
                # One file that is lost already must not keep all the others from the new key.
                logger.error("%s cannot be read: bring it back from a backup.", name)
                continue
            with encrypted.opened(place, name=name) as content:
                _keep(content, place, name=name)
            moved += 1
    return moved


def _folder() -> Path:
    return Path(settings.DATA) / "files" / "SHA-256"


def path_of(digest: str) -> Path:
    """Return where the original with this digest lies."""
    name = digest.removeprefix("sha256:")
    return _folder() / name[:2] / name[2:4] / name
