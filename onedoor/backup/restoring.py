"""Put a backup back: checked first, all or nothing, and what it cannot know is made safe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from onedoor.backup import copying, postgres, sqlite
from onedoor.backup.copying import Progress
from onedoor.backup.events import DatabaseRestored
from onedoor.backup.rules import manifest
from onedoor.backup.rules.manifest import Manifest
from onedoor.backup.rules.room import room
from onedoor.kernel import crypto, encrypted, inuse
from onedoor.kernel.errors import NotFound, NotValid, Refusal
from onedoor.ledger import export, installation, leases, numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.models import Installation
from onedoor.ledger.rules.verify import Summary, verify

IN_USE = timedelta(minutes=1)


@dataclass(frozen=True)
class Restored:
    """What came back, and what the ledger's verification found."""

    manifest: Manifest
    skipped: int
    faults: tuple[str, ...]


def restore(
    folder: Path,
    *,
    at: datetime,
    progress: Progress,
    replace: bool = False,
    other: bool = False,
    skip: int | None = None,
) -> Restored:
    """Put the backup in ``folder`` in place of an empty installation, or of any with ``replace``.

    ``other`` allows the backup of another installation to replace this one. Sessions are dropped,
    leases freed, and numbers go on ``skip`` further than the backup knows; left out, by as many
    as may have been given out since it was made.
    """
    made = checked(folder, progress)
    skip = skip or room(datetime.fromisoformat(made.made_at), at=at)
    refuse_unless_fitting(made, at=at, replace=replace, other=other)
    data = Path(settings.DATA)
    with copying.plainly(data):
        data.mkdir(parents=True, exist_ok=True)
    with copying.plainly(data), inuse.alone_in(data):
        _bring_keys(folder, made)
        _bring_files(folder, progress)
        if connection.vendor == "sqlite":
            with sqlite.instead_of(Path(connection.settings_dict["NAME"])) as draft:
                copying.copy(folder / sqlite.NAME, draft)
                draft.chmod(0o600)
                with sqlite.opened(draft):
                    _settle(made, at=at, skip=skip)
        else:
            _replace_tables(folder, made, progress, at=at, skip=skip)
    installation.forget()
    numbers.forget()
    return Restored(made, skip, tuple(_faults(at)))


def checked(folder: Path, progress: Progress) -> Manifest:
    """Return the manifest of a backup that is whole; refuse, naming the part that is not."""
    path = folder / manifest.NAME
    if not path.is_file():
        raise NotFound(
            "backup.none", "%(path)s 不是一份完整的备份：没有 manifest.json。", path=str(folder)
        )
    made = manifest.read(path.read_text(encoding="utf-8", errors="replace"), _is_signed)
    for done, part in enumerate(made.parts):
        progress("检查", done, len(made.parts))
        _check_part(folder / part.name, part.name, part.size, part.sha256)
    for each in copying.listed(folder):
        path = copying.place(folder / "files", each.name)
        _check_part(path, f"files/{each.name}", each.size, each.sha256)
    progress("检查", len(made.parts), len(made.parts))
    return made


def _check_part(path: Path, name: str, size: int, sha256: str) -> None:
    if not path.is_file():
        raise NotValid(
            "backup.part_missing", "备份不完整：缺 %(name)s。没有动任何东西。", name=name
        )
    if path.stat().st_size != size or copying.digest(path) != sha256:
        raise NotValid(
            "backup.part_damaged", "备份里的 %(name)s 已损坏。没有动任何东西。", name=name
        )


def _is_signed(key: str, text: bytes, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), text)
    except (ValueError, InvalidSignature):
        return False
    return True


