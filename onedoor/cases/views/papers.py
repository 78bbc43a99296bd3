"""Papers of a case: for whoever works on it, and for the applicant with number and query code."""

from __future__ import annotations

import hmac

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from onedoor.accounts.web import Request, for_roles, public
from onedoor.cases import codes, queries
from onedoor.cases.forms import CodeForm
from onedoor.cases.models import Application, Case
from onedoor.cases.views.tracking import count_tries, forget_tries
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers import web
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind

FORM = 422
INTERNAL = {Kind.FLOW_SLIP.value}
"""Papers that stay in the house."""


@for_roles(*queries.WORKING)
def receipt(request: Request, number: str) -> HttpResponse:
    """Print the first paper of the case: its receipt, or the one that merged all of a visit."""
    case = queries.case_for(request.actor, number)
    first = papers.of(case.number).first()
    if first is None:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return _page(request, case, first)


@for_roles(*queries.WORKING)
def paper(request: Request, number: str, version: int) -> HttpResponse:
    """Print the paper that a step issued."""
    case = queries.case_for(request.actor, number)
    return _page(request, case, _issued(case, version))


@for_roles(*queries.WORKING)
def pdf(request: Request, number: str, version: int) -> HttpResponseBase:
    """Download the paper that a step issued."""
    case = queries.case_for(request.actor, number)
    found = _issued(case, version)
    return web.pdf(found, by=request.actor.ref, at=clock.now())


def _issued(case: Case, version: int) -> Paper:
    """Return the paper of a step; of a visit that ended at once, the one merged paper."""
    issued = papers.of(case.number)
    merged = issued.filter(kind=Kind.AT_ONCE.value, step=version + 1)
    mine = issued.filter(step=version)
    found = mine.exclude(kind=Kind.CERTIFICATE.value).first() or mine.first() or merged.first()
    if found is None:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return found


def _page(request: Request, case: Case, found: Paper) -> HttpResponse:
    context = web.page(found, by=request.actor.ref, at=clock.now()) | {
        "case": case,
        "offers": queries.offers(case, request.actor, on=clock.day_of(clock.now())),
    }
    return render(request, "cases/paper.html", context)


@public
def own(request: Request, token: str, version: int) -> HttpResponseBase:
    """Give the applicant a paper of theirs, against the query code; tries are counted."""
    case = queries.tracked(token)
    found = _issued(case, version)
    if found.kind in INTERNAL:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return against_code(request, case, found, back=reverse("cases:progress", args=[token]))


def against_code(
    request: Request, of: Case | Application, found: Paper, *, back: str
) -> HttpResponseBase:
    """Show a paper to whoever knows the query code of the case or joint application."""
    now = clock.now()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count_tries(request, f"track:{of.pk}", at=now)
        expected = codes.query_code(of.pk, of.code_key)
        if hmac.compare_digest(form.cleaned_data["code"].encode(), expected.encode()):
            forget_tries(request, f"track:{of.pk}")
            if "pdf" in request.POST:
                return web.pdf(found, by="applicant", at=now)
            context = web.page(found, by="applicant", at=now)
            return _private(render(request, "cases/own_paper.html", context | {"back": back}))
        form.add_error(
            "code", gettext("查询码不对。请对照收件凭证再看一遍，连错 5 次要等 15 分钟。")
        )
    context = {"paper": found, "form": form, "back": back}
    status = FORM if form.errors else 200
    return _private(render(request, "cases/own_paper.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    # Not "no-referrer": a browser would then send the form without its origin, and it is refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
