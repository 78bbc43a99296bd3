"""PostgreSQL in and out by COPY: one snapshot, no other program needed (ADR 13)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onedoor.backup.copying import LEFT_OUT, Progress
from onedoor.backup.rules.manifest import Manifest, Part
from onedoor.ledger import triggers


def dump(folder: Path, progress: Progress) -> tuple[tuple[Part, ...], dict[str, int]]:
    """Copy every table out of the running snapshot; return the parts and the row counts."""
    (folder / "tables").mkdir(mode=0o700)
    parts, rows = [], {}
    names = sorted(set(connection.introspection.table_names()) - set(LEFT_OUT))
    for done, table in enumerate(names):
        progress("数据库", done, len(names))
        part, rows[table] = _dump_table(folder, table)
        parts.append(part)
    progress("数据库", len(names), len(names))
    return tuple(parts), rows


def _dump_table(folder: Path, table: str) -> tuple[Part, int]:
    with connection.cursor() as cursor:
        columns = _columns(cursor, table)
        name, hashed, size = f"tables/{table}.copy", hashlib.sha256(), 0
        out_of = f"COPY {_called(table, columns)} TO STDOUT (FORMAT binary)"
        with (folder / name).open("xb") as file:
            with _raw(cursor).copy(out_of) as out:
                for chunk in out:
                    hashed.update(chunk)
                    size += file.write(chunk)
            count = int(cursor.rowcount)
            file.flush()
            os.fsync(file.fileno())
    (folder / name).chmod(0o600)
    return Part(name, size, hashed.hexdigest(), table, columns), count


def _columns(cursor: Any, table: str) -> tuple[str, ...]:
    """Return the columns that are written; the database itself makes the others again."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return tuple(name for (name,) in cursor.fetchall())


def load(folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Put the tables of a backup in place of those there are, in the running transaction."""
    with connection.cursor() as cursor:
        # Whoever still works in the database holds a lock: better to say so than to wait for it.
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')
        executor = MigrationExecutor(connection)
        executor.migrate(list(manifest.migrations))
        # Making the tables left their constraints immediate, and some rows point at each other.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        tables = [part for part in manifest.parts if part.table]
        for done, part in enumerate(tables):
            progress("数据库", done, len(tables))
            cursor.execute(f'DELETE FROM "{part.table}"')
            _load_table(cursor, folder, part)
        progress("数据库", len(tables), len(tables))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _reset_sequences(cursor)
        # Without figures PostgreSQL reads whole tables, and a server may have no autovacuum.
        cursor.execute("ANALYZE")
    triggers.install("default")


def _load_table(cursor: Any, folder: Path, part: Part) -> None:
    with (
        (folder / part.name).open("rb") as file,
        _raw(cursor).copy(
            f"COPY {_called(part.table, part.columns)} FROM STDIN (FORMAT binary)"
        ) as into,
    ):
        while chunk := file.read(1 << 20):
            into.write(chunk)


def _reset_sequences(cursor: Any) -> None:
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE is_identity = 'YES' AND table_schema = current_schema()"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "
            f'coalesce(max("{column}"), 0) + 1, false) FROM "{table}"'
        )


def _called(table: str, columns: Iterable[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'"{table}" ({names})'


def _raw(cursor: Any) -> Any:
    """Return psycopg's own cursor, which can COPY."""
    return cursor.cursor
