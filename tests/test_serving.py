"""Starting: what is out of date is mended or refused, and what is right is left alone."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from subprocess import Popen

import pytest
from django.db import connection

from onedoor.cli import keeping, serving
from onedoor.kernel.errors import Refusal
from onedoor.ledger import triggers

LOST = {"sqlite": "DROP TRIGGER ledger_entry_no_update"}.get(
    connection.vendor, "DROP TRIGGER ledger_entry_no_change ON ledger_entry"
)


@pytest.mark.django_db
def test_a_ledger_without_its_triggers_is_not_served_and_migrate_puts_them_back():
    with connection.cursor() as cursor:
        cursor.execute(LOST)

    with pytest.raises(Refusal) as refused:
        serving.prepare()
    serving.run_migrate(argparse.Namespace())

    assert refused.value.code == "ledger.unprotected"
    triggers.check()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_a_role_that_does_not_own_the_tables_may_serve():
    role = f"onedoor_web_{os.getpid()}"
    with connection.cursor() as cursor:
        for statement in (
            f"CREATE ROLE {role}",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"SET LOCAL ROLE {role}",
        ):
            cursor.execute(statement)

    serving.prepare()


# --- The address ----------------------------------------------------------------------------------


@pytest.fixture
def taken(settings):
    """A port on which somebody else answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        settings.HOST, settings.PORT = other.getsockname()
        yield settings.PORT


def test_a_taken_port_is_told_and_nothing_is_started(taken, monkeypatch):
    started = []
    monkeypatch.setattr(serving, "prepare", lambda: started.append("database"))
    monkeypatch.setattr("subprocess.Popen", started.append)

    with pytest.raises(Refusal) as refused:
        serving.run_serve(argparse.Namespace(no_worker=False))

    assert refused.value.code == "serve.port_taken"
    assert str(taken) in str(refused.value)
    assert started == []


@pytest.mark.parametrize(
    ("host", "port", "code"),
    [
        ("127.0.0.1", "80a", "serve.bad_port"),
        ("127.0.0.1", "99999999", "serve.bad_port"),
        ("203.0.113.7", "8000", "serve.no_address"),
    ],
)
def test_an_address_that_cannot_be_had_is_told(settings, host, port, code):
    settings.HOST, settings.PORT = host, port

    with pytest.raises(Refusal) as refused:
        serving.run_serve(argparse.Namespace(no_worker=False))

    assert refused.value.code == code


def test_an_empty_database_beside_keys_is_not_served(tmp_path):
    home = {"ONEDOOR_DATA": str(tmp_path), "DATABASE_URL": "", "DEBUG": "1", "PORT": "0"}
    make = "import django; django.setup(); from onedoor.kernel import crypto; crypto.create_keys()"
    env = os.environ | home | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"}
    subprocess.run([sys.executable, "-c", make], env=env, check=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        env["PORT"] = str(free.getsockname()[1])

    told = subprocess.run(
        [sys.executable, "-m", "onedoor", "serve"], env=env, capture_output=True, text=True
    )

    assert (told.returncode, "[serve.database_gone]" in told.stderr) == (1, True), told.stderr


class Slow(BaseHTTPRequestHandler):
    """Listens at once, and is well from its third answer on."""

    asked = 0

    def do_GET(self):
        Slow.asked += 1
        self.send_response(200 if Slow.asked > 2 else 503)
        self.end_headers()

    def log_message(self, *args):
        pass


def test_the_address_is_announced_only_once_the_pages_answer(settings):
    Slow.asked = 0
    with HTTPServer(("127.0.0.1", 0), Slow) as server, Popen(["sleep", "60"]) as web:
        settings.HOST, settings.PORT = "127.0.0.1", server.server_port
        plan = serving.plan_of(with_worker=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            assert keeping.answers(plan, web, [])
            web.kill()
            web.wait()
            assert not keeping.answers(plan, web, [])
        finally:
            server.shutdown()
            web.kill()

    assert Slow.asked == 3


def test_stopped_while_it_starts_it_leaves_nobody_behind(settings, monkeypatch):
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        settings.HOST, settings.PORT = free.getsockname()
    plan, left = serving.plan_of(with_worker=True), []

    def start(command: list[str], start_new_session: bool) -> Popen[bytes]:
        left.append(Popen(["sleep", "60"], start_new_session=start_new_session))
        os.kill(os.getpid(), signal.SIGTERM)
        return left[-1]

    monkeypatch.setattr("onedoor.cli.keeping.subprocess.Popen", start)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        assert keeping.keep(plan) == 0
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])

    assert [child.poll() for child in left] == [-signal.SIGTERM] * 2


def test_what_keeps_the_processes_going_loads_nothing_of_django():
    loaded = "import sys, onedoor.cli.keeping; print('django.db' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True)

    assert told.stdout.strip() == "False"
