"""Keys of the installation: field encryption, equality index, signing.

One master key per version lies in ``<data>/keys/master.json`` (mode 0600), made once when an
installation is created. Everything else is derived from it with HKDF, by purpose, so that
a field's key opens no other field. Losing the file loses the personal data: back it up apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
import unicodedata
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
    """The master keys by version, and the version that encrypts today."""

    active: int
    masters: dict[int, bytes]


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


def create_keys() -> None:
    """Make the first master key, unless there is one. Never overwrites."""
    assert _path is not None
    _path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps(
        {"active": 1, "masters": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}}
    )
    # Written whole beside its place and linked in: a crash leaves no half key, a race no second.
    draft = _path.with_name(f".{_path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, _path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


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
        ring = Keyring(int(data["active"]), masters)
    except FileNotFoundError:
        raise Refusal(
            "key.missing", "找不到密钥文件 %(path)s。请从备份恢复它，再启动。", path=str(_path)
        ) from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Refusal(
            "key.damaged", "密钥文件 %(path)s 已损坏。请从备份恢复它。", path=str(_path)
        ) from None
    if ring.active not in ring.masters or any(len(m) != 32 for m in ring.masters.values()):
        raise Refusal("key.damaged", "密钥文件 %(path)s 已损坏。请从备份恢复它。", path=str(_path))
    return ring


@lru_cache(maxsize=256)
def _derived(version: int, purpose: str) -> bytes:
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


def index_of(value: str, *, purpose: str) -> str:
    """Return the keyed equality index of a value: 32 hex characters, normalised first.

    Never an unkeyed hash: eighteen digits can be tried one by one.
    """
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    key = _derived(keyring().active, "index:" + purpose)
    return hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()[:32]


def mac(value: str, *, purpose: str, version: int | None = None) -> bytes:
    """Return a 32-byte keyed code of ``value``; the same for the same key version."""
    key = _derived(version or keyring().active, "mac:" + purpose)
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


def fingerprint() -> str:
    """Return what a database remembers of its first key, in order to notice a wrong one."""
    return mac("onedoor", purpose="fingerprint", version=1).hex()[:32]


def signing_key(purpose: str) -> Ed25519PrivateKey:
    """Return the Ed25519 key for ``purpose``, the same for the life of the installation."""
    return Ed25519PrivateKey.from_private_bytes(_derived(1, "sign:" + purpose))
