"""Whether a file carries a virus: asked of the office's own scanner (clamd), where there is one.

Three answers: nothing found, a virus by name, not scanned. What was not scanned is not taken.
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import IO

from django.conf import settings

from onedoor.kernel.errors import NotValid

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
PATIENCE = 20
"""Seconds the scanner may take for each step."""
MOST = 4096
"""No answer of a scanner is longer."""


class NotScanned(NotValid):
    """The scanner is away, or would not look: nobody knows what the file carries."""

    status = 503


def scan(content: IO[bytes]) -> None:
    """Refuse a file the scanner finds a virus in, or cannot look at; rewinds it.

    Without a scanner (``CLAMD``) nothing is asked.
    """
    if not settings.CLAMD:
        return
    try:
        answer = _asked(settings.CLAMD, content)
    except OSError as error:
        logger.error("The virus scanner at %s does not answer: %s", settings.CLAMD, error)
        raise _not_scanned() from error
    content.seek(0)
    if answer.endswith(" FOUND"):
        logger.warning("A file was refused by the virus scanner: %s", answer)
        raise NotValid("file.virus", "这个文件可能有病毒，没有接收。", field="file")
    if not answer.endswith(": OK"):
        logger.error("The virus scanner at %s said: %s", settings.CLAMD, answer)
        raise _not_scanned()


def _asked(place: str, content: IO[bytes]) -> str:
    """Return what clamd says of a stream (INSTREAM: chunks with their lengths, then a nought)."""
    with _connected(place) as wire:
        wire.sendall(b"zINSTREAM\0")
        content.seek(0)
        try:
            while chunk := content.read(CHUNK):
                wire.sendall(struct.pack("!L", len(chunk)) + chunk)
            wire.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said no already, and why is read below
        answer = b""
        while b"\0" not in answer and len(answer) < MOST and (part := wire.recv(1024)):
            answer += part
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(place: str) -> socket.socket:
    if place.startswith("/"):
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(PATIENCE)
        try:
            wire.connect(place)
        except OSError:
            wire.close()
            raise
        return wire
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _not_scanned() -> NotScanned:
    return NotScanned(
        "file.not_scanned",
        "现在查不了病毒，文件没有接收。您填的都在，过几分钟再传，或者带到窗口。",
        field="file",
    )
