"""Who works with the data folder now: many may, or one who replaces what lies in it.

Locks of the operating system on the folder itself: they go with the process that holds them,
however it ends, and leave nothing behind.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onedoor.kernel.errors import Refusal

_held: list[int] = []


def work_in(folder: Path) -> None:
    """Work with the folder until this process ends; refused while it is being restored."""
    handle = os.open(folder, os.O_RDONLY)
    if not _locked(handle, fcntl.LOCK_SH):
        os.close(handle)
        raise Refusal("restore.running", "正在恢复数据，没有启动。请等恢复做完再启动。")
    _held.append(handle)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let nobody else work with the folder meanwhile; refused while somebody does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        if not _locked(handle, fcntl.LOCK_EX):
            raise Refusal("restore.in_use", "网页或后台还在运行。请先停掉网页和后台，再恢复。")
        yield
    finally:
        os.close(handle)


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
