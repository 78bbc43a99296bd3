"""The installation a database belongs to: its identity, its keys, its training clock."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from onedoor.kernel import crypto
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger.models import Installation

_cache: dict[str, tuple[float, Installation]] = {}
CLOCK_KNOWN_WITHIN = 1.0  # seconds; nothing but a demo's clock can change meanwhile


def ensure(*, at: datetime, is_demo: bool = False) -> Installation:
    """Return this database's installation; make it, and its keys, when there is none.

    Refused when the database was made with another key than the one that lies in the folder:
    going on would lose the personal data already encrypted.
    """
    installation = Installation.objects.first()
    if installation is None:
        crypto.create_keys()
        _create_secret()
        public = crypto.signing_key("ledger").public_key().public_bytes_raw().hex()
        installation = Installation.objects.create(
            created_at=at,
            key_fingerprint=crypto.fingerprint(),
            ledger_key=public,
            is_demo=is_demo,
        )
        _cache.clear()
    check_key(installation)
    return installation


def _create_secret() -> None:
    """Keep a secret for sessions and forms beside the keys, unless one is given or there is one."""
    file = Path(settings.SECRET_FILE)
    if not file.exists():
        with suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as secret:
                secret.write(settings.SECRET_KEY)


def check_key(installation: Installation) -> None:
    """Refuse when the key in the folder is not the one this database was made with."""
    check_key_of(installation.key_fingerprint, installation.key_version)
    crypto.check_index()


def check_key_of(fingerprint: str, version: int) -> None:
    """Refuse when the keys in the folder cannot read what these keys wrote."""
    if fingerprint != crypto.fingerprint():
        raise Refusal(
            "key.wrong",
            "密钥和数据库不是一套：数据库是用另一把密钥建的。请从备份恢复原来的密钥文件，再启动。",
        )
    if version not in crypto.keyring().masters:
        raise Refusal(
            "key.too_old",
            "密钥文件太旧：数据库已经用到第 %(version)s 版密钥。请换上轮换以后保存的密钥文件。",
            version=version,
        )


def current() -> Installation:
    """Return this database's installation; cached, for a demo only for a second."""
    name = str(connection.settings_dict["NAME"])
    cached = _cache.get(name)
    if cached and (not cached[1].is_demo or time.monotonic() - cached[0] < CLOCK_KNOWN_WITHIN):
        return cached[1]
    installation = Installation.objects.first()
    if installation is None:
        raise Refusal("ledger.not_installed", "数据库还没有初始化。请先运行 onedoor migrate。")
    _cache[name] = (time.monotonic(), installation)
    return installation


def forget() -> None:
    """Read the installation again the next time it is asked for."""
    _cache.clear()


def clock_offset() -> timedelta:
    """Return how far the training clock runs ahead; nothing outside a demo database."""
    try:
        installation = current()
    except (Refusal, DatabaseError):
        return timedelta(0)
    if not installation.is_demo:
        return timedelta(0)
    return offset_at(installation, datetime.now(UTC))


def offset_at(installation: Installation, real: datetime) -> timedelta:
    """Return how far the clock of a demo is ahead at a real moment: it may run faster."""
    offset = timedelta(seconds=installation.clock_offset_seconds)
    if installation.clock_from is None:
        return offset
    return offset + (real - installation.clock_from) * (installation.clock_rate - 1)


def mark_as_demo() -> None:
    """Say that this database holds invented people only; nothing says the opposite again."""
    Installation.objects.update(is_demo=True)
    _cache.clear()


FASTEST = 600


def set_clock(offset: timedelta, *, rate: int = 1) -> None:
    """Move the clock of a demo database (时间机), and let it run so many times faster from now on.

    Refused anywhere else. The processes that serve it know within a second.
    """
    if not 1 <= rate <= FASTEST:
        raise NotValid("clock.bad_rate", "快多少倍写 1 到 %(most)s。", field="rate", most=FASTEST)
    changes = {
        "clock_offset_seconds": int(offset.total_seconds()),
        "clock_rate": rate,
        "clock_from": datetime.now(UTC) if rate > 1 else None,
    }
    if not Installation.objects.filter(is_demo=True).update(**changes):
        raise Refusal("clock.not_a_demo", "只有演示库才能调时间。这个库是正式库。")
    _cache.clear()
