"""Pages of seals: the register of seals, and the register of their uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid
from onedoor.kernel.terms import Term
from onedoor.kernel.web import csv_file, form_of, xlsx_file
from onedoor.seals import queries, registers
from onedoor.seals import services as seals
from onedoor.seals.forms import DestroyForm, HandOverForm, RegisterForm, SoughtForm
from onedoor.seals.models import Seal, SealUse
from onedoor.seals.registers import READING, SEEING, Sought

PAGE, FORM = 50, 422

DOINGS: dict[str, Callable[..., Seal]] = {
    "lock": seals.lock,
    "ask-unlock": seals.ask_unlock,
    "unlock": seals.confirm_unlock,
    "stop": seals.stop,
}


@for_roles(*READING)
def uses(request: Request) -> HttpResponse:
    """List every use of a seal, or those a number, unit, keeper, kind or period finds."""
    form = SoughtForm(request.GET, auto_id="sought-%s", units=registers.units_of_uses())
    found = registers.uses(form.sought()) if form.is_valid() else SealUse.objects.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = names_of([u.used_by for u in shown] + [u.request.approver for u in shown])
    context = _sought(request, form) | {
        "page": page,
        "lockable": queries.lockable(request.actor),
        "rows": [(u, names.get(u.used_by, ""), names.get(u.request.approver, "")) for u in shown],
    }
    return render(request, "seals/uses.html", context, status=200 if form.is_valid() else FORM)


@for_roles(*READING)
def uses_file(request: Request, form: str) -> HttpResponse:
    """Send what the register of uses shows as CSV or XLSX."""
    sought = SoughtForm(request.GET, auto_id="sought-%s", units=registers.units_of_uses())
    found = registers.uses(_valid(sought))
    return _file(
        "seal-uses", gettext("用印台账"), form, registers.USE_HEADS, registers.use_rows(found)
    )


@for_roles(*SEEING)
@sensitive_post_parameters("pin")
def register(request: Request) -> HttpResponse:
    """List the seals with their keepers and states; an administrator registers one."""
    on = clock.day_of(clock.now())
    form = RegisterForm(request.POST or None, request.FILES or None, on=on)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=FORM)
    made = seals.register(**form.given(), by=request.actor, at=clock.now())
    messages.success(request, gettext("已登记：%(seal)s。") % {"seal": made.name})
    return redirect("seals:register")


@for_roles(*SEEING)
def register_file(request: Request, form: str) -> HttpResponse:
    """Send the seals the register shows as CSV or XLSX."""
    sought = SoughtForm(request.GET, auto_id="sought-%s", units=registers.units_of_seals())
    found = registers.seals(_valid(sought))
    return _file("seals", gettext("印章"), form, registers.SEAL_HEADS, registers.seal_rows(found))


@require_POST
@for_roles(*SEEING)
def act(request: Request, code: str, action: str) -> HttpResponse:
    """Lock a seal, unlock it by two people, hand it over, stop or destroy it; back to its page."""
    now = clock.now()
    seal = queries.seal_with(code)
    if action == "hand-over":
        form = HandOverForm(request.POST, on=clock.day_of(now))
        if not form.is_valid():
            messages.warning(request, gettext("请选接收人，并写明依据。"))
            return redirect("seals:register")
        seals.hand_over(seal, **form.cleaned_data, by=request.actor, at=now)
    elif action == "destroy":
        destroying = DestroyForm(request.POST, on=clock.day_of(now))
        if not destroying.is_valid():
            messages.warning(request, gettext("请选在场的另一个人。"))
            return redirect("seals:register")
        seals.destroy(seal, **destroying.cleaned_data, by=request.actor, at=now)
    elif action in DOINGS:
        DOINGS[action](seal, by=request.actor, at=now)
    else:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    messages.success(request, gettext("已记下，%(seal)s。") % {"seal": seal.name})
    return redirect(form_of(request) or "seals:register")


def _page(request: Request, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    on = clock.day_of(clock.now())
    looking = SoughtForm(request.GET, auto_id="sought-%s", units=registers.units_of_seals())
    is_read = looking.is_valid()
    context = _sought(request, looking) | {
        "seals": registers.seals(looking.sought()) if is_read else (),
        "form": form,
        "handing": HandOverForm(on=on, auto_id=False),
        "destroying": DestroyForm(on=on, auto_id=False),
        "may_register": request.actor.holds_any(Role.ADMIN),
        "may_lock": request.actor.holds_any(Role.KEEPER, Role.SECURITY_ADMIN, Role.SUPERVISOR),
    }
    return render(request, "seals/register.html", context, status=status if is_read else FORM)


def _sought(request: Request, form: SoughtForm) -> dict[str, Any]:
    """Return what both registers show of the search itself."""
    asked = {key: text for key, text in request.GET.items() if key != "page" and text}
    return {"looking": form, "query": urlencode(asked), "is_sought": bool(asked)}


def _valid(form: SoughtForm) -> Sought:
    """Return what is looked for, or refuse: a file of everything would be taken for the answer."""
    if not form.is_valid():
        raise NotValid("seal.not_sought", "筛选条件不对，请回到台账改好再下载。")
    return form.sought()


def _file(
    name: str, title: str, form: str, heads: Iterable[str], rows: Iterable[Iterable[object]]
) -> HttpResponse:
    told: list[list[object]] = [[gettext(head) for head in heads]]
    told += [[gettext(v.zh) if isinstance(v, Term) else v for v in row] for row in rows]
    file = f"{name}-{clock.day_of(clock.now())}.{form}"
    return xlsx_file(file, title, told) if form == "xlsx" else csv_file(file, told)
