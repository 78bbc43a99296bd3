"""The desk looks at what was sent online: the oldest first, material by material."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import conditions, queries
from onedoor.cases import services as cases
from onedoor.cases.applying import PrecheckForm
from onedoor.cases.rules.lifecycle import WAITING_ONLINE, Status
from onedoor.cases.views.desk import seen
from onedoor.cases.views.rows import rows_of
from onedoor.kernel import clock

PAGE = 50
FORM = 422


@for_roles(Role.DESK)
def online(request: Request) -> HttpResponse:
    """What waits to be looked at; in other boxes what waits for the applicant."""
    on = clock.day_of(clock.now())
    box = request.GET.get("box", "new")
    found = queries.sent_online(request.actor)
    if box == "originals":
        found = found.filter(status=Status.SUBMITTED.value, prechecked_at__isnull=False)
    elif box == "returned":
        found = found.filter(status=Status.PRE_RETURNED.value)
    else:
        box = "new"
        found = found.filter(status=Status.SUBMITTED.value, prechecked_at__isnull=True)
    cases_ = list(found[: PAGE + 1])
    context = {
        "rows": rows_of(cases_[:PAGE], on=on),
        "box": box,
        "more": len(cases_) > PAGE,
        "today": on,
    }
    return render(request, "cases/online.html", context)


@for_roles(Role.DESK)
def look(request: Request, number: str) -> HttpResponse:
    """Look at one application: receive it, send it back once, or wait for the originals."""
    now = clock.now()
    case = cases.settle(queries.case_for(request.actor, number), at=now)
    if case.state not in WAITING_ONLINE:
        return redirect("cases:case", number)
    rows = queries.sent_materials(case)
    form = PrecheckForm(request.POST or None, rows=rows, initial={"seen": case.version})
    do, was_read = request.POST.get("do", ""), form.is_bound and form.is_valid()
    told: dict[str, Any] = {"seen": seen(request, case), "by": request.actor, "at": now}
    if was_read and do == "pass":
        cases.pre_pass(case, **told)
        messages.success(request, gettext("已告诉申请人预审通过，等他带原件来。"))
        return redirect("cases:online")
    if was_read and do == "return" and form.may_return():
        cases.pre_return(case, demands=form.demands(), **told)
        messages.success(request, gettext("已退回修改，申请人在进度页能看到。"))
        return redirect("cases:online")
    if was_read and do == "receive" and form.may_receive():
        moved = cases.receive_submitted(
            case,
            materials=form.handed(),
            identity_checked=form.cleaned_data["identity_checked"],
            **told,
        )
        return redirect("cases:paper", number, moved.version)
    on = clock.day_of(now)
    context = {
        "case": case,
        "form": form,
        "may_pass": bool(conditions.of_originals(case)),
        "may_return": case.state is Status.SUBMITTED,
        "light": queries.light_of(case, on=on),
        "left": queries.left_in_days(case, on=on),
        "phrases": queries.phrases("missing", "defect"),
        "answer_by": cases.receipt_due(now).on,
    }
    status = FORM if form.is_bound else 200
    return render(request, "cases/look.html", context, status=status)
