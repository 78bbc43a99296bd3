"""Two who publish really at once: one edition is published once, two get two numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys import county as counties

pytestmark = pytest.mark.journey

TWO_PUBLISH = """
import django; django.setup()
import json
from threading import Barrier, Thread
from django.db import connection
from onedoor.cases.tests import given
from onedoor.kernel.errors import Refusal
from onedoor.reports import services as reports
from onedoor.reports.models import Edition
from onedoor.reports.tests import given as told, publishing

given.prepare()

def report(n):
    content = told.invented()
    content["document"] = {**content["document"], "title": f"样例报告{n}"}
    return told.kept(content)

one, two = (publishing.cleared(publishing.entered(report(n))) for n in (1, 2))
twin = publishing.reload(one)
answers = []

def at_once(*editions):
    ready = Barrier(len(editions))
    def publish(edition):
        try:
            ready.wait(60)
            seen = edition.version
            reports.publish(edition, seen=seen, by=publishing.DISCLOSER, at=publishing.AT)
            answers.append("published")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()
    threads = [Thread(target=publish, args=[edition]) for edition in editions]
    for each in threads: each.start()
    for each in threads: each.join()

at_once(one, twin, two)
rows = Edition.objects.filter(state="published").select_related("publication")
numbers = sorted(row.publication.index_number for row in rows)
print(json.dumps({
    "answers": sorted(answers),
    "serials": [int(n.rpartition("-")[2]) - int(numbers[0].rpartition("-")[2]) for n in numbers],
    "entries": len([row for row in rows if row.digest and row.published_by]),
}))
"""


def test_of_two_who_publish_at_once_one_is_refused_and_numbers_are_given_once(tmp_path: Path):
    office = counties.empty(tmp_path / "var")
    assert office.run("migrate").returncode == 0

    done = subprocess.run(
        [sys.executable, "-c", TWO_PUBLISH],
        env=office.environment | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    counties.drop(office)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "answers": ["information.changed_meanwhile", "published", "published"],
        "serials": [0, 1],
        "entries": 2,
    }
