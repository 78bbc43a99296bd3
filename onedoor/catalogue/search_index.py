"""The index of the search, kept by the database itself in step with ``SearchDoc``.

SQLite: an FTS5 table beside it and three triggers. PostgreSQL: a generated tsvector with a GIN
index. Whoever writes a row, in whatever transaction, has written the index. Installed after every
migration: a rebuilt SQLite table loses its triggers.
"""

from __future__ import annotations

from django.db import connections

DOC, INDEX = "catalogue_searchdoc", "catalogue_searchindex"

# Tokens come ready-made: the marks of rules.search.titles belong to them, nothing is folded.
_TABLE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='{DOC}', content_rowid='number', "
    "detail=none, tokenize=\"unicode61 remove_diacritics 0 tokenchars '=~^#@'\")"
)
_ADD = f"INSERT INTO {INDEX}(rowid, tokens) VALUES (new.number, new.tokens);"
_REMOVE = f"INSERT INTO {INDEX}({INDEX}, rowid, tokens) VALUES ('delete', old.number, old.tokens);"
_TRIGGERS = {"insert": _ADD, "delete": _REMOVE, "update": _REMOVE + " " + _ADD}

_POSTGRES = (
    f"ALTER TABLE {DOC} ADD COLUMN IF NOT EXISTS vector tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED",
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {DOC} USING gin (vector) WITH (fastupdate = off)",
)


def install(using: str) -> None:
    """Put the index in place, again if need be."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if DOC not in tables:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _POSTGRES:
                cursor.execute(statement)
            return
        if INDEX not in tables:
            cursor.execute(_TABLE)
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")
        for event, body in _TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{event}")
            cursor.execute(
                f"CREATE TRIGGER {INDEX}_{event} AFTER {event.upper()} ON {DOC} BEGIN {body} END"
            )
