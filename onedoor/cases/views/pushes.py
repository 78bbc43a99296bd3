"""What was granted under the one seal, told to whoever supervises it: the ledger of both sides."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import pushes
from onedoor.cases import services as cases
from onedoor.cases.forms import FeedbackForm
from onedoor.cases.models import SupervisionPush
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file
from onedoor.papers import web

PAGE, FORM, MOST = 50, 422, 50_000


@for_roles(*pushes.SEEING)
def listed(request: Request) -> HttpResponse:
    """List what was pushed, the latest first; those of a state, or only those that are late."""
    today = clock.day_of(clock.now())
    text, state = _sought(request)
    rows = list(_found(request)[: PAGE + 1])
    context = {
        "rows": [(row, pushes.is_late(row, on=today)) for row in rows[:PAGE]],
        "more": len(rows) > PAGE,
        "states": list(PushState),
        "state": state,
        "q": text,
        "query": urlencode({"q": text, "state": state}),
        "late_count": pushes.late(pushes.found_by(request.actor, text), on=today).count(),
    }
    return render(request, "cases/pushes.html", context)


@for_roles(*pushes.SEEING)
def listed_file(request: Request) -> HttpResponse:
    """Send what the list shows as CSV: names of persons masked, no number of identity."""
    today = clock.day_of(clock.now())
    headings = (
        *(gettext("证照编号"), gettext("事项编码"), gettext("事项"), gettext("持有人")),
        *(gettext("批准单位"), gettext("主管部门"), gettext("推送时间"), gettext("最迟签收")),
        *(gettext("签收时间"), gettext("最迟反馈"), gettext("反馈时间"), gettext("反馈")),
        *(gettext("状态"), gettext("超期")),
    )
    lines = [
        (
            row.licence.number,
            row.licence.item.code,
            row.licence.case.item_version.name,
            row.licence.applicant.shown_name,
            row.licence.unit.name,
            row.unit.name,
            row.pushed_at,
            row.sign_due_on,
            row.signed_at,
            row.answer_due_on,
            row.answered_at,
            gettext(row.said.zh) if row.said else "",
            gettext(row.standing.zh),
            gettext("是") if pushes.is_late(row, on=today) else "",
        )
        for row in _found(request)[:MOST]
    ]
    return csv_file(f"pushes-{today}.csv", [headings, *lines])


def _sought(request: Request) -> tuple[str, str]:
    return request.GET.get("q", "")[:100].strip(), request.GET.get("state", "")


def _found(request: Request) -> QuerySet[SupervisionPush]:
    text, state = _sought(request)
    found = pushes.found_by(request.actor, text)
    if state == "late":
        return pushes.late(found, on=clock.day_of(clock.now())).order_by("sign_due_on")
    return found.filter(state=state) if state in set(PushState) else found


@for_roles(*pushes.SEEING)
def one(request: Request, number: str) -> HttpResponse:
    """Show one push with its days; the department answers here."""
    return _page(request, pushes.push_for(request.actor, number), FeedbackForm())


@for_roles(*pushes.SEEING)
def decision(request: Request, number: str) -> HttpResponseBase:
    """Download the decision that was pushed: the sealed one as soon as there is one."""
    found = pushes.push_for(request.actor, number)
    made = pushes.carried(found).decision
    return web.pdf(made, by=request.actor.ref, at=clock.now())


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
    today = clock.day_of(clock.now())
    context = {
        "push": found,
        "form": form,
        "carried": pushes.carried(found),
        "standing": found.licence.shown_on(today),
        "signer": names_of([found.signed_by]).get(found.signed_by, ""),
        "is_late": pushes.is_late(found, on=today),
        "may_answer": pushes.may_answer(found, request.actor),
        "may_revoke": found.said is Feedback.REVOKE
        and Role.HEAD in request.actor.roles_in(found.licence.unit_id),
    }
    return render(request, "cases/push.html", context, status=status)
