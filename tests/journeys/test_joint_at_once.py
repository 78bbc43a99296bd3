"""A scan added while a member of a joint application begins: neither misses the other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import county as counties
from tests.journeys.county import County

pytestmark = pytest.mark.journey

PREPARED = """
import django; django.setup()
from onedoor.cases.tests import given
given.prepare()
"""

ONE_MEMBER_WAITS = """
import django; django.setup()
import io, json, time
from datetime import timedelta
from threading import Event, Thread
from django.db import connection, transaction
from onedoor.cases import joint, services as cases
from onedoor.cases.models import Attachment, Case
from onedoor.cases.tests import given, given_joint
from onedoor.files.tests import samples

application = given_joint.application()
AT = given.FRIDAY + timedelta(days=1)
licence = given_joint.case_of(application, 1)
given_joint.granted(licence, at=AT)
version = given_joint.member(application, 3).item.current_version
names = set(version.materials.values_list("name", flat=True))
order = next(m.order for m in application.materials.order_by("order") if m.name in names)

def attach():
    given_in = {{"name": "x", "content": io.BytesIO(samples.pdf(filler=100))}}
    cases.attach_joint(application, order=order, by=given.actor("clerk"), at=AT, **given_in)

def start():
    cases.start_members(at=AT)

def at_once(first, second):
    begun = Event()
    def slowly():
        with transaction.atomic():
            first()
            begun.set()
            time.sleep(1)
        connection.close()
    def then():
        begun.wait(120)
        second()
        connection.close()
    threads = [Thread(target=slowly), Thread(target=then)]
    for each in threads: each.start()
    for each in threads: each.join()

at_once({first}, {second})
case = given_joint.member(application, 3).case
print(json.dumps({{
    "cases": Case.objects.filter(item__code=given.CONFIRMATION).count(),
    "files": Attachment.objects.filter(case_material__case=case).count() if case else -1,
}}))
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The small county that tests inside a process have, to be copied."""
    made = counties.empty(tmp_path_factory.mktemp("small") / "var-small")
    assert made.run("migrate").returncode == 0
    python(
        made,
        "import django; django.setup(); from onedoor.cases.tests import given; given.prepare()",
    )
    yield made
    counties.drop(made)


def python(county: County, code: str) -> str:
    """Run a program in a county; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=county.environment | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("first", "second", "files"),
    [("attach", "start", 1), ("start", "attach", 1), ("start", "start", 0)],
)
def test_two_at_once_lose_no_file_and_begin_no_member_twice(
    model: County, tmp_path: Path, first: str, second: str, files: int
):
    office = counties.copy(model, tmp_path / f"var-{first}-{second}")

    found = json.loads(python(office, ONE_MEMBER_WAITS.format(first=first, second=second)))
    counties.drop(office)

    assert found == {"cases": 1, "files": files}
