"""Uploads on their way in: to a temporary file, and no further than the limit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from onedoor.kernel.errors import TooLarge


def too_large() -> TooLarge:
    """Return the refusal of a file over the limit."""
    return TooLarge(
        "file.too_large",
        "文件超过 %(most)s MB。请直接拍照上传，或把文件变小再传。",
        field="file",
        most=settings.UPLOAD_LIMIT // (1024 * 1024),
    )


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Refuse as soon as more has come than is taken; what came is deleted with the file."""

    received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse a request that says itself that it is too long, before reading it."""
        if content_length > settings.UPLOAD_LIMIT + 1024 * 1024:
            raise too_large()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            raise too_large()
        super().receive_data_chunk(raw_data, start)
