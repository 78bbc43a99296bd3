"""Published information as everybody reads it: the list with its search, a page, its editions."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, asking, public
from onedoor.kernel import clock
from onedoor.reports import figures_today, official, publications
from onedoor.reports.models import Edition, Publication
from onedoor.reports.publications import Search
from onedoor.reports.rules.publishing import contents
from onedoor.reports.rules.publishing.lifecycle import State

PAGE = 20


def _asked(request: Request) -> Search:
    given = request.GET
    return Search(
        given.get("q", "")[:100].strip(), given.get("year", "")[:4], given.get("unit", "")[:64]
    )


@public
def listed(request: Request) -> HttpResponse:
    """List what is published, the latest first, and what a search finds."""
    asked = _asked(request)
    context = {
        "asked": asked,
        "page": Paginator(publications.public(asked), PAGE).get_page(request.GET.get("page")),
        "units": publications.units(),
        "years": publications.years(),
        "query": urlencode({k: v for k, v in request.GET.items() if k != "page"}),
    }
    return render(request, "reports/information.html", context)


@public
def page(request: Request, number: str) -> HttpResponse:
    """Show the edition in force; of what was withdrawn that it was there, and why it is not."""
    found = publications.public_with(number)
    editions = publications.shown(found)
    now = next((e for e in editions if e.standing is State.PUBLISHED), None)
    return _shown(request, found, editions, now or editions[0])


def _shown(
    request: Request, found: Publication, editions: list[Edition], edition: Edition
) -> HttpResponse:
    is_open = edition.standing is not State.WITHDRAWN
    context = {
        "publication": found,
        "edition": edition,
        "title": publications.shown_title(edition) or found.index_number,
        "is_open": is_open,
        "is_current": edition.standing is State.PUBLISHED,
        "editions": editions,
        "fields": publications.page_fields(edition),
        "today": figures_today.differing(edition, at=clock.now()) if is_open else [],
        "paragraphs": contents.lines_of(edition.paragraphs) if is_open else [],
    }
    return render(request, "reports/publication.html", context)


@public
def edition(request: Request, number: str, order: int) -> HttpResponse:
    """Show one edition as it was published."""
    found = publications.public_with(number)
    one = publications.edition_shown(found, order)
    return _shown(request, found, publications.shown(found), one)


@public
def file(request: Request, number: str, order: int, form: str) -> HttpResponse:
    """Send an edition as text, docx or PDF; the text is what its digest is of."""
    found = publications.public_with(number)
    shown = publications.edition_shown(found, order)
    kind, made = official.file_of_edition(shown, form, at=clock.now(), by=asking(request))
    response = HttpResponse(made, content_type=kind)
    name = f"{found.number}-{order}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
