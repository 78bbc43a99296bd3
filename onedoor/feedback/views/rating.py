"""What the public does: rate a finished case without an account, and read the figures."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.accounts.web import Request, private, public
from onedoor.cases import queries as cases
from onedoor.feedback import pack, queries
from onedoor.feedback.queries import Row
from onedoor.feedback.rules.words import Level
from onedoor.feedback.services import Served
from onedoor.feedback.web import Asked, rating_page
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file


@public
@private  # the address itself opens the case
def rate(request: Request, token: str) -> HttpResponse:
    """Take a rating of a finished case, show it, and let it be changed once within a day."""
    case = cases.tracked(token)
    words = f"{case.item_version.name} · {case.unit.name} · {case.applicant.shown_name}"
    back = reverse("cases:progress", args=[token])
    return rating_page(request, Asked(Served.of(case), words, back))


LEVELS_AND_MORE = (
    *(level.zh for level in Level),
    *("未评价", "认定无效", "满意率", "差评", "按时回访", "归档"),
)
"""The heads of the figures as CSV, after the unit and how many were finished."""


@public
def published(request: Request) -> HttpResponse:
    """Show how people rated the cases of each unit; who did not rate is a figure of its own."""
    first, last = month_asked(request.GET.get("month", ""))
    context = {
        "rows": queries.figures(first=first, last=last),
        "first": first,
        "last": last,
        "months": months(),
        "month": f"{first:%Y-%m}",
        "levels": list(Level),
        "rules": pack.rules(),
    }
    return render(request, "feedback/published.html", context)


@public
def published_file(request: Request) -> HttpResponse:
    """Send the same figures as CSV."""
    heads = ["单位", "办结", *LEVELS_AND_MORE]
    first, last = month_asked(request.GET.get("month", ""))
    rows = queries.figures(first=first, last=last)
    return csv_file("ratings.csv", (heads, *(cells(row) for row in rows)))


def cells(row: Row) -> list[object]:
    return [
        row.unit.name,
        row.finished,
        *row.levels.values(),
        row.unrated,
        row.void,
        row.content_rate,
        row.orders,
        row.called_in_time,
        row.archived,
    ]


MONTHS = 12


def month_asked(text: str) -> tuple[date, date]:
    """Return the first and last day of the month asked for, or of this one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = clock.day_of(clock.now()).replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def months() -> list[str]:
    """Return this month and those before it, the latest first."""
    first = clock.day_of(clock.now()).replace(day=1)
    found = []
    for _ in range(MONTHS):
        found.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return found
