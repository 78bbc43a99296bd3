"""The guide's tablet (导办台): who waits longest, what somebody needs, and a number for them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, answer_form_once, for_roles
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.models import Item
from onedoor.catalogue.search import find
from onedoor.hall import kiosks, queries
from onedoor.hall import services as hall
from onedoor.hall.forms import TakeForm
from onedoor.hall.models import Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.words import Priority
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal

GUIDES = (Role.GUIDE, Role.DUTY)
LISTED, FORM = 8, 422


@for_roles(*GUIDES)
def guide(request: Request) -> HttpResponse:
    """Show the rows, the longest wait first, and find what somebody needs to bring."""
    return _page(request)


def _item(request: Request) -> Item | None:
    code = request.POST.get("item") or request.GET.get("item", "")
    if not code:
        return None
    version = catalogue.current_version(code, at=clock.now())
    return Item.objects.select_related("current_version", "unit").get(pk=version.item_id)


def _page(request: Request, form: TakeForm | None = None) -> HttpResponse:
    now, place = clock.now(), queries.hall()
    text, item = request.GET.get("q", "").strip(), _item(request)
    answer = find(text) if text else None
    group = queries.group_for(place, item) if item else None
    waiting = queries.waiting(place, day=clock.day_of(now)).order_by("issued_at")
    missed = Ticket.objects.select_related(*queries.WITH).filter(
        hall=place, day=clock.day_of(now), state=State.SKIPPED.value, returns=0
    )
    first = {"group": group.letter} if group else {}
    context = {
        "q": text,
        "hits": (answer.hits(0, LISTED) or answer.nearest_hits()) if answer else [],
        "item": item,
        "group": group,
        "form": form or TakeForm(hall=place, item=item, initial=first),
        "rows": sorted(queries.rows_of(place, at=now), key=lambda row: -row.longest),
        "longest": [(t, t.waits_since(now)) for t in waiting[:LISTED]],
        "helped": list(waiting.filter(priority=Priority.GREEN.value)[:LISTED]),
        "calling": kiosks.calling_for_help(place),
        "missed": missed.order_by("-called_at")[:LISTED],
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "now": now,
    }
    return render(request, "hall/guide.html", context, status=FORM if form else 200)


@require_POST
@for_roles(*GUIDES)
def issue(request: Request) -> HttpResponse:
    """Give somebody a number."""
    now, place = clock.now(), queries.hall()
    form = TakeForm(request.POST, hall=place, item=_item(request))
    if not form.is_valid():
        return _page(request, form)
    wanted = form.wanted()
    try:
        number = answer_form_once(
            request,
            lambda serial: hall.take(wanted, serial, by=request.actor, at=now).ticket.number,
            prepare=lambda: hall.reserve(wanted.group, at=now),
            door="guide",
            at=now,
        )
    except Refusal as refusal:
        form.tell(refusal)
        return _page(request, form)
    made = queries.ticket(place, number, day=clock.day_of(now))
    told = gettext("%(number)s 号，前面 %(n)s 人，%(zone)s。")
    facts = {"number": number, "n": queries.ahead_of(made), "zone": made.group.zone.name}
    messages.success(request, told % facts)
    return redirect("hall:guide")


@require_POST
@for_roles(*GUIDES)
def back(request: Request, number: str) -> HttpResponse:
    """Put somebody who missed their call and stands at the guide's desk back into the row."""
    now = clock.now()
    found = queries.ticket(queries.hall(), number, day=clock.day_of(now))
    hall.come_back(found, by=request.actor, at=now)
    messages.success(request, gettext("%(number)s 又排进去了。") % {"number": found.number})
    return redirect("hall:guide")
