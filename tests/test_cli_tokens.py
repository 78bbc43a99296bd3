"""``onedoor token``: issued, printed once, listed, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from onedoor.accounts.models import Token
from onedoor.cli import main
from onedoor.kernel import clock

pytestmark = pytest.mark.django_db


def issued(capsys, *more):
    given = ["--name", "省平台", "--scope", "read", *more]
    capsys.readouterr()
    assert main(["token", "issue", "clerk", *given]) == 0
    secret, said = capsys.readouterr().out.splitlines()
    code = re.search(r"编号 (\S+)，", said)
    assert code is not None
    return secret, code[1]


def status(secret):
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get("/api/v1/cases", headers=headers).status_code


def test_a_token_opens_the_api_until_it_is_revoked(capsys):
    secret, code = issued(capsys)
    before = status(secret)

    assert main(["token", "revoke", code]) == 0

    assert (before, status(secret)) == (200, 401)


def test_it_is_good_to_the_end_of_its_last_day_a_year_from_today_unless_told(capsys):
    today = clock.day_of(clock.now())

    for more, last_on in (((), today + timedelta(days=365)), (("--until", f"{today}"), today)):
        _, code = issued(capsys, *more)
        expires_at = Token.objects.get(pk=code).expires_at
        assert expires_at == clock.at_local(last_on + timedelta(days=1))


def test_the_list_names_every_token_and_its_state_but_no_secret(capsys):
    secret, code = issued(capsys)
    main(["token", "revoke", code])
    other, _ = issued(capsys)
    capsys.readouterr()

    assert main(["token", "list", "clerk"]) == 0

    told = capsys.readouterr().out
    rows = [row.split("\t") for row in told.splitlines() if "省平台" in row]
    assert sorted(row[1] for row in rows) == ["已撤销", "有效"]
    assert all(row[3:] == ["clerk", "read", "省平台"] for row in rows)
    assert secret not in told
    assert other not in told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["issue", "nobody", "--name", "x", "--scope", "read"], "accounts.no_such_person"),
        (
            ["issue", "clerk", "--name", "x", "--scope", "read", "--until", "2020-01-01"],
            "accounts.token_expired",
        ),
        (
            ["issue", "clerk", "--name", "x", "--scope", "read", "--by", "clerk"],
            "accounts.tokens_not_allowed",
        ),
        (["revoke", "not-a-code"], "accounts.no_such_token"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(capsys, words, code):
    assert main(["token", *words]) == 1

    assert f"[{code}]" in capsys.readouterr().err


def test_wrong_usage_is_said_as_such():
    with pytest.raises(SystemExit) as stopped:
        main(["token", "issue", "clerk", "--name", "x", "--scope", "everything"])

    assert stopped.value.code == 2
