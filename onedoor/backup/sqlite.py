"""SQLite in and out: the online backup of one moment, a file renamed into place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from onedoor.backup.copying import LEFT_OUT, Progress, digest, plainly
from onedoor.backup.rules.manifest import Part
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import installation, numbers

PAGES = 8192
NAME = "database.sqlite3"


def dump(folder: Path, progress: Progress) -> tuple[tuple[Part, ...], dict[str, int]]:
    """Copy the database as it is at one moment; writers go on. Return its part and row counts."""
    path = folder / NAME
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as source:
        # A read transaction holds the moment: without it every write would begin the copy anew.
        source.isolation_level = None
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(path)) as target:
            try:
                source.backup(
                    target,
                    pages=PAGES,
                    progress=lambda _, left, all_: progress("数据库", all_ - left, all_),
                )
            except sqlite3.OperationalError as error:
                if "full" in str(error):
                    raise Refusal(
                        "backup.disk_full",
                        "%(path)s 所在的磁盘满了，没有留下任何东西。",
                        path=str(folder),
                    ) from None
                raise
        source.execute("ROLLBACK")
    _leave_out(path)
    rows = check(path)
    path.chmod(0o600)
    return (Part(NAME, path.stat().st_size, digest(path)),), rows


def _leave_out(path: Path) -> None:
    """Empty what is in no backup; written over, not only unlinked."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = ON")
        for table in LEFT_OUT:
            database.execute(f'DELETE FROM "{table}"')
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check(path: Path) -> dict[str, int]:
    """Refuse a database whose pages contradict each other; return the rows of each table."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as database:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise NotValid(
                "backup.database_damaged", "数据库文件本身已经损坏：%(what)s。", what=str(found)
            )
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
            for (name,) in tables
        }


@contextmanager
def instead_of(present: Path) -> Iterator[Path]:
    """Let the block make a database beside ``present``; it takes its place when all went well."""
    draft = present.with_name(f".{present.name}.restoring")
    _remove(draft)
    try:
        with plainly(present.parent):
            yield draft
            connection.close()
            _fold(draft)
            for end in ("-wal", "-shm"):
                present.with_name(present.name + end).unlink(missing_ok=True)
            draft.replace(present)
    finally:
        connection.close()
        _remove(draft)


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Let Django work on this database file instead of its own."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    installation.forget()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        installation.forget()
        numbers.forget()


def _fold(path: Path) -> None:
    """Bring what is in the write-ahead log into the file itself."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
