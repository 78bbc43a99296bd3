"""Whoever signed in finds their own, and nobody else's; nothing is asked or uploaded twice."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onedoor.cases import services as cases
from onedoor.cases import subscribers
from onedoor.cases.models import Attachment, Case, Draft, Sender
from onedoor.cases.queries import mine
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import Purpose
from onedoor.cases.services import drafting
from onedoor.cases.tests import given, online
from onedoor.cases.tests.given import FRIDAY
from onedoor.catalogue import queries as catalogue
from onedoor.citizens import services as citizens
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Citizen
from onedoor.citizens.web import KEY
from onedoor.kernel import clock
from onedoor.ledger import queries as ledger
from onedoor.messages.models import Message

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
APPLICANT = given.applicant()
OWN = Identity(APPLICANT.name, "111", APPLICANT.id_number, APPLICANT.phone)
SOMEBODY = Identity("李敏示例", "111", "532502198807220007", "13800000002")
TYPED = {
    "kind": "person",
    "name": APPLICANT.name,
    "id_type": "111",
    "id_number": APPLICANT.id_number,
    "phone": APPLICANT.phone,
}
APPLY = f"/apply/{given.LICENCE}/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def _account(who: Identity = OWN) -> Citizen:
    return citizens.enter_by_identity(who, service="x", signed_in=None, at=FRIDAY)


def _client(account: Citizen) -> Client:
    client = Client()
    session = client.session
    session[KEY] = str(account.pk)
    session.save()
    return client


def _photo(name: str = "1.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, online.picture().getvalue(), "image/png")


def _apply(client: Client, **files) -> Case:
    """Apply as far as a case, with a photo for each of the first two materials."""
    client.post(APPLY, {"address": "开远市演示路1号"})
    sent = {"files_1": [_photo("1.png")], "files_2": [_photo("2.png")], **files}
    client.post(APPLY + "materials/", {**sent, "go": "1"})
    client.post(APPLY + "check/", {"is_true": "on"})
    return Case.objects.exclude(submitted_at=None).latest("submitted_at")


# --- Applying -------------------------------------------------------------------------------------


def test_nothing_is_asked_that_the_account_knows():
    client = _client(_account())

    page = client.get(APPLY).content.decode()

    for field in ("kind", "name", "id_type", "id_number", "phone", "agent"):
        assert f'name="{field}"' not in page
    case = _apply(client)
    person = case.applicant
    assert (person.name, person.id_number, person.phone) == (OWN.name, OWN.id_number, OWN.phone)


def test_what_is_typed_over_what_the_account_knows_is_not_believed():
    client = _client(_account())

    client.post(APPLY, {"name": "别人", "id_number": SOMEBODY.id_number, "address": ""})
    case = _apply(client)

    assert case.applicant.name == OWN.name


def test_for_somebody_else_everything_is_asked_and_the_own_name_is_there():
    client = _client(_account())

    page = client.get(APPLY + "?other=1").content.decode()

    assert 'name="id_number"' in page
    assert f'value="{OWN.name}"' in page


def test_a_draft_is_there_on_the_next_device():
    account = _account()
    _client(account).post(APPLY, {"address": "开远市演示路9号"})

    assert "演示路9号" in _client(account).get(APPLY).content.decode()
    assert "演示路9号" not in _client(_account(SOMEBODY)).get(APPLY).content.decode()
    assert "演示路9号" not in Client().get(APPLY).content.decode()


def test_who_was_signed_out_at_the_last_step_signs_in_and_is_back_there_with_everything():
    account = _account()
    client = _client(account)
    client.post(APPLY, {"address": "开远市演示路8号"})
    client.post(
        APPLY + "materials/", {"files_1": [_photo()], "files_2": [_photo("2.png")], "go": "1"}
    )
    client.cookies.pop("sessionid")  # half an hour went by

    sent = client.post(APPLY + "check/", {"is_true": "on"})
    page = client.get(sent["Location"]).content.decode()

    assert sent["Location"] == "/signin/?" + urlencode({"next": APPLY + "check/"})
    assert "填的内容都在，登录后接着填" in page
    assert not Case.objects.exclude(submitted_at=None).exists()
    again = _client(account)
    assert "演示路8号" in again.get(APPLY + "check/").content.decode()
    again.post(APPLY + "check/", {"is_true": "on"})
    assert Case.objects.exclude(submitted_at=None).count() == 1


def test_who_does_not_sign_in_again_may_apply_without_an_account():
    client = _client(_account())
    client.post(APPLY, {"address": ""})
    client.cookies.pop("sessionid")

    first, second = client.get(APPLY), client.get(APPLY)

    assert (first.status_code, second.status_code) == (302, 200)


def test_what_was_begun_before_signing_in_goes_on():
    client = Client()
    typed = {**TYPED, "address": "开远市演示路7号"}
    client.post(APPLY, typed)
    session = client.session
    account = _account()
    session[KEY] = str(account.pk)
    session.save()
    client.cookies["sessionid"] = session.session_key or ""

    assert "演示路7号" in client.get(APPLY).content.decode()
    assert Draft.objects.get().citizen == account


def test_a_file_handed_in_before_is_used_again_without_uploading_it():
    client = _client(_account())
    first = _apply(client)

    client.post(APPLY, {"address": ""})
    page = client.get(APPLY + "materials/").content.decode()
    assert 'name="reuse" value="1"' in page
    client.post(APPLY + "materials/", {"reuse": "1"})
    client.post(APPLY + "materials/", {"reuse": "2"})
    client.post(APPLY + "materials/", {"go": "1"})
    client.post(APPLY + "check/", {"is_true": "on"})

    second = Case.objects.exclude(pk=first.pk).get()
    files = [
        sorted(Attachment.objects.filter(case_material__case=c).values_list("file", flat=True))
        for c in (first, second)
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 2


def test_nobody_uses_a_file_of_somebody_else():
    _apply(_client(_account()))
    client = _client(_account(SOMEBODY))

    client.post(APPLY, {"address": ""})
    client.post(APPLY + "materials/", {"reuse": "1"})

    assert not Draft.objects.get(case__isnull=True).files.exists()


def test_a_file_is_not_offered_for_ever():
    account = _account()
    _apply(_client(account))
    name = Attachment.objects.earliest("added_at").case_material.material.name

    own = mine.Whose(OWN.id_type, OWN.id_number)
    assert name in mine.held_for(account, [name], whose=own, at=FRIDAY + 364 * DAY)
    assert not mine.held_for(account, [name], whose=own, at=FRIDAY + 366 * DAY)


def test_sent_twice_from_an_account_is_one_case():
    client = _client(_account())
    _apply(client)

    client.post(APPLY + "check/", {"is_true": "on"})

    assert Case.objects.count() == Sender.objects.count() == 1


OTHERS = {
    "kind": "person",
    "name": SOMEBODY.name,
    "id_type": SOMEBODY.id_type,
    "id_number": SOMEBODY.id_number,
    "phone": SOMEBODY.phone,
}


def test_files_handed_in_for_somebody_else_are_offered_for_that_person_alone():
    client = _client(_account())
    client.post(APPLY + "?other=1", OTHERS)
    client.post(APPLY + "materials/", {"files_1": [_photo()], "files_2": [_photo()], "go": "1"})
    client.post(APPLY + "check/", {"is_true": "on"})
    assert Case.objects.get().applicant.name == SOMEBODY.name

    client.post(APPLY + "?other=0", {"address": ""})
    own = client.get(APPLY + "materials/").content.decode()
    client.post(APPLY + "materials/", {"reuse": "1"})
    taken = Draft.objects.get(case__isnull=True).files.count()
    client.post(APPLY + "?other=1", OTHERS)
    theirs = client.get(APPLY + "materials/").content.decode()

    assert 'name="reuse"' not in own
    assert taken == 0
    assert 'name="reuse" value="1"' in theirs


def test_for_whom_a_draft_is_is_kept_and_may_be_changed():
    client = _client(_account())
    client.post(APPLY + "?other=1", OTHERS)

    again = client.get(APPLY).content.decode()
    own = client.get(APPLY + "?other=0").content.decode()

    assert f'value="{SOMEBODY.name}"' in again
    assert "?other=0" in again
    assert 'name="name"' not in own


def test_the_telephone_of_an_account_that_has_nothing_else_is_there():
    by_phone = citizens.enter_by_phone("13800000009", at=FRIDAY)

    assert 'value="13800000009"' in _client(by_phone).get(APPLY).content.decode()


def test_a_draft_of_an_account_that_became_part_of_another_goes_on():
    by_phone = citizens.enter_by_phone("13800000009", at=FRIDAY)
    _client(by_phone).post(APPLY, {**TYPED, "address": "开远市演示路5号"})
    _account()
    joined = citizens.enter_by_identity(OWN, service="x", signed_in=by_phone, at=FRIDAY)
    client = _client(joined)

    opened = client.get(APPLY).content.decode()
    client.post(APPLY, {"address": "开远市演示路6号"})

    assert "演示路5号" in opened
    assert drafting.content_of(Draft.objects.get()).typed["address"] == "开远市演示路6号"
    sent = {"files_1": [_photo()], "files_2": [_photo()], "go": "1"}
    client.post(APPLY + "materials/", sent)
    client.post(APPLY + "check/", {"is_true": "on"})
    assert list(mine.cases_of(joined)) == [Case.objects.get()]


# --- Looking --------------------------------------------------------------------------------------


def test_a_case_of_the_window_is_there_for_whoever_was_identified():
    case = given.receipt().case
    own, other = _account(), _account(SOMEBODY)

    assert list(mine.cases_of(own)) == [case]
    assert not mine.cases_of(other).exists()
    assert case.alias in _client(own).get("/me/").content.decode()
    assert case.alias not in _client(other).get("/me/").content.decode()


def test_a_telephone_alone_opens_only_what_was_sent_by_it():
    given.receipt()
    account = citizens.enter_by_phone(APPLICANT.phone, at=FRIDAY)

    assert not mine.cases_of(account).exists()
    sent = _apply_as(account)
    assert list(mine.cases_of(account)) == [sent]


def _apply_as(account: Citizen) -> Case:
    client = _client(account)
    client.post(APPLY, TYPED)
    client.post(APPLY + "materials/", {"files_1": [_photo()], "files_2": [_photo()], "go": "1"})
    client.post(APPLY + "check/", {"is_true": "on"})
    return Case.objects.exclude(submitted_at=None).latest("submitted_at")


def test_what_was_sent_by_telephone_stays_with_its_owner():
    by_phone = citizens.enter_by_phone("13800000009", at=FRIDAY)
    sent = _apply_as(by_phone)
    _account(SOMEBODY)

    joined = citizens.enter_by_identity(SOMEBODY, service="x", signed_in=by_phone, at=FRIDAY)

    assert joined.pk != by_phone.pk
    assert list(mine.cases_of(joined)) == [sent]


def test_who_looked_is_told_by_unit_and_purpose_without_a_name():
    case = given.receipt().case
    clerk = given.actor("clerk")
    cases.show_personal_data(case, purpose=Purpose.CONTACT.value, by=clerk, at=FRIDAY)

    (look,) = mine.looks_at(_account())
    page = _client(_account()).get("/me/looks/").content.decode()

    assert (look.case, look.purpose, look.is_file) == (case.number, Purpose.CONTACT, False)
    assert look.unit
    assert look.unit in page
    assert clerk.name not in page


def test_files_are_given_back_to_whoever_handed_them_in_alone():
    _apply(_client(_account()))
    kept = Attachment.objects.earliest("added_at").pk

    assert _client(_account()).get(f"/me/files/{kept}/").status_code == 200
    assert _client(_account(SOMEBODY)).get(f"/me/files/{kept}/").status_code == 404
    assert Client().get(f"/me/files/{kept}/").status_code == 302


@pytest.mark.parametrize("page", ["", "cases/", "licences/", "files/", "looks/", "account/"])
def test_pages_open_with_few_questions_to_the_database(page, django_assert_max_num_queries):
    client = _client(_account())
    for _ in range(3):
        given.receipt()
    client.get(f"/me/{page}")

    with django_assert_max_num_queries(16):
        answer = client.get(f"/me/{page}")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


# --- Taking along, and leaving --------------------------------------------------------------------


def test_everything_known_can_be_taken_along():
    client = _client(_account())
    case = _apply(client)
    client.post(APPLY, {"address": "没交的"})

    told = json.loads(client.get("/me/account/data.json").content)

    assert told["account"]["id_number"] == OWN.id_number
    assert [each["number"] for each in told["cases"]] == [case.number]
    assert len(told["files"]) == 2
    assert told["drafts"][0]["typed"]["address"] == "没交的"


def test_closing_is_asked_twice_and_leaves_the_case():
    account = _account()
    client = _client(account)
    case = _apply(client)
    client.post(APPLY, {"address": "没交的"})

    assert client.post("/me/account/").status_code == 422
    assert client.post("/me/account/", {"sure": "on"}).status_code == 302

    assert not Draft.objects.filter(case__isnull=True).exists()
    assert not Sender.objects.exists()
    assert Citizen.objects.get().closed_at is not None
    assert Case.objects.get(pk=case.pk).applicant.name == OWN.name
    assert client.get("/me/").status_code == 302


def test_a_draft_of_another_account_is_not_taken_over():
    owner = _account()
    version = catalogue.current_version(given.LICENCE, at=FRIDAY)
    content = drafting.Content({"address": "x"})
    draft = drafting.keep("key", version=version, content=content, at=FRIDAY, citizen=owner)

    drafting.adopt(draft, "key-of-another", _account(SOMEBODY))

    kept = Draft.objects.get()
    assert (kept.citizen, kept.key) == (owner, "key")


# --- What somebody was told -----------------------------------------------------------------------


def _told(case: Case) -> None:
    for entry in ledger.history(case.subject):
        if entry.kind == "case.moved":
            subscribers.on_case_moved(entry, entry.at)


def test_what_one_was_told_is_in_their_own_space_until_they_read_it():
    client = _client(_account())
    _told(given.case(Status.IN_REVIEW))
    _told(given.receipt(item=given.AT_ONCE, at=FRIDAY).case)
    stranger = _client(_account(SOMEBODY))

    assert "条没看过" in client.get("/me/").content.decode()
    page = client.get("/me/messages/").content.decode()
    assert "受理了" in page
    assert "<b>新</b>" in page
    assert client.post("/me/messages/")["Location"] == "/me/messages/"
    page = client.get("/me/messages/").content.decode()
    assert "受理了" in page
    assert "<b>新</b>" not in page
    client.post("/me/messages/")  # twice is once
    assert "受理了" not in stranger.get("/me/messages/").content.decode()
    told = json.loads(client.get("/me/account/data.json").content)
    assert any("受理了" in each["text"] for each in told["messages"])


def test_a_confirmed_address_is_told_of_the_cases_of_its_owner():
    account = _account()
    Citizen.objects.filter(pk=account.pk).update(email="own@example.cn")
    other = _account(SOMEBODY)
    Citizen.objects.filter(pk=other.pk).update(email="other@example.cn")

    _told(given.case(Status.IN_REVIEW))

    letters = Message.objects.filter(channel="mail")
    assert {str(each.to) for each in letters} == {"own@example.cn"}
    assert all(str(each.text).splitlines()[0] in ("已收件", "已受理") for each in letters)
    assert not any(APPLICANT.name in str(each.text) for each in letters)
