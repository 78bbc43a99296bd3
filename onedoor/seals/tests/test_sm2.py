"""The SM2 signature beside a file: whole to the byte, and OpenSSL finds the same."""

import random
import subprocess
from datetime import UTC, date, datetime

import pytest
from asn1crypto import cms

from onedoor.kernel.errors import NotValid
from onedoor.seals.backends import sm2

AT = datetime(2026, 3, 6, 3, tzinfo=UTC)
CONTENT = b"%PDF-1.7 a sealed paper"


@pytest.fixture(scope="module")
def seal():
    return sm2.make(
        name="开远市政务局审批专用章" * 12,
        unit="政" * 200,
        first=date(2026, 1, 1),
        last=date(2060, 12, 31),
    )


@pytest.fixture(scope="module")
def signature(seal):
    return sm2.sign(CONTENT, seal=seal, at=AT)


def is_found(signature, content=CONTENT):
    try:
        return not sm2.read(signature, content).is_whole
    except NotValid:
        return True


def test_a_signature_says_which_seal_and_when(signature):
    found = sm2.read(signature, CONTENT)

    assert (found.is_whole, found.is_in_date, found.at) == (True, True, AT)
    assert found.seal.startswith("开远市政务局")


def test_a_byte_changed_anywhere_in_signature_or_file_is_found(signature):
    def flipped(content, place):
        altered = bytearray(content)
        altered[place] ^= 1
        return bytes(altered)

    dice = random.Random("a byte of a signature beside a paper")
    places = [*dice.sample(range(len(signature)), 60), 0, len(signature) - 1]
    missed = [n for n in places if not is_found(flipped(signature, n))]

    assert missed == []
    assert is_found(signature, flipped(CONTENT, 5))
    assert is_found(signature + b"\0")
    assert is_found(signature[:-1])
    assert is_found(b"")


def test_the_signature_of_another_key_is_another_signature(signature):
    other = sm2.make(name="别人", unit="别处", first=date(2026, 1, 1), last=date(2026, 2, 1))
    theirs = sm2.sign(CONTENT, seal=other, at=AT)

    assert sm2.read(theirs, CONTENT).fingerprint != sm2.read(signature, CONTENT).fingerprint
    assert not sm2.read(theirs, CONTENT).is_in_date


def test_openssl_finds_certificate_and_signature_valid(seal, signature, tmp_path):
    def openssl(*arguments):
        done = subprocess.run(
            ["openssl", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    (signer,) = cms.ContentInfo.load(signature)["content"]["signer_infos"]
    (tmp_path / "seal.pem").write_text(seal.certificate)
    (tmp_path / "signed").write_bytes(signer["signed_attrs"].untag().dump())
    (tmp_path / "value").write_bytes(signer["signature"].native)
    (tmp_path / "key.pem").write_text(openssl("x509", "-in", "seal.pem", "-noout", "-pubkey"))

    issued = openssl("verify", "-CAfile", "seal.pem", "-partial_chain", "seal.pem")
    signed = openssl(
        *("dgst", "-sm3", "-verify", "key.pem", "-signature", "value"),
        *("-sigopt", "distid:1234567812345678", "signed"),
    )

    assert "seal.pem: OK" in issued
    assert "Verified OK" in signed
