"""``onedoor migrate`` and ``serve``: the database brought up to date, the pages."""

from __future__ import annotations

import argparse
import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onedoor.calendar import queries as calendar_queries
from onedoor.calendar import services as calendar
from onedoor.kernel.errors import Refusal
from onedoor.ledger import installation, triggers
from onedoor.papers import services as papers
from onedoor.version import VERSION

Commands = Any
PATIENCE = 180.0
"""Seconds a busy or small machine may take until the pages answer."""


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    migrate = commands.add_parser("migrate", help="create or update the database")
    migrate.set_defaults(run=run_migrate)
    serve = commands.add_parser("serve", help="serve web and worker")
    serve.add_argument("--no-worker", action="store_true", help="web alone")
    serve.set_defaults(run=run_serve)


def prepare(*, is_demo: bool = False) -> None:
    """Bring database and static files up to date; make the installation when there is none."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    # A role that does not own the tables may serve, as long as there is nothing to migrate.
    plan = MigrationExecutor(connection)
    if plan.migration_plan(plan.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    installation.ensure(at=datetime.now(UTC), is_demo=is_demo)
    triggers.check()
    if calendar_queries.version() == 0:
        calendar.load_national(by="system", at=datetime.now(UTC))
    papers.load_national(at=datetime.now(UTC))
    if not (settings.DEBUG or settings.TESTING):
        _collect_static()


def _collect_static() -> None:
    """Collect and compress the static files, unless they are those collected before."""
    newest = max(f.stat().st_mtime_ns for f in (settings.PACKAGE / "static").rglob("*"))
    stamp, mark = f"{VERSION} {newest}", settings.STATIC_ROOT / ".collected"
    if not mark.exists() or mark.read_text() != stamp:
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(stamp)


def run_migrate(arguments: argparse.Namespace) -> int:
    """Apply what is new, put the ledger's triggers back in any case."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    prepare()
    print("数据库已是最新。")
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until stopped; the worker goes with it. The address is printed once it answers."""
    _check_address()
    prepare()
    is_small = connection.vendor == "sqlite"
    processes, threads = (1, 2) if is_small else (2, 4)
    connection.close()
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={settings.HOST}",
        f"--port={settings.PORT}",
        f"--workers={processes}",
        f"--blocking-threads={threads}",
        "--backpressure=512",
        "--no-access-log",
        "--log-level=warning",
        "onedoor.wsgi:application",
    ]
    # From here on a signal ends the children too: none may be left holding the port.
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    signal.signal(signal.SIGINT, lambda number, frame: stopping.append(number))
    children = [subprocess.Popen(web)]
    try:
        if not arguments.no_worker:
            children.append(_worker())
        if _answers(children[0], stopping):
            print(f"OneDoor 一扇门：http://{_address()}  （Ctrl+C 停止）", flush=True)
            _watch(children, stopping)
        elif not stopping:
            raise Refusal(
                "serve.no_answer", "网页服务在 %(address)s 没有起来，已经停下。", address=_address()
            )
    finally:
        _end(children)
    return 0 if stopping else 1


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "onedoor", "work"])


def _address() -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"{host}:{settings.PORT}"


def _check_address() -> None:
    """Refuse an address that cannot be had: the web server would share a taken port and say so to
    nobody, and the other one would go on answering."""
    port = str(settings.PORT)
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise Refusal("serve.bad_port", "PORT=%(port)s 不是端口号。", port=port)
    try:
        family, kind, number, _, place = socket.getaddrinfo(
            settings.HOST, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal(
                "serve.port_taken",
                "%(address)s 已经有程序在用，没有启动。请先停掉它，或者换一个端口：PORT=8001。",
                address=_address(),
            ) from None
        raise Refusal(
            "serve.no_address",
            "不能在 %(address)s 上提供服务：%(why)s。请检查 HOST 和 PORT。",
            address=_address(),
            why=error.strerror or str(error),
        ) from None


def _answers(web: subprocess.Popen[bytes], stopping: list[int]) -> bool:
    """Wait until the pages answer; False when the web process died, or answers nothing for long."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
    name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    until = time.monotonic() + PATIENCE
    while not stopping and web.poll() is None and time.monotonic() < until:
        ask = http.client.HTTPConnection(host, int(settings.PORT), timeout=10)
        with suppress(OSError, http.client.HTTPException), closing(ask):
            ask.request("GET", "/healthz", headers={"Host": name})
            if ask.getresponse().status == HTTPStatus.OK:
                return web.poll() is None
        time.sleep(0.1)
    return False


def _watch(children: list[subprocess.Popen[bytes]], stopping: list[int]) -> None:
    """Wait until told to stop or the pages stop; a worker that stops is started again."""
    while not stopping and children[0].poll() is None:
        time.sleep(0.2)
        if len(children) > 1 and children[1].poll() is not None and not stopping:
            print("后台进程停了，重新启动。", file=sys.stderr)
            time.sleep(2)
            children[1] = _worker()
    if not stopping:
        print("一个进程意外停止，全部停下。", file=sys.stderr)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