def refuse_unless_fitting(made: Manifest, *, at: datetime, replace: bool, other: bool) -> None:
    """Refuse a backup that this program, this database or this installation may not take."""
    if made.database != connection.vendor:
        raise Refusal(
            "restore.other_database",
            "备份是 %(made)s 的，这里是 %(here)s。请用同一种数据库恢复（DATABASE_URL）。",
            made=made.database,
            here=connection.vendor,
        )
    known = MigrationLoader(None).graph.nodes
    if unknown := [f"{app}.{name}" for app, name in made.migrations if (app, name) not in known]:
        raise Refusal(
            "restore.newer_schema",
            "备份是 %(version)s 版做的，比这里的程序新（%(names)s）。请先升级程序。",
            version=made.version,
            names=", ".join(unknown[:3]),
        )
    present = _present()
    if present is None:
        if _is_something() and not replace:
            raise _not_empty()
        return
    if str(present.pk) != made.installation and not other:
        raise Refusal(
            "restore.other_installation",
            "备份属于另一个安装（%(made)s），这里是 %(here)s。确实要换，请加 --other。",
            made=made.installation,
            here=str(present.pk),
        )
    if not replace:
        raise _not_empty()
    beat = leases.last_beat("worker")
    # The worker's lease is kept in real time; a lease given back is in the past.
    if beat is not None and leases.is_held("worker", at=at) and at - beat < IN_USE:
        raise Refusal("restore.in_use", "网页或后台还在运行。请先停掉网页和后台，再恢复。")


def _not_empty() -> Refusal:
    return Refusal(
        "restore.not_empty", "这里已经有数据，没有动它。确实要用备份替换，请加 --replace。"
    )


def _is_something() -> bool:
    """Say whether a database lies here that is not ours, or so damaged that it cannot say so."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        return name.exists() and name.stat().st_size > 0
    return bool(connection.introspection.table_names())


def _present() -> Installation | None:
    """Return the installation that is there now; None where there is no database yet."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return None  # asking would create an empty file
    try:
        with transaction.atomic():
            return Installation.objects.first()
    except DatabaseError:
        return None


def _bring_keys(folder: Path, made: Manifest) -> None:
    """Take the keys of the backup where there are none; refuse keys that cannot read it."""
    here = Path(settings.DATA) / "keys"
    if made.has_keys and not (here / "master.json").exists():
        here.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in (folder / "keys").iterdir():
            if not (here / path.name).exists():
                copying.copy(path, here / path.name)
                (here / path.name).chmod(0o600)
        crypto.use_folder(here)
    installation.check_key_of(made.key_fingerprint, made.key_version)
    # A manifest brings the key it is signed with: it is genuine only if that key is ours.
    if made.ledger_key != crypto.signing_key("ledger").public_key().public_bytes_raw().hex():
        raise Refusal(
            "restore.not_ours", "备份不是用这里的密钥签的，可能是伪造的。没有动任何东西。"
        )


def _bring_files(folder: Path, progress: Progress) -> None:
    """Add the originals that are not here yet; what is here more is left."""
    store = Path(settings.DATA) / "files"
    names = [each.name for each in copying.listed(folder)]
    for done, name in enumerate(names):
        if done % 200 == 0:
            progress("文件", done, len(names))
        target = copying.place(store, name)
        # It may be encrypted with another key than in the backup: what counts is the content.
        if target.exists() and encrypted.is_whole(target, name=f"sha256:{name}"):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{name}.restoring")
        draft.unlink(missing_ok=True)
        copying.copy(copying.place(folder / "files", name), draft)
        draft.replace(target)


def _replace_tables(
    folder: Path, made: Manifest, progress: Progress, *, at: datetime, skip: int
) -> None:
    try:
        with transaction.atomic():
            postgres.load(folder, made, progress)
            installation.forget()
            _settle(made, at=at, skip=skip)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock not available
            raise
        raise Refusal(
            "restore.in_use", "网页或后台还在运行。请先停掉网页和后台，再恢复。"
        ) from None
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":  # insufficient privilege
            raise
        raise Refusal(
            "restore.not_owner", "恢复要用拥有这些表的数据库用户（DATABASE_URL）来做。"
        ) from None


@ledger.recorded
def _settle(made: Manifest, *, at: datetime, skip: int) -> None:
    """Free what was held at the moment of the backup, and leave room in every series."""
    leases.free_all()
    Session.objects.all().delete()
    numbers.leave_room(skip, at=at)
    ledger.record(
        DatabaseRestored(
            subject=f"installation:{made.installation}",
            made_at=made.made_at,
            ledger_size=made.ledger_size,
            head_size=made.head_size,
            head_root=made.head_root,
            skipped=skip,
        ),
        by="system",
        at=at,
    )


def _faults(at: datetime) -> Iterator[str]:
    """Verify the ledger that came back."""
    found = verify(export.lines(at=at), Summary(), signed_by=_is_signed)
    yield from (f"{fault.where}: {fault.what}" for fault in found)
