"""What the public does: rate a finished case without an account, and read the figures."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.web import Request, private, public
from onedoor.cases import queries as cases
from onedoor.feedback import pack, queries
from onedoor.feedback import services as feedback
from onedoor.feedback.due import due_on
from onedoor.feedback.forms import RateForm
from onedoor.feedback.queries import Row
from onedoor.feedback.rules.limits import CHANGE
from onedoor.feedback.rules.words import Channel, Level
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file

FORM = 422


@public
@private  # the address itself opens the case
def rate(request: Request, token: str) -> HttpResponse:
    """Take a rating of a finished case, show it, and let it be changed once within a day."""
    now, case = clock.now(), cases.tracked(token)
    rating = queries.rating_of(case)
    order = getattr(rating, "order", None)
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = feedback.Told(
            Level(given["level"]),
            _channel(request),
            given["indicators"],
            given["text"],
            given["phone"],
        )
        feedback.rate(case, told, at=now)
        messages.success(request, gettext("收到了，谢谢您的评价。"))
        return redirect("feedback:rate", token)
    may = rating is not None and queries.may_be_changed(rating, at=now)
    context = {
        "case": case,
        "token": token,
        "rating": rating,
        "order": order,
        "said": [pack.phrase(code) for code in rating.indicators] if rating else [],
        "notes": order.notes.all() if order else [],
        "may_change": may,
        "change_until": rating.rated_at + CHANGE if rating else None,
        "is_form": case.ended_at and (rating is None or ("change" in request.GET and may)),
        "form": form,
        "levels": [(level, pack.phrases()[level]) for level in Level],
        "chosen": request.POST.get("level", ""),
        "ticked": request.POST.getlist("indicators"),
        "rules": pack.rules(),
        "call_by": due_on(now, pack.rules().call),
        "answer_by": due_on(now, pack.rules().answer),
    }
    return render(request, "feedback/rate.html", context, status=FORM if form.errors else 200)


def _channel(request: Request) -> Channel:
    if request.GET.get("from") == "qr":
        return Channel.QR
    is_mobile = "Mobile" in request.headers.get("User-Agent", "")
    return Channel.MOBILE if is_mobile else Channel.PC


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
    heads = ["单位", "办结", *(level.zh for level in Level), "未评价", "认定无效", "满意率"]
    heads += ["差评", "按时回访", "归档"]
    first, last = month_asked(request.GET.get("month", ""))
    rows = queries.figures(first=first, last=last)
    return csv_file("ratings.csv", (heads, *(_cells(row) for row in rows)))


def _cells(row: Row) -> list[object]:
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
