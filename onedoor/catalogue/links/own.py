"""Our own pages, asked in the process: as everybody reads them, without a network."""

from __future__ import annotations

import io
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse
from django.utils import translation

from onedoor.catalogue.rules.links import Reply, reply_of


def ask_own(address: str, *, code: str) -> Reply | None:
    """Return how our own page answers, where the address is ours; none is that of the item."""
    if not address:
        return _page(reverse("cases:apply", args=[code]))
    own = settings.PUBLIC_URL.rstrip("/")
    return _page(address[len(own) :] or "/") if f"{address}/".startswith(f"{own}/") else None


def _page(path: str) -> Reply:
    own, asked = urlsplit(settings.PUBLIC_URL), urlsplit(path)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "SERVER_NAME": own.hostname or "localhost",
            "SERVER_PORT": str(own.port or (443 if own.scheme == "https" else 80)),
            "HTTP_HOST": own.netloc,
            "HTTP_X_FORWARDED_PROTO": own.scheme,
            "wsgi.url_scheme": own.scheme,
            "wsgi.input": io.BytesIO(),
        }
    )
    with translation.override(translation.get_language()):
        response = _handler().get_response(request)
    return reply_of(response.status_code)


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
