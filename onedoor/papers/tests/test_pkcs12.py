"""A seal whose key is a file with a PIN: registered once, opened each time, lost without harm."""

import io
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from onedoor.files.services import opened
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger.models import Entry
from onedoor.papers import sealing
from onedoor.papers.tests import given_seals
from onedoor.papers.tests.given import FRIDAY, issue
from onedoor.seals import pack, queries
from onedoor.seals import services as seals
from onedoor.seals.backends import WrongPin, checking
from onedoor.seals.models import Seal, SealUse
from onedoor.seals.rules.words import RequestState, SealKind, SealState

pytestmark = pytest.mark.django_db
PIN = "开印-7391"
FIRST, LAST = datetime(2025, 12, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(name, key, issuer, issuer_key):
    built = x509.CertificateBuilder(
        named(issuer), named(name), key.public_key(), x509.random_serial_number(), FIRST, LAST
    ).add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
    return built.sign(issuer_key, hashes.SHA256())


def file(*, key=None, with_root=True, pin=PIN):
    """Return what an authority gives out: key, certificate and, mostly, its own certificate."""
    root_key, key = (
        ec.generate_private_key(ec.SECP256R1()),
        key or rsa.generate_private_key(65537, 2048),
    )
    root = certificate("示例签发机构", root_key, "示例签发机构", root_key)
    own = certificate("开远市政务局", key, "示例签发机构", root_key)
    locked = BestAvailableEncryption(pin.encode())
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, own, [root] if with_root else None, locked
    )


@pytest.fixture(autouse=True)
def _under(monkeypatch):
    given_seals.under_one_seal(monkeypatch)


def asked():
    return queries.request_for(issue().number)


def seal(request, pin=PIN, by="keeper"):
    return sealing.seal(request, by=given_seals.actor(by), at=FRIDAY, pin=pin)


@pytest.mark.parametrize("with_root", [True, False])
def test_a_paper_sealed_with_a_file_is_whole_and_one_changed_byte_is_found(with_root):
    given_seals.seal(file=file(with_root=with_root), pin=PIN)

    whole = opened(seal(asked()).file.digest).read()

    (found,) = checking.read(whole)
    assert (found.is_whole, found.is_in_date) == (True, True)
    assert (found.seal, found.issuer) == ("开远市政务局", "示例签发机构")
    assert "样章·无效".encode() not in whole
    for place in range(whole.index(b"/Contents <") + 12, len(whole), 997):
        altered = bytearray(whole)
        altered[place] ^= 1
        try:
            assert not all(each.is_whole for each in checking.read(bytes(altered))), place
        except NotValid:
            continue


def test_a_wrong_pin_changes_nothing_and_is_counted_until_the_seal_is_locked():
    given_seals.seal(file=file(), pin=PIN)
    request = asked()

    refused = []
    for _ in range(pack.pin_tries()):
        with pytest.raises(Refusal) as each:
            seal(request, pin="0000")
        refused.append(each.value)
    with pytest.raises(Refusal) as after:
        seal(request)

    assert [each.code for each in refused] == ["seal.wrong_pin"] * 4 + ["seal.pin_locked"]
    assert [each.data["left"] for each in refused[:-1]] == [4, 3, 2, 1]
    assert after.value.code == "seal.locked"
    assert queries.request_for(request.paper).standing is RequestState.WAITING
    assert not SealUse.objects.exists()
    assert Entry.objects.filter(kind="seal.pin_wrong").count() == 5


def test_of_many_pins_tried_at_once_no_more_are_tried_than_there_are_tries(monkeypatch):
    given_seals.seal(file=file(), pin=PIN)
    by, tried = given_seals.actor("keeper"), []

    def opened_meanwhile(self, kept, *, pin):
        """While one PIN is tried, another request comes with the next."""
        tried.append(pin)
        if len(tried) < 3 * pack.pin_tries():
            with suppress(Refusal):
                seals.opened(SealKind.APPROVAL, pin=str(len(tried)), by=by, at=FRIDAY)
        raise WrongPin

    monkeypatch.setattr("onedoor.seals.backends.pkcs12.Pkcs12.opened", opened_meanwhile)
    with pytest.raises(Refusal):
        seals.opened(SealKind.APPROVAL, pin="0", by=by, at=FRIDAY)

    assert len(tried) == pack.pin_tries()
    assert Seal.objects.get().standing is SealState.LOCKED


