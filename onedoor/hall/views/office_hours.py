"""The hours of the coming days and who is at the windows: what lacks is said before the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.models import Person
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.hall import hours, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Hall, SpecialOpening, WindowDuty
from onedoor.hall.office_forms import DayForm, DutyForm
from onedoor.hall.rules.opening import span_at
from onedoor.hall.rules.slots import DAYS_AHEAD
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.errors import NotFound, Refusal

Row = TypeVar("Row")
FORM = 422
LOOKS = (Role.DUTY,)
BACK = 7


@for_roles(*LOOKS)
def overview(request: Request) -> HttpResponse:
    """Show the coming days with their hours and what their rosters lack, and what lacks now."""
    now, place = clock.now(), queries.hall(request.GET.get("hall", ""))
    today = day_of(now)
    days = hours.Days(place, today, today + timedelta(days=DAYS_AHEAD))
    rows = []
    for day in hours.next_days(today, DAYS_AHEAD + 1):
        opened = days.of(day)
        gaps = hours.gaps_on(place, day) if opened.spans else []
        rows.append((day, opened, gaps, hours.roster(place, day).count()))
    context = {
        "hall": place,
        "rows": rows,
        "lacks": hours.lacks_at(place, at=now),
        "is_open": span_at(days.of(today).spans, local(now).time()) is not None,
        "now": now,
        "breaks": hours.breaks_of(place, first=today - timedelta(days=BACK), last=today)[:50],
    }
    return render(request, "hall/hours.html", context)


@for_roles(*LOOKS)
def day(request: Request, day: date) -> HttpResponse:
    """Show one day: its hours, its roster, what lacks; set its hours otherwise."""
    now, place = clock.now(), queries.hall(request.GET.get("hall", ""))
    form = DayForm(request.POST or None, hall=place)
    if request.method == "POST" and form.is_valid():
        letter = form.cleaned_data["group"]
        group = queries.group(place, letter) if letter else None
        try:
            reason = form.cleaned_data["reason"]
            hall.set_opening(place, group, day, form.read(), reason, by=request.actor, at=now)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, gettext("已记下。约在停办时间的人，都会收到短信。"))
            return redirect("hall:hours_day", day)
    return _page(request, place, day, form=form)


def _page(
    request: Request, place: Hall, day: date, *, form: DayForm, duty: DutyForm | None = None
) -> HttpResponse:
    bound = duty or form
    special = SpecialOpening.objects.filter(hall=place, day=day).select_related("group")
    context = {
        "hall": place,
        "day": day,
        "opened": hours.opened(place, day),
        "special": special.prefetch_related("spans"),
        "roster": hours.roster(place, day),
        "gaps": hours.gaps_on(place, day),
        "form": form,
        "duty_form": duty or DutyForm(hall=place, auto_id="duty_%s"),
        "bound": bound,
        "may_change": day >= day_of(clock.now()),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return render(request, "hall/hours_day.html", context, status=FORM if bound.errors else 200)


@require_POST
@for_roles(*LOOKS)
def as_usual(request: Request, day: date, special: UUID) -> HttpResponse:
    """Let a day be as usual again."""
    found = SpecialOpening.objects.select_related("hall", "group").filter(pk=special, day=day)
    hall.forget_opening(_there(found.first()), by=request.actor, at=clock.now())
    messages.success(request, gettext("这一天又和平常一样了。"))
    return redirect("hall:hours_day", day)


@require_POST
@for_roles(*LOOKS)
def put(request: Request, day: date) -> HttpResponse:
    """Put somebody down for a window of a day."""
    now, place = clock.now(), queries.hall(request.GET.get("hall", ""))
    form = DutyForm(request.POST, hall=place, auto_id="duty_%s")
    if form.is_valid():
        given = form.cleaned_data
        window = queries.window(place, int(given["window"]))
        person = Person.objects.get(pk=given["person"])
        start, end = given["start"], given["end"]
        try:
            hall.put_on_duty(window, person, day, start, end, by=request.actor, at=now)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, gettext("排上了。"))
            return redirect("hall:hours_day", day)
    return _page(request, place, day, form=DayForm(hall=place), duty=form)


@require_POST
@for_roles(*LOOKS)
def take_off(request: Request, day: date, duty: UUID) -> HttpResponse:
    """Take a line off the roster."""
    found = WindowDuty.objects.select_related("window__hall").filter(pk=duty, day=day).first()
    hall.take_off_duty(_there(found), by=request.actor, at=clock.now())
    return redirect("hall:hours_day", day)


@require_POST
@for_roles(*LOOKS)
def copy(request: Request, day: date) -> HttpResponse:
    """Give a day the roster of another."""
    try:
        source = date.fromisoformat(request.POST.get("from", ""))
    except ValueError:
        raise NotFound("hall.no_roster", "%(day)s没有排班，没有可以照搬的。", day="—") from None
    place = queries.hall(request.GET.get("hall", ""))
    count = hall.copy_roster(place, source, day, by=request.actor, at=clock.now())
    messages.success(request, gettext("照搬了 %(n)s 行。") % {"n": count})
    return redirect("hall:hours_day", day)


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return row
