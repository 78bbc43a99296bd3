"""Taking in for another place: the register, one of it, and its steps."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, answer_form_once, for_roles
from onedoor.cases import remote
from onedoor.cases.forms.remote import RemoteApplicantForm, RemoteForm, RemoteForms
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.remote import RemoteState, RemoteStep, steps_of
from onedoor.cases.services import remote as taking
from onedoor.cases.views.desk import remark_on
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid
from onedoor.kernel.forms import Form
from onedoor.papers import web

PAGE, FORM = 50, 422

DOING: dict[RemoteStep, Callable[..., RemoteIntake]] = {
    RemoteStep.PACK: taking.pack,
    RemoteStep.SEND: taking.send,
    RemoteStep.ACCEPTED: taking.note_acceptance,
    RemoteStep.RESULT: taking.note_result,
    RemoteStep.HAND_OVER: taking.hand_over_remote,
}


@for_roles(*remote.SEEING)
def listed(request: Request) -> HttpResponse:
    """List what was taken in for others, the latest first; of a state, or late alone."""
    today = clock.day_of(clock.now())
    found = remote.visible_to(request.actor)
    late = remote.late(found, on=today)
    state = request.GET.get("state", "")
    if state == "late":
        found = late
    elif state in set(RemoteState):
        found = found.filter(state=state)
    rows = list(found[: PAGE + 1])
    context = {
        "rows": [(row, remote.is_late(row, on=today)) for row in rows[:PAGE]],
        "more": len(rows) > PAGE,
        "states": list(RemoteState),
        "state": state,
        "late_count": late.count(),
        "may_take": request.actor.holds_any(*remote.WORKING),
    }
    return render(request, "cases/remotes.html", context)


@for_roles(Role.DESK, Role.ISSUER)
def take(request: Request) -> HttpResponse:
    """Take papers in for another place's body."""
    now = clock.now()
    data = request.POST if request.method == "POST" else None
    applicant = RemoteApplicantForm(data, on=clock.day_of(now))
    form = RemoteForm(data)
    if data is None or not (applicant.is_valid() & form.is_valid()):
        context = {
            "applicant": applicant,
            "form": form,
            "key": request.POST.get("key") or uuid.uuid4().hex,
        }
        return render(request, "cases/remote_new.html", context, status=FORM if data else 200)

    def answer(nothing: None) -> str:
        made = taking.take_remote(
            form.told(),
            applicant=applicant.data_given(),
            materials=form.cleaned_data["materials"],
            identity_checked=applicant.cleaned_data["identity_checked"],
            by=request.actor,
            at=now,
        )
        return made.number

    number = answer_form_once(request, answer, prepare=lambda: None, door="remote", at=now)
    remark_on(request, applicant, on=clock.day_of(now))
    return redirect("cases:remote_paper", number)


@for_roles(*remote.SEEING)
def one(request: Request, number: str) -> HttpResponse:
    """Show one with both signatures and both waybills; the next steps are taken here."""
    return _page(request, remote.remote_for(request.actor, number))


@require_POST
@for_roles(Role.DESK, Role.ISSUER)
def act(request: Request, number: str, step: str) -> HttpResponse:
    """Take one of the steps."""
    if step not in {each.value for each in RemoteStep}:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    doing = RemoteStep(step)
    found = remote.remote_for(request.actor, number)
    form = RemoteForms.OF[doing](request.POST, auto_id=f"{step}_%s")
    if not form.is_valid():
        return _page(request, found, {doing: form}, status=FORM)
    try:
        DOING[doing](found, **form.cleaned_data, by=request.actor, at=clock.now())
    except NotValid as refusal:
        form.tell(refusal)
        return _page(request, found, {doing: form}, status=FORM)
    messages.success(request, gettext("已%(step)s。") % {"step": gettext(doing.zh)})
    return redirect("cases:remote", number)


@for_roles(*remote.SEEING)
def paper(request: Request, number: str) -> HttpResponse:
    """Print the receipt."""
    found = remote.remote_for(request.actor, number)
    context = web.page(remote.receipt_of(found), by=request.actor.ref, at=clock.now())
    return render(request, "cases/remote_paper.html", context | {"row": found})


@for_roles(*remote.SEEING)
def pdf(request: Request, number: str) -> HttpResponseBase:
    """Download the receipt."""
    found = remote.remote_for(request.actor, number)
    return web.pdf(remote.receipt_of(found), by=request.actor.ref, at=clock.now())


def _page(
    request: Request,
    found: RemoteIntake,
    bound: dict[RemoteStep, Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    may = request.actor.holds_any(*remote.WORKING)
    steps = steps_of(found.standing) if may else []
    forms = {each: RemoteForms.OF[each](auto_id=f"{each.value}_%s") for each in steps}
    context = {
        "row": found,
        "is_late": remote.is_late(found, on=clock.day_of(clock.now())),
        "signers": remote.signers(found),
        "forms": list((forms | (bound or {})).items()),
        "bound": next(iter((bound or {}).values()), None),
    }
    return render(request, "cases/remote.html", context, status=status)