def test_the_right_pin_begins_the_count_anew_and_so_does_an_unlocking_by_two():
    given_seals.seal(file=file(), pin=PIN)
    first, second = asked(), asked()
    for _ in range(2):
        with pytest.raises(NotValid):
            seal(first, pin="0000")

    seal(first)
    between = Seal.objects.get().pin_failures
    for _ in range(pack.pin_tries()):
        with pytest.raises(Refusal):
            seal(second, pin="0000")
    locked = queries.seal_for(SealKind.APPROVAL)
    open_ = seals.ask_unlock(locked, by=given_seals.actor("keeper"), at=FRIDAY)
    seals.confirm_unlock(open_, by=given_seals.actor("supervisor"), at=FRIDAY)

    assert (between, locked.standing) == (0, SealState.LOCKED)
    assert seal(second)


def test_without_a_pin_nothing_is_counted_and_nobody_else_can_try():
    given_seals.seal(file=file(), pin=PIN)
    request = asked()

    with pytest.raises(NotValid) as none:
        seal(request, pin="")
    with pytest.raises(NotAllowed):
        seal(request, pin="0000", by="decider")

    assert none.value.code == "seal.pin_needed"
    assert Seal.objects.get().pin_failures == 0


def test_a_batch_with_a_wrong_pin_stops_before_the_first():
    given_seals.seal(file=file(), pin=PIN)
    waiting = [asked() for _ in range(3)]
    by = given_seals.actor("keeper")

    with pytest.raises(NotValid):
        sealing.seal_all(waiting, by=by, at=FRIDAY, pin="0000")
    done = sealing.seal_all(waiting, by=by, at=FRIDAY, pin=PIN)

    assert Seal.objects.get().pin_failures == 0
    assert len(done.sealed) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pin": "0000"}, "seal.file_unreadable"),
        ({"file": b"%PDF-1.7"}, "seal.file_unreadable"),
        ({"valid_to": date(2029, 2, 1)}, "seal.certificate_dates"),
        ({"valid_from": date(2025, 11, 30)}, "seal.certificate_dates"),
    ],
)
def test_a_file_that_could_not_sign_later_becomes_no_seal(changes, code):
    with pytest.raises(NotValid) as refused:
        given_seals.seal(**({"file": file(), "pin": PIN} | changes))

    assert refused.value.code == code
    assert not Seal.objects.exists()


def test_a_key_too_short_becomes_no_seal():
    short = rsa.generate_private_key(65537, 1024)

    with pytest.raises(NotValid) as refused:
        given_seals.seal(file=file(key=short), pin=PIN)

    assert refused.value.code == "seal.key_kind"


@pytest.mark.parametrize("key", ["", "unreadable"])
def test_a_key_that_is_lost_seals_nothing_and_the_refusal_says_what_to_do(monkeypatch, key):
    given_seals.seal()
    request = asked()
    if key:
        Seal.objects.update(key=b64encode(b"encrypted under a key that is gone"))
    else:
        Seal.objects.update(key="")

    with pytest.raises(Refusal) as refused:
        seal(request, pin="")

    assert refused.value.code == "seal.key_lost"
    assert "锁定" in refused.value.text
    assert queries.request_for(request.paper).standing is RequestState.WAITING


def test_of_a_lost_device_the_refusal_says_what_to_do_and_the_next_seal_goes_on():
    lost = given_seals.seal(file=file(), pin=PIN)
    request = asked()
    locked = seals.lock(lost, by=given_seals.actor("keeper"), at=FRIDAY)
    with pytest.raises(Refusal) as stopped:
        seal(request)
    seals.stop(locked, by=given_seals.actor("admin"), at=FRIDAY)
    with pytest.raises(Refusal) as none:
        seal(request)

    given_seals.seal(code="YZ-next", file=file(pin="另一个"), pin="另一个")

    assert "停用" in stopped.value.text
    assert (none.value.code, "登记" in none.value.text) == ("seal.none_in_use", True)
    assert seal(request, pin="另一个").seal.code == "YZ-next"


def test_what_a_reader_gets_is_found_valid_by_pyhanko_too():
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    given_seals.seal(file=file(), pin=PIN)
    content = opened(seal(asked()).file.digest).read()

    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    roots = list(signature.other_embedded_certs)
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots))

    assert (len(roots), status.intact, status.valid) == (1, True, True)
