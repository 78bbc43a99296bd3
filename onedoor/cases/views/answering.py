"""The applicant answers: mends what a pre-check returned, supplies what was asked or promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.web import Request, private, public
from onedoor.cases import county, queries
from onedoor.cases import services as cases
from onedoor.cases.models import Case, Draft
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import Channel
from onedoor.cases.services import answering, drafting
from onedoor.cases.views.applying import material_rows, take_materials
from onedoor.cases.views.desk import seen
from onedoor.kernel import clock

FORM = 422


@public
@private
def answer(request: Request, token: str) -> HttpResponse:
    """List only what is to be mended or supplied, and take it; elsewhere nothing is asked."""
    now = clock.now()
    case = cases.settle(queries.tracked(token), at=now)
    asked = answering.asked_of(case)
    if not asked:
        return redirect("cases:progress", token)
    demands = {row.order: text for row, text in asked}
    materials = [row for row, _ in asked]
    draft = drafting.find_answer(token, case)
    errors: dict[int, list[str]] = {}
    if request.method == "POST":
        draft = drafting.begin_answer(token, case, at=now)
        errors = take_materials(request, draft, demands)
        if not errors and not {"remove", "stay"}.isdisjoint(request.POST):
            return redirect("cases:answer", token)
        errors = errors or _unanswered(materials, draft, is_notice=_is_whole(case))
        if not errors:
            # Whoever reviews the case meanwhile does not touch what was promised.
            at_version = case.version if case.is_tolerant else seen(request, case)
            _send(case)(case, draft, seen=at_version, by=APPLICANT, at=now)
            messages.success(request, gettext("收到了。下面是新的进度和日期。"))
            return redirect("cases:progress", token)
    rows = material_rows(materials, draft, errors, demands)
    if _is_whole(case):  # answered whole: files here, or everything at the window
        rows = [row._replace(may_bring=False) for row in rows]
    context = {
        "case": case,
        "token": token,
        "rows": rows,
        "wrong": [row for row in rows if row.errors],
        "is_notice": _is_whole(case),
        "answer_by": case.supplement_due_on or case.urgent_on,
        "rules": county.online_rules(),
    }
    return render(request, "cases/answer.html", context, status=FORM if errors else 200)


def _is_whole(case: Case) -> bool:
    """Say whether all that is asked comes at once, as files: after a notice, or as promised."""
    return case.state is not Status.PRE_RETURNED


def _send(case: Case) -> Callable[..., Case]:
    if case.state is Status.PRE_RETURNED:
        return cases.resubmit
    return cases.supplement_online if case.is_tolerant else cases.supply


def _unanswered(materials: list[Any], draft: Draft, *, is_notice: bool) -> dict[int, list[str]]:
    """Return what to say at what has no answer yet; named once, an optional paper needs one too."""
    rows = material_rows(materials, draft)
    text = (
        gettext("请上传“%(name)s”。")
        if is_notice
        else gettext("请上传“%(name)s”，或者勾选到窗口交原件。")
    )
    return {
        row.order: [text % {"name": row.name}]
        for row in rows
        if (not row.files if is_notice else row.channel is Channel.NONE)
    }
