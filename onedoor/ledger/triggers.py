"""The database itself refuses to change what was recorded.

Installed after every migration and checked at start-up. One statement each, so that the same
file serves a sharded database.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from onedoor.kernel.errors import Refusal

APPEND_ONLY = (
    "ledger_entry",
    "ledger_position",
    "ledger_treehead",
    "ledger_tile",
)
PROTECTED = (*APPEND_ONLY, "papers_paper", "seals_sealuse", "seals_beside", "seals_handuse")
"""Tables whose rows never change: the ledger's own, official papers as they were issued,
and the uses of seals with what was signed beside the PDF."""


ERASABLE = {"papers_paper": "contents"}
"""The one column that may be encrypted anew, or erased with the file it belongs to: the digest
beside it, which never changes, tells whether it still says what was issued."""

SENTENCE = "the ledger is append-only"

_FUNCTION = f"""CREATE OR REPLACE FUNCTION onedoor_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"""


def _statements(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "sqlite":
        return [
            statement
            for table in PROTECTED
            for name, event, when in (
                ("update", f"UPDATE{_of(connection, table)}", ""),
                ("delete", "DELETE", ""),
                ("replace", "INSERT", _is_there(connection, table)),
            )
            for statement in (
                f"DROP TRIGGER IF EXISTS {table}_no_{name}",
                f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
            )
        ]
    rows = [
        statement
        for table in PROTECTED
        for name, event, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        )
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}",
            f"CREATE TRIGGER {table}_no_{name} BEFORE {_event(connection, table, event)} "
            f"ON {table} FOR EACH {each} EXECUTE FUNCTION onedoor_append_only()",
        )
    ]
    return [_FUNCTION, *rows]


def _is_there(connection: BaseDatabaseWrapper, table: str) -> str:
    """Return the condition that a new row would take the place of another: SQLite's INSERT OR
    REPLACE deletes without asking the trigger on DELETE."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    alike = [
        "(" + " AND ".join(f'"{name}" = NEW."{name}"' for name in one["columns"]) + ")"
        for one in found.values()
        if (one["unique"] or one["primary_key"]) and one["columns"]
    ]
    return f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(sorted(set(alike)))})"


def _event(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    return event.replace("UPDATE", f"UPDATE{_of(connection, table)}")


def _of(connection: BaseDatabaseWrapper, table: str) -> str:
    """Return the columns an update of which is refused; all, where nothing may be erased."""
    if table not in ERASABLE:
        return ""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return " OF " + ", ".join(f'"{c.name}"' for c in described if c.name != ERASABLE[table])


def install(using: str) -> None:
    """Put the triggers in place, again if need be."""
    connection = connections[using]
    if APPEND_ONLY[0] not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def check(using: str = "default") -> None:
    """Refuse to go on when a trigger is missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND tgenabled <> 'D' "
                "AND pg_table_is_visible(pg_class.oid)"
            )
        found = {row[0] for row in cursor.fetchall()}
    kinds = (
        ("update", "delete", "replace") if connection.vendor == "sqlite" else ("change", "truncate")
    )
    missing = [f"{t}_no_{k}" for t in PROTECTED for k in kinds if f"{t}_no_{k}" not in found]
    if missing:
        raise Refusal(
            "ledger.unprotected",
            "台账的防改触发器不见了（%(names)s）。请运行 onedoor migrate 装回，并查明原因。",
            names=", ".join(missing),
        )
