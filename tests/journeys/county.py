"""A county of its own for a journey: the demo, copied, served by real processes."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from onedoor.ledger.installation import CLOCK_KNOWN_WITHIN


@dataclass
class County:
    """Where a county lies and is served, and who works there."""

    folder: Path
    database: str
    port: int
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        # Compiled once, not by each of the hundred processes a run of journeys starts.
        dropped = ("PYTEST", "DJANGO", "PYTHONDONTWRITEBYTECODE")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        return kept | {
            "ONEDOOR_DATA": str(self.folder),
            "DATABASE_URL": self.database,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DEBUG": "0",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run ``onedoor`` in this county."""
        return subprocess.run(
            [sys.executable, "-m", "onedoor", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )

    def move_clock(self, ahead: str) -> None:
        """Move the county's clock by ``+20d`` or ``+90m``; return when its processes know of it."""
        moved = self.run("clock", ahead)
        assert moved.returncode == 0, moved.stderr
        if self.server is not None:
            time.sleep(CLOCK_KNOWN_WITHIN)

    def token(self, username: str) -> str:
        return str(self.accounts[username]["token"])

    def serve(self) -> None:
        """Serve web and worker until stopped."""
        self.server = subprocess.Popen(
            [sys.executable, "-m", "onedoor", "serve"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(1200):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.server.poll() is None, "The server died at its start."
            time.sleep(0.1)
        raise AssertionError("The server did not come up.")

    def stop(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=120)
            self.server = None


def free_port() -> int:
    """Return a port to serve at later.

    It lies below those that the machine hands out for connections, so that none takes it in the
    meantime; and it is drawn by the machine, not by the seed that all workers share.
    """
    drawn = random.SystemRandom()
    while True:
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", drawn.randrange(20_000, 32_000)))
            return int(probe.getsockname()[1])


def _postgres() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def _named(name: str) -> str:
    return urlunsplit(urlsplit(_postgres())._replace(path=f"/{name}"))


def _admin(statement: str) -> None:
    with psycopg.connect(_named("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def _name_for(folder: Path) -> str:
    """Return the name of a folder's database: another for every folder, whatever it is called."""
    return f"onedoor_journey_{sha256(bytes(folder.absolute())).hexdigest()[:24]}"


def empty(folder: Path) -> County:
    """Return a place for a county: a folder and an empty database of its own."""
    folder.mkdir(parents=True)
    database = f"sqlite:///{folder / 'onedoor.sqlite3'}"
    if _postgres():
        name = _name_for(folder)
        _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _admin(f'CREATE DATABASE "{name}"')
        database = _named(name)
    return County(folder, database, free_port())


def build(folder: Path) -> County:
    """Build the demo county once; it is never served itself, only copied."""
    county = empty(folder)
    done = county.run("demo", "--json")
    assert done.returncode == 0, done.stderr
    # What the worker has to do of the demo it does here, not in each copy while a journey waits.
    assert county.run("work", "--once").returncode == 0
    county.accounts = {a["username"]: a for a in json.loads(done.stdout)["accounts"]}
    return county


@contextmanager
def shared(folder: Path) -> Iterator[County]:
    """Give the model county to every process that asks; the first builds it, the last drops it."""
    folder.mkdir(exist_ok=True)
    users, kept = folder / "users", folder / "county.json"
    with _alone(folder):
        if not kept.exists():
            made = build(folder / "var")
            kept.write_text(json.dumps([made.database, made.port, made.accounts]))
            users.write_text("")
        database, port, accounts = json.loads(kept.read_text())
        users.write_text(users.read_text() + "+")
    model = County(folder / "var", database, port, accounts)
    try:
        yield model
    finally:
        with _alone(folder):
            users.write_text(users.read_text()[1:])
            if not users.read_text():
                kept.unlink()
                drop(model)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep the other processes of the run from a county for the length of a ``with``."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy(model: County, folder: Path) -> County:
    """Return a copy of a county that is not being served."""
    shutil.copytree(model.folder, folder)
    database = f"sqlite:///{folder / 'onedoor.sqlite3'}"
    if _postgres():
        name = _name_for(folder)
        with _alone(model.folder.parent):  # a template may have one user
            _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _admin(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(model.database).path[1:]}"')
        database = _named(name)
    return County(folder, database, free_port(), model.accounts)


def drop(county: County) -> None:
    """Stop a county and forget it."""
    county.stop()
    if _postgres():
        _admin(f'DROP DATABASE IF EXISTS "{urlsplit(county.database).path[1:]}" WITH (FORCE)')
    shutil.rmtree(county.folder, ignore_errors=True)
