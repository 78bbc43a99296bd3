"""What an upload really is."""

from __future__ import annotations

import io

import pytest

from onedoor.files.rules import sniff
from onedoor.files.tests import samples
from onedoor.kernel.errors import NotValid, WrongType


def kind(content: bytes) -> str:
    return sniff.media_type(io.BytesIO(content), size=len(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (samples.jpeg(), "image/jpeg"),
        (samples.png(), "image/png"),
        (samples.pdf(), "application/pdf"),
        (samples.ofd(), "application/ofd"),
    ],
)
def test_the_four_kinds_are_told_by_their_content(content, expected):
    assert kind(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>%PDF-1.7 %%EOF</html>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        samples.archive("readme.txt"),
        samples.ofd()[:40],
        b"GIF89a" + b"\0" * 100,
        b"plain words",
        b"\0",
        b"\xff\xd8",
    ],
    ids=["html", "html+pdf", "svg", "exe", "elf", "zip", "half-ofd", "gif", "text", "nul", "stub"],
)
def test_anything_else_is_refused_whatever_its_name(content):
    with pytest.raises(WrongType) as refusal:
        kind(content)

    assert refusal.value.code == "file.wrong_type"


def test_an_empty_file_is_refused_as_empty():
    with pytest.raises(NotValid) as refusal:
        kind(b"")

    assert refusal.value.code == "file.empty"


def test_half_a_pdf_is_refused_as_incomplete():
    whole = samples.pdf()

    with pytest.raises(WrongType) as refusal:
        kind(whole[: len(whole) // 2])

    assert refusal.value.code == "file.cut_off"


@pytest.mark.parametrize("whole", [samples.jpeg(), samples.png()], ids=["jpeg", "png"])
def test_half_a_picture_is_refused_as_incomplete(whole):
    with pytest.raises(WrongType) as refusal:
        kind(whole[: len(whole) // 2])

    assert refusal.value.code == "file.cut_off_image"


@pytest.mark.parametrize("filler", [0, 300_000])
def test_a_pdf_under_a_password_is_refused(filler):
    with pytest.raises(NotValid) as refusal:
        kind(samples.pdf(password="secret", filler=filler))

    assert refusal.value.code == "file.encrypted"


def test_a_pdf_that_declares_its_password_far_from_its_end_is_refused_too():
    content = samples.pdf(password="secret")
    cut = content.rindex(b"startxref")
    # A large table of references may lie between the word and the end of the file.
    stretched = content[:cut] + b"%" + b"0" * 200_000 + b"\n" + content[cut:]

    with pytest.raises(NotValid) as refusal:
        kind(stretched)

    assert refusal.value.code == "file.encrypted"


def test_the_file_is_rewound_for_whoever_reads_next():
    file = io.BytesIO(samples.pdf())
    file.seek(17)

    sniff.media_type(file, size=len(file.getvalue()))

    assert file.tell() == 0
