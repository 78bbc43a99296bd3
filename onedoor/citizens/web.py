"""Who of the public is signed in, and pages that are theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from onedoor.accounts.web import Request, private, public
from onedoor.citizens import mandates, queries
from onedoor.citizens.mandates import Owner
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules import SESSION
from onedoor.kernel import clock

KEY, ACTING = "citizen", "acting"


def citizen_of(request: HttpRequest) -> Citizen | None:
    """Return who is signed in; one statement where somebody is, none where nobody is."""
    if not hasattr(request, "_citizen"):
        ref = request.session.get(KEY, "")
        request._citizen = queries.open_account(ref) if ref else None  # type: ignore[attr-defined]
    return cast("Citizen | None", request._citizen)  # type: ignore[attr-defined]


def acting_for(request: HttpRequest) -> Mandate | None:
    """Return for whom somebody acts now, while they may; whoever lost it acts for themselves."""
    if not hasattr(request, "_mandate"):
        code, who = request.session.get(ACTING, ""), citizen_of(request)
        on = clock.day_of(clock.now())
        found = mandates.held(who, code, on=on) if code and who is not None else None
        request._mandate = found  # type: ignore[attr-defined]
    return cast("Mandate | None", request._mandate)  # type: ignore[attr-defined]


def choices_of(citizen: Citizen) -> list[Mandate]:
    """Return for whom somebody may act today."""
    return mandates.open_to(citizen, on=clock.day_of(clock.now()))


def act_for(request: HttpRequest, mandate: Mandate | None) -> None:
    """Let somebody act for another from now on, in this session, or for themselves again."""
    request.session[ACTING] = mandate.code if mandate is not None else ""
    request._mandate = mandate  # type: ignore[attr-defined]


def owner_of(request: HttpRequest, citizen: Citizen) -> Owner:
    """Return whose cases are shown: those of whom one acts for, or one's own."""
    return acting_for(request) or citizen


def sign_in(request: HttpRequest, citizen: Citizen) -> None:
    """Let somebody be signed in from now on, in a session nobody knew before."""
    request.session.flush()
    request.session[KEY] = str(citizen.pk)
    request.session.set_expiry(int(SESSION.total_seconds()))
    request._citizen = citizen  # type: ignore[attr-defined]


def sign_out(request: HttpRequest) -> None:
    request.session.flush()


def safe_next(request: HttpRequest, asked: str, *, otherwise: str) -> str:
    """Return an address of this site that was asked for, or the other."""
    allowed = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if allowed else otherwise


def for_citizens(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only somebody who signed in open a page; it gets them as its second argument."""

    @public
    @private
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        citizen = citizen_of(request)
        if citizen is None:
            return HttpResponseRedirect(
                f"{reverse('citizens:sign_in')}?next={quote(request.get_full_path())}"
            )
        return view(request, citizen, *args, **kwargs)

    return guarded
