"""Pages of seals: the register of seals, and the register of their uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.seals import queries
from onedoor.seals import services as seals
from onedoor.seals.forms import HandOverForm, RegisterForm
from onedoor.seals.models import Seal

PAGE, FORM = 50, 422
SEEING = (Role.KEEPER, Role.ADMIN, Role.SECURITY_ADMIN, Role.SUPERVISOR)

DOINGS: dict[str, Callable[..., Seal]] = {
    "lock": seals.lock,
    "ask-unlock": seals.ask_unlock,
    "unlock": seals.confirm_unlock,
    "stop": seals.stop,
}


@for_roles(Role.KEEPER, Role.SUPERVISOR, Role.AUDIT_ADMIN)
def uses(request: Request) -> HttpResponse:
    """List every use of a seal, or those a number finds."""
    text = request.GET.get("q", "")[:60].strip()
    found = list(queries.uses(text)[: PAGE + 1])
    names = names_of([u.used_by for u in found] + [u.request.approver for u in found])
    context = {
        "q": text,
        "lockable": queries.lockable(request.actor),
        "rows": [(u, names.get(u.used_by, ""), names.get(u.request.approver, "")) for u in found][
            :PAGE
        ],
        "more": len(found) > PAGE,
    }
    return render(request, "seals/uses.html", context)


@for_roles(*SEEING)
def register(request: Request) -> HttpResponse:
    """List the seals with their keepers and states; an administrator registers one."""
    on = clock.day_of(clock.now())
    form = RegisterForm(request.POST or None, on=on)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=FORM)
    made = seals.register(**form.given(), by=request.actor, at=clock.now())
    messages.success(request, gettext("已登记：%(seal)s。") % {"seal": made.name})
    return redirect("seals:register")


@require_POST
@for_roles(*SEEING)
def act(request: Request, code: str, action: str) -> HttpResponse:
    """Lock a seal, unlock it by two people, hand it over, stop it."""
    now = clock.now()
    seal = queries.seal_with(code)
    if action == "hand-over":
        form = HandOverForm(request.POST, on=clock.day_of(now))
        if not form.is_valid():
            messages.warning(request, gettext("请选接收人，并写明依据。"))
            return redirect("seals:register")
        seals.hand_over(seal, **form.cleaned_data, by=request.actor, at=now)
    elif action in DOINGS:
        DOINGS[action](seal, by=request.actor, at=now)
    else:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    messages.success(request, gettext("已记下，%(seal)s。") % {"seal": seal.name})
    return redirect("seals:register")


def _page(request: Request, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    on = clock.day_of(clock.now())
    context: dict[str, Any] = {
        "seals": queries.seals(),
        "form": form,
        "handing": HandOverForm(on=on, auto_id=False),
        "may_register": request.actor.holds_any(Role.ADMIN),
        "may_lock": request.actor.holds_any(Role.KEEPER, Role.SECURITY_ADMIN, Role.SUPERVISOR),
    }
    return render(request, "seals/register.html", context, status=status)
