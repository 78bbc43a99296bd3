"""The checks of commitments: what is to be done, what is overdue, one check with its evidence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, for_roles
from onedoor.cases import commitments, queries
from onedoor.cases import services as cases
from onedoor.cases.forms import AnswerObjectionForm, ObjectForm, VerifyForm
from onedoor.cases.models import Verification
from onedoor.cases.rules.commitment import Box
from onedoor.cases.services.uploading import uploaded
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.forms import Form
from onedoor.papers import web

PAGE, FORM = 50, 422

FORMS: dict[str, type[Form]] = {
    "verify": VerifyForm,
    "object": ObjectForm,
    "answer": AnswerObjectionForm,
}


@for_roles(*queries.WORKING)
def checks(request: Request) -> HttpResponse:
    """List the checks of my units, box by box, the earliest due first."""
    on = clock.day_of(clock.now())
    said = request.GET.get("box", "")
    box = Box(said) if said in {b.value for b in Box} else Box.OPEN
    found = list(commitments.checks_in(request.actor, box, on=on)[: PAGE + 1])
    context = {
        "box": box,
        "boxes": list(Box),
        "checks": found[:PAGE],
        "more": len(found) > PAGE,
        "today": on,
    }
    return render(request, "cases/checks.html", context)


@for_roles(*queries.WORKING)
def check(request: Request, number: str, place: int) -> HttpResponse:
    """Show one check: what was vouched for, what was found, what may be done now."""
    return _page(request, commitments.check_for(request.actor, number, place))


def _page(
    request: Request, found: Verification, bound: Form | None = None, tried: str = ""
) -> HttpResponse:
    on = clock.day_of(clock.now())
    forms = {
        name: bound if bound is not None and name == tried else made(auto_id=f"{name}_%s")
        for name, made in FORMS.items()
        if name in commitments.may_do(found, request.actor, on=on) or name == tried
    }
    context = {
        "check": found,
        "case": found.case,
        "forms": forms,
        "bound": bound,
        "today": on,
        "paper": commitments.notice_of(found),
        "licence": getattr(found.case, "licence", None),
        "may_revoke": commitments.stands(found, on=on),
    }
    return render(request, "cases/check.html", context, status=FORM if bound else 200)


@require_POST
@for_roles(*queries.WORKING)
def do(request: Request, number: str, place: int, action: str) -> HttpResponse:
    """Record what a check found, an objection, or its answer."""
    if action not in FORMS:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    now = clock.now()
    found = commitments.check_for(request.actor, number, place)
    form = FORMS[action](request.POST, request.FILES, auto_id=f"{action}_%s")
    if not form.is_valid():
        return _page(request, found, form, action)
    given = dict(form.cleaned_data)
    if action == "verify":
        given["document"] = uploaded(given["document"], at=now)
    services: dict[str, Callable[..., Verification]] = {
        "verify": cases.verify,
        "object": cases.object_to,
        "answer": cases.answer_objection,
    }
    services[action](found, **given, by=request.actor, at=now)
    messages.success(request, gettext("已记下。"))
    return redirect("cases:check", number, place)


@for_roles(*queries.WORKING)
def paper(request: Request, number: str, place: int) -> HttpResponse:
    """Print the notice of what a check found false."""
    found = commitments.check_for(request.actor, number, place)
    notice = commitments.notice_of(found)
    if notice is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    context = web.page(notice, by=request.actor.ref, at=clock.now())
    return render(request, "cases/check_paper.html", context | {"check": found})
