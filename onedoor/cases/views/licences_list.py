"""The register of licences as a list: searched, and sent as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, for_roles, private
from onedoor.cases import queries, register
from onedoor.cases.register import Sought
from onedoor.cases.rules.licences import Shown
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file

PAGE, MOST = 50, 50_000
"""Of the latest licences, so many are on the page, and so many in a file."""


@for_roles(*queries.WORKING)
def licences(request: Request) -> HttpResponse:
    """List the licences of my units, or those that number, item or state find."""
    return _page(request, _sought(request))


@require_POST
@private
@for_roles(*queries.WORKING)
def of_holder(request: Request) -> HttpResponse:
    """List the licences of a holder; what is typed stays out of address and log."""
    return _page(request, Sought(holder=request.POST.get("holder", "")[:200]))


@for_roles(*queries.WORKING)
def licences_file(request: Request) -> HttpResponse:
    """Send what the list shows as CSV: names of persons masked, no number of identity."""
    today = clock.day_of(clock.now())
    headings = (
        gettext(heading)
        for heading in (
            "证照编号",
            "电子证照标识",
            "事项编码",
            "事项",
            "发证单位",
            "持有人",
            "有效期起",
            "有效期至",
            "状态",
            "失效日期",
        )
    )
    found = register.found_by(request.actor, _sought(request), on=today)[:MOST]
    lines = (
        (
            each.number,
            each.identifier,
            each.item.code,
            each.case.item_version.name,
            each.unit.name,
            each.applicant.shown_name,
            each.valid_from,
            each.valid_to,
            gettext(each.shown_on(today).zh),
            each.ended_on,
        )
        for each in found
    )
    return csv_file(f"licences-{today}.csv", (headings, *lines))


def _sought(request: Request) -> Sought:
    state = request.GET.get("state", "")
    shown = Shown(state) if state in set(Shown) else None
    return Sought(request.GET.get("q", "")[:100].strip(), shown)


def _page(request: Request, sought: Sought) -> HttpResponse:
    today = clock.day_of(clock.now())
    found = list(register.found_by(request.actor, sought, on=today)[: PAGE + 1])
    context = {
        "sought": sought,
        "licences": [(each, each.shown_on(today)) for each in found[:PAGE]],
        "more": len(found) > PAGE,
        "states": list(Shown),
    }
    return render(request, "cases/licences.html", context)
