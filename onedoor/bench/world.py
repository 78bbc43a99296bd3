"""The scratch world of a benchmark: a database of its own, the demo county, a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

from onedoor.kernel.errors import Refusal


@dataclass
class World:
    """Where the scratch county is served, and who may ask."""

    url: str
    folder: Path
    port: int
    county: dict[str, Any] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    @property
    def is_postgres(self) -> bool:
        return self.url.startswith("postgres")

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.url,
            "ONEDOOR_DATA": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DEBUG": "0",
            # Who asks is told by a header, as by a proxy: so one run can be many phones.
            "PROXIES": "1",
        }

    def token(self, username: str) -> str:
        return str(next(a["token"] for a in self.county["accounts"] if a["username"] == username))

    def command(self, *arguments: str) -> str:
        """Run ``onedoor`` in this world and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "onedoor", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refusal("bench.failed", "%(what)s", what=done.stderr[-2000:])
        return done.stdout


def create(base_url: str) -> World:
    """Make a database and a folder, build the demo county in it."""
    folder = Path(tempfile.mkdtemp(prefix="onedoor-bench-"))
    if base_url.startswith("postgres"):
        name = f"onedoor_bench_{os.getpid()}"
        with psycopg.connect(base_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        url = urlunsplit(urlsplit(base_url)._replace(path=f"/{name}"))
    else:
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
    world = World(url, folder, _free_port())
    world.county = json.loads(world.command("demo", "--json"))
    # What the demo announced is done before anything is measured: new due dates, for instance.
    world.command("work", "--once")
    if world.is_postgres:
        # As autovacuum does within a minute of so many new rows; not every test server has it on.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")
    return world


def destroy(world: World, base_url: str) -> None:
    """Stop the server and drop what was made."""
    stop(world)
    if world.is_postgres:
        name = re.sub(r"\W", "", urlsplit(world.url).path)
        with psycopg.connect(base_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    shutil.rmtree(world.folder, ignore_errors=True)


def serve(world: World) -> None:
    """Start the server with its worker, and wait until it answers."""
    world.server = subprocess.Popen(
        [sys.executable, "-m", "onedoor", "serve"],
        env=world.environment,
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 240
    while world.server.poll() is None and time.monotonic() < until:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{world.port}/healthz", timeout=30):
            time.sleep(1.5)  # both processes have their connections
            return
        time.sleep(0.1)
    raise Refusal("bench.no_server", "服务没有起来。")


def stop(world: World) -> None:
    """Stop the server."""
    if world.server is not None:
        world.server.terminate()
        world.server.wait(timeout=90)  # the worker may be in the middle of a round
        world.server = None


def cpu_seconds(world: World) -> float:
    """Return the CPU time the web processes have used so far (user and system)."""
    assert world.server is not None
    ticks = 0
    for process in _family(world.server.pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def on_one_core(world: World) -> Iterator[None]:
    """Let everything that serves the county run on one core alone for a while."""
    assert world.server is not None
    among = os.sched_getaffinity(world.server.pid)
    _keep_to(world.server.pid, {min(among)})
    try:
        yield
    finally:
        _keep_to(world.server.pid, among)


def _keep_to(server: int, cores: set[int]) -> None:
    for process in _family(server):
        with suppress(FileNotFoundError):
            for thread in os.listdir(f"/proc/{process}/task"):
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(int(thread), cores)


def _family(parent: int) -> list[int]:
    found, waiting = [], [parent]
    while waiting:
        process = waiting.pop()
        found.append(process)
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        except FileNotFoundError:
            continue
        waiting += [int(child) for child in children]
    return found


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
