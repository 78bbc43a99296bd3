"""The public's search; and what was asked in vain, which the editors answer with common names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, public
from onedoor.catalogue import queries
from onedoor.catalogue import search as searching
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.findable import placed
from onedoor.catalogue.forms import AliasesForm
from onedoor.catalogue.packages import packages_with
from onedoor.kernel import clock

PAGE, SUGGESTED, LEADING = 20, 8, 3
RECENT = timedelta(days=30)


@public
def search(request: Request) -> HttpResponse:
    """Answer a question with items, the best first; where there are none, say what to do next."""
    text, unit = request.GET.get("q", "").strip(), request.GET.get("unit", "")[:64]
    answer = searching.find(text, unit_code=unit)
    if text and not answer.count and not unit:
        catalogue.note_miss(answer.question, on=clock.day_of(clock.now()))
    page = Paginator(answer.ranked, PAGE).get_page(request.GET.get("page"))
    first = PAGE * (page.number - 1)
    hits = answer.hits(first, first + PAGE)
    is_start = text and not unit and not first
    leading = [hit.version.item for hit in hits[:LEADING]]
    context = {
        "q": answer.question.shown(text),
        "answer": answer,
        "page": page,
        "hits": hits or answer.nearest_hits(),
        "packages": packages_with(*leading, called=text) if is_start else (),
        "query": urlencode({k: v for k, v in (("q", text[:50]), ("unit", unit)) if v}),
        "units": () if answer.count else queries.units_with_items(),
    }
    return render(request, "catalogue/search.html", context)


@for_roles(Role.DESK)
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer what is being typed at a window with a few items; what is half typed is not kept."""
    answer = searching.find(request.GET.get("q", "").strip())
    return render(request, "catalogue/suggestions.html", {"hits": answer.hits(0, SUGGESTED)})


@for_roles(Role.EDITOR, Role.PUBLISHER)
def missed(request: Request) -> HttpResponse:
    """List what was asked in vain; with ``q``, look for the item that should have answered it."""
    text, other = request.GET.get("q", "").strip()[:50], request.GET.get("item", "").strip()
    context: dict[str, Any] = {
        "q": text,
        "item": other[:50],
        "may_edit": request.actor.holds_any(Role.EDITOR),
    }
    if text:
        answer = searching.find(other or text)
        context["hits"] = answer.hits(0, PAGE) or answer.nearest_hits()
    else:
        every = searching.missed(since=clock.day_of(clock.now()) - RECENT)
        page = Paginator(every, PAGE).get_page(request.GET.get("page"))
        context["page"] = page
        context["missed"] = [(one, searching.find(one.text).nearest_hits()) for one in page]
    return render(request, "catalogue/missed.html", context)


@require_POST
@for_roles(Role.EDITOR)
def answer_missed(request: Request) -> HttpResponse:
    """Let an item be called as it was asked for."""
    code, text, now = request.POST.get("code", ""), request.POST.get("q", ""), clock.now()
    catalogue.add_alias(code, text, by=request.actor, at=now)
    catalogue.settle_miss(text, by=request.actor, at=now)
    messages.success(request, gettext("加好了，搜“%(text)s”现在能找到。") % {"text": text})
    return redirect("catalogue:missed")


@require_POST
@for_roles(Role.EDITOR, Role.PUBLISHER)
def settle_missed(request: Request) -> HttpResponse:
    """Take a question off the list."""
    catalogue.settle_miss(request.POST.get("q", ""), by=request.actor, at=clock.now())
    return redirect("catalogue:missed")


@for_roles(Role.EDITOR)
def aliases(request: Request, code: str) -> HttpResponse:
    """Show and change what people call an item."""
    item = queries.item_named(code)
    known = queries.aliases(item)
    form = AliasesForm(request.POST or None, initial={"aliases": "\n".join(known)})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["aliases"]
        catalogue.name_aliases(code, text, by=request.actor, at=clock.now())
        messages.success(request, gettext("已保存，现在起搜这些叫法能找到这一项。"))
        return redirect("catalogue:aliases", code)
    version = queries.facts_of(item, at=clock.now())
    context = {
        "form": form,
        "version": version,
        "placed": placed(item, version.name, known) if version else [],
    }
    return render(request, "catalogue/aliases.html", context, status=422 if request.POST else 200)
