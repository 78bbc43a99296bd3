"""``onedoor migrate`` and ``serve``: the database brought up to date, the pages."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onedoor.calendar import queries as calendar_queries
from onedoor.calendar import services as calendar
from onedoor.cli.keeping import Plan
from onedoor.kernel import crypto
from onedoor.kernel.errors import Refusal
from onedoor.ledger import installation, numbers, triggers
from onedoor.papers import services as papers
from onedoor.version import VERSION

Commands = Any


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
    if numbers.guard(at=datetime.now(UTC)):
        print(
            f"numbers/ 里没有编号的记号，不知道发过多少号：各种编号往后空出 {numbers.ROOM} 个。",
            file=sys.stderr,
        )
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
    """Prepare, then become the process that keeps the pages and the worker going."""
    _check_address()
    _check_database()
    prepare()
    plan = plan_of(with_worker=not arguments.no_worker)
    connection.close()
    sys.stdout.flush()
    os.execv(sys.executable, plan.command())


def plan_of(*, with_worker: bool) -> Plan:
    """Return what is started: on SQLite one small web process, else two."""
    processes, threads = (1, 2) if connection.vendor == "sqlite" else (2, 4)
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
        # A web process that does not hear its signal to stop would keep the port.
        "--workers-kill-timeout=5",
        "--no-access-log",
        "--log-level=warning",
        "onedoor.wsgi:application",
    ]
    return Plan(
        web=web,
        worker=[sys.executable, "-m", "onedoor", "work"] if with_worker else [],
        address=_address(),
        host={"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST),
        port=int(settings.PORT),
        name=settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost"),
    )


def _check_database() -> None:
    """Refuse an empty database beside keys that encrypted something: the right one is elsewhere."""
    is_empty = not MigrationExecutor(connection).loader.applied_migrations
    if is_empty and crypto.has_keys():
        raise Refusal(
            "serve.database_gone",
            "数据目录里有密钥，数据库却是空的，可能没有挂上或者连错了。没有启动。"
            "确实要从头开始，请先运行 onedoor migrate。",
        )


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
