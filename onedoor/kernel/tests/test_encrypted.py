"""What is encrypted opens as it was, from any place; what was cut, mixed or changed does not."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from onedoor.kernel import encrypted
from onedoor.kernel.encrypted import CHUNK, HEAD
from onedoor.kernel.errors import Refusal

NAME = "sha256:" + "0" * 64
STEP = CHUNK + 16


class Drops(io.BytesIO):
    """Gives less than it is asked for, as a network stream does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(1000, size) if size and size > 0 else size)


def made(folder: Path, content: bytes, *, name: str = NAME) -> Path:
    place = folder / name[-4:]
    encrypted.write(io.BytesIO(content), place, name=name)
    return place


def read(place: Path, *, name: str = NAME) -> bytes:
    with encrypted.opened(place, name=name) as file:
        return file.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_it_opens_as_it_was(tmp_path, size):
    content = os.urandom(size)

    place = made(tmp_path, content)

    assert read(place) == content
    assert size < 16 or content not in place.read_bytes()  # so few bytes may come by chance
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_stream_that_comes_in_drops_is_encrypted_all_the_same(tmp_path):
    content = os.urandom(CHUNK + 5)

    encrypted.write(Drops(content), tmp_path / "x", name=NAME)

    assert read(tmp_path / "x") == content


def test_it_is_read_from_any_place_without_what_is_before(tmp_path):
    content = os.urandom(3 * CHUNK + 100)
    place = made(tmp_path, content)

    with encrypted.opened(place, name=NAME) as file:
        end = file.seek(0, io.SEEK_END)
        file.seek(2 * CHUNK - 3)
        middle = file.read(6)
        beyond = file.seek(end + 10) and file.read()

    assert end == len(content)
    assert middle == content[2 * CHUNK - 3 : 2 * CHUNK + 3]
    assert beyond == b""


def test_the_same_content_is_never_encrypted_alike(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for place in (first, second):
        encrypted.write(io.BytesIO(b"the same"), place, name=NAME)

    assert first.read_bytes()[HEAD:] != second.read_bytes()[HEAD:]
    assert encrypted.head_of(first) != encrypted.head_of(second)


def _cut_after_a_chunk(data: bytes) -> bytes:
    return data[: HEAD + 2 * STEP]


def _cut_inside(data: bytes) -> bytes:
    return data[:-1]


def _cut_to_the_head(data: bytes) -> bytes:
    return data[:HEAD]


def _chunks_exchanged(data: bytes) -> bytes:
    first, second = HEAD + STEP, HEAD + 2 * STEP
    return data[:HEAD] + data[first:second] + data[HEAD:first] + data[second:]


def _chunk_left_out(data: bytes) -> bytes:
    return data[: HEAD + STEP] + data[HEAD + 2 * STEP :]


def _appended(data: bytes) -> bytes:
    return data + data[HEAD : HEAD + STEP]


def _bit_changed(data: bytes) -> bytes:
    return data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


def _salt_changed(data: bytes) -> bytes:
    return data[:5] + bytes([data[5] ^ 1]) + data[6:]


def _never_encrypted(data: bytes) -> bytes:
    return b"%PDF-1.4 " + b"x" * 100


@pytest.mark.parametrize(
    "damage",
    [
        _cut_after_a_chunk,
        _cut_inside,
        _cut_to_the_head,
        _chunks_exchanged,
        _chunk_left_out,
        _appended,
        _bit_changed,
        _salt_changed,
        _never_encrypted,
    ],
)
def test_what_was_cut_mixed_or_changed_does_not_open(tmp_path, damage):
    place = made(tmp_path, os.urandom(3 * CHUNK))
    place.write_bytes(damage(place.read_bytes()))

    with pytest.raises(Refusal) as refusal:
        read(place)

    assert refusal.value.code == "key.unreadable"
    assert not encrypted.is_whole(place, name=NAME)


def test_a_file_put_in_the_place_of_another_does_not_open(tmp_path):
    other = "sha256:" + "1" * 64
    place = made(tmp_path, b"somebody else's", name=other)

    assert encrypted.is_whole(place, name=other)
    assert not encrypted.is_whole(place, name=NAME)


def test_a_key_that_is_missing_is_told_as_that_and_not_as_damage(tmp_path):
    place = made(tmp_path, b"content")
    data = place.read_bytes()
    place.write_bytes(data[:1] + (99).to_bytes(2, "big") + data[3:])

    with pytest.raises(Refusal) as refusal:
        encrypted.is_whole(place, name=NAME)

    assert refusal.value.code == "key.unknown_version"
