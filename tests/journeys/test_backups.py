"""A backup is whole or is none; a restore brings back everything, or changes nothing."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onedoor.backup import restoring
from onedoor.backup.rules.manifest import NAME
from onedoor.kernel.errors import Refusal
from tests.journeys import county as counties
from tests.journeys.county import County

SETUP = """
import django; django.setup()
from datetime import UTC, datetime, timedelta
from django.contrib.sessions.models import Session
from onedoor.files import services as files
from onedoor.ledger import leases, numbers
import io
at = datetime.now(UTC)
"""
PEOPLED = """
from onedoor.cases.tests import given
given.prepare()
"""
"""People, units and items: tables that refer to each other both ways."""

FILLED = """
numbers.take("case:014:20260306", highest_used=lambda: 0)
numbers.take("paper:2026", highest_used=lambda: 0)
Session.objects.create(session_key="session-of-somebody", session_data="", expire_date=at)
leases.hold("feed", holder="somebody", at=at, seconds=86400)
files.store(io.BytesIO(b"%PDF-1.4\\n1 0 obj<<>>endobj\\ntrailer<<>>\\n%%EOF\\n"), at=at)
"""
AFTERWARDS = """
import json
from django.db.models import F
from onedoor.catalogue.models import Item
from onedoor.ledger.models import Entry, Lease
from onedoor.files.models import StoredFile
print(json.dumps({
    "old": numbers.take("case:014:20260306", highest_used=lambda: 0),
    "new": numbers.take("case:015:20260306", highest_used=lambda: 0),
    "later": numbers.take("case:015:20991231", highest_used=lambda: 0),
    "paper": numbers.take("paper:2026", highest_used=lambda: 0),
    "sessions": Session.objects.count(),
    "leases": Lease.objects.count(),
    "items": Item.objects.filter(current_version__item=F("pk")).count(),
    "restored": Entry.objects.filter(kind="installation.restored").count(),
    "files": [files.path_of(f.digest).exists() for f in StoredFile.objects.all()],
}))
"""


def python(office: County, code: str) -> str:
    """Run code in an office's own process; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", SETUP + code],
        env=office.environment | {"DJANGO_SETTINGS_MODULE": "onedoor.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in (0, 9), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """An office with a number taken, a file, a session and a lease."""
    made = counties.empty(tmp_path_factory.mktemp("office") / "var-office")
    assert made.run("migrate").returncode == 0
    python(made, PEOPLED)
    python(made, FILLED)
    yield made
    counties.drop(made)


@pytest.fixture(scope="module")
def backup(office: County) -> Path:
    folder = office.folder.parent / "backup"
    done = office.run("backup", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def elsewhere(office: County, tmp_path: Path) -> Iterator[County]:
    """Another machine, to which only the keys were brought."""
    made = counties.empty(tmp_path / "var-elsewhere")
    shutil.copytree(office.folder / "keys", made.folder / "keys")
    yield made
    counties.drop(made)


def refused(done: subprocess.CompletedProcess[str], code: str) -> None:
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert f"[{code}]" in done.stderr


DATED = """
from pathlib import Path
from onedoor.backup import making
for minute in range(3):
    making.make_dated(
        Path({folder!r}),
        at=at + timedelta(minutes=minute),
        progress=lambda *how_far: None,
        with_keys=False,
        keep=2,
    )
"""

# --- There and back -------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back_and_no_number_is_given_twice(backup, elsewhere):
    done = elsewhere.run("restore", str(backup))

    assert done.returncode == 0, done.stderr
    assert "台账核对无误" in done.stdout
    now = json.loads(python(elsewhere, AFTERWARDS))
    assert now["old"] > 1_000, "a series that had begun goes on past what may have been given"
    assert now["new"] > 1_000, "so does one that began after the backup"
    assert now["later"] == 1
    assert now["paper"] > 1_000
    assert (now["sessions"], now["leases"], now["restored"]) == (0, 0, 1)
    assert now["items"] > 0
    assert now["files"] == [True]


def test_a_backup_tells_of_itself_and_keeps_the_keys_out(backup):
    manifest = json.loads((backup / NAME).read_text())

    assert manifest["files"] == 1
    assert manifest["rows"]["ledger_entry"] == manifest["ledger_size"] + manifest["ledger_pending"]
    assert manifest["rows"]["ledger_entry"] > 0
    assert not (backup / "keys").exists()
    assert all(p.stat().st_mode & 0o077 == 0 for p in [backup, *backup.glob("*.sqlite3")])


def test_with_its_keys_a_backup_needs_nothing_else(office, tmp_path):
    folder = tmp_path / "locked-away"
    bare = counties.empty(tmp_path / "var-bare")

    assert office.run("backup", str(folder), "--with-keys").returncode == 0
    done = bare.run("restore", str(folder))

    assert done.returncode == 0, done.stderr
    modes = {p.stat().st_mode & 0o777 for p in (bare.folder / "keys").iterdir()}
    assert modes == {0o600}
    counties.drop(bare)


def test_nobody_is_signed_in_by_what_is_in_a_backup(backup):
    found = [
        p for p in backup.rglob("*") if p.is_file() and b"session-of-somebody" in p.read_bytes()
    ]

    assert found == []


def test_nothing_of_a_file_can_be_read_in_a_backup(office, backup):
    (kept,) = backup.glob("files/SHA-256/??/??/*")
    stored = next(office.folder.glob("files/SHA-256/??/??/*"))

    assert b"%PDF-" not in kept.read_bytes()
    assert kept.read_bytes() == stored.read_bytes()


def test_a_dated_backup_links_to_the_last_and_the_oldest_goes(office, tmp_path):
    python(office, DATED.format(folder=str(tmp_path)))

    kept = sorted(path.name for path in tmp_path.iterdir())
    files = list(tmp_path.glob("*/files/SHA-256/??/??/*"))
    assert len(kept) == len(files) == 2
    assert len({path.stat().st_ino for path in files}) == 1


# --- Refused --------------------------------------------------------------------------------------


def _cut(folder: Path) -> None:
    part = next(p for p in sorted(folder.rglob("*")) if p.suffix in (".sqlite3", ".copy"))
    part.write_bytes(part.read_bytes()[:-1])


def _flip(folder: Path) -> None:
    part = max((p for p in folder.rglob("*") if p.suffix in (".sqlite3", ".copy")), key=_size)
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)


def _size(path: Path) -> int:
    return path.stat().st_size


def _lose_a_file(folder: Path) -> None:
    next(folder.glob("files/SHA-256/??/??/*")).unlink()


def _change_a_file(folder: Path) -> None:
    path = next(folder.glob("files/SHA-256/??/??/*"))
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def _lose_the_list(folder: Path) -> None:
    (folder / "files.txt").unlink()


def _lose_the_manifest(folder: Path) -> None:
    (folder / NAME).unlink()


def _change_the_manifest(folder: Path) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace('"is_demo": false', '"is_demo": true'))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_cut, "backup.part_damaged"),
        (_flip, "backup.part_damaged"),
        (_lose_a_file, "backup.part_missing"),
        (_change_a_file, "backup.part_damaged"),
        (_lose_the_list, "backup.part_missing"),
        (_lose_the_manifest, "backup.none"),
        (_change_the_manifest, "backup.manifest_damaged"),
    ],
)
def test_a_damaged_backup_is_refused(
    backup: Path, tmp_path: Path, damage: Callable[[Path], None], code: str
):
    folder = tmp_path / "damaged"
    shutil.copytree(backup, folder)
    damage(folder)

    with pytest.raises(Refusal) as refusal:
        restoring.checked(folder, lambda *how_far: None)

    assert refusal.value.code == code


def test_data_that_is_there_is_replaced_only_when_asked(office, backup):
    refused(office.run("restore", str(backup)), "restore.not_empty")


def test_another_offices_backup_is_refused(backup, tmp_path):
    other = counties.empty(tmp_path / "var-other")
    assert other.run("migrate").returncode == 0

    refused(other.run("restore", str(backup), "--replace"), "restore.other_installation")
    refused(other.run("restore", str(backup), "--replace", "--other"), "key.wrong")

    counties.drop(other)


def test_without_the_keys_nothing_is_restored(backup, elsewhere):
    shutil.rmtree(elsewhere.folder / "keys")

    refused(elsewhere.run("restore", str(backup)), "key.missing")


@pytest.mark.django_db
def test_a_backup_of_a_newer_program_is_refused(backup):
    made = restoring.checked(backup, lambda *how_far: None)
    later = replace(made, migrations=(*made.migrations, ("cases", "0099_later")))

    with pytest.raises(Refusal) as refusal:
        restoring.refuse_unless_fitting(later, at=datetime.now(UTC), replace=True, other=True)

    assert refusal.value.code == "restore.newer_schema"


def test_a_backup_of_an_older_form_is_refused_with_what_to_do(backup, tmp_path):
    folder = tmp_path / "older"
    shutil.copytree(backup, folder)
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace('"onedoor_backup": 2', '"onedoor_backup": 1'))

    with pytest.raises(Refusal) as refusal:
        restoring.checked(folder, lambda *how_far: None)

    assert refusal.value.code == "backup.older_form"


@pytest.mark.django_db
def test_a_backup_of_the_other_database_is_refused(backup):
    made = replace(restoring.checked(backup, lambda *how_far: None), database="oracle")

    with pytest.raises(Refusal) as refusal:
        restoring.refuse_unless_fitting(made, at=datetime.now(UTC), replace=True, other=True)

    assert refusal.value.code == "restore.other_database"


def test_nothing_is_restored_under_a_worker_that_runs(office, backup):
    python(office, 'leases.hold("worker", holder="somebody", at=at)')

    refused(office.run("restore", str(backup), "--replace"), "restore.in_use")

    python(office, 'leases.release("worker", holder="somebody", at=at)')


def test_nothing_is_restored_under_pages_that_are_served_and_their_writes_stay(office, backup):
    office.serve()

    refused(office.run("restore", str(backup), "--replace"), "restore.in_use")

    office.stop()


def test_nothing_is_served_while_data_is_restored(office):
    handle = os.open(office.folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)

    refused(office.run("work", "--once"), "restore.running")

    os.close(handle)


def test_a_folder_with_something_in_it_is_left_alone(office, backup):
    before = sorted(path.name for path in backup.iterdir())

    refused(office.run("backup", str(backup)), "backup.not_empty")

    assert sorted(path.name for path in backup.iterdir()) == before


def test_a_damaged_file_is_told_and_no_backup_is_made_of_it(office, tmp_path):
    place = next(office.folder.glob("files/SHA-256/??/??/*"))
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    refused(office.run("backup", str(tmp_path / "backup")), "backup.file_damaged")

    assert list(tmp_path.iterdir()) == []
    place.write_bytes(whole)


def test_a_clean_copy_beside_its_original_is_not_part_of_a_backup(office, tmp_path):
    place = next(office.folder.glob("files/SHA-256/??/??/*"))
    copy = place.with_name(place.name + ".clean")
    copy.write_bytes(b"made again when it is needed")

    done = office.run("backup", str(tmp_path / "backup"))

    assert done.returncode == 0, done.stderr
    assert [p.name for p in (tmp_path / "backup").glob("files/SHA-256/??/??/*")] == [place.name]
    copy.unlink()


def test_a_place_that_cannot_be_written_is_told(office, tmp_path):
    (tmp_path / "file").write_text("in the way")

    refused(office.run("backup", str(tmp_path / "file" / "backup")), "backup.failed")


# --- Half-way -------------------------------------------------------------------------------------

FULL = """
import resource, sys
from onedoor.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
print(main({command!r}))
"""
KILLED = """
import os
from onedoor.backup import making, restoring
from onedoor.cli import main
making._copy_files = restoring._settle = lambda *a, **k: os._exit(9)
main({command!r})
"""


def test_a_full_disk_leaves_nothing(office, tmp_path):
    command = ["backup", str(tmp_path / "backup")]

    assert python(office, FULL.format(command=command)).split() == ["1"]

    assert list(tmp_path.iterdir()) == []


def test_a_restore_onto_a_full_disk_leaves_what_was_there(office, backup):
    if office.database.startswith("postgres"):
        pytest.skip("There the database's own disk would have to be full.")
    count = "print(Session.objects.count())"
    before = python(office, count)

    done = python(office, FULL.format(command=["restore", str(backup), "--replace"]))

    assert done.split() == ["1"]
    assert python(office, count) == before
    assert not list(office.folder.glob(".*.restoring"))


def test_a_backup_killed_half_way_is_none_and_the_next_one_works(office, tmp_path):
    folder = tmp_path / "backup"
    python(office, KILLED.format(command=["backup", str(folder)]))

    left = next(tmp_path.glob(".backup.*.part"))

    assert not folder.exists()
    with pytest.raises(Refusal) as refusal:
        restoring.checked(left, lambda *how_far: None)
    assert refusal.value.code == "backup.none"
    assert office.run("backup", str(folder)).returncode == 0


def test_a_restore_killed_half_way_leaves_what_was_there(office, backup):
    before = python(office, "print(Session.objects.count())")
    python(office, KILLED.format(command=["restore", str(backup), "--replace"]))

    assert python(office, "print(Session.objects.count())") == before
    assert office.run("restore", str(backup), "--replace").returncode == 0
    assert python(office, "print(Session.objects.count())").strip() == "0"
    python(office, FILLED)
