"""The front door, the help pages, and how pages are shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, public
from onedoor.cases.county import online_rules
from onedoor.portal.preferences import COOKIE, COOKIE_AGE, preferences_of
from onedoor.portal.rules import changed


@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


@public
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"online": online_rules()})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


def staff(request: Request) -> HttpResponse:
    """Show the doors open to whoever signed in."""
    return render(request, "portal/staff.html")


@public
@require_POST
def prefs(request: HttpRequest) -> HttpResponse:
    """Keep what was pressed in the mode bar, and go back to the page it was pressed on."""
    wanted = changed(preferences_of(request), request.POST.dict())
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        COOKIE,
        wanted.as_text(),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _back(request: HttpRequest) -> str:
    """Return the page asked for if it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else reverse("portal:home")
