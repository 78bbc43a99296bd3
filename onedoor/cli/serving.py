"""``onedoor migrate``, ``serve`` and ``work``: the database, the web, the background work."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from onedoor.calendar import queries as calendar_queries
from onedoor.calendar import services as calendar
from onedoor.kernel import clock
from onedoor.ledger import feeds, installation, leases, sealing, triggers
from onedoor.version import VERSION
from onedoor.wiring import TIMERS

Commands = Any
logger = logging.getLogger(__name__)


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    migrate = commands.add_parser("migrate", help="create or update the database")
    migrate.set_defaults(run=run_migrate)
    serve = commands.add_parser("serve", help="serve web and worker")
    serve.add_argument("--no-worker", action="store_true", help="web alone")
    serve.set_defaults(run=run_serve)
    work = commands.add_parser("work", help="the worker alone")
    work.add_argument("--once", action="store_true", help="one round, then stop")
    work.set_defaults(run=run_work)


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
    """Serve until stopped; the worker goes with it."""
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
    children = [subprocess.Popen(web)]
    if not arguments.no_worker:
        children.append(_worker())
    if not _answers(children[0]):
        for child in children:
            child.terminate()
        print(f"{settings.HOST}:{settings.PORT} 起不来，可能端口已被占用。", file=sys.stderr)
        return 1
    print(f"OneDoor 一扇门：http://{settings.HOST}:{settings.PORT}  （Ctrl+C 停止）", flush=True)
    return _until_stopped(children)


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "onedoor", "work"])


def _answers(web: subprocess.Popen[bytes]) -> bool:
    """Wait until the web process listens; False when it died instead."""
    for _ in range(300):
        if web.poll() is not None:
            return False
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((settings.HOST, int(settings.PORT))) == 0:
                time.sleep(0.3)
                return web.poll() is None
        time.sleep(0.1)
    return False


def _until_stopped(children: list[subprocess.Popen[bytes]]) -> int:
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while children[0].poll() is None:
        time.sleep(0.2)
        if len(children) > 1 and children[1].poll() is not None and not stopping:
            print("后台进程停了，重新启动。", file=sys.stderr)
            time.sleep(2)
            children[1] = _worker()
    if not stopping:
        print("一个进程意外停止，全部停下。", file=sys.stderr)
        stop(0, None)
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopping else 1


# --- The worker ---------------------------------------------------------------------------------

ROUND = 1.0
HEAD_EVERY = 60.0


def run_work(arguments: argparse.Namespace) -> int:
    """Seal, sign, announce and keep the limits, one worker at a time; the next takes over."""
    triggers.check()
    installation.check_key(installation.current())
    holder = f"{socket.gethostname()}:{os.getpid()}"
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    signal.signal(signal.SIGINT, lambda number, frame: stopping.append(number))
    signed_at = 0.0
    while not stopping:
        real = datetime.now(UTC)
        if leases.hold("worker", holder=holder, at=real):
            busy = _round_or_log()
            if time.monotonic() - signed_at >= HEAD_EVERY or arguments.once or signed_at == 0:
                sealing.sign_head(at=real)
                signed_at = time.monotonic()
        else:
            busy = 0
        if arguments.once and not busy:
            break
        if not busy:
            time.sleep(ROUND)
    leases.release("worker", holder=holder, at=datetime.now(UTC))
    return 0


def _round_or_log() -> int:
    """Do a round; what goes wrong in one is logged, and the next begins with a fresh connection."""
    try:
        return work_round()
    except Exception:
        logger.exception("A round of the worker failed")
        connection.close()
        return 0


def work_round() -> int:
    """Do what there is to do once; return how much it was."""
    at = clock.now()
    done = sealing.seal()
    done += feeds.announce(at=at)
    return done + sum(int(timer(at=at)) for timer in TIMERS)
