"""``onedoor person``: how an installation begins, and the ways back in."""

import pytest
from django.test import Client

from onedoor.accounts.models import Authenticator, Person
from onedoor.accounts.queries import actor_named
from onedoor.cli import main
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db


def added(capsys, username="first", role="admin"):
    capsys.readouterr()
    assert main(["person", "add", username, "--name", "某示例", "--role", role]) == 0
    return capsys.readouterr().out.splitlines()[0]


def sign_in(password, username="first"):
    client = Client()
    client.post("/login/", {"username": username, "password": password})
    return client


def test_the_first_administrator_signs_in_and_chooses_a_password(capsys):
    client = sign_in(added(capsys))

    assert client.get("/login/code/")["Location"] == "/password/"
    assert actor_named("first", on=clock.day_of(clock.now())).roles == {"admin"}


def test_whoever_lost_everything_gets_a_new_password_and_sets_up_a_new_authenticator(capsys):
    first = added(capsys)
    person = Person.objects.get(username="first")
    Authenticator.objects.create(user=person, name="lost", confirmed=True, seed="A" * 32)

    assert main(["person", "reset", "first", "--authenticator"]) == 0

    second = capsys.readouterr().out.splitlines()[0]
    assert "_auth_user_id" not in sign_in(first).session
    assert "_auth_user_id" in sign_in(second).session
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "clerk", "--name", "x", "--role", "admin"], "accounts.username_taken"),
        (["reset", "nobody"], "accounts.no_such_person"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(capsys, words, code):
    assert main(["person", *words]) == 1

    assert f"[{code}]" in capsys.readouterr().err
