"""What every page knows: how it is to be shown, whose site it is, which doors are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from onedoor.accounts.rules import NOBODY
from onedoor.citizens.web import acting_for, choices_of, citizen_of
from onedoor.portal.queries import centre
from onedoor.portal.rules import Door, Preferences, here, read_preferences, ways_of

COOKIE = "prefs"
COOKIE_AGE = 365 * 24 * 3600


class PreferencesMiddleware:
    """Read the cookie, and tell the language chosen to the middleware that activates it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences = read_preferences(request.COOKIES.get(COOKIE, ""))
        request.preferences = preferences  # type: ignore[attr-defined]  # read by preferences_of
        if preferences.language is not None:
            request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = preferences.language.value
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response


def preferences_of(request: HttpRequest) -> Preferences:
    """Return how the page is to be shown; an error before the cookie was read shows it plain."""
    found: Preferences = getattr(request, "preferences", Preferences())
    return found


class Link(NamedTuple):
    """A door in the bar of the staff."""

    door: Door
    href: str
    is_here: bool


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the centre, the preferences, the actor and the doors open to them."""
    actor = getattr(request, "actor", NOBODY)
    doors = [(way.door, reverse(way.route)) for way in ways_of(actor)]
    current = here(request.path, [href for _, href in doors])
    return {
        "centre": centre(),
        "prefs": preferences_of(request),
        "actor": actor,
        **_acting(request),
        "staff_links": [Link(door, href, href == current) for door, href in doors],
    }


OWN_SPACE = ("/me/", "/apply/")
"""Where a page says for whom somebody acts."""


def _acting(request: HttpRequest) -> dict[str, Any]:
    """Say for whom somebody acts, and for whom else they may, on the pages where it matters."""
    who = citizen_of(request) if request.path.startswith(OWN_SPACE) else None
    if who is None or not who.is_verified:
        return {}
    return {
        "is_own_space": True,
        "acting": acting_for(request),
        "acting_choices": choices_of(who),
    }
