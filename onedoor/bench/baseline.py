"""The same SQL sent by bare psycopg (or sqlite3): what the database alone would give.

The statements of one request are taken down as Django sent them; two processes then send them
again and again, with fresh keys where a key must be unique. A conditional UPDATE finds its row
moved on: of a step the baseline counts everything but the change of that one row.
"""

from __future__ import annotations

import pickle
import re
import secrets
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

Statement = tuple[str, Any]


class Taken:
    """Takes down every statement that passes, for ``connection.execute_wrapper``."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if not re.match(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)", sql):
            self.statements.append((sql, [_kept(value) for value in params or ()]))
        return execute(sql, params, many, context)


def _kept(value: Any) -> Any:
    """Return a parameter that can be sent to another process."""
    return bytes(value) if isinstance(value, memoryview) else value


def fresh(params: Any, renewed: dict[Any, Any], unique: dict[Any, Callable[[], Any]]) -> Any:
    """Return the parameters with new keys: UUIDs, and the texts that must be unique."""
    if params is None:
        return None
    return tuple(_fresh(value, renewed, unique) for value in params)


def _fresh(value: Any, renewed: dict[Any, Any], unique: dict[Any, Callable[[], Any]]) -> Any:
    if isinstance(value, list):
        return [_fresh(each, renewed, unique) for each in value]
    if isinstance(value, uuid.UUID) and value in renewed:
        return renewed[value]
    if isinstance(value, int) and value in unique and not isinstance(value, bool):
        return renewed.setdefault(value, unique[value]())
    if isinstance(value, str):
        if value in renewed:
            return renewed[value]
        for text in unique:
            if isinstance(text, str) and text in value:
                value = value.replace(text, renewed.setdefault(text, unique[text]()))
    return value


def rate(
    url: str,
    statements: list[Statement],
    unique: list[str | int],
    *,
    seconds: float,
    processes: int,
) -> float:
    """Return how often a second the statements run as one transaction in bare processes."""
    data = pickle.dumps((url, statements, unique, seconds))
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "onedoor.bench.baseline"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    total = 0.0
    for child in children:
        assert child.stdin is not None
        child.stdin.write(data)
        child.stdin.close()
    for child in children:
        assert child.stdout is not None
        total += float(child.stdout.read() or 0)
        child.wait()
    return total


def _main() -> None:
    url, statements, texts, seconds = pickle.loads(sys.stdin.buffer.read())  # our own parent's
    new = _inserted_keys(statements)
    unique: dict[Any, Callable[[], Any]] = {text: partial(_text_like, text) for text in texts}
    send = _postgres(url) if url.startswith("postgres") else _sqlite(url)
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        renewed: dict[Any, Any] = {key: _like(key) for key in new}
        send([(sql, fresh(params, renewed, unique)) for sql, params in statements])
        count += 1
    print(count / seconds)


def _inserted_keys(statements: list[Statement]) -> set[Any]:
    """Return the keys that INSERTs bring in; other UUIDs name rows that are there."""
    found: set[Any] = set()
    for sql, params in statements:
        match = re.match(r'INSERT INTO \S+ \("id"([^)]*)\)', sql)
        if match is None:
            continue
        if isinstance(params[0], list):  # one array a column
            found |= set(params[0])
        else:
            width = match[1].count(",") + 1
            found |= {params[n] for n in range(0, len(params), width)}
    return found


def papers_of(statements: list[Statement]) -> list[str | int]:
    """Return the numbers, years, serials and codes of the papers these statements issue."""
    found: list[str | int] = []
    for sql, params in statements:
        match = re.match(r'INSERT INTO "papers_paper" \(([^)]*)\)', sql)
        if match is None:
            continue
        columns = match[1].replace('"', "").split(", ")
        for name in ("number", "year", "serial", "code"):
            if isinstance(params[0], list):  # one array a column
                found += params[columns.index(name)]
            else:
                found += params[columns.index(name) :: len(columns)]
    return found


def _text_like(text: str | int) -> str | int:
    if isinstance(text, int):
        # A year to come instead of this one, whose serials would be used up.
        return 3000 + secrets.randbelow(29000) if 2000 < text < 2100 else secrets.randbits(30)
    return secrets.token_hex(len(text))[: len(text)]


def _like(key: Any) -> Any:
    return uuid.uuid4() if isinstance(key, uuid.UUID) else uuid.uuid4().hex


def _postgres(url: str) -> Callable[[list[Statement]], None]:
    connection = psycopg.connect(url, autocommit=True)

    def send(statements: list[Statement]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql.encode(), params)
                if cursor.description:
                    cursor.fetchall()

    return send


def _sqlite(url: str) -> Callable[[list[Statement]], None]:
    path = Path("/" + url.partition("///")[2].lstrip("/"))
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")

    def send(statements: list[Statement]) -> None:
        writes = any(not sql.startswith("SELECT") for sql, _ in statements)
        connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        for sql, params in statements:
            connection.execute(sql.replace("%s", "?"), params or ()).fetchall()
        connection.execute("COMMIT")

    return send


if __name__ == "__main__":
    _main()
