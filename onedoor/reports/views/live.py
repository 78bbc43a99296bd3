"""Reports made from the ledger: making one, opening a figure, what differs from an earlier one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, for_roles, public
from onedoor.kernel import clock
from onedoor.rectification.queries import lists
from onedoor.reports import queries
from onedoor.reports import services as reports
from onedoor.reports.forms import LiveForm
from onedoor.reports.rules.figures import differences
from onedoor.reports.views.pages import KEEPERS, list_page


@require_POST
@for_roles(*KEEPERS)
def make(request: Request) -> HttpResponse:
    """Make a report from the ledger as it stands and keep it."""
    form = LiveForm(request.POST, auto_id="live_%s")
    if not form.is_valid():
        return list_page(request, live=form)
    kind, about = form.told
    wanted = reports.wanted_of(kind, about=about, is_public=form.cleaned_data["is_public"])
    kept = reports.make_report(wanted, by=request.actor, at=clock.now())
    if kept.is_new:
        messages.success(request, gettext("报告做好了，已留存。"))
    else:
        messages.success(request, gettext("今天已经做过，数字没有变，就是这一份。"))
    return redirect("reports:report", kept.report.number)


@public
def figure(request: Request, number: str, code: str) -> HttpResponse:
    """Show where a figure comes from: its query, its time, the findings it was counted from."""
    report = queries.visible_with(number, request.actor)
    found = queries.figure_with(report, code)
    rows = list(queries.rows_of(found, request.actor))
    on = clock.day_of(clock.now())
    context = {
        "report": report,
        "figure": found,
        "rows": lists.rows_of(rows, on=on),
        "hidden": len(found.rows) - len(rows),
        "base": "base_staff.html" if request.actor.holds_any(*queries.READERS) else "base.html",
    }
    return render(request, "reports/figure.html", context)


@public
def since(request: Request, number: str, earlier: str) -> HttpResponse:
    """Show what a report says and an earlier one does not."""
    new = queries.visible_with(number, request.actor)
    old = queries.visible_with(earlier, request.actor)
    context = {
        "new": new,
        "old": old,
        "differences": differences(old.content, new.content),
        "base": "base_staff.html" if request.actor.holds_any(*queries.READERS) else "base.html",
    }
    return render(request, "reports/since.html", context)
