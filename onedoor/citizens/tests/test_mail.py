"""An address is told things only after its owner typed the code; it is encrypted, and forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from onedoor.citizens import services as citizens
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Citizen, MailCode
from onedoor.citizens.queries import mails_of
from onedoor.citizens.rules import CODE_LIFE, CODE_TRIES
from onedoor.citizens.web import KEY
from onedoor.kernel import clock
from onedoor.kernel.errors import TooOften
from onedoor.kernel.tests.refusing import refused
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
NOW = clock.at_local(date(2026, 3, 6), 10)
WHO = Identity("李敏示例", "111", "532502198807220007", "13800000002")
HOME = "limin@example.cn"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def citizen() -> Citizen:
    return citizens.enter_by_identity(WHO, service="x", signed_in=None, at=NOW)


def _sent(citizen: Citizen, email: str = HOME, *, at: datetime = NOW) -> str:
    sent = citizens.send_mail_code(citizen, email, origin="here", at=at)
    text = Message.objects.filter(about=sent.about).latest("created_at").text
    return "".join(c for c in text.split("，")[0] if c.isdigit())


def test_an_address_is_told_once_its_code_was_typed(citizen):
    code = _sent(citizen, " Limin@EXAMPLE.cn ")
    assert mails_of([citizen.pk], id_type="", id_number="") == set()

    citizens.confirm_mail(citizen, code, at=NOW)

    assert mails_of([citizen.pk], id_type="", id_number="") == {"Limin@example.cn"}
    assert mails_of([], id_type="111", id_number=WHO.id_number) == {"Limin@example.cn"}
    assert mails_of([], id_type="", id_number="") == set()
    kinds = [entry.kind for entry in ledger.history(citizen.subject)]
    assert kinds[-1] == "citizens.mail_confirmed"
    assert not MailCode.objects.exists()
    assert Message.objects.get().text == ""  # nobody finds the code in the outbox afterwards


def test_the_address_is_unreadable_in_the_database(citizen):
    citizens.confirm_mail(citizen, _sent(citizen), at=NOW)

    (row,) = Citizen.objects.extra(select={"raw": "email"}).values("raw")
    assert HOME.encode() not in bytes(row["raw"])


def test_a_wrong_an_old_and_a_used_code_confirm_nothing(citizen):
    code = _sent(citizen)
    for _ in range(CODE_TRIES):
        with refused("citizen.code_wrong"):
            citizens.confirm_mail(citizen, "000000x", at=NOW)
    with refused("citizen.code_over"):
        citizens.confirm_mail(citizen, code, at=NOW)

    later = NOW + timedelta(minutes=1)
    code = _sent(citizen, at=later)
    with refused("citizen.code_over"):
        citizens.confirm_mail(citizen, code, at=later + CODE_LIFE + timedelta(seconds=1))
    citizens.confirm_mail(citizen, code, at=later)
    with refused("citizen.code_over"):
        citizens.confirm_mail(citizen, code, at=later)


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@example.cn", "a@example.cn\nBcc: x", "@"])
def test_what_is_no_address_is_refused(citizen, email):
    with refused("citizen.no_mail"):
        citizens.send_mail_code(citizen, email, origin="here", at=NOW)

    assert not Message.objects.exists()


def test_nobody_is_flooded_with_codes(citizen):
    for _ in range(5):
        _sent(citizen)

    with pytest.raises(TooOften):
        _sent(citizen)


def test_what_nobody_typed_is_forgotten_and_a_closed_account_is_told_nothing(citizen):
    code = _sent(citizen)
    citizens.confirm_mail(citizen, code, at=NOW)
    _sent(citizen, "other@example.cn")

    assert citizens.forget_old_mail_codes(at=NOW + 3 * CODE_LIFE) == 1
    assert not [m for m in Message.objects.all() if m.text or m.to]

    _sent(citizen, "other@example.cn", at=NOW + timedelta(minutes=1))
    citizens.close(citizen, at=NOW)
    assert not MailCode.objects.exists()
    assert Citizen.objects.get().email == ""


def test_an_account_that_becomes_part_of_another_brings_its_address(citizen):
    by_phone = citizens.enter_by_phone("13800000077", at=NOW)
    citizens.confirm_mail(by_phone, _sent(by_phone), at=NOW)

    stays = citizens.enter_by_identity(WHO, service="x", signed_in=by_phone, at=NOW)

    assert Citizen.objects.get(pk=stays.pk).email == HOME
    assert Citizen.objects.get(pk=by_phone.pk).email == ""


def test_the_pages_confirm_an_address_and_drop_it(citizen):
    client = Client()
    assert client.get("/me/email/").status_code == 302
    session = client.session
    session[KEY] = str(citizen.pk)
    session.save()

    assert client.post("/me/email/", {"email": "x"}).status_code == 422
    assert client.post("/me/email/", {"email": HOME})["Location"] == "/me/email/code/"
    assert client.post("/me/email/code/", {"code": "1"}).status_code == 422
    text = Message.objects.latest("created_at").text
    code = "".join(c for c in text.split("，")[0] if c.isdigit())
    assert client.post("/me/email/code/", {"code": code})["Location"] == "/me/email/"
    assert HOME in client.get("/me/email/").content.decode()
    client.post("/me/email/drop/")
    assert Citizen.objects.get().email == ""
    assert client.get("/me/email/code/")["Location"] == "/me/email/"
