"""Where anybody verifies a draw: in the browser, or with the one file that is downloaded here."""

from __future__ import annotations

from importlib.resources import files

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.accounts.web import Request, public
from onedoor.market import queries
from onedoor.market.rules import draw


@public
def verify(request: Request) -> HttpResponse:
    """Show the page that recomputes a record in the browser; nothing is sent to the office."""
    return _page(request)


@public
def verify_one(request: Request, number: str) -> HttpResponse:
    """Show the same page with the record of a draw, recomputed at once."""
    found = queries.draw_named(number)
    return _page(request, record=reverse("market:draw_record", args=[found.number]))


def _page(request: Request, *, record: str = "") -> HttpResponse:
    context = {
        "record": record,
        "words": list(draw.WORDS.items()),
        "notes": list(draw.NOTES.items()),
        "levels": list(enumerate(draw.LEVELS)),
    }
    return render(request, "market/verify.html", context)


@public
def program(request: Request) -> HttpResponse:
    """Send the program that verifies: the file this installation itself draws with."""
    text = (files("onedoor.market.rules") / "draw.py").read_text(encoding="utf-8")
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="draw.py"'
    return response
