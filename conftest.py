"""What every test starts from: a folder of its own, an installation, the calendar, a small county.

The prepared database is made once a run; a test's changes are rolled back, never flushed (the
ledger's triggers would refuse that). Tests that need threads or processes take a copy.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


def pytest_configure() -> None:
    settings.DATA = Path(tempfile.mkdtemp(prefix="onedoor-test-"))
    settings.SECRET_FILE = settings.DATA / "keys" / "secret_key"
    settings.STATIC_ROOT = settings.DATA / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.hookimpl(trylast=True)  # after the shuffle
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys last, the long files first.

    A browser leaves an event loop running, in which nothing is signed.
    """
    size = Counter(item.path for item in items if item.get_closest_marker("journey"))
    place = {path: place for place, (path, _) in enumerate(size.most_common(), start=1)}
    items.sort(key=lambda item: place.get(item.path, 0))


class WholeFiles(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Gives the processes one test after the other, and the journeys by the file.

    What the journeys of a file share, a served county mostly, is then made once only.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        return path if path.startswith("tests/journeys/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFiles:
    config.option.loadscopereorder = False  # the order is ours
    return WholeFiles(config, log)


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    """The installation's keys, for tests with a database and without."""
    from onedoor.kernel import crypto

    crypto.use_folder(settings.DATA / "keys")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, keys: None) -> None:
    from onedoor.calendar import services as calendar
    from onedoor.cases.tests import given
    from onedoor.ledger import installation, numbers
    from onedoor.papers import services as papers

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own
        now = datetime.now(UTC)
        installation.ensure(at=now)
        calendar.load_national(by="system", at=now)
        papers.load_national(at=now)
        given.prepare()
    numbers.forget()


@pytest.fixture(autouse=True)
def forget_what_was_cached() -> Iterator[None]:
    """Let no test see what another one left in the process: every cache, and the language.

    The rows a test wrote are rolled back; what was kept of them in memory has to go as well. The
    county of all tests is the same, with the same keys, so that nothing else tells them apart.
    """
    from onedoor.accounts import queries as accounts
    from onedoor.calendar import queries as calendar
    from onedoor.catalogue.queries import versions
    from onedoor.ledger import installation, numbers
    from onedoor.papers import queries as papers

    yield
    translation.deactivate()  # a request leaves its language on the thread that answered it
    for kept in (accounts, calendar, versions, installation, numbers, papers):
        kept.forget()
    cache.clear()  # parts of guides, by their version


@pytest.fixture
def kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is read again every second or two for as long as a test counts statements."""
    from onedoor.accounts import queries as accounts
    from onedoor.calendar import queries as calendar
    from onedoor.papers import queries as papers

    monkeypatch.setattr(accounts, "KEPT_SECONDS", 3600)
    monkeypatch.setattr(calendar, "QUIET_SECONDS", 3600)
    monkeypatch.setattr(papers, "KEPT_SECONDS", 3600)
