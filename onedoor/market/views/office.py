"""Where the rules of a period are handed in, compared, confirmed and signed for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid
from onedoor.market import queries
from onedoor.market import services as market
from onedoor.market.forms import PackForm
from onedoor.market.rules.packs import State
from onedoor.market.web import place_of

FORM = 422


@for_roles(*queries.OFFICE)
def packs(request: Request) -> HttpResponse:
    """List the rules period by period; take new ones from whoever runs the market."""
    may_propose = request.actor.holds_any(Role.MARKET)
    form = PackForm(request.POST or None, request.FILES or None) if may_propose else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = market.propose(form.cleaned_data["file"], by=request.actor, at=clock.now())
        except NotValid as refusal:
            form.tell(refusal)
        else:
            return redirect("market:pack", made.number)
    context = {"packs": queries.visible_packs(request.actor), "form": form}
    status = FORM if form is not None and form.errors else 200
    return render(request, "market/packs.html", context, status=status)


@for_roles(*queries.OFFICE)
def pack(request: Request, number: str) -> HttpResponse:
    """Show what a pack changes, who has signed, and which units of the register it leaves out."""
    found, today = queries.pack_for(request.actor, number), clock.day_of(clock.now())
    on = max(today, found.first_on)
    is_mine = found.proposed_by == request.actor.ref
    context = {
        "pack": found,
        "changes": [(place_of(each), each) for each in queries.changes(found)],
        "units": queries.bound_units(found),
        "unlisted": queries.unlisted(found, on=on),
        "to_sign": queries.units_to_sign(found, request.actor, on=today),
        "may_confirm": found.standing is State.DRAFT
        and request.actor.holds_any(Role.SUPERVISOR)
        and not is_mine,
        "names": [names_of([r]).get(r, r) for r in (found.proposed_by, found.confirmed_by) if r],
    }
    return render(request, "market/pack.html", context)


@require_POST
@for_roles(Role.SUPERVISOR)
def confirm(request: Request, number: str) -> HttpResponse:
    """Confirm the rules that were read."""
    found = queries.pack_for(request.actor, number)
    seen = request.POST.get("seen", "")
    market.confirm(found, seen=seen, by=request.actor, at=clock.now())
    messages.success(request, gettext("已确认。"))
    return redirect("market:pack", number)


@require_POST
@for_roles(Role.HEAD)
def sign(request: Request, number: str) -> HttpResponse:
    """Sign for a unit."""
    found = queries.pack_for(request.actor, number)
    unit = get_object_or_404(Organisation, code=request.POST.get("unit", ""))
    market.sign(found, unit, by=request.actor, at=clock.now())
    messages.success(request, gettext("已签收。"))
    return redirect("market:pack", number)
