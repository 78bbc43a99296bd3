"""Make a backup: beside its place, whole, and only then under its name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from onedoor.backup import copying, postgres, sqlite
from onedoor.backup.copying import Progress
from onedoor.backup.rules import manifest
from onedoor.backup.rules.manifest import Listed, Manifest, Part
from onedoor.files.models import StoredFile
from onedoor.kernel import crypto, encrypted
from onedoor.kernel.errors import Refusal
from onedoor.ledger import export, installation, queries
from onedoor.version import VERSION

STALE = timedelta(days=1)


def make(
    target: Path, *, at: datetime, progress: Progress, with_keys: bool, like: Path | None = None
) -> Manifest:
    """Make a backup in ``target``, which must be new or empty, and return what is in it.

    Files that ``like``, an earlier backup, holds already are linked to it and take no room.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refusal(
            "backup.not_empty",
            "%(path)s 里已经有东西，没有动它。请换一个新文件夹。",
            path=str(target),
        )
    current = installation.current()
    installation.check_key(current)
    with copying.plainly(target), _draft(target) as draft:
        # Files first lie in the store, then are named in a row: what a row of this moment names
        # is there, whatever is added meanwhile.
        with nullcontext() if connection.vendor == "sqlite" else export.one_moment():
            engine = sqlite if connection.vendor == "sqlite" else postgres
            parts, rows = engine.dump(draft, progress)
            with _at_the_same_moment(draft):
                state = queries.state()
                migrations = _migrations()
                named = set(StoredFile.objects.values_list("digest", flat=True))
        listed, count, size = _copy_files(draft, like, progress)
        made = Manifest(
            version=VERSION,
            made_at=at.isoformat(),
            database=connection.vendor,
            installation=str(current.pk),
            is_demo=current.is_demo,
            key_fingerprint=current.key_fingerprint,
            key_version=current.key_version,
            ledger_key=current.ledger_key,
            ledger_size=state.size,
            ledger_pending=state.pending,
            head_size=state.head_size,
            head_root=state.head_root,
            has_keys=with_keys,
            files=count,
            file_bytes=size,
            missing_files=sum(not _is_there(draft, digest) for digest in named),
            migrations=migrations,
            rows=rows,
            parts=(*parts, listed),
        )
        if with_keys:
            _copy_keys(draft)
        text = manifest.write(made, lambda data: crypto.signing_key("ledger").sign(data).hex())
        with (draft / manifest.NAME).open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    return made


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a folder beside ``target``; it gets that name when all went well, else it goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield draft
        copying.sync(draft)
        draft.rename(target)
        copying.sync(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _at_the_same_moment(draft: Path) -> Iterator[None]:
    """Ask the copy on SQLite, the running snapshot on PostgreSQL."""
    if connection.vendor != "sqlite":
        yield
        return
    with sqlite.opened(draft / sqlite.NAME):
        yield


def _migrations() -> tuple[tuple[str, str], ...]:
    """Return the last applied migration of each app."""
    loader = MigrationLoader(connection)
    latest: dict[str, str] = {}
    for app, name in sorted(loader.applied_migrations):
        latest[app] = name
    return tuple(sorted(latest.items()))


def _copy_files(draft: Path, like: Path | None, progress: Progress) -> tuple[Part, int, int]:
    """Copy the originals as they lie, encrypted; return the list of them as a part.

    Each is opened once: what has to be whole is the content, and it is named by it.
    """
    store, lines = Path(settings.DATA) / "files", []
    earlier = {each.name: each for each in copying.listed(like)} if like else {}
    found = sorted(copying.stored(store))
    for done, path in enumerate(found):
        if done % 200 == 0:
            progress("文件", done, len(found))
        target = copying.place(draft / "files", path.name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = copying.place(like / "files", path.name) if like else None
        if path.name in earlier and before is not None and _linked(path, before, target):
            lines.append(earlier[path.name])
            continue
        size, sha256 = copying.copy(path, target)
        if not _opens(target):
            raise Refusal(
                "backup.file_damaged",
                "文件 %(name)s 的内容和它的摘要不符，备份没有做成。请先从上一份备份取回它。",
                name=str(path),
            )
        lines.append(Listed(path.name, size, sha256))
    listing = draft / copying.FILES
    listing.write_text("".join(map(str, lines)))
    part = Part(listing.name, listing.stat().st_size, copying.digest(listing))
    return part, len(found), sum(each.size for each in lines)


def _opens(path: Path) -> bool:
    """Say whether a file contains what it is named by."""
    try:
        return encrypted.digest(path, name=f"sha256:{path.name}") == path.name
    except Refusal as refusal:
        if refusal.code != "key.unreadable":
            raise
        return False


def _linked(path: Path, earlier: Path, target: Path) -> bool:
    """Link to the earlier copy if it is the very same: not from before the keys were changed."""
    try:
        is_same = encrypted.head_of(earlier) == encrypted.head_of(path)
        if is_same:
            os.link(earlier, target)
    except OSError:
        return False  # gone, on another disk, or on one that has no links: copied instead
    return is_same


def _is_there(draft: Path, digest: str) -> bool:
    return copying.place(draft / "files", digest.removeprefix("sha256:")).exists()


def _copy_keys(draft: Path) -> None:
    (draft / "keys").mkdir(mode=0o700)
    for path in (Path(settings.DATA) / "keys").iterdir():
        if path.is_file() and not path.name.startswith("."):
            copying.copy(path, draft / "keys" / path.name)
            (draft / "keys" / path.name).chmod(0o600)


# --- A folder of dated backups --------------------------------------------------------------------


def make_dated(
    folder: Path, *, at: datetime, progress: Progress, with_keys: bool, keep: int
) -> tuple[Path, Manifest]:
    """Make today's backup in a folder of backups, linked to the last; keep the latest ``keep``."""
    earlier = dated(folder)
    target = folder / f"{at:%Y%m%dT%H%M%SZ}"
    made = make(
        target,
        at=at,
        progress=progress,
        with_keys=with_keys,
        like=earlier[-1] if earlier else None,
    )
    for old in dated(folder)[:-keep]:
        (old / manifest.NAME).unlink()  # first of all: what is half deleted is no backup
        shutil.rmtree(old)
    for left in folder.glob(".*.part"):
        if at.timestamp() - left.stat().st_mtime > STALE.total_seconds():
            shutil.rmtree(left, ignore_errors=True)
    return target, made


def dated(folder: Path) -> list[Path]:
    """Return the whole backups of a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"????????T??????Z/{manifest.NAME}"))
