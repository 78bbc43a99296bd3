"""Who acts for whom, noted and ended at a window."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, private
from onedoor.cases.queries import mine
from onedoor.citizens import mandates, services
from onedoor.citizens.forms import WindowForm
from onedoor.citizens.rules.mandates import Ended, Kind
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.sentences import sentence

FORM = 422


@for_roles(Role.DESK)
def note(request: Request) -> HttpResponse:
    """Note an authority both came with."""
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_at_window(
                form.agent(),
                form.party(),
                kind=Kind(form.cleaned_data["kind"]),
                scope=form.reach(),
                months=form.cleaned_data["months"],
                by=request.actor,
                at=clock.now(),
                known_phone=mine.known_phone(form.cleaned_data["party_number"]),
            )
        except NotValid as refusal:
            form.tell(refusal)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("登记好了。代办人实名登录以后就能替对方办。"))
            return redirect("cases:mandates")
    status = FORM if form.errors else 200
    return render(request, "cases/mandates.html", {"form": form}, status=status)


@require_POST
@private
@for_roles(Role.DESK)
def find(request: Request) -> HttpResponse:
    """Look who acts for somebody; what is typed stays out of address and log."""
    number = request.POST.get("number", "").strip().upper()[:40]
    context = {
        "form": WindowForm(),
        "number": number,
        "found": mandates.of_party(number) if number else None,
    }
    return render(request, "cases/mandates.html", context)


@require_POST
@for_roles(Role.DESK)
def end(request: Request, code: str) -> HttpResponse:
    """End an authority whoever is acted for takes back at a window, with their document."""
    mandate = mandates.open_mandate(code)
    services.end(mandate, Ended.AT_WINDOW, by=request.actor.ref, at=clock.now())
    messages.success(request, gettext("收回了。"))
    return redirect("cases:mandates")
