"""The public's search, and what was looked for in vain, for the editors."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, public
from onedoor.catalogue import search as searching
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.queries import units_with_items
from onedoor.kernel import clock

PAGE = 20


@public
def search(request: Request) -> HttpResponse:
    """Answer a question with items, the best first; where there are none, say what to do next."""
    text, unit = request.GET.get("q", "").strip(), request.GET.get("unit", "")[:64]
    answer = searching.find(text, unit_code=unit)
    if text and not answer.count and not unit:
        catalogue.note_miss(answer.question, on=clock.day_of(clock.now()))
    page = Paginator(answer.ranked, PAGE).get_page(request.GET.get("page"))
    first = PAGE * (page.number - 1)
    context = {
        "q": answer.question.shown(text),
        "answer": answer,
        "page": page,
        "hits": answer.hits(first, first + PAGE),
        "query": urlencode({k: v for k, v in (("q", text[:50]), ("unit", unit)) if v}),
        "nearest": answer.nearest_hits(),
        "units": () if answer.count else units_with_items(),
    }
    return render(request, "catalogue/search.html", context)
