"""What somebody who signed in was told about their cases, and what of it they have read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.web import Request
from onedoor.cases.models import Case
from onedoor.cases.queries import mine
from onedoor.cases.views.mine import address_of
from onedoor.citizens import queries as citizens
from onedoor.citizens import services
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules.mandates import Scope
from onedoor.citizens.web import for_citizens, owner_of
from onedoor.kernel import clock

PAGE = 20


@for_citizens
def inbox(request: Request, citizen: Citizen) -> HttpResponse:
    """List what was told of their cases, or of whom they act for; with POST, note it was read."""
    owner = owner_of(request, citizen)
    own = mine.cases_of(owner)
    told = mine.messages_about(own)
    if request.method == "POST":
        services.mark_read(citizen, citizens.unread(citizen, told), at=clock.now())
        messages.success(request, gettext("都标为看过了。"))
        return redirect("cases:my_messages")
    page = Paginator(told, PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    read = citizens.read_by(citizen, shown)
    numbers = {each.about.removeprefix("case:") for each in shown}
    cases = {c.number: c for c in Case.objects.filter(number__in=numbers)}
    context = {
        "page": page,
        "rows": [
            (each, each.pk not in read, address_of(cases[each.about.removeprefix("case:")], owner))
            for each in shown
        ],
        "citizen": citizen,
        # The words hold the address that opens the case.
        "shows_text": not isinstance(owner, Mandate) or owner.reach is Scope.APPLY,
        "unread": mine.unread_count(citizen, own),
    }
    return render(request, "cases/my_messages.html", context)
