"""Recommendations of the auditors: the list, one with its answers, and what may be answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, for_roles
from onedoor.files import services as files
from onedoor.files.web import download
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.web import csv_file
from onedoor.rectification import ledgers
from onedoor.rectification import services as rectification
from onedoor.rectification.forms import AdoptForm, AdviseForm
from onedoor.rectification.models import Recommendation
from onedoor.rectification.queries import advice, lists
from onedoor.rectification.rules.words import Adoption

PAGE, FORM = 50, 422
MOST = 10_000


@for_roles(*lists.STAFF)
def recommendations(request: Request) -> HttpResponse:
    """List the recommendations one may see, and offer to enter another."""
    return _list(request)


def _asked(request: Request) -> tuple[Adoption | None, str]:
    said = request.GET.get("adoption", "")
    chosen = next((each for each in Adoption if each.value == said), None)
    return chosen, request.GET.get("q", "")[:60].strip()


def _list(request: Request, form: AdviseForm | None = None) -> HttpResponse:
    chosen, text = _asked(request)
    found = advice.found_by(advice.listed(request.actor, adoption=chosen), text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "rows": page.object_list,
        "chosen": chosen,
        "q": text,
        "filters": [(each, each is chosen) for each in Adoption],
        "query": urlencode({k: v for k, v in request.GET.items() if k != "page"}),
        "may_advise": request.actor.holds_any(*advice.ADVISING),
        "form": form or AdviseForm(),
        "is_wrong": form is not None,
    }
    status = FORM if form is not None else 200
    return render(request, "rectification/recommendations.html", context, status=status)


@for_roles(*lists.STAFF)
def recommendations_file(request: Request) -> HttpResponse:
    """Send the same rows as CSV."""
    chosen, text = _asked(request)
    found = advice.found_by(advice.listed(request.actor, adoption=chosen), text)[:MOST]
    lines = (ledgers.advice_row(each) for each in found)
    name = f"recommendations-{clock.day_of(clock.now())}.csv"
    return csv_file(name, (ledgers.ADVICE, *lines))


@require_POST
@for_roles(*advice.ADVISING)
def advise(request: Request) -> HttpResponse:
    """Enter a recommendation."""
    form = AdviseForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    made = rectification.advise(**form.cleaned_data, by=request.actor, at=clock.now())
    messages.success(request, gettext("已记下。"))
    return redirect("rectification:recommendation", made.number)


@for_roles(*lists.STAFF)
def recommendation(request: Request, number: str) -> HttpResponse:
    """Show a recommendation, every answer to it and by whom."""
    return _one(request, advice.recommendation_for(request.actor, number))


def _one(request: Request, found: Recommendation, form: AdoptForm | None = None) -> HttpResponse:
    context = {
        "row": found,
        "answers": advice.answers(found),
        "may_answer": advice.may_answer(found, request.actor),
        "form": form or AdoptForm(about=found),
    }
    status = FORM if form is not None else 200
    return render(request, "rectification/recommendation.html", context, status=status)


@require_POST
@for_roles(*lists.STAFF)
def adopt(request: Request, number: str) -> HttpResponse:
    """Enter what became of a recommendation."""
    found, now = advice.recommendation_for(request.actor, number), clock.now()
    form = AdoptForm(request.POST, request.FILES, about=found)
    if not form.is_valid():
        return _one(request, found, form)
    told = form.cleaned_data
    sent = told["file"]
    made = rectification.Made(
        told["made"],
        told["made_number"],
        told["made_on"],
        files.store(sent, at=now) if sent else None,
        sent.name if sent else "",
    )
    if made.file:
        files.try_to_open(made.file)
    rectification.adopt(
        found,
        adoption=told["adoption"],
        text=told["text"],
        made=made,
        seen=told["seen"],
        by=request.actor,
        at=now,
    )
    messages.success(request, gettext("已记下。"))
    return redirect("rectification:recommendation", number)


@for_roles(*lists.STAFF)
def adoption_file(request: Request, number: str, version: int) -> FileResponse:
    """Serve the safe copy of what shows an answer."""
    found = advice.recommendation_for(request.actor, number)
    answer = found.answers.select_related("file").filter(version=version).first()
    if answer is None or answer.file is None:
        raise NotFound("recommendation.no_file", "这次没有附文件。")
    return download(answer.file, name=answer.file_name)
