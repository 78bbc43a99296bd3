"""Papers served by announcement, for everybody to read while they are announced (送达公告)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, public
from onedoor.cases import queries
from onedoor.kernel import clock
from onedoor.papers import queries as papers

SHOWN = 100


@public
def notices(request: Request) -> HttpResponse:
    """Show every notice that runs, the latest first, in the words of its paper."""
    found = queries.notices(on=clock.day_of(clock.now()))[:SHOWN]
    rows = [(notice, papers.words_of(notice)) for notice in found]
    return render(request, "cases/notices.html", {"notices": rows})
