"""What was granted under the one seal, told to whoever supervises it: the ledger of both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import pushes
from onedoor.cases import services as cases
from onedoor.cases.forms import FeedbackForm
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.kernel import clock

PAGE, FORM = 50, 422


@for_roles(*pushes.SEEING)
def listed(request: Request) -> HttpResponse:
    """List what was pushed, the latest first; those of a state, or only those that are late."""
    today = clock.day_of(clock.now())
    found = pushes.visible_to(request.actor)
    late = pushes.late(found, on=today)
    state = request.GET.get("state", "")
    if state == "late":
        shown = late.order_by("sign_due_on")
    else:
        shown = found.filter(state=state) if state in set(PushState) else found
    rows = list(shown[: PAGE + 1])
    context = {
        "rows": [(row, pushes.is_late(row, on=today)) for row in rows[:PAGE]],
        "more": len(rows) > PAGE,
        "states": list(PushState),
        "state": state,
        "late_count": late.count(),
    }
    return render(request, "cases/pushes.html", context)


@for_roles(*pushes.SEEING)
def one(request: Request, number: str) -> HttpResponse:
    """Show one push with its days; the department answers here."""
    return _page(request, pushes.push_for(request.actor, number), FeedbackForm())


@require_POST
@for_roles(*pushes.ANSWERING)
def sign(request: Request, number: str) -> HttpResponse:
    """Sign for what was pushed."""
    found = pushes.push_for(request.actor, number)
    cases.sign_for(found, by=request.actor, at=clock.now())
    messages.success(request, gettext("已签收。"))
    return redirect("cases:push", number)


@require_POST
@for_roles(*pushes.ANSWERING)
def answer(request: Request, number: str) -> HttpResponse:
    """Answer what was pushed."""
    found = pushes.push_for(request.actor, number)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=FORM)
    said = Feedback(form.cleaned_data["feedback"])
    text = form.cleaned_data["text"]
    cases.answer_push(found, feedback=said, text=text, by=request.actor, at=clock.now())
    messages.success(request, gettext("已反馈。"))
    return redirect("cases:push", number)


def _page(
    request: Request, found: SupervisionPush, form: FeedbackForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "push": found,
        "form": form,
        "is_late": pushes.is_late(found, on=clock.day_of(clock.now())),
        "may_answer": pushes.may_answer(found, request.actor),
        "may_revoke": found.said is Feedback.REVOKE
        and Role.HEAD in request.actor.roles_in(found.licence.unit_id),
    }
    return render(request, "cases/push.html", context, status=status)
