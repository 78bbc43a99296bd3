"""Kept once, whole, under its digest; served clean, as an attachment."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.conf import settings
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from onedoor.files import services as files
from onedoor.files import web
from onedoor.files.models import StoredFile
from onedoor.files.tests import samples
from onedoor.kernel.errors import NotFound, NotValid, Refusal, TooLarge, WrongType

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
SECRET = "102.345678E in the applicant's kitchen"


def keep(content: bytes) -> StoredFile:
    return files.store(io.BytesIO(content), at=AT)


def incoming() -> list[str]:
    folder = settings.DATA / "files" / "incoming"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def served(stored: StoredFile, name: str = "x") -> bytes:
    response = web.download(stored, name=name)
    content = response.getvalue()
    response.close()
    return content


class Endless(io.BytesIO):
    """Claims to go on for ever; counts how much of it was asked for."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        self.given += size
        return b"\0" * size


def test_the_same_content_is_kept_once_under_its_digest():
    content = samples.pdf()

    first, again = keep(content), keep(content)

    assert first == again
    assert first.digest == "sha256:" + sha256(content).hexdigest()
    assert (first.size, first.media_type) == (len(content), "application/pdf")
    assert files.opened(first.digest).read() == content
    assert incoming() == []


def test_a_file_that_lies_there_is_not_written_again():
    content = samples.pdf(filler=10)
    place = files.path_of(keep(content).digest)
    before = place.stat().st_ino, place.stat().st_mtime_ns

    keep(content)

    assert (place.stat().st_ino, place.stat().st_mtime_ns) == before


def test_a_photo_of_forty_megapixels_is_kept_whole_and_served_small_and_upright():
    content = samples.jpeg(size=(7304, 5477), turned=6)

    stored = keep(content)
    files.try_to_open(stored)

    assert files.opened(stored.digest).read() == content
    with Image.open(io.BytesIO(served(stored))) as shown:
        assert shown.size == (2250, 3000)


@pytest.mark.parametrize(
    ("content", "refusal", "code"),
    [
        (b"", NotValid, "file.empty"),
        (b"<html>%PDF-1.4</html>", WrongType, "file.wrong_type"),
        (samples.pdf(password="x"), NotValid, "file.encrypted"),
    ],
)
def test_of_a_refused_file_nothing_stays(content, refusal, code):
    with pytest.raises(refusal) as found:
        keep(content)

    assert found.value.code == code
    assert not files.path_of("sha256:" + sha256(content).hexdigest()).exists()
    assert incoming() == []


def test_an_endless_file_is_refused_after_the_limit_and_leaves_nothing():
    endless = Endless()

    with pytest.raises(TooLarge) as found:
        files.store(endless, at=AT)

    assert found.value.code == "file.too_large"
    assert endless.given <= settings.UPLOAD_LIMIT + files.CHUNK
    assert incoming() == []


def test_a_file_of_exactly_the_limit_is_kept(settings):
    content = samples.pdf(filler=5000)
    settings.UPLOAD_LIMIT = len(content)

    assert keep(content).size == len(content)
    settings.UPLOAD_LIMIT = len(content) - 1
    with pytest.raises(TooLarge):
        keep(content)


def test_a_photo_is_served_upright_and_without_what_it_says_of_its_place():
    original = samples.jpeg(size=(40, 20), gps=SECRET, turned=6)
    stored = keep(original)

    content = served(stored)

    assert SECRET.encode() in files.opened(stored.digest).read()
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()


def test_a_photo_followed_by_a_web_page_is_served_without_it():
    stored = keep(samples.jpeg() + b"<script>alert(1)</script>")

    assert b"<script>" not in served(stored)


def test_a_picture_keeps_its_transparency_and_is_made_once():
    stored = keep(samples.png())

    first, second = served(stored), served(stored)

    assert first == second
    with Image.open(io.BytesIO(first)) as image:
        assert image.mode == "RGBA"


def test_what_a_picture_says_beside_its_pixels_is_not_served():
    words = PngInfo()
    words.add_text("Comment", SECRET)
    made = io.BytesIO()
    picture = Image.new("P", (20, 20))
    picture.save(made, "PNG", pnginfo=words, transparency=0, dpi=(72, 72), icc_profile=b"icc")
    stored = keep(made.getvalue())

    content = served(stored)

    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.mode, image.info) == ("RGBA", {})
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("side", [8_200, 12_000, 20_000])
def test_a_picture_larger_than_any_screen_is_not_unfolded(side):
    image = Image.new("1", (side, side))
    made = io.BytesIO()
    image.save(made, "PNG")
    stored = keep(made.getvalue())

    with pytest.raises(Refusal) as found:
        web.download(stored, name="bomb.png")

    assert found.value.code == "file.too_many_pixels"


def test_half_a_photo_is_refused_when_it_is_served():
    content = samples.jpeg(size=(400, 400))
    stored = keep(content[:24] + b"\xff\xd9")

    with pytest.raises(Refusal) as found:
        web.download(stored, name="half.jpg")

    assert found.value.code == "file.damaged_image"
    assert not list(files.path_of(stored.digest).parent.glob(".*"))


@pytest.mark.parametrize(
    "name", ["申请书.exe", '../../etc/"pass\r\nwd.html', "", "a" * 300, ".pdf", "\u202egpj.pdf"]
)
def test_it_comes_as_an_attachment_under_a_harmless_name(name):
    response = web.download(keep(samples.pdf()), name=name)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert len(disposition) < 900
    assert not set("\r\n\u202e") & set(disposition)
    assert "%E2%80%AE" not in disposition
    assert disposition.rstrip('"').endswith(".pdf")
    response.close()


def test_a_file_changed_behind_our_back_is_not_served():
    stored = keep(samples.pdf(filler=20))
    place = files.path_of(stored.digest)
    data = place.read_bytes()
    place.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])

    with pytest.raises(NotFound) as found:
        web.download(stored, name="x")

    assert found.value.code == "file.lost"


def test_a_lost_file_is_there_again_when_it_is_handed_in_again():
    content = samples.pdf(filler=30)
    stored = keep(content)
    files.path_of(stored.digest).unlink()

    assert keep(content) == stored
    assert served(stored) == content


MARK = b"MARK-7f3a-of-this-test"


STARTS = (b"%PDF-", b"\xff\xd8\xff")
"""How a PDF and a photo begin; further in, random bytes may say the same by chance."""


def test_nothing_that_was_handed_in_lies_anywhere_in_clear():
    photo = keep(samples.jpeg(size=(300, 200), gps=MARK.decode()))
    document = keep(samples.pdf(filler=200_000) + MARK + b"\n%%EOF\n")

    served(photo)
    assert MARK in served(document)

    clear = {
        path.name
        for path in settings.DATA.rglob("*")
        if path.is_file() and (MARK in (content := path.read_bytes()) or content.startswith(STARTS))
    }
    kept = files.path_of(photo.digest)
    assert kept.with_name(kept.name + ".clean").exists()
    assert not clear & {path.name for path in (settings.DATA / "files").rglob("*")}


def test_a_clean_copy_that_was_damaged_is_made_again():
    stored = keep(samples.png())
    content = served(stored)
    original = files.path_of(stored.digest)
    original.with_name(original.name + ".clean").write_bytes(b"damaged")

    assert served(stored) == content
