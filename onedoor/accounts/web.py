"""Who is asking: the actor on every request, public pages by declaration, lock-out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from onedoor.accounts.models import Person
from onedoor.accounts.queries import actor_for, actor_with_token
from onedoor.accounts.rules import ADMINISTRATORS, NOBODY, Actor, Role
from onedoor.accounts.services import answer_once
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotSignedIn, NotValid, TooOften
from onedoor.kernel.web import answer

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Request(HttpRequest):
    """A request that knows who acts. ``is_polled`` is what a page asks for by itself."""

    actor: Actor
    is_polled: bool


def public(view: View) -> View:
    """Declare a view open to everybody. What is not declared is for people in posts only."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark on the function, read below
    return view


def private(view: View) -> View:
    """Let nobody keep or find a page that only its applicant is to see."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        # Not "no-referrer": a form sent from such a page would come from nowhere, and be refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded  # type: ignore[return-value]  # the same signature, wrapped


class ActorMiddleware:
    """Say who acts, and let nobody in where it is not declared public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor, request.is_polled = NOBODY, False
        is_page = not request.path.startswith("/api/")  # programs bring a token, never a session
        if is_page:
            user = getattr(request, "user", None)
            if isinstance(user, Person) and user.is_active:
                request.actor = actor_for(user, on=clock.day_of(clock.now()))
        response = self.get_response(request)
        if is_page and not request.is_polled and request.session.session_key:
            # The quarter of an hour begins anew, but not for a page nobody looks at: it would
            # keep an open counter signed in, and write the session of every screen and telephone.
            request.session.modified = True
        if request.actor.ref:  # no page of somebody's work stays behind on a shared computer
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.path.startswith("/api/"):
            return None  # the API has a door of its own
        if request.actor.ref and getattr(request.user, "has_given_password", False):
            own = resolve_url("accounts:password")  # until then somebody else could have signed in
            return None if request.path == own else HttpResponseRedirect(own)
        if request.path.startswith("/admin/"):
            return None  # so has the back office
        if request.actor.ref:
            return None
        return HttpResponseRedirect(f"{resolve_url('accounts:login')}?next={quote(request.path)}")


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Let only holders of one of the roles (anywhere) open a page."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.holds_any(*roles):
                raise NotAllowed(
                    "page.not_allowed",
                    "这一页只给%(roles)s看。需要的话请找系统管理员开通。",
                    roles=roles,
                )
            if _lacks_code(request, roles):
                back = f"?next={quote(request.path)}" if request.method == "GET" else ""
                return HttpResponseRedirect(resolve_url("accounts:code") + back)
            return view(request, *args, **kwargs)

        guarded.for_roles = roles  # type: ignore[attr-defined]  # read by the role × route test
        return guarded  # type: ignore[return-value]  # the same signature, wrapped

    return wrap


def _lacks_code(request: Request, roles: tuple[Role, ...]) -> bool:
    """Say whether only an administrator's role lets somebody in who gave no one-time code yet."""
    if set(ADMINISTRATORS).isdisjoint(roles) or request.path == resolve_url("accounts:code"):
        return False
    others = [role for role in roles if role not in ADMINISTRATORS]
    is_verified = getattr(request.user, "is_verified", lambda: False)()
    return not is_verified and not request.actor.holds_any(*others)


def origin_of(request: HttpRequest) -> str:
    """Return the address a request came from, as the nearest trusted proxy saw it."""
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXIES <= len(passed):
        return passed[-settings.PROXIES].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def asking(request: Request) -> str:
    """Return who asks, to count by: whoever signed in, else the address it came from."""
    return request.actor.ref or origin_of(request)


def answer_form_once(
    request: Request,
    answer: Callable[[T], str],
    *,
    prepare: Callable[[], T],
    door: str,
    at: datetime,
) -> str:
    """Do what a form asks once, by the key it carries: a double click gets the first answer."""
    key = request.POST.get("key", "")[:40]
    if not key:  # without one, somebody else's form would be the same
        raise NotValid("form.no_key", "这一页不完整，请重新打开再填。", field="key")
    body = request.POST.copy()
    body.pop("csrfmiddlewaretoken", None)
    return answer_once(
        answer,
        prepare=prepare,
        actor=request.actor,
        key=f"{door}-{key}",
        body=body.urlencode().encode(),
        at=at,
    )


def token_actor(request: HttpRequest) -> Actor:
    """Return whom the bearer token of an API request speaks for, or refuse."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotSignedIn("accounts.no_token", "请带上令牌：Authorization: Bearer …")
    now = clock.now()
    return actor_with_token(secret.strip(), at=now, on=clock.day_of(now))


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a log-in while the account is locked."""
    refusal = TooOften(
        "accounts.locked_out",
        "为了安全，账号锁 15 分钟。着急请找系统管理员。",
        retry_after=15 * 60,
    )
    return answer(request, refusal)
