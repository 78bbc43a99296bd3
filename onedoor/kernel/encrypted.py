"""Files encrypted at rest: in chunks, so that a large one streams and none is cut or mixed.

format · key version · salt, then chunks of 64 KiB, each with its tag. Every file has a key of its
own, derived from the master and its salt; a chunk's nonce is its place and whether it is the last,
and every chunk is bound to the file's name: what is left out, put elsewhere or taken from another
file does not open.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onedoor.kernel import crypto
from onedoor.kernel.errors import Refusal

CHUNK = 64 * 1024
_FORMAT = 1
_SALT = 16
_TAG = 16
HEAD = 3 + _SALT


def write(content: IO[bytes], place: Path, *, name: str) -> None:
    """Encrypt the rest of ``content`` into a new file that only the service may read."""
    version, salt = crypto.keyring().active, secrets.token_bytes(_SALT)
    head = bytes([_FORMAT]) + version.to_bytes(2, "big") + salt
    cipher = crypto.file_cipher(version, salt)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(head)
        number, chunk = 0, _next(content)
        while True:
            following = _next(content)
            file.write(cipher.encrypt(_nonce(number, not following), chunk, head + name.encode()))
            if not following:
                break
            number, chunk = number + 1, following
        file.flush()
        os.fsync(file.fileno())


def _next(content: IO[bytes]) -> bytes:
    """Return a full chunk, or what is left: a stream may give less than it was asked for."""
    chunk = content.read(CHUNK)
    while len(chunk) < CHUNK and (more := content.read(CHUNK - len(chunk))):
        chunk += more
    return chunk


def opened(place: Path, *, name: str) -> io.BufferedReader:
    """Open a file for reading what was encrypted; refuses at the first chunk that is not right."""
    return io.BufferedReader(_Reader(place, name), CHUNK)


def is_whole(place: Path, *, name: str) -> bool:
    """Say whether the file opens under that name from its first chunk to its last."""
    try:
        with opened(place, name=name) as file:
            while file.read(CHUNK):
                pass
    except Refusal as refusal:
        if refusal.code != "key.unreadable":
            raise  # a key that is not there says nothing of the file
        return False
    return True


def digest(place: Path, *, name: str) -> str:
    """Return the SHA-256 of what was encrypted."""
    hashed = hashlib.sha256()
    with opened(place, name=name) as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def head_of(place: Path) -> bytes:
    """Return what differs between any two files, even of the same content under the same key."""
    with place.open("rb") as file:
        return file.read(HEAD)


def version_of(place: Path) -> int:
    """Return the version of the key that encrypted this file."""
    return crypto.version_of(head_of(place))


def _nonce(number: int, is_last: bool) -> bytes:
    # The key is the file's own: a place in it is used once.
    return number.to_bytes(11, "big") + bytes([is_last])


class _Reader(io.RawIOBase):
    """Reads an encrypted file like a plain one, from any place in it."""

    def __init__(self, place: Path, name: str) -> None:
        self._file = place.open("rb")
        self._head = self._file.read(HEAD)
        body = os.fstat(self._file.fileno()).st_size - HEAD
        self._count = -(-body // (CHUNK + _TAG))
        if self._head[:1] != bytes([_FORMAT]) or body < _TAG:
            self._file.close()
            raise _unreadable()
        self._size = body - self._count * _TAG
        self._bound = self._head + name.encode()
        self._cipher: AESGCM = crypto.file_cipher(crypto.version_of(self._head), self._head[3:])
        self._at, self._number, self._chunk = 0, -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # any buffer is one
        number, start = divmod(self._at, CHUNK)
        if number >= self._count:
            return 0
        if number != self._number:
            self._number, self._chunk = number, self._decrypted(number)
        part = self._chunk[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _decrypted(self, number: int) -> bytes:
        self._file.seek(HEAD + number * (CHUNK + _TAG))
        sealed = self._file.read(CHUNK + _TAG)
        try:
            nonce = _nonce(number, number == self._count - 1)
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except InvalidTag:
            raise _unreadable() from None


def _unreadable() -> Refusal:
    return Refusal("key.unreadable", "这一项读不出来：密钥不对或数据被改过。")
