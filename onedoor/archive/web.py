"""How a package is sent: as it lies in the store, piece by piece."""

from __future__ import annotations

from django.http import FileResponse

from onedoor.archive.services.keeping import ZIP
from onedoor.files.models import StoredFile
from onedoor.files.services import is_whole, opened
from onedoor.kernel.errors import NotFound


def sent(stored: StoredFile, *, name: str) -> FileResponse:
    """Return a package for download, read piece by piece, or say that it is lost."""
    if not is_whole(stored.digest):
        raise NotFound("file.lost", "这个文件读不出来，已记下。请联系系统管理员从备份恢复。")
    response = FileResponse(
        opened(stored.digest), as_attachment=True, filename=f"{name}.zip", content_type=ZIP
    )
    response["Content-Length"] = str(stored.size)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
