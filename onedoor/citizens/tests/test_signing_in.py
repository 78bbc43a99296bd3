"""A code sent to a telephone, or the identity service, opens an account; nothing else does."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from onedoor.citizens import identity, queries
from onedoor.citizens import services as citizens
from onedoor.citizens.identity import oidc
from onedoor.citizens.identity.claims import Identity, read
from onedoor.citizens.identity.standin import Standin
from onedoor.citizens.models import Citizen, PhoneCode
from onedoor.citizens.rules import CODE_LIFE, CODE_TRIES, SENDS
from onedoor.citizens.services import accounts
from onedoor.kernel import clock
from onedoor.kernel.errors import TooOften
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
FRIDAY = clock.at_local(date(2026, 3, 6), 10)
PHONE = "13800000009"
LI = Identity("李敏示例", "111", "532502199203080001", "13800000002")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    cache.clear()
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def _sent(at=FRIDAY) -> tuple[PhoneCode, str]:
    """Return a code just sent, and what its message says."""
    sent = citizens.send_code(PHONE, origin="10.0.0.1", at=at)
    text = Message.objects.filter(about=sent.about).latest("created_at").text
    return sent, "".join(c for c in text.split("，")[0] if c.isdigit())


# --- Codes ----------------------------------------------------------------------------------------


def test_the_code_of_the_message_is_good_once():
    sent, code = _sent()

    assert citizens.enter_by_code(sent, code, at=FRIDAY).phone == PHONE
    with refused("citizen.code_over"):
        citizens.enter_by_code(sent, code, at=FRIDAY)
    assert Message.objects.get().text == ""  # nobody finds the code in the outbox afterwards


def test_a_code_is_good_for_ten_minutes():
    sent, code = _sent()

    with refused("citizen.code_over"):
        citizens.enter_by_code(sent, code, at=FRIDAY + CODE_LIFE)


def test_a_code_cannot_be_guessed():
    sent, code = _sent()
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    for _ in range(CODE_TRIES):
        with refused("citizen.code_wrong"):
            citizens.enter_by_code(sent, wrong, at=FRIDAY)
    with refused("citizen.code_over"):
        citizens.enter_by_code(sent, code, at=FRIDAY)


def test_a_new_code_ends_the_one_before():
    _, first = _sent()
    sent, second = _sent(FRIDAY + timedelta(minutes=1))

    if first != second:
        with refused("citizen.code_wrong"):
            citizens.enter_by_code(sent, first, at=FRIDAY + timedelta(minutes=1))
    entered = citizens.enter_by_code(sent, second, at=FRIDAY + timedelta(minutes=1))
    assert entered.phone == PHONE


def test_nobody_is_flooded_with_codes():
    for _ in range(SENDS):
        _sent()

    with pytest.raises(TooOften):
        _sent()


def test_a_landline_gets_no_code():
    with refused("phone.not_mobile"):
        citizens.send_code("0873-0000202", origin="10.0.0.1", at=FRIDAY)


def test_a_code_goes_out_at_night():
    night = FRIDAY + timedelta(hours=13)

    _sent(night)

    assert Message.objects.get().next_at == night


def test_codes_nobody_typed_are_deleted():
    _sent()

    assert citizens.forget_codes(at=FRIDAY + CODE_LIFE) == 0
    assert citizens.forget_codes(at=FRIDAY + 3 * CODE_LIFE) == 1
    assert Message.objects.get().to == ""


def test_whoever_is_cut_off_on_the_way_in_types_the_code_again(monkeypatch):
    sent, code = _sent()
    with monkeypatch.context() as crash:
        crash.setattr(accounts, "AccountOpened", None)
        with pytest.raises(TypeError):
            citizens.enter_by_code(sent, code, at=FRIDAY)
        assert not Citizen.objects.exists()

    assert citizens.enter_by_code(sent, code, at=FRIDAY).phone == PHONE


# --- Accounts -------------------------------------------------------------------------------------


def test_a_number_has_one_account():
    first = citizens.enter_by_phone(PHONE, at=FRIDAY)

    assert citizens.enter_by_phone(PHONE, at=FRIDAY).pk == first.pk
    assert [entry.kind for entry in ledger.history(first.subject)] == ["citizens.opened"]


def test_a_person_has_one_account_whatever_telephone_they_have():
    first = citizens.enter_by_identity(LI, service="x", signed_in=None, at=FRIDAY)
    other = Identity(LI.name, LI.id_type, LI.id_number, "13800000099")

    again = citizens.enter_by_identity(other, service="x", signed_in=None, at=FRIDAY)

    assert again.pk == first.pk
    assert Citizen.objects.get().phone == "13800000099"


def test_an_account_by_telephone_becomes_its_owners():
    by_phone = citizens.enter_by_phone(PHONE, at=FRIDAY)

    mine = citizens.enter_by_identity(LI, service="x", signed_in=by_phone, at=FRIDAY)

    assert (mine.pk, mine.is_verified, mine.name) == (by_phone.pk, True, LI.name)
    assert queries.of_phone(PHONE) is None  # the number alone opens it no longer


def test_an_account_by_telephone_becomes_part_of_the_one_there_is():
    mine = citizens.enter_by_identity(LI, service="x", signed_in=None, at=FRIDAY)
    by_phone = citizens.enter_by_phone(PHONE, at=FRIDAY)

    found = citizens.enter_by_identity(LI, service="x", signed_in=by_phone, at=FRIDAY)

    assert found.pk == mine.pk
    assert set(found.ids()) == {mine.pk, by_phone.pk}
    assert queries.open_account(str(by_phone.pk)) is None


def test_a_closed_account_knows_nobody():
    mine = citizens.enter_by_identity(LI, service="x", signed_in=None, at=FRIDAY)

    citizens.close(mine, at=FRIDAY)
    citizens.close(mine, at=FRIDAY)

    row = Citizen.objects.get()
    assert (row.name, row.id_number, row.id_index, row.phone, row.phone_index) == ("",) * 5
    assert [entry.kind for entry in ledger.history(mine.subject)].count("citizens.closed") == 1
    assert citizens.enter_by_identity(LI, service="x", signed_in=None, at=FRIDAY).pk != mine.pk


def test_names_and_numbers_are_kept_encrypted():
    citizens.enter_by_identity(LI, service="x", signed_in=None, at=FRIDAY)

    (row,) = Citizen.objects.extra(select={"n": "name", "i": "id_number"}).values("n", "i")
    assert LI.name.encode() not in bytes(row["n"])
    assert LI.id_number.encode() not in bytes(row["i"])


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"name": "李敏示例"},
        {"name": "", "id_number": LI.id_number},
        {"name": "李敏示例", "id_number": "532502199203080002"},
    ],
)
def test_claims_that_name_nobody_are_refused(claims):
    with refused("identity.unreadable"):
        read(claims, on=clock.day_of(FRIDAY))


# --- Pages ----------------------------------------------------------------------------------------


def test_one_signs_in_by_telephone_and_lands_where_one_wanted_to_be(client):
    page = client.get("/me/")
    assert page.url == "/signin/?next=/me/"
    client.get(page.url)

    answer = client.post("/signin/", {"phone": "138 0000 0009", "agree": "on"}, follow=True)
    assert answer.redirect_chain == [("/signin/code/", 302)]
    (message,) = Message.objects.all()
    code = "".join(c for c in message.text.split("，")[0] if c.isdigit())
    answer = client.post("/signin/code/", {"code": code})

    assert answer.url == "/me/"
    assert client.get("/me/").status_code == 200
    client.post("/signout/")
    assert client.get("/me/").status_code == 302


def test_what_is_kept_is_said_before_the_identity_service_is_asked(client, monkeypatch):
    monkeypatch.setattr(identity, "service", lambda: Standin())

    page = client.get("/signin/").content.decode()

    assert page.index("继续就是同意") < page.index("/signin/identity/")


def test_without_consent_no_code_is_sent(client):
    answer = client.post("/signin/", {"phone": PHONE})

    assert answer.status_code == 422
    assert not Message.objects.exists()


def test_a_wrong_code_signs_nobody_in(client):
    client.post("/signin/", {"phone": PHONE, "agree": "on"})

    answer = client.post("/signin/code/", {"code": "x"})

    assert answer.status_code == 422
    assert "还可以试 4 次" in answer.content.decode()
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(client, where):
    client.get("/signin/", {"next": where})
    client.post("/signin/", {"phone": PHONE, "agree": "on"})
    code = "".join(c for c in Message.objects.get().text.split("，")[0] if c.isdigit())

    assert client.post("/signin/code/", {"code": code}).url == "/"


def test_a_session_holds_no_telephone_and_changes_when_one_signs_in(client):
    client.post("/signin/", {"phone": PHONE, "agree": "on"})
    before = client.session.session_key
    assert PHONE not in json.dumps(dict(client.session.items()))
    code = "".join(c for c in Message.objects.get().text.split("，")[0] if c.isdigit())

    client.post("/signin/code/", {"code": code})

    assert client.session.session_key != before


def test_the_stand_in_is_there_in_a_demo_alone(client, monkeypatch):
    assert client.get("/signin/identity/").status_code == 404
    assert client.get("/signin/standin/").status_code == 404


# --- OpenID Connect -------------------------------------------------------------------------------

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class _Provider(BaseHTTPRequestHandler):
    """A little OpenID Connect service: it knows one code, and what it was asked with."""

    issuer = ""
    claims: dict[str, object] = {}
    key = KEY
    asked: dict[str, str] = {}

    def _say(self, told) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:  # the name is http.server's
        if self.path.endswith("openid-configuration"):
            self._say(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": self.issuer + "/ask",
                    "token_endpoint": self.issuer + "/token",
                    "jwks_uri": self.issuer + "/keys",
                }
            )
        else:
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._say({"keys": [{**jwk, "kid": "1", "use": "sig", "alg": "RS256"}]})

    def do_POST(self) -> None:  # the name is http.server's
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        _Provider.asked = {k: v[0] for k, v in parse_qs(body).items()}
        token = jwt.encode(self.claims, self.key, algorithm="RS256", headers={"kid": "1"})
        self._say({"id_token": token, "access_token": "x", "token_type": "Bearer"})

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[type[_Provider]]:
    oidc._found.cache_clear()
    oidc._keys.cache_clear()
    server = HTTPServer(("127.0.0.1", 0), _Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    _Provider.issuer = settings.OIDC_ISSUER = f"http://127.0.0.1:{server.server_port}"
    _Provider.key = KEY
    settings.OIDC_CLIENT, settings.OIDC_SECRET = "onedoor", "a secret"
    yield _Provider
    server.shutdown()
    server.server_close()


def _asked(client: Client, provider: type[_Provider], **changes: object) -> dict[str, str]:
    """Send somebody to the service; return what it was asked, and let it know them."""
    address = urlsplit(client.get("/signin/identity/").headers["Location"])
    asked = {k: v[0] for k, v in parse_qs(address.query).items()}
    now = int(time.time())
    provider.claims = {
        "iss": provider.issuer,
        "aud": "onedoor",
        "sub": "1",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "name": LI.name,
        "id_number": LI.id_number,
        "phone_number": LI.phone,
        **changes,
    }
    return asked


def test_whom_the_service_knows_is_signed_in(client, provider):
    client.get("/signin/?next=/me/")
    asked = _asked(client, provider)

    answer = client.get("/signin/back/", {"code": "c", "state": asked["state"]})

    assert answer.url == "/me/"
    assert Citizen.objects.get().name == LI.name
    verifier = hashlib.sha256(provider.asked["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
    assert provider.asked["redirect_uri"] == asked["redirect_uri"]


def test_an_answer_is_good_once_and_only_here(client, provider):
    asked = _asked(client, provider)
    told = {"code": "c", "state": asked["state"]}

    assert Client().get("/signin/back/", told).status_code == 409
    assert client.get("/signin/back/", told).status_code == 302
    assert client.get("/signin/back/", told).status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"nonce": "of another sign-in"},
        {"exp": int(time.time()) - 3600},
    ],
)
def test_what_was_said_to_somebody_else_is_not_believed(client, provider, changes):
    asked = _asked(client, provider, **changes)

    answer = client.get("/signin/back/", {"code": "c", "state": asked["state"]})

    assert answer.status_code == 409
    assert "identity.untrue" in answer.content.decode()
    assert not Citizen.objects.exists()


def test_what_another_key_signed_is_not_believed(client, provider):
    asked = _asked(client, provider)
    provider.key = OTHER

    assert client.get("/signin/back/", {"code": "c", "state": asked["state"]}).status_code == 409
    assert not Citizen.objects.exists()


def test_who_turns_back_is_told_so(client, provider):
    asked = _asked(client, provider)

    answer = client.get("/signin/back/", {"error": "access_denied", "state": asked["state"]})

    assert "identity.cancelled" in answer.content.decode()


def test_a_service_that_is_away_is_said_to_be(client, settings):
    oidc._found.cache_clear()
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    assert "identity.away" in client.get("/signin/identity/").content.decode()
