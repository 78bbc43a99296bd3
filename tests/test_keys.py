"""Keys change without anything becoming unreadable, wherever it is interrupted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from onedoor.cases.models import Applicant
from onedoor.files import services as files
from onedoor.files.tests import samples
from onedoor.kernel import crypto, encrypted
from onedoor.kernel.errors import Refusal
from onedoor.ledger import installation, keys, leases
from onedoor.ledger.models import Entry

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
ID = "532502195304120000"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the keys that may be changed, and a store of files beside it."""
    usual, folder = Path(settings.DATA) / "keys", tmp_path / "keys"
    shutil.copytree(usual, folder)
    monkeypatch.setattr(settings, "DATA", tmp_path)
    crypto.use_folder(folder)
    installation.forget()
    yield folder
    crypto.use_folder(usual)
    installation.forget()


def applicant(name: str = "普秀英示例") -> Applicant:
    return Applicant.objects.create(
        kind="person",
        name=name,
        id_type="111",
        id_number=ID,
        id_index=crypto.index_of(ID, purpose="applicant.id_number"),
        phone="13800000001",
        address="",
        agent="",
        salt="0" * 32,
    )


def version_in_the_row(row: Applicant) -> int:
    with connection.cursor() as cursor:
        pk = row.pk if connection.vendor == "postgresql" else row.pk.hex
        cursor.execute("SELECT name FROM cases_applicant WHERE id = %s", [pk])
        return crypto.version_of(bytes(cursor.fetchone()[0]))


def found() -> set[str]:
    index = crypto.index_of(ID, purpose="applicant.id_number")
    return {row.name for row in Applicant.objects.filter(id_index=index)}


def reindex() -> dict[str, int]:
    return keys.reindex(
        by="system",
        at=AT,
        progress=lambda *how_far: None,
        stores={"files": files.encrypt_again},
    )


def test_after_rotation_the_new_key_encrypts_and_all_is_read_and_found():
    old = applicant("早先的")

    assert keys.rotate(by="system", at=AT) == 2
    new = applicant("后来的")

    assert (version_in_the_row(old), version_in_the_row(new)) == (1, 2)
    assert found() == {"早先的", "后来的"}
    assert Entry.objects.filter(kind="installation.keys_rotated").count() == 1


def test_reindexing_moves_the_files_too_and_they_open_as_they_were():
    content = samples.jpeg(size=(60, 40), gps="a key of its own")
    stored = files.store(BytesIO(content), at=AT)
    files.try_to_open(stored)
    place = files.path_of(stored.digest)
    keys.rotate(by="system", at=AT)

    moved, again = reindex(), reindex()

    assert (encrypted.version_of(place), moved["files"] > 0, again["files"]) == (2, True, 0)
    assert files.opened(stored.digest).read() == content
    assert not place.with_name(place.name + ".clean").exists()


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_the_new_key(caplog):
    lost, kept = (files.store(BytesIO(samples.pdf(filler=n)), at=AT) for n in (7, 8))
    files.path_of(lost.digest).write_bytes(b"damaged" * 10)
    keys.rotate(by="system", at=AT)

    moved = reindex()

    assert moved["files"] == 1
    assert files.is_whole(kept.digest)
    assert lost.digest in caplog.text


def test_reindexing_moves_everything_to_the_new_key_and_finds_it():
    row = applicant()
    before = row.id_index
    keys.rotate(by="system", at=AT)

    assert reindex()["cases.Applicant"] >= 1

    row.refresh_from_db()
    assert version_in_the_row(row) == 2
    assert row.id_index != before
    assert (row.name, row.phone, found()) == ("普秀英示例", "13800000001", {"普秀英示例"})
    assert reindex()["cases.Applicant"] == 0


def test_interrupted_it_does_not_start_until_it_was_done_again(monkeypatch):
    row = applicant()
    keys.rotate(by="system", at=AT)

    def killed(*args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keys, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            reindex()
    with pytest.raises(Refusal) as refused:
        installation.check_key(installation.current())
    reindex()

    assert refused.value.code == "key.reindex_unfinished"
    installation.check_key(installation.current())
    assert version_in_the_row(row) == 2
    assert found() == {"普秀英示例"}


def test_it_is_refused_while_a_worker_runs():
    leases.hold("worker", holder="somebody", at=AT)

    with pytest.raises(Refusal) as refused:
        reindex()

    assert refused.value.code == "key.in_use"


def test_keys_from_before_the_rotation_are_told_at_the_start(own_keys):
    earlier = (own_keys / "master.json").read_text()
    keys.rotate(by="system", at=AT)
    (own_keys / "master.json").write_text(earlier)
    crypto.use_folder(own_keys)

    with pytest.raises(Refusal) as refused:
        installation.check_key(installation.current())

    assert refused.value.code == "key.too_old"


def test_another_process_that_rotated_is_noticed(own_keys):
    applicant()
    ring = crypto.keyring()
    keys.rotate(by="system", at=AT)
    applicant("后来的")
    crypto._ring = ring  # what a process that did not restart still holds

    assert {row.name for row in Applicant.objects.all()} >= {"普秀英示例", "后来的"}


def test_the_file_of_the_first_version_is_still_read(own_keys):
    path = own_keys / "master.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({"active": data["active"], "masters": data["masters"]}))
    crypto.use_folder(own_keys)

    assert crypto.keyring().indexing == crypto.keyring().active
    assert path.stat().st_mode & 0o077 == 0
