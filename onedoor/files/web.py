"""Serving what was uploaded, as safely as it can be: a clean copy, as an attachment."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.http import FileResponse

from onedoor.files.copies import clean
from onedoor.files.models import StoredFile
from onedoor.files.rules import sniff
from onedoor.files.services import CHUNK, path_of
from onedoor.kernel.errors import NotFound


def download(stored: StoredFile, *, name: str) -> FileResponse:
    """Return the file for download: images re-encoded without metadata, others as they are."""
    original = path_of(stored.digest)
    if not original.exists() or _digest(original) != stored.digest:
        raise NotFound("file.lost", "这个文件读不出来，已记下。请联系系统管理员从备份恢复。")
    place = clean(original, stored.media_type) if stored.media_type in sniff.IMAGES else original
    ending = sniff.ENDINGS[stored.media_type]
    plain = "".join(c for c in Path(name).stem if c.isprintable() and c not in '/\\"<>:|?*')[:80]
    response = FileResponse(
        place.open("rb"),
        as_attachment=True,
        filename=(plain or "file") + ending,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return f"sha256:{hashed.hexdigest()}"
