"""Copy files with their digests; say in one sentence why a disk will not take them."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onedoor.backup.rules import manifest
from onedoor.backup.rules.manifest import Listed
from onedoor.kernel.errors import NotValid, Refusal

CHUNK = 4 * 1024 * 1024
NAME = 64
"""How long the name of an original is: a SHA-256 in hexadecimal."""

FILES = "files.txt"
LEFT_OUT = ("django_session",)
"""Tables whose rows are in no backup: whoever finds one must not be signed in by it."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much is done and how much there is."""


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file so that it survives a power cut; return its size and SHA-256."""
    hashed, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(CHUNK):
            hashed.update(chunk)
            writing.write(chunk)
            size += len(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return size, hashed.hexdigest()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored(folder: Path) -> Iterator[Path]:
    """Yield the originals in a content-addressed folder; each is named by what it contains.

    The clean copies beside them are made again when they are needed.
    """
    yield from (path for path in folder.glob("SHA-256/??/??/*") if len(path.name) == NAME)


def place(folder: Path, name: str) -> Path:
    """Return where the original of that digest lies in such a folder."""
    return folder / "SHA-256" / name[:2] / name[2:4] / name


def listed(folder: Path) -> list[Listed]:
    """Return the originals that belong to a backup."""
    return manifest.listed((folder / FILES).read_text(encoding="utf-8", errors="replace"))


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def plainly(where: Path) -> Iterator[None]:
    """Turn what the disk says into a refusal that tells what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Refusal(
                "backup.disk_full", "%(path)s 所在的磁盘满了，没有留下任何东西。", path=str(where)
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Refusal(
                "backup.not_writable", "%(path)s 不能写，请检查权限。", path=str(where)
            ) from None
        raise NotValid(
            "backup.failed",
            "%(path)s：%(why)s。",
            path=error.filename or str(where),
            why=error.strerror or str(error),
        ) from None
