"""``onedoor verify archive``: which file of a package is the first that was altered."""

import json
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onedoor.archive.rules.verify import signed_text
from onedoor.archive.tests import given
from onedoor.cli import main
from onedoor.ledger import installation

pytestmark = pytest.mark.django_db


def test_the_command_names_the_first_fault_and_needs_no_database(tmp_path, capsys):
    content = given.package_of(given.kept())
    whole = given.written(content, tmp_path)

    good = main(["verify", "archive", str(whole)])
    said = capsys.readouterr().out
    bad = main(
        [
            "verify",
            "archive",
            str(given.written(given.altered(content, {"case.json": b""}), tmp_path)),
        ]
    )

    key = installation.current().ledger_key
    known = main(["verify", "archive", str(given.written(content, tmp_path)), "--key", key])

    assert (good, bad, known) == (0, 1, 0)
    assert "OK" not in said
    assert "NOT CHECKED: by whom" in said
    assert key in said
    told = capsys.readouterr()
    assert "OK: every file" in told.out
    assert "FAULT case.json" in told.out
    assert "第一处是 case.json" in told.err
    assert main(["verify", "archive", str(tmp_path / "none.zip")]) == 1


KEY = Ed25519PrivateKey.generate()


def _made_up(folder, manifest, **members):
    """Write a package that somebody made up and signed with a key of their own."""
    made = BytesIO()
    public, signature = KEY.public_key().public_bytes_raw(), KEY.sign(signed_text(manifest))
    with ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", manifest)
        told = {"public_key": public.hex(), "signature": signature.hex()}
        archive.writestr("manifest.sig", json.dumps(told))
        for name, data in members.items():
            archive.writestr({"entries": "ledger/entries.jsonl"}.get(name, name), data)
    return given.written(made.getvalue(), folder)


NONE = b'{"archive": {"number": "1"}, "files": []}'


@pytest.mark.parametrize(
    ("manifest", "members"),
    [
        (b"[]", {}),
        (b"{}", {}),
        (b"[" * 200_000, {}),
        (b'{"archive": {"number": "1"}, "files": [{"path": "a", "size": "b", "sha256": ""}]}', {}),
        (NONE, {"entries": json.dumps({"text": '{"kind": "case.moved"}', "digest": "a"})}),
        (NONE, {"entries": "1", "process.json": "[" * 200_000}),
        (NONE, {"entries": "", "process.json": '{"notes": []}'}),
    ],
)
def test_a_package_that_somebody_made_up_is_a_fault_and_no_failure(
    manifest, members, tmp_path, capsys
):
    place = _made_up(tmp_path, manifest, **members)

    assert main(["verify", "archive", str(place)]) == 1

    assert "FAULT" in capsys.readouterr().out


def test_an_empty_package_is_not_whole_whoever_signed_it(tmp_path, capsys):
    members = {"ledger/entries.jsonl": b"", "process.json": b'{"notes": []}'}
    files = [
        {"path": path, "size": len(data), "sha256": f"sha256:{sha256(data).hexdigest()}"}
        for path, data in members.items()
    ]
    for listed in ([], files):
        manifest = json.dumps({"archive": {"number": "1"}, "files": listed}).encode()
        there = members if listed else {}

        assert main(["verify", "archive", str(_made_up(tmp_path, manifest, **there))]) == 1

        told = capsys.readouterr().out
        assert "FAULT manifest.json" in told
        assert "WHOLE" not in told


def test_a_package_gives_the_terminal_no_orders(tmp_path, capsys):
    name = "\x1b[1A\x1b[2K\nOK: every file and entry is as it was archived."
    files = [{"path": name, "size": 1, "sha256": ""}]
    manifest = json.dumps({"archive": {"number": "\u202e1"}, "files": files}).encode()

    main(["verify", "archive", str(_made_up(tmp_path, manifest))])

    told = capsys.readouterr()
    assert not any(line.startswith("OK") for line in told.out.splitlines())
    assert "\x1b" not in told.out + told.err
    assert "\u202e" not in told.out
