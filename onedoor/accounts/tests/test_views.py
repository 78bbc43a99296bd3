"""Signing in, the one-time code, the back office."""

from __future__ import annotations

import re
import time
from datetime import date
from hashlib import sha256

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.test import Client

from onedoor.accounts.models import (
    Authenticator,
    Delegation,
    Organisation,
    Person,
    RoleHolding,
    Token,
)
from onedoor.accounts.rules import Role
from onedoor.kernel import clock, crypto
from onedoor.ledger.models import Entry

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-test-password"
SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def no_earlier_failures():
    cache.clear()


def somebody(*roles: Role, username: str = "somebody") -> Person:
    person = Person.objects.create_user(username, "某示例", PASSWORD)
    for role in roles:
        RoleHolding.objects.create(person=person, role=role.value, first_on=SINCE)
    return person


def program(username: str = "screen") -> Person:
    return Person.objects.create_user(username, "叫号屏示例")


def signed_in(*roles: Role) -> tuple[Client, Person]:
    client, person = Client(), somebody(*roles)
    sign_in(client)
    return client, person


def sign_in(client: Client, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": "somebody", "password": password} | more)


def code_of(device: Authenticator) -> str:
    return f"{device.code_at(time.time()).token():06d}"


def verified(*roles: Role) -> Client:
    client, person = signed_in(*roles)
    client.get("/login/code/")
    device = Authenticator.objects.get(user=person)
    assert client.post("/login/code/", {"code": code_of(device)}).status_code == 302
    return client


# --- Signing in -------------------------------------------------------------------------------


def test_the_session_is_of_this_site_alone_and_lasts_a_quarter_of_an_hour():
    client = Client()
    somebody()
    answer = sign_in(client)

    cookie = answer.cookies["sessionid"]
    assert answer.status_code == 302
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 900


def test_the_answer_never_says_whether_there_is_such_a_user():
    somebody()
    wrong = sign_in(Client(), "wrong")
    unknown = Client().post("/login/", {"username": "nobody", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 422
    assert "用户名或密码不对" in wrong.content.decode()
    assert "用户名或密码不对" in unknown.content.decode()


def test_after_five_failures_even_the_right_password_waits():
    somebody()
    for _ in range(5):
        sign_in(Client(), "wrong")

    answer = sign_in(Client())

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "15 分钟" in answer.content.decode()
    assert "sessionid" not in answer.cookies


def test_signing_in_leads_to_no_other_site():
    somebody()

    answer = sign_in(Client(), next="https://evil.example/")

    assert answer["Location"] == "/staff/"


def test_who_left_is_let_out_at_once():
    client, person = signed_in(Role.DESK)
    assert client.get("/staff/").status_code == 200

    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/staff/").status_code == 302


def test_no_page_of_somebody_signed_in_stays_behind_in_the_browser():
    client, _ = signed_in(Role.DESK)

    assert client.get("/staff/")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/")


# --- The one-time code ------------------------------------------------------------------------


def test_the_back_office_sends_strangers_to_sign_in_and_staff_nowhere():
    stranger = Client().get("/admin/", follow=True)
    assert stranger.redirect_chain[-1][0].startswith("/login/")
    client, _ = signed_in(Role.DESK)

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "accounts/person/", "accounts/person/add/", "jsi18n/"])
def test_an_administrator_without_a_code_is_asked_for_it(path):
    client, _ = signed_in(Role.ADMIN)

    for answer in (client.get(f"/admin/{path}"), client.post(f"/admin/{path}", {"name": "x"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(("/login/code/", "/admin/login/"))


def test_the_first_time_a_device_is_set_up_and_its_code_opens():
    client, person = signed_in(Role.ADMIN)
    page = client.get("/login/code/")
    device = Authenticator.objects.get(user=person)
    assert not device.confirmed
    assert "otpauth://" in page.content.decode()

    answer = client.post("/login/code/", {"code": code_of(device)})

    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    device.refresh_from_db()
    assert device.confirmed


def test_the_seed_is_nowhere_in_the_database_in_clear():
    verified(Role.ADMIN)
    device = Authenticator.objects.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM accounts_authenticator")
        kept = bytes(cursor.fetchone()[0])

    assert device.seed.encode() not in kept
    assert crypto.version_of(kept) == 1


def test_a_device_once_set_up_is_not_shown_again():
    verified(Role.ADMIN)
    client = Client()
    sign_in(client)

    page = client.get("/login/code/").content.decode()

    assert "otpauth://" not in page
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize(
    "code", ["000000", "", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²"]
)
def test_a_wrong_code_is_said_at_the_field_and_opens_nothing(code):
    client, person = signed_in(Role.ADMIN)
    client.get("/login/code/")
    if Authenticator.objects.filter(user=person).exists() and code == "000000":
        code = "000001" if code_of(Authenticator.objects.get(user=person)) == code else code

    answer = client.post("/login/code/", {"code": code})

    assert answer.status_code == 422
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("asked", "opened"),
    [("/outbox/", "/outbox/"), ("https://elsewhere.example/", "/admin/"), ("", "/admin/")],
)
def test_after_the_code_comes_the_page_that_asked_for_it(asked, opened):
    client, person = signed_in(Role.ADMIN)
    client.get("/login/code/")
    code = code_of(Authenticator.objects.get(user=person))

    assert client.post(f"/login/code/?next={asked}", {"code": code})["Location"] == opened


def test_a_code_opens_once():
    verified(Role.ADMIN)
    device = Authenticator.objects.get()
    client = Client()
    sign_in(client)

    # The code that set the device up, sent again by somebody who looked over the shoulder.
    assert client.post("/login/code/", {"code": code_of(device)}).status_code == 422


def test_the_sixth_wrong_code_waits():
    client, _ = signed_in(Role.ADMIN)
    client.get("/login/code/")
    answers = [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(6)]

    assert answers[-1] == 429


# --- The back office --------------------------------------------------------------------------


def test_an_administrator_of_people_gives_no_roles_and_the_one_of_roles_no_people():
    client = verified(Role.ADMIN)

    assert client.get("/admin/accounts/person/add/").status_code == 200
    assert client.get("/admin/accounts/roleholding/add/").status_code == 403
    assert client.post("/admin/accounts/roleholding/add/", {}).status_code == 403


def test_the_back_office_gives_no_incompatible_roles_either():
    client = verified(Role.SECURITY_ADMIN)
    other = somebody(Role.EDITOR, username="other")
    given = {"person": str(other.pk), "role": "publisher", "first_on": "2026-03-06"}

    answer = client.post("/admin/accounts/roleholding/add/", given)

    assert answer.status_code == 409
    assert RoleHolding.objects.filter(person=other).count() == 1


def test_the_back_office_lends_no_incompatible_roles_either():
    client = verified(Role.SECURITY_ADMIN)
    deputy = somebody(Role.EDITOR, username="deputy")
    absent = somebody(Role.PUBLISHER, username="absent")
    given = {
        "holding": str(RoleHolding.objects.get(person=absent).pk),
        "deputy": str(deputy.pk),
        "first_on": "2026-03-06",
        "last_on": "2026-03-07",
        "basis": "局发〔2026〕1号",
    }

    assert client.post("/admin/accounts/delegation/add/", given).status_code == 409
    assert not Delegation.objects.exists()
    given["deputy"] = str(somebody(username="third").pk)
    assert client.post("/admin/accounts/delegation/add/", given).status_code == 302
    assert Delegation.objects.count() == 1


def test_dates_the_wrong_way_round_are_said_not_broken():
    client = verified(Role.SECURITY_ADMIN)
    other = somebody(username="other")
    given = {"person": str(other.pk), "role": "desk", "first_on": "2026-03-06"}

    answer = client.post("/admin/accounts/roleholding/add/", given | {"last_on": "2026-03-05"})

    assert answer.status_code == 200
    assert not RoleHolding.objects.filter(person=other).exists()


def test_a_role_is_given_and_ended_through_the_service_and_never_rewritten():
    client = verified(Role.SECURITY_ADMIN)
    other = somebody(username="other")
    given = {"person": str(other.pk), "role": "desk", "first_on": "2026-03-06"}
    client.post("/admin/accounts/roleholding/add/", given)
    holding = RoleHolding.objects.get(person=other)
    path = f"/admin/accounts/roleholding/{holding.pk}/change/"

    open_end = client.post(path, {"role": "admin", "last_on": ""})
    ended = client.post(path, {"role": "admin", "last_on": "2026-03-09"})

    holding.refresh_from_db()
    assert (open_end.status_code, ended.status_code) == (422, 302)
    assert (holding.role, holding.last_on) == ("desk", date(2026, 3, 9))
    kinds = (
        Entry.objects.filter(subject=other.ref).order_by("version").values_list("kind", flat=True)
    )
    assert list(kinds) == ["accounts.role_given", "accounts.role_ended"]


def test_a_token_is_revoked_at_once_by_the_security_administrator_only():
    admin = verified(Role.SECURITY_ADMIN)
    other = somebody(username="other")
    token = Token.objects.create(digest="0" * 64, person=other, name="t", scopes=["read"])
    asked = {"action": "revoke", "_selected_action": [str(token.pk)]}

    admin.post("/admin/accounts/token/", asked)

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Entry.objects.filter(subject=other.ref, kind="accounts.token_revoked").count() == 1


def issue_in_the_browser(client, person, **changes):
    given = {
        "person": str(person.pk),
        "name": "叫号屏",
        "scopes": ["read"],
        "last_on": "2099-12-31",
    }
    return client.post("/admin/accounts/token/add/", given | changes)


def test_a_token_is_issued_in_the_browser_and_shown_once():
    admin = verified(Role.SECURITY_ADMIN)
    other = program()

    answer = issue_in_the_browser(admin, other)

    token = Token.objects.get(person=other)
    secret = re.search(r"od_[\w-]{43}", answer.content.decode())
    assert secret is not None
    assert sha256(secret[0].encode()).hexdigest() == token.digest
    assert "no-store" in answer["Cache-Control"]
    assert (token.name, token.scopes) == ("叫号屏", ["read"])
    assert token.expires_at == clock.at_local(date(2100, 1, 1))
    assert Entry.objects.filter(subject=other.ref, kind="accounts.token_issued").count() == 1
    for path in ("", f"{token.pk}/change/"):
        later = admin.get(f"/admin/accounts/token/{path}").content.decode()
        assert "叫号屏" in later
        assert secret[0] not in later


def test_a_token_is_not_rewritten_in_the_browser_nor_issued_for_the_past():
    admin = verified(Role.SECURITY_ADMIN)
    other = program()
    issue_in_the_browser(admin, other)
    token = Token.objects.get(person=other)

    admin.post(f"/admin/accounts/token/{token.pk}/change/", {"scopes": ["work"], "name": "x"})
    past = issue_in_the_browser(admin, other, last_on="2020-01-01")

    kept = Token.objects.get(person=other)
    assert (kept.name, kept.scopes) == ("叫号屏", ["read"])
    assert past.status_code == 422


def test_nobody_else_issues_a_token_in_the_browser():
    client, other = verified(Role.ADMIN), program()

    assert issue_in_the_browser(client, other).status_code == 403
    assert not Token.objects.filter(person=other).exists()


def test_no_token_is_issued_for_an_account_that_a_colleague_signs_in_with():
    admin, colleague = verified(Role.SECURITY_ADMIN), somebody(Role.DECIDER, username="other")

    answer = issue_in_the_browser(admin, colleague)

    assert answer.status_code == 422
    assert "是人登录用的账号" in answer.content.decode()
    assert not Token.objects.filter(person=colleague).exists()


def test_a_programs_account_gets_no_password_while_it_has_a_token():
    admin, other = verified(Role.ADMIN), program()
    Token.objects.create(digest="0" * 64, person=other, name="t", scopes=["read"])

    answer = give_in_the_browser(admin, other)

    assert answer.status_code == 409
    other.refresh_from_db()
    assert not other.has_usable_password()


def test_nothing_can_be_deleted_in_the_back_office():
    client = verified(Role.ADMIN)
    unit = Organisation.objects.create(code="U901", name="测试局", sequence=901)

    assert client.post(f"/admin/accounts/organisation/{unit.pk}/delete/").status_code == 403
    assert Organisation.objects.filter(pk=unit.pk).exists()


# --- Passwords --------------------------------------------------------------------------------

NEW = "another-long-password"


def give_in_the_browser(client, person, password=NEW):
    asked = {"username": person.username, "name": person.name, "is_active": "on"}
    path = f"/admin/accounts/person/{person.pk}/change/"
    return client.post(path, asked | {"new_password": password})


def choose(client, old=PASSWORD, new=NEW, again=None):
    return client.post("/password/", {"old": old, "new": new, "again": again or new})


def test_somebody_chooses_a_password_and_is_signed_out_everywhere_else():
    client, person = signed_in(Role.DESK)
    elsewhere = Client()
    sign_in(elsewhere)

    answer = choose(client)

    assert answer["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 302
    assert sign_in(Client(), NEW).status_code == 302
    kinds = Entry.objects.filter(subject=person.ref).values_list("kind", "actor")
    assert list(kinds) == [("accounts.password_changed", person.ref)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"old": "wrong"}, "现在的密码不对"),
        ({"new": "short"}, "密码"),
        ({"new": "somebody12"}, "密码"),
        ({"new": PASSWORD}, "不能和现在的一样"),
        ({"again": "other-long-password"}, "两遍新密码不一样"),
    ],
)
def test_a_password_that_will_not_do_is_said_and_changes_nothing(wrong, said):
    client, _ = signed_in(Role.DESK)

    answer = choose(client, **wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert sign_in(Client()).status_code == 302


def test_whoever_sits_down_at_an_open_screen_cannot_guess_the_password():
    client, _ = signed_in(Role.DESK)

    statuses = [choose(client, old="wrong").status_code for _ in range(6)]

    assert statuses[-1] == 429


def test_a_given_password_opens_nothing_but_the_choice_of_another():
    admin, other = verified(Role.ADMIN), somebody(Role.DESK, username="other")
    assert give_in_the_browser(admin, other, "1234567890").status_code == 200
    assert give_in_the_browser(admin, other).status_code == 302
    client = Client()
    client.post("/login/", {"username": "other", "password": NEW})

    for path in ("/staff/", "/desk/", "/admin/", "/login/code/"):
        assert client.get(path)["Location"] == "/password/", path
    choose(client, old=NEW, new="only-i-know-this-one")

    assert client.get("/staff/").status_code == 200
    kinds = Entry.objects.filter(subject=other.ref).order_by("version")
    assert list(kinds.values_list("kind", flat=True)) == [
        "accounts.password_given",
        "accounts.password_changed",
    ]


def test_guessing_on_does_not_lengthen_a_lock_out_and_an_administrator_lifts_it():
    admin, other = verified(Role.ADMIN), somebody(Role.DESK, username="other")
    guess = {"username": "other", "password": "wrong"}
    for _ in range(5):
        Client().post("/login/", guess)
    since = AccessAttempt.objects.get(username="other").attempt_time
    for _ in range(3):
        assert Client().post("/login/", guess).status_code == 429
    assert AccessAttempt.objects.get(username="other").attempt_time == since

    asked = {"action": "lift_lock", "_selected_action": [str(other.pk)]}
    admin.post("/admin/accounts/person/", asked)

    assert Client().post("/login/", guess | {"password": PASSWORD}).status_code == 302
    assert Entry.objects.filter(subject=other.ref, kind="accounts.lock_lifted").count() == 1


def test_who_signs_in_for_work_leaves_nobody_of_the_public_signed_in():
    client = Client()
    somebody()
    session = client.session
    session["citizen"] = "x"
    session.set_expiry(1800)
    session.save()

    answer = sign_in(client)

    assert "citizen" not in client.session
    assert answer.cookies["sessionid"]["max-age"] == 15 * 60


def test_what_only_an_administrator_may_open_asks_for_their_code_first():
    client, person = signed_in(Role.ADMIN)

    for page in ("/seals/register/", "/outbox/"):
        assert client.get(page)["Location"] == f"/login/code/?next={page}"
    assert client.post("/seals/register/x/stop/")["Location"] == "/login/code/"

    client.get("/login/code/")
    device = Authenticator.objects.get(user=person)
    client.post("/login/code/", {"code": code_of(device)})
    assert client.get("/seals/register/").status_code == 200
    assert signed_in_as_supervisor().get("/outbox/").status_code == 200


def signed_in_as_supervisor() -> Client:
    client = Client()
    somebody(Role.SUPERVISOR, username="watcher")
    client.post("/login/", {"username": "watcher", "password": PASSWORD})
    return client
