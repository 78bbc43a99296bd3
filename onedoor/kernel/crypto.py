"""Keys of the installation: fields, files, equality index, signing.

One master key per version lies in ``<data>/keys/master.json`` (mode 0600), made once when an
installation is created. Everything else is derived from it with HKDF, by purpose, so that
a field's key opens no other field. Losing the file loses the personal data: back it up apart.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onedoor.kernel.errors import Refusal

_FORMAT = 1


class Keyring(NamedTuple):
    """The master keys by version, the one that encrypts today, and the one that indexes.

    The index stays with its version until every row has been indexed again; ``reindexing``
    names the version it is on its way to.
    """

    active: int
    masters: dict[int, bytes]
    indexing: int
    reindexing: int | None = None


_path: Path | None = None
_ring: Keyring | None = None
_lock = threading.Lock()


def use_folder(folder: Path) -> None:
    """Read the keys from this folder from now on."""
    global _path, _ring
    with _lock:
        _path, _ring = folder / "master.json", None
        _derived.cache_clear()
        _cipher.cache_clear()


def has_keys() -> bool:
    """Say whether this installation has keys already."""
    return _path is not None and _path.exists()


def create_keys() -> None:
    """Make the first master key, unless there is one. Never overwrites."""
    assert _path is not None
    _path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _drafted(Keyring(1, {1: _new_master()}, 1))
    # Linked in, not moved: of two that create keys at once, the second changes nothing.
    try:
        os.link(draft, _path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def add_key() -> int:
    """Add a master key, which encrypts from now on, and return its version; old ones still read."""
    with _changing() as ring:
        version = max(ring.masters) + 1
        _keep(ring._replace(active=version, masters={**ring.masters, version: _new_master()}))
    return version


def begin_reindexing() -> int:
    """Note that the index is on its way to the active key, and return that version."""
    with _changing() as ring:
        target = ring.reindexing or ring.active
        _keep(ring._replace(reindexing=target))
    return target


def finish_reindexing() -> None:
    """Let the index be made with the version it was on its way to."""
    with _changing() as ring:
        _keep(ring._replace(indexing=ring.reindexing or ring.indexing, reindexing=None))


def check_index() -> None:
    """Refuse to go on while half of the rows are indexed with another key than the other half."""
    if keyring().reindexing is not None:
        raise Refusal(
            "key.reindex_unfinished",
            "重建索引没有做完，按证件号查不全。请先运行 onedoor keys reindex，再启动。",
        )


def _new_master() -> bytes:
    return secrets.token_bytes(32)


@contextmanager
def _changing() -> Iterator[Keyring]:
    """Give the keys as they lie in the folder, while nobody else changes them."""
    global _ring
    assert _path is not None
    handle = os.open(_path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield _load()
        os.fsync(handle)
    finally:
        os.close(handle)
        _ring = None


def _keep(ring: Keyring) -> None:
    assert _path is not None
    _drafted(ring).replace(_path)


def _drafted(ring: Keyring) -> Path:
    """Write the keys whole beside their place: a crash leaves no half key."""
    assert _path is not None
    masters = {str(v): base64.b64encode(key).decode() for v, key in ring.masters.items()}
    text = json.dumps(
        {
            "active": ring.active,
            "index": ring.indexing,
            "reindexing": ring.reindexing,
            "masters": masters,
        }
    )
    draft = _path.with_name(f".{_path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def keyring() -> Keyring:
    """Return the keys, or refuse with the place where they should lie."""
    global _ring
    if _ring is None:
        with _lock:
            _ring = _load()
    return _ring


def _load() -> Keyring:
    assert _path is not None
    try:
        data = json.loads(_path.read_text())
        masters = {int(k): base64.b64decode(v) for k, v in data["masters"].items()}
        active, going = int(data["active"]), data.get("reindexing")
        ring = Keyring(
            active, masters, int(data.get("index", active)), None if going is None else int(going)
        )
    except FileNotFoundError:
        raise Refusal(
            "key.missing", "找不到密钥文件 %(path)s。请从备份恢复它，再启动。", path=str(_path)
        ) from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Refusal(
            "key.damaged", "密钥文件 %(path)s 已损坏。请从备份恢复它。", path=str(_path)
        ) from None
    needed = {ring.active, ring.indexing, ring.reindexing or ring.indexing}
    if not needed <= ring.masters.keys() or any(len(m) != 32 for m in ring.masters.values()):
        raise Refusal("key.damaged", "密钥文件 %(path)s 已损坏。请从备份恢复它。", path=str(_path))
    return ring


def _read_again() -> None:
    global _ring
    with _lock:
        _ring = _load()


@lru_cache(maxsize=256)
def _derived(version: int, purpose: str) -> bytes:
    master = keyring().masters.get(version)
    if master is None:  # added meanwhile, by another process
        _read_again()
        master = keyring().masters.get(version)
    if master is None:
        raise Refusal("key.unknown_version", "没有第 %(version)s 版密钥。", version=version)
    return HKDF(SHA256(), 32, salt=b"onedoor", info=purpose.encode()).derive(master)


@lru_cache(maxsize=64)
def _cipher(version: int, purpose: str) -> AESGCM:
    return AESGCM(_derived(version, purpose))


def encrypt(text: str, *, purpose: str) -> bytes:
    """Return ``text`` as format · key version · nonce · ciphertext; only ``purpose`` opens it."""
    version = keyring().active
    nonce = secrets.token_bytes(12)
    head = bytes([_FORMAT]) + version.to_bytes(2, "big")
    sealed = _cipher(version, "field:" + purpose).encrypt(nonce, text.encode(), head)
    return head + nonce + sealed


def decrypt(data: bytes, *, purpose: str) -> str:
    """Return the text, or refuse when the key is not the one that encrypted it."""
    if len(data) < 31 or data[0] != _FORMAT:
        raise Refusal("key.unreadable", "这一项读不出来：数据已损坏。")
    version = int.from_bytes(data[1:3], "big")
    try:
        cipher = _cipher(version, "field:" + purpose)
        return cipher.decrypt(data[3:15], data[15:], data[:3]).decode()
    except InvalidTag:
        raise Refusal("key.unreadable", "这一项读不出来：密钥不对或数据被改过。") from None


def file_cipher(version: int, salt: bytes) -> AESGCM:
    """Return the cipher of one file: its key comes from the master and the file's own salt."""
    key = HKDF(SHA256(), 32, salt=salt, info=b"file").derive(_derived(version, "file"))
    return AESGCM(key)


