"""Supervision: each unit's figures over a period, as a page and as a file."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import red, supervision
from onedoor.cases.forms import PeriodForm
from onedoor.cases.rules.figures import Figures
from onedoor.catalogue import probes
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file

WATCHERS = (Role.SUPERVISOR, Role.HEAD)
FORM, SHOWN = 422, 50
COLUMNS = (
    (gettext_noop("收件"), "received"),
    (gettext_noop("办结"), "decided"),
    (gettext_noop("准予"), "granted"),
    (gettext_noop("按时办结率%"), "on_time"),
    (gettext_noop("法定提速率%"), "statutory_gain"),
    (gettext_noop("承诺提速率%"), "promised_gain"),
    (gettext_noop("一次性告知率%"), "told_once"),
    (gettext_noop("视为受理"), "deemed"),
    (gettext_noop("暂停工作日"), "suspended_days"),
    (gettext_noop("承诺核查超期"), "unchecked"),
    (gettext_noop("事后补录"), "entered_late"),
    (gettext_noop("重复录入分钟"), "retyped_minutes"),
    (gettext_noop("黄牌"), "yellow"),
    (gettext_noop("红牌"), "red"),
)
"""The report's columns, on the page and in the file: heading, figure."""


@for_roles(*red.LEADING)
def lights(request: Request) -> HttpResponse:
    """Show the open cases that are red today, with the rule and since when; no applicant."""
    on = clock.day_of(clock.now())
    rows = red.lit(request.actor, on=on)
    counted = Counter(row.case.unit.name for row in rows)
    context = {
        "rows": rows[:SHOWN],
        "count": len(rows),
        "units": counted.most_common(),
        "today": on,
        "may_open": request.actor.holds_any(*WATCHERS),
    }
    return render(request, "cases/lights.html", context)


@for_roles(*WATCHERS)
def figures(request: Request) -> HttpResponse:
    """Show what each unit decided in a period, how fast, and which lights it got."""
    form, (first, last) = period_of(request)
    if form.errors:
        return render(request, "cases/figures.html", {"form": form}, status=FORM)
    rows = supervision.by_unit(request.actor, first=first, last=last)
    context = {
        "form": form,
        "headings": _headings(),
        "rows": [(unit.name, _under(counted)) for unit, counted in rows],
        "total": _under(supervision.total(rows)),
        "first": first,
        "last": last,
        "failing": len(probes.failing(request.actor.units_of(WATCHERS))),
    }
    return render(request, "cases/figures.html", context)


@for_roles(*WATCHERS)
def figures_file(request: Request) -> HttpResponse:
    """Send the same figures as CSV."""
    form, (first, last) = period_of(request)
    if form.errors:
        return render(request, "cases/figures.html", {"form": form}, status=FORM)
    rows = supervision.by_unit(request.actor, first=first, last=last)
    lines = [[unit.name, *_cells(counted)] for unit, counted in rows]
    return csv_file(f"figures-{first}-{last}.csv", [[gettext("部门"), *_headings()], *lines])


def _headings() -> list[str]:
    return [gettext(heading) for heading, _ in COLUMNS]


def _cells(counted: Figures) -> list[object]:
    return [getattr(counted, name) for _, name in COLUMNS]


def _under(counted: Figures) -> list[tuple[str, object]]:
    """Return each figure under its heading."""
    return list(zip(_headings(), _cells(counted), strict=True))


def period_of(request: Request) -> tuple[PeriodForm, tuple[date, date]]:
    """Return the form and the days asked for; the month so far where none are."""
    today = clock.day_of(clock.now())
    form = PeriodForm(
        request.GET if request.GET else {"first": today.replace(day=1), "last": today}
    )
    if not form.is_valid():
        return form, (today, today)
    return form, (form.cleaned_data["first"], form.cleaned_data["last"])
