"""A backup that somebody made up: nothing of it is read or written outside its folder."""

import json
from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onedoor.backup import copying, restoring
from onedoor.backup.rules import manifest
from onedoor.backup.rules.manifest import Manifest, Part
from onedoor.kernel.tests.refusing import refused

KEY = Ed25519PrivateKey.generate()


def _backup(folder, *, files="", changes=None):
    """Write a backup whose signature is right: by a key of whoever made it up."""
    (folder / copying.FILES).write_text(files)
    listing = folder / copying.FILES
    part = Part(listing.name, listing.stat().st_size, copying.digest(listing))
    empty: dict[str, Any] = {field.name: "" for field in fields(Manifest)} | {
        "migrations": (),
        "rows": {},
    }
    made = Manifest(**empty | {"parts": (part,)})
    made = replace(made, ledger_key=KEY.public_key().public_bytes_raw().hex())
    body = {"onedoor_backup": manifest.FORMAT, **asdict(made)}
    body["parts"] = [body["parts"][0] | (changes or {})]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signed = body | {"signature": KEY.sign(text.encode()).hex()}
    (folder / manifest.NAME).write_text(json.dumps(signed))
    return folder


def _checked(folder):
    return restoring.checked(folder, lambda *_: None)


def test_a_whole_one_is_taken(tmp_path):
    assert _checked(_backup(tmp_path)).parts[0].name == copying.FILES


def test_no_original_lies_outside_the_store(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("x")
    inside = tmp_path / "backup"
    inside.mkdir()
    line = f"{outside} 1 {copying.digest(outside)}\n"

    with refused("backup.manifest_damaged"):
        _checked(_backup(inside, files=line))


@pytest.mark.parametrize(
    "line", ["../../../x 1 aa", "aa 1 aa", "0" * 64, f"{'0' * 64} -1 aa", f"{'0' * 64} ² aa"]
)
def test_a_line_that_is_no_original_is_refused(line, tmp_path):
    with refused("backup.manifest_damaged"):
        _checked(_backup(tmp_path, files=line))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "/etc/passwd"},
        {"name": "../files.txt"},
        {"name": "tables/../../x.copy"},
        {"table": 'a" ; DROP TABLE ledger_entry; --'},
        {"table": "a", "columns": ["b\") FROM PROGRAM 'id' --"]},
        {"columns": 5},
    ],
)
def test_a_name_that_is_more_than_a_name_is_refused(changes, tmp_path):
    with refused("backup.manifest_damaged"):
        _checked(_backup(tmp_path, changes=changes))


def test_a_manifest_without_end_is_refused(tmp_path):
    (tmp_path / manifest.NAME).write_text("[" * 200_000)

    with refused("backup.manifest_damaged"):
        _checked(tmp_path)