def version_of(data: bytes) -> int:
    """Return the version of the key that encrypted this."""
    return int.from_bytes(data[1:3], "big")


def index_of(value: str, *, purpose: str, version: int | None = None) -> str:
    """Return the keyed equality index of a value: 32 hex characters, normalised first.

    Never an unkeyed hash: eighteen digits can be tried one by one.
    """
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    key = _derived(version or keyring().indexing, "index:" + purpose)
    return hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()[:32]


def mac(value: str, *, purpose: str, version: int | None = None) -> bytes:
    """Return a 32-byte keyed code of ``value``; the same for the same key version."""
    key = _derived(version or keyring().active, "mac:" + purpose)
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


def token(about: object, *, purpose: str, version: int) -> str:
    """Return 128 bits that open one page to whoever has them, as 32 hex characters.

    Derived, so that they need not be kept: a stolen database tells none of them.
    """
    return mac(str(about), purpose=purpose, version=version)[:16].hex()


def token_digest(text: str) -> str:
    """Return what is kept of a token, to find by it what it opens."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint() -> str:
    """Return what a database remembers of its first key, in order to notice a wrong one."""
    return mac("onedoor", purpose="fingerprint", version=1).hex()[:32]


def signing_key(purpose: str) -> Ed25519PrivateKey:
    """Return the Ed25519 key for ``purpose``, the same for the life of the installation."""
    return Ed25519PrivateKey.from_private_bytes(_derived(1, "sign:" + purpose))
