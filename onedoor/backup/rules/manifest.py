"""The manifest of a backup (备份清单): what belongs to it, from when, and that it is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from onedoor.kernel.errors import NotValid

NAME = "manifest.json"
FORMAT = 2
"""1 listed its files by their plain digest; no release made one."""

_FILE = re.compile(r"(tables/)?[a-z0-9_]+\.[a-z0-9]+")
_NAME = re.compile("[a-z_][a-z0-9_]*")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """One file of the backup, under its name in the folder."""

    name: str
    size: int
    sha256: str
    table: str = ""
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take no name that leads out of the folder, or is more than a name in a statement."""
        named = (self.table, *self.columns) if self.table else self.columns
        if not _FILE.fullmatch(self.name) or not all(map(_NAME.fullmatch, named)):
            raise ValueError(self.name)


@dataclass(frozen=True)
class Listed:
    """A line of ``files.txt``: the original, and size and SHA-256 of it as it lies, encrypted."""

    name: str
    size: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.size} {self.sha256}\n"


def listed(text: str) -> list[Listed]:
    """Return the originals of a list; refuse one that names anything but a digest."""
    found = []
    for line in text.splitlines():
        match line.split():
            case [name, size, sha256] if _DIGEST.fullmatch(name) and size.isdecimal():
                found.append(Listed(name, int(size), sha256))
            case _:
                raise _damaged()
    return found


@dataclass(frozen=True)
class Manifest:
    """Everything a restore has to know before it touches anything."""

    version: str
    made_at: str
    database: str
    installation: str
    is_demo: bool
    key_fingerprint: str
    key_version: int
    ledger_key: str
    ledger_size: int
    ledger_pending: int
    head_size: int
    head_root: str
    has_keys: bool
    files: int
    file_bytes: int
    missing_files: int
    migrations: tuple[tuple[str, str], ...]
    rows: dict[str, int]
    parts: tuple[Part, ...] = field(default_factory=tuple)


def write(manifest: Manifest, sign: Callable[[bytes], str]) -> str:
    """Return the manifest's text, signed."""
    body = {"onedoor_backup": FORMAT, **asdict(manifest)}
    return json.dumps({**body, "signature": sign(_signed(body))}, ensure_ascii=False, indent=1)


def read(text: str, is_signed: Callable[[str, bytes, str], bool]) -> Manifest:
    """Return the manifest, or refuse one that was changed, cut short or is of a later form."""
    try:
        body = json.loads(text)
        signature = body.pop("signature")
        form = body.pop("onedoor_backup")
        if form > FORMAT:
            raise _newer()
        if form < FORMAT:
            raise _older()
        if not is_signed(body["ledger_key"], _signed({"onedoor_backup": form, **body}), signature):
            raise _damaged()
        body["parts"] = tuple(
            Part(**{**part, "columns": tuple(part["columns"])}) for part in body["parts"]
        )
        body["migrations"] = tuple((app, name) for app, name in body["migrations"])
        return Manifest(**{f.name: body[f.name] for f in fields(Manifest)})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged() from None


def _signed(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _damaged() -> NotValid:
    return NotValid(
        "backup.manifest_damaged", "备份清单 manifest.json 被改过或不完整，这份备份不能用。"
    )


def _older() -> NotValid:
    return NotValid(
        "backup.older_form",
        "这份备份的格式太旧，这一版读不了。请用做它的那一版程序恢复，再升级。",
    )


def _newer() -> NotValid:
    return NotValid("backup.newer", "这份备份是更新的版本做的。请先升级程序，再恢复。")
