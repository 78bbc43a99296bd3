"""Every route is declared public, or lets nobody in who has not said who they are."""

import logging

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from onedoor.accounts.models import Person
from onedoor.cases.tests import given
from onedoor.kernel.logs import WithoutTokens

FILLED = {
    "number": "53250200220260306000010",
    "code": "ABC",
    "token": "0" * 32,
    "order": "1",
    "place": "1",
    "version": "1",
    "step": "1",
    "action": "accept",
    "digest": "0" * 64,
    "day": "2026-03-06",
    "duty": "01960000-0000-7000-8000-000000000000",
    "special": "01960000-0000-7000-8000-000000000000",
}


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def filled(path):
    import re

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: FILLED.get(m[1], "x"), path)


ROUTES = [(p, v) for p, v in routes() if not p.startswith("admin/")]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "view"), ROUTES, ids=[p or "home" for p, _ in ROUTES])
def test_a_route_is_public_by_declaration_or_closed_to_strangers(path, view):
    answers = [getattr(Client(), method)(filled(path)).status_code for method in ("get", "post")]

    if getattr(view, "is_public", False):
        assert 401 not in answers
    elif path.startswith("api/v1/"):
        open_doors = ("api/v1/openapi.json", "api/v1/docs", "api/v1/")
        assert path in open_doors or all(status in (401, 405) for status in answers)
    else:
        assert set(answers) <= {302, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("username", sorted(given.PEOPLE))
def test_a_page_for_roles_opens_to_them_alone(username):
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    held = {role.value for role in given.PEOPLE[username][2]}

    for path, view in ROUTES:
        wanted = {role.value for role in getattr(view, "for_roles", ())}
        if wanted and not wanted & held:
            status = client.get(filled(path)).status_code
            assert status in (403, 405), (path, status)


OPENING = [
    path for path, _ in ROUTES if "<token>" in path.replace("<str:", "<") or "{token}" in path
]


@pytest.mark.parametrize("path", OPENING)
def test_an_address_that_opens_what_it_names_is_not_written_to_the_log(path):
    record = logging.LogRecord("x", logging.WARNING, "", 0, filled(path), None, None)

    assert WithoutTokens().filter(record)

    assert FILLED["token"] not in record.getMessage()
