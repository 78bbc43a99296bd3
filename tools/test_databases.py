"""Run the tests on SQLite and on PostgreSQL, one after the other.

``DB=sqlite`` or ``DB=postgres`` runs one. PostgreSQL is the server that ``TEST_DATABASE_URL``
names, else one on this machine, else a temporary cluster made from the installed binaries and
removed afterwards; with none of these it is skipped aloud, or fails when it was asked for.
Further arguments go to pytest.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
OLDEST_SERVER = 150000
BINARIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


def say(text: str) -> None:
    sys.stdout.write(f"\n=== {text}\n")
    sys.stdout.flush()


def pytest(database_url: str, data: Path, arguments: list[str]) -> int:
    """Run pytest on one database with data, keys and files of its own; return its status."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ONEDOOR_DATA": str(data),
        "DEBUG": os.environ.get("DEBUG", "1"),
        # A commit need not wait for the disk: no test pulls the server's plug.
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} -c synchronous_commit=off".strip(),
    }
    is_selection = bool(arguments)
    if "-n" not in arguments:
        arguments = ["-n", os.environ.get("WORKERS", "2"), *arguments]
    command = [sys.executable, "-m", "pytest", *arguments]
    status = subprocess.call(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    # 5: nothing was selected, as with `-k` for a test of the other database.
    return 0 if status == 5 and is_selection else status


def running_server() -> str | None:
    """Return the address of a local server that lets us create databases."""
    user = os.environ.get("PGUSER") or getpass.getuser()
    for host in ("127.0.0.1", "/var/run/postgresql"):
        for role in dict.fromkeys((user, "postgres")):
            try:
                with psycopg.connect(
                    host=host, port=5432, user=role, dbname="postgres", connect_timeout=3
                ) as connection:
                    question = (
                        "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
                    )
                    row = connection.execute(question).fetchone()
                    new_enough = connection.info.server_version >= OLDEST_SERVER
            except psycopg.OperationalError:
                continue
            if row and row[0] and new_enough:
                return f"postgres://{role}@{host.replace('/', '%2F')}:5432"
    return None


def binaries() -> Path | None:
    """Return the folder that holds ``initdb``, the newest version first."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for pattern in BINARIES:
        matches = Path("/").glob(pattern.lstrip("/"))
        folders += sorted(matches, key=lambda p: [int(n) if n.isdigit() else 0 for n in p.parts])[
            ::-1
        ]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def temporary_cluster(folder: Path) -> Iterator[str]:
    """Serve an empty cluster on a free port of this machine for the length of a ``with``."""
    owner = None
    # The server refuses to run as root; any other account will do.
    if os.geteuid() == 0:
        known = {entry.pw_name for entry in pwd.getpwall()}
        owner = "postgres" if "postgres" in known else "nobody"
    with tempfile.TemporaryDirectory(prefix="onedoor-pg-") as home:
        if owner:
            shutil.chown(home, owner)
        data, log, port = f"{home}/data", f"{home}/log", free_port()

        def run(*command: str) -> None:
            done = subprocess.run(
                command, user=owner, cwd=home, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

        run(
            f"{folder}/initdb", "-D", data, "-U", "onedoor", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} "
            "-c fsync=off"
        )
        run(f"{folder}/pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgres://onedoor@127.0.0.1:{port}"
        finally:
            run(f"{folder}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def on_sqlite(arguments: list[str]) -> int:
    say("Tests on SQLite")
    with tempfile.TemporaryDirectory(prefix="onedoor-test-") as data:
        return pytest("", Path(data), arguments)


def on_postgres(arguments: list[str], *, required: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="onedoor-test-") as data:
        # A name of our own: two runs on one server do not meet.
        name = f"onedoor_{os.getpid()}"
        if url := os.environ.get("TEST_DATABASE_URL"):
            say("Tests on PostgreSQL: the server of TEST_DATABASE_URL")
            return pytest(url, Path(data), arguments)
        if server := running_server():
            say("Tests on PostgreSQL: the server of this machine")
            return pytest(f"{server}/{name}", Path(data), arguments)
        if folder := binaries():
            say("Tests on PostgreSQL: a temporary cluster")
            with temporary_cluster(folder) as server:
                return pytest(f"{server}/{name}", Path(data), arguments)
    say("Tests on PostgreSQL: SKIPPED")
    sys.stdout.write(
        "There is no server to use and none installed. Install PostgreSQL 15 or newer, or set\n"
        "TEST_DATABASE_URL=postgres://user:password@host:port/name (a role that may create\n"
        "databases).\n"
    )
    return 1 if required else 0


def main() -> int:
    arguments, wanted = sys.argv[1:], os.environ.get("DB", "")
    if wanted not in {"", "sqlite", "postgres"}:
        sys.stderr.write(f"DB={wanted} is neither sqlite nor postgres.\n")
        return 2
    status = 0
    if wanted in {"", "sqlite"}:
        status = on_sqlite(arguments)
    if wanted in {"", "postgres"}:
        status = on_postgres(arguments, required=bool(wanted)) or status
    return status


if __name__ == "__main__":
    sys.exit(main())
