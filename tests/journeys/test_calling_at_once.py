"""Windows that call at the same moment never call one ticket; one window that asks twice, once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys import county as counties

pytestmark = pytest.mark.journey

EIGHT_WINDOWS = """
import django; django.setup()
import json
from datetime import date, timedelta
from threading import Barrier, Thread
from django.db import connection
from onedoor.accounts import queries as accounts, services as people
from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.rules import SYSTEM, Role
from onedoor.cases.tests import given as county
from onedoor.hall import audit, queries, services as hall
from onedoor.hall.models import Ticket
from onedoor.hall.rules.words import Outcome
from onedoor.hall.tests import given
from onedoor.kernel.errors import Refusal

WINDOWS, TICKETS = 8, 48
county.prepare()
table = dict(given.TABLE)
table["window"] = [{"number": n, "zone": "one", "main": "A"} for n in range(1, WINDOWS + 1)]
hall.set_hall(table, by=county.actor("admin"), at=given.AT - timedelta(hours=1))
clerks = []
for n in range(1, WINDOWS + 1):
    who = Person.objects.create_user(f"w{n}", "窗口示例", county.PASSWORD)
    people.appoint(who, unit=Organisation.objects.first(), title="x", window="",
        card_number=f"W{n}", first_on=date(2026, 1, 5))
    people.give_role(who, Role.DESK, unit=None, first_on=date(2026, 1, 5), by=SYSTEM,
        at=county.BEGAN)
    clerks.append(accounts.actor_named(f"w{n}", on=given.DAY))
    given.sits(n, f"w{n}")
for n in range(TICKETS):
    given.ticket(at=given.AT + n * given.SECOND)

windows = {n: given.window(n) for n in range(1, WINDOWS + 1)}
connection.close()
served, faults, together = [], [], Barrier(WINDOWS + 1)

def work(number, by, *, is_twin=False):
    try:
        at, window = given.AT + timedelta(minutes=5), windows[number]
        together.wait(60)
        for turn in range(TICKETS):
            connection.close()  # fewer connections than windows: they take turns
            ticket = hall.call_next(window, key=f"{number}-{turn}", by=by, at=at)
            if ticket is None or is_twin:
                break
            served.append((number, ticket.number))
            ticket = hall.start(ticket, by=by, at=at)
            hall.end(ticket, outcome=Outcome.OTHER, by=by, at=at)
            at += timedelta(seconds=30)
    except Exception as error:
        faults.append(repr(error))
    finally:
        connection.close()

threads = [Thread(target=work, args=(n, who)) for n, who in enumerate(clerks, 1)]
# The same key from the same window at the same moment: a double click.
threads.append(Thread(target=work, args=(1, clerks[0]), kwargs={"is_twin": True}))
for each in threads: each.start()
for each in threads: each.join()
report = audit.replay_day(queries.hall(), given.DAY)
print(json.dumps({
    "served": len(served),
    "different": len({number for _, number in served}),
    "left": Ticket.objects.exclude(state="done").count(),
    "calls": report.calls,
    "faults": faults + [f.fault.value for f in report.faults if f.fault.value != "order"],
}))
"""


@pytest.fixture
def office(tmp_path: Path):
    made = counties.empty(tmp_path / "var")
    assert made.run("migrate").returncode == 0
    yield made
    counties.drop(made)


def test_eight_windows_at_once_call_every_ticket_once(office):
    done = subprocess.run(
        [sys.executable, "-c", EIGHT_WINDOWS],
        env=office.environment | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    # Every call of the test is at a time of its own making: who came first is asked elsewhere.
    assert found == {"served": 48, "different": 48, "left": 0, "calls": 48, "faults": []}
