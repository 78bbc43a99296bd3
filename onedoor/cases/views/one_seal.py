"""The figures of the one seal: each item and former department, against law, promise and before."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import one_seal_figures
from onedoor.cases.one_seal_figures import Counted
from onedoor.cases.views.supervision import FORM, period_of
from onedoor.kernel.web import csv_file

WATCHERS = (Role.SUPERVISOR, Role.HEAD, Role.KEEPER)


@for_roles(*WATCHERS)
def figures(request: Request) -> HttpResponse:
    """Show how many, how fast and what share; a figure opens the cases behind it."""
    form, (first, last) = period_of(request)
    if form.errors:
        return render(request, "cases/one_seal.html", {"form": form}, status=FORM)
    found = one_seal_figures.report(request.actor, first=first, last=last)
    item = request.GET.get("item", "")[:64]
    context = {
        "form": form,
        "report": found,
        "first": first,
        "last": last,
        "item": next((line for line in found.lines if line.code == item), None),
        "cases": one_seal_figures.rows(request.actor, first=first, last=last, item=item)
        if item
        else [],
    }
    return render(request, "cases/one_seal.html", context)


@for_roles(*WATCHERS)
def figures_file(request: Request) -> HttpResponse:
    """Send the same figures as CSV."""
    form, (first, last) = period_of(request)
    if form.errors:
        return render(request, "cases/one_seal.html", {"form": form}, status=FORM)
    found = one_seal_figures.report(request.actor, first=first, last=last)
    headings = (
        *(gettext("原部门"), gettext("事项编码"), gettext("事项"), gettext("办结")),
        *(gettext("准予"), gettext("法定工作日"), gettext("承诺工作日")),
        *(gettext("实际工作日"), gettext("划转前工作日")),
    )
    lines = [[line.unit.name, line.code, line.name, *_cells(line.counted)] for line in found.lines]
    total = [gettext("合计"), "", "", *_cells(found.total)]
    return csv_file(f"one-seal-{first}-{last}.csv", [headings, *lines, total])


def _cells(counted: Counted) -> list[object]:
    return [
        counted.cases,
        counted.granted,
        counted.statutory_each,
        counted.promised_each,
        counted.used_each,
        counted.before_each,
    ]
