"""Serving what was uploaded, as safely as it can be: a clean copy, as an attachment."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse

from onedoor.files.copies import clean
from onedoor.files.models import StoredFile
from onedoor.files.rules import sniff
from onedoor.files.services import is_whole, opened, path_of
from onedoor.kernel.errors import NotFound


def download(stored: StoredFile, *, name: str) -> FileResponse:
    """Return the file for download: images re-encoded without metadata, others as they are."""
    if not is_whole(stored.digest):
        raise NotFound("file.lost", "这个文件读不出来，已记下。请联系系统管理员从备份恢复。")
    if stored.media_type in sniff.IMAGES:
        content = clean(path_of(stored.digest), stored.media_type, name=stored.digest)
    else:
        content = opened(stored.digest)
    ending = sniff.ENDINGS[stored.media_type]
    plain = "".join(c for c in Path(name).stem if c.isprintable() and c not in '/\\"<>:|?*')[:80]
    response = FileResponse(
        content,
        as_attachment=True,
        filename=(plain or "file") + ending,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
