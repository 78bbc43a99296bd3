"""How rectification stands now: each figure opens its rows; the same as text, docx and PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.rectification.queries import lists
from onedoor.reports import standing
from onedoor.reports.official import TYPES

FOR_ALL = ("txt",)
"""What everybody may take: a letter in an office's name comes from an office only."""


@public
def page(request: Request) -> HttpResponse:
    """Show the figures of what one may see, and the claims beside what was verified."""
    told = standing.standing(request.actor, at=clock.now())
    is_staff = request.actor.holds_any(*lists.STAFF)
    context = {
        "told": told,
        "forms": standing.FORMS if is_staff else FOR_ALL,
        "base": "base_staff.html" if is_staff else "base.html",
    }
    return render(request, "reports/standing.html", context)


@public
def file(request: Request, form: str) -> HttpResponse:
    """Send the same as text; to the staff also as docx or PDF in the form of an office's letter."""
    is_staff = request.actor.holds_any(*lists.STAFF)
    if form not in (standing.FORMS if is_staff else FOR_ALL):
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    told = standing.standing(request.actor, at=clock.now())
    made = standing.file_of(told, form, by=request.actor.ref)
    response = HttpResponse(made, content_type=TYPES[form])
    day = clock.day_of(told.at)
    response["Content-Disposition"] = f'attachment; filename="rectification-{day}.{form}"'
    return response
