"""The rules of the market in public, and the question through which channel one must buy."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, public
from onedoor.kernel import clock
from onedoor.market import queries
from onedoor.market.forms import RouteForm
from onedoor.market.models import RulePack
from onedoor.market.rules.packs import State
from onedoor.market.rules.words import Channel
from onedoor.market.web import spoken, steps_of

FORM = 422
TONES = {
    Channel.REQUIRED: "info",
    Channel.OPTIONAL: "good",
    Channel.FREE: "good",
    Channel.UNDETERMINED: "warn",
}


@public
def route(request: Request) -> HttpResponse:
    """Say through which channel a purchase must go, with the article; nothing is kept of it."""
    on = clock.day_of(clock.now())
    pack = queries.pack_on(on)
    book = queries.book_of(pack) if pack else None
    is_asked = "amount" in request.GET
    form = RouteForm(request.GET if is_asked else None, book=book, on=on)
    decision = None
    if is_asked and form.is_valid():
        decision = queries.decided(form.purchase())
    context = {
        "form": form,
        "pack": pack,
        "decision": decision,
        "tone": TONES.get(decision.channel, "info") if decision else "",
        "said": spoken(decision) if decision else "",
        "steps": steps_of(decision) if decision else [],
    }
    return render(request, "market/route.html", context, status=FORM if form.errors else 200)


@public
def rules(request: Request) -> HttpResponse:
    """Show the rules in force on a day: what must come to the market, who must, by which basis."""
    on = _day_asked(request)
    pack = queries.pack_on(on)
    context = {
        "on": on,
        "pack": pack,
        "book": queries.book_of(pack) if pack else None,
        "units": queries.bound_units(pack) if pack else [],
        "periods": RulePack.objects.filter(state=State.IN_FORCE.value),
    }
    return render(request, "market/rules.html", context)


def _day_asked(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.day_of(clock.now())
