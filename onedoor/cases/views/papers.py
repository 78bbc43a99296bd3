"""Papers of a case, printed from the same record the page shows."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.accounts.web import Request, for_roles
from onedoor.cases import codes, queries
from onedoor.cases.models import Case
from onedoor.cases.rules import numbers
from onedoor.cases.rules.lifecycle import Paper
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound


@for_roles(*queries.WORKING)
def receipt(request: Request, number: str) -> HttpResponse:
    """Print the receipt: what was taken, when the answer is due, how to follow it."""
    return _paper(request, queries.case_for(request.actor, number), 1)


@for_roles(*queries.WORKING)
def paper(request: Request, number: str, version: int) -> HttpResponse:
    """Print the paper that a step issued."""
    return _paper(request, queries.case_for(request.actor, number), version)


def _paper(request: Request, case: Case, version: int) -> HttpResponse:
    steps = {step.version: step for step in queries.timeline(case)}
    step = steps.get(version)
    if step is None or step.paper == Paper.NONE:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    token = codes.track_token(case.pk, case.code_key)
    address = settings.PUBLIC_URL + reverse("cases:progress", args=[token])
    later = steps.get(version + 1)
    # A 即办件 in one visit: one merged receipt instead of three papers.
    kind = Paper(later.paper if later and later.paper == Paper.AT_ONCE else step.paper)
    context = {
        "case": case,
        "step": step,
        "kind": kind,
        "number": numbers.grouped(case.number),
        "query_code": codes.query_code(case.pk, case.code_key),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=3, border=2),
        "materials": queries.listed(case),
        "gaps": queries.gaps_of(case, step.version),
        "offers": queries.offers(case, request.actor, on=clock.day_of(clock.now())),
        "today": clock.day_of(step.at),
    }
    return render(request, "cases/paper.html", context)
