"""One byte changed anywhere in a sealed PDF is found; so is a second signature."""

import io
import random
from datetime import UTC, date, datetime

import pytest
from asn1crypto import keys as asn1_keys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfWriter

from onedoor.kernel.errors import NotValid
from onedoor.seals.backends import Place, checking, signing
from onedoor.seals.backends.demo import Demo

NAME = "开远市政务局审批专用章"
AT = datetime(2026, 3, 6, 3, tzinfo=UTC)


def signed(*, name=NAME, at=AT, pdf=b""):
    made = Demo()
    authority = made.authority()
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    seal = made.keys(authority, name=name, unit="政务局", first=first, last=last)
    return made.sign(
        pdf or page(),
        seal=seal,
        name=name,
        place=Place(0, 300, 300),
        at=at,
    )


def page():
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


def is_found(content):
    try:
        found = checking.read(content)
    except NotValid:
        return True
    return len(found) != 1 or not found[0].is_whole


def flipped(content, place, bit=1):
    altered = bytearray(content)
    altered[place] ^= bit
    return bytes(altered)


def test_a_byte_changed_anywhere_is_found_in_the_signature_itself_too():
    whole = signed()
    dice = random.Random("a byte of a sealed paper")
    begin = whole.index(b"/Contents <") + 10
    end = whole.index(b">", begin)
    used = len(whole[begin:end].rstrip(b"0"))
    anywhere = dice.sample(range(len(whole)), 120)
    # What a signature does not cover: itself, and what is left free behind it.
    itself = dice.sample(range(begin, begin + used), 250)
    behind = [begin + used + 1, (begin + used + end) // 2, end - 1, end]

    missed = [n for n in (*anywhere, *itself, *behind) if not is_found(flipped(whole, n))]

    assert not is_found(whole)
    assert missed == []


def test_a_hexadecimal_digit_written_small_is_found():
    whole = signed()

    assert is_found(flipped(whole, whole.index(b"A86488"), bit=0x20))


class Rogue(signers.PdfSigner):
    """Signs though the first signature forbids it, as somebody with another program would."""

    def _enforce_certification_constraints(self, reader):
        pass


def test_a_second_signature_leaves_no_whole_paper():
    other = Demo()
    authority = other.authority()
    keys = other.keys(
        authority, name="别人的章", unit="别处", first=date(2026, 1, 1), last=date(2026, 12, 31)
    )
    signer = signers.SimpleSigner(
        signing_cert=signing.certificates(keys.certificate)[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(signing._der(keys.key)),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(field_name="Another")
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))

    twice = Rogue(meta, signer, new_field_spec=SigFieldSpec("Another")).sign_pdf(writer).getvalue()

    assert [each.is_whole for each in checking.read(twice)] == [False, False]


@pytest.mark.parametrize(
    ("at", "is_in_date"),
    [(AT, True), (AT.replace(year=2025), False), (AT.replace(year=2027), False)],
)
def test_a_clock_that_is_off_and_a_certificate_out_of_date_are_told(at, is_in_date):
    (found,) = checking.read(signed(at=at))

    assert found.is_whole
    assert (found.at, found.is_in_date) == (at, is_in_date)
