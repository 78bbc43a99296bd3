from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel import crypto
from onedoor.kernel.errors import Refusal
from onedoor.kernel.fields import EncryptedTextField

RARE_NAMES = ["李敏", "阿普·木嘎", "𠮷田", "㑇𬭎", "阿卜杜热合曼·买买提", "Zoë O’Neill", ""]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Work on keys of this module's own, and give the others theirs back."""
    folder = tmp_path_factory.mktemp("installation") / "keys"
    crypto.use_folder(folder)
    crypto.create_keys()
    yield folder
    crypto.use_folder(settings.DATA / "keys")


@pytest.fixture
def empty(tmp_path: Path, folder: Path) -> Iterator[Path]:
    crypto.use_folder(tmp_path / "keys")
    yield tmp_path / "keys"
    crypto.use_folder(folder)


def write_keys(folder: Path, text: str | bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "master.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    crypto.use_folder(folder)


def masters(active: int, **versions: bytes) -> str:
    keys = {name[1:]: base64.b64encode(key).decode() for name, key in versions.items()}
    return json.dumps({"active": active, "masters": keys})


# --- Keys ---------------------------------------------------------------------------------------


def test_the_key_file_is_for_its_owner_alone(folder: Path):
    assert stat.S_IMODE((folder / "master.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_keys_are_never_overwritten(folder: Path):
    before = (folder / "master.json").read_bytes()
    crypto.create_keys()
    assert (folder / "master.json").read_bytes() == before
    assert os.listdir(folder) == ["master.json"]


def test_two_processes_that_create_keys_at_once_agree(tmp_path: Path):
    keys, signal = tmp_path / "keys", tmp_path / "go"
    program = (
        "import sys, time; from pathlib import Path; from onedoor.kernel import crypto\n"
        "crypto.use_folder(Path(sys.argv[1])); print('ready', flush=True)\n"
        "while not Path(sys.argv[2]).exists(): time.sleep(0.001)\n"
        "crypto.create_keys(); print(crypto.fingerprint())"
    )
    command = [sys.executable, "-c", program, str(keys), str(signal)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    signal.touch()
    answers = [process.communicate(timeout=60)[0].strip() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(answers)) == 1
    assert os.listdir(keys) == ["master.json"]


def test_without_a_key_file_the_refusal_says_where_it_should_be(empty: Path):
    with pytest.raises(Refusal, match=r"master\.json") as refused:
        crypto.encrypt("李敏", purpose="person.name")
    assert refused.value.code == "key.missing"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xd0\xd5\xc3\xfb",
        b"\x00" * 64,
        '{"active": 1, "masters": {"1": "',
        "[]",
        "7",
        "null",
        '{"active": 1}',
        '{"active": 1, "masters": []}',
        '{"active": 1, "masters": {"1": 5}}',
        '{"active": "one", "masters": {}}',
        masters(1, v1=b"short"),
        masters(2, v1=b"1" * 32),
        masters(1, v1=b"1" * 32, v2=b""),
    ],
    ids=range(14),
)
def test_a_damaged_key_file_is_refused(empty: Path, text: str | bytes):
    write_keys(empty, text)
    with pytest.raises(Refusal) as refused:
        crypto.keyring()
    assert refused.value.code == "key.damaged"


def test_a_damaged_key_file_is_not_replaced(empty: Path):
    write_keys(empty, "{")
    crypto.create_keys()
    assert (empty / "master.json").read_text() == "{"


# --- Fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", RARE_NAMES)
def test_a_rare_name_comes_back_as_it_was(text: str):
    assert crypto.decrypt(crypto.encrypt(text, purpose="a"), purpose="a") == text


@given(TEXTS)
def test_any_text_comes_back_and_is_not_seen_in_between(text: str):
    sealed = crypto.encrypt(text, purpose="a")
    assert crypto.decrypt(sealed, purpose="a") == text
    assert len(text) < 4 or text.encode() not in sealed


def test_the_same_text_never_looks_the_same_twice():
    assert crypto.encrypt("李敏", purpose="a") != crypto.encrypt("李敏", purpose="a")


def test_a_field_key_opens_no_other_field():
    sealed = crypto.encrypt("13800000001", purpose="person.phone")
    with pytest.raises(Refusal) as refused:
        crypto.decrypt(sealed, purpose="person.name")
    assert refused.value.code == "key.unreadable"


def test_every_changed_bit_of_a_ciphertext_is_noticed():
    sealed = crypto.encrypt("李敏", purpose="a")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(Refusal) as refused:
                crypto.decrypt(bytes(changed), purpose="a")
            assert refused.value.code in ("key.unreadable", "key.unknown_version")


def test_a_cut_ciphertext_is_noticed():
    sealed = crypto.encrypt("李敏", purpose="a")
    for length in range(len(sealed)):
        with pytest.raises(Refusal):
            crypto.decrypt(sealed[:length], purpose="a")


def test_the_wrong_key_reads_nothing(empty: Path):
    write_keys(empty, masters(1, v1=b"1" * 32))
    sealed, index = crypto.encrypt("李敏", purpose="a"), crypto.index_of("x", purpose="a")
    seen = crypto.fingerprint()
    write_keys(empty, masters(1, v1=b"2" * 32))
    with pytest.raises(Refusal) as refused:
        crypto.decrypt(sealed, purpose="a")
    assert refused.value.code == "key.unreadable"
    assert crypto.fingerprint() != seen
    assert crypto.index_of("x", purpose="a") != index


def test_after_a_new_key_the_old_texts_can_still_be_read(empty: Path):
    write_keys(empty, masters(1, v1=b"1" * 32))
    sealed, seen = crypto.encrypt("李敏", purpose="a"), crypto.fingerprint()
    code = crypto.mac("7", purpose="case", version=1)
    write_keys(empty, masters(2, v1=b"1" * 32, v2=b"2" * 32))
    assert crypto.decrypt(sealed, purpose="a") == "李敏"
    assert crypto.encrypt("李敏", purpose="a")[1:3] == b"\x00\x02"
    assert crypto.fingerprint() == seen
    assert crypto.mac("7", purpose="case", version=1) == code


def test_a_version_nobody_has_is_named(empty: Path):
    write_keys(empty, masters(2, v1=b"1" * 32, v2=b"2" * 32))
    sealed = crypto.encrypt("李敏", purpose="a")
    write_keys(empty, masters(1, v1=b"1" * 32))
    with pytest.raises(Refusal, match="2") as refused:
        crypto.decrypt(sealed, purpose="a")
    assert refused.value.code == "key.unknown_version"


# --- Index, codes, signatures -------------------------------------------------------------------


def test_the_index_finds_a_value_however_it_was_typed():
    index = crypto.index_of("53250219900101123X", purpose="person.id")
    assert crypto.index_of(" ５３２５０２１９９００１０１１２３x ", purpose="person.id") == index
    assert len(index) == 32
    assert crypto.index_of("53250219900101123X", purpose="other") != index


def test_a_code_depends_on_its_purpose():
    assert crypto.mac("7", purpose="query") != crypto.mac("7", purpose="track")
    assert len(crypto.mac("7", purpose="query")) == 32


def test_the_signing_key_stays_the_same_for_the_life_of_the_installation():
    key = crypto.signing_key("ledger").public_key()
    key.verify(crypto.signing_key("ledger").sign(b"head"), b"head")
    assert crypto.signing_key("seals").public_key() != key


def test_the_field_encrypts_on_the_way_in_and_decrypts_on_the_way_out():
    field = EncryptedTextField(purpose="person.name")
    stored = field.get_db_prep_value("𠮷田", connection, prepared=True)
    assert "𠮷田".encode() not in stored.obj
    assert field.from_db_value(memoryview(stored.obj), None, None) == "𠮷田"
    assert field.from_db_value(None, None, None) is None
    assert field.deconstruct()[3]["purpose"] == "person.name"
